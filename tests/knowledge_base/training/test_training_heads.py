"""Danger told by the better of two heads, and bars that keep false alarms rare."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.training.fitting import Fitted
from knowledge_base.training.heads import ALARMS, CHECKS, danger_bars, danger_figures, fit_danger
from knowledge_base.training.labelled import Labelled


class Marks:
    """Vectors of two marks, 甲 and 乙, and a little noise of each text's own."""

    def encode(self, texts, kind):
        rows = np.random.default_rng(0).normal(0, 0.05, (len(texts), 8)).astype(np.float32)
        rows[:, :2] += [["甲" in text, "乙" in text] for text in texts]
        return rows


def fitted(dangerous: tuple[str, ...], harmless: tuple[str, ...]) -> tuple[Fitted, np.ndarray]:
    """The head fitted on 1,800 texts of six writers, and which of them are dangerous."""
    texts = [*dangerous, *harmless]
    rows = [Labelled(texts[n % len(texts)], "fraud" if n % len(texts) < len(dangerous) else "none", f"w{n // 300}") for n in range(1800)]
    truth = np.array([row.label != "none" for row in rows])
    return fit_danger(Marks(), rows, truth), truth


def test_danger_that_one_mark_tells_is_told_by_the_linear_head() -> None:
    head, truth = fitted(("甲", "甲乙"), ("乙", "话"))

    assert len(head.head.weights) == 1
    assert ((head.left_out[:, 0] < 0.5) == truth).all()


def test_danger_that_no_weighing_of_marks_tells_is_told_by_a_network() -> None:
    head, truth = fitted(("甲", "乙"), ("甲乙", "话"))

    assert len(head.head.weights) == 2
    assert ((head.left_out[:, 0] < 0.5) == truth).mean() > 0.95


@pytest.mark.parametrize("stricter", ["ordinary", "alike"])
def test_bars_keep_false_alarms_of_either_side_as_rare_as_they_may_be(stricter: str) -> None:
    rng = np.random.default_rng(0)
    ordinary = np.arange(4000) < 2000
    sides = {"ordinary": ordinary, "alike": ~ordinary}
    probability = (rng.random(4000) * np.where(sides[stricter], 1.0, 0.2)).astype(np.float32)

    bars = danger_bars(probability, sides)

    for name, most in (("alarm", ALARMS), ("check", CHECKS)):
        false = {side: float((probability[rows] > bars[name]).mean()) for side, rows in sides.items()}
        assert all(false[side] <= most[side] + 1e-6 for side in sides)
        assert false[stricter] == pytest.approx(most[stricter], abs=1e-3)
    assert bars["alarm"] >= bars["check"]


def test_figures_of_danger_are_recall_and_false_alarms_at_both_bars() -> None:
    probability = np.array([0.95, 0.7, 0.2, 0.1, 0.6, 0.92], dtype=np.float32)
    dangerous = np.array([True, True, True, False, False, False])

    figures = danger_figures(probability, dangerous, {"alarm": 0.9, "check": 0.5})

    assert figures == {
        "alarm_recall": 0.333,
        "alarm_false": 0.333,
        "check_recall": 0.667,
        "check_false": 0.667,
        "n_danger": 3.0,
        "n_none": 3.0,
    }
