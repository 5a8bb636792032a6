"""Thresholds come from the questions, and what they cost is told on questions that they were not chosen on."""

from __future__ import annotations

import itertools

import numpy as np
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Verdict
from assistant.understanding.evidence import Signals, Thresholds, decide, shipped_thresholds
from evals.calibration import Point, calibrate, choose_thresholds, errors_of, render_calibration, render_thresholds, trade_off
from evals.report.plots import plot_calibration


def signals(passage: float, *, focus: float = 0.0, shared: float = 9.0, missing: tuple[str, ...] = ()) -> Signals:
    return Signals(shared=shared, weight=12.0, passage=passage, focus=focus, missing=missing, elsewhere=False)


def some_points(count: int = 120) -> list[Point]:
    """Answerable questions that passages hold well, near misses that lack the focus, and questions about other subjects."""
    chance = np.random.default_rng(7)
    points = []
    for i in range(count):
        noise = float(chance.normal(0, 0.08))
        kind = i % 3
        if kind == 0:
            points.append(Point(f"a{i}", "dev", True, signals(min(1.0, 0.8 + noise))))
        elif kind == 1:
            points.append(Point(f"n{i}", "near_miss·缺属性", False, signals(0.6 + noise, focus=5.0)))
        else:
            points.append(Point(f"o{i}", "near_miss·别的事", False, signals(0.2 + noise, shared=1.5)))
    return points


def test_chosen_thresholds_answer_what_is_there_and_nothing_else() -> None:
    points = some_points()

    chosen = choose_thresholds(points)
    errors = errors_of(points, [decide(p.signals, chosen) for p in points])

    assert errors.outright.value is not None
    assert errors.outright.value <= 0.09
    assert errors.refused.value == 0.0
    assert errors.shown.value == 0.0


def test_a_missing_year_is_reserved_however_sure_the_rest_is() -> None:
    chosen = choose_thresholds(some_points())

    assert decide(signals(1.0), chosen) is Verdict.ANSWERED
    assert decide(signals(1.0, missing=("2027年的情况",)), chosen) is Verdict.PARTIAL


def test_every_question_is_judged_once_out_of_fold() -> None:
    points = some_points()

    calibrated = calibrate(points)

    assert len(calibrated.verdicts) == len(points)
    assert sum(e.outright.n + e.refused.n for e in calibrated.of_group.values()) == len(points)
    assert calibrated.errors.outright.n == sum(not p.answerable for p in points)


def test_calibrating_twice_gives_the_same() -> None:
    points = some_points()

    assert calibrate(points) == calibrate(points)


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=2).filter(lambda pairs: len({y for _, y in pairs}) == 2))
def test_a_higher_bar_trades_outright_answers_for_reserved_ones(pairs: list[tuple[float, bool]]) -> None:
    sure, labels = np.array([s for s, _ in pairs]), np.array([y for _, y in pairs])

    curve = list(trade_off(sure, labels))

    assert curve[0] == (0.0, 1.0)
    assert curve[-1] == (1.0, 0.0)
    assert all(b[0] >= a[0] and b[1] <= a[1] for a, b in itertools.pairwise(curve))


def test_the_data_file_reads_back_as_it_was_written() -> None:
    chosen = choose_thresholds(some_points())

    assert Thresholds(**yaml.safe_load(render_thresholds(chosen))["thresholds"]) == chosen
    assert shipped_thresholds().passage > 0 > shipped_thresholds().focus


def test_the_report_gives_both_errors_with_n_and_draws_the_trade_off() -> None:
    calibrated = calibrate(some_points())

    text = render_calibration(calibrated)

    assert "误拒" in text
    assert "（n=80）" in text
    assert plot_calibration(calibrated).startswith("<svg")
