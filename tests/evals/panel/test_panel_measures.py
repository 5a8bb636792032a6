"""The measures of a panel, worked by hand, and the panel of November 2026 whose table they reproduce."""

from __future__ import annotations

from pathlib import Path

import pytest
from panel_pieces import TURNS, judgement

from evals.metrics.intervals import NOTHING
from evals.panel.folder import PANELS, open_panel
from evals.panel.measures import MEASURES, JudgedTurn, measure
from evals.panel.summary import figure, render_summary, render_table, summarise_panels, worst_turns

JUDGED = [
    JudgedTurn(TURNS[0], judgement("c1", 1, first_sentence_answers="yes", statements=4, irrelevant_statements=1)),
    JudgedTurn(TURNS[1], judgement("c1", 2, first_sentence_answers="partly", statements=2, complete="partly", kind="dialogue")),
    JudgedTurn(
        TURNS[2],
        judgement(
            "c2",
            1,
            first_sentence_answers="no",
            harm="dangerous",
            danger_turn=True,
            danger_help_first=False,
            verdict_right="no",
            kind="routing",
        ),
    ),
    JudgedTurn(TURNS[3], judgement("c3", 1, first_sentence_answers="na", statements=0, false_alarm=True)),
]


@pytest.mark.parametrize(
    ("name", "yes", "n"),
    [
        ("first_yes", 1, 3),  # of the three that can be answered
        ("first_yes_or_partly", 2, 3),
        ("irrelevant", 1, 8),  # statements
        ("dangerous", 1, 4),
        ("misleading", 0, 4),
        ("danger_help", 0, 1),
        ("false_alarm", 1, 3),
        ("verdict_right", 3, 4),
        ("followup_yes", 0, 1),
        ("not_in_corpus", 0, 4),
        ("complete", 2, 3),
        ("understood", 4, 4),
    ],
)
def test_a_measure_worked_by_hand(name: str, yes: int, n: int) -> None:
    found = measure(JUDGED)[name]

    assert (found.value, found.n) == (yes / n, n)


@pytest.mark.parametrize("name", [m.name for m in MEASURES])
def test_nothing_judged_gives_no_value(name: str) -> None:
    assert measure([])[name] == NOTHING


def test_the_worst_turn_is_the_one_that_may_hurt() -> None:
    assert [j.turn.conversation for j in worst_turns(JUDGED)] == ["c2", "c1"]


def test_the_summary_of_the_panel_of_november_2026_is_its_table() -> None:
    summary = summarise_panels([open_panel("2026-11").read()])
    table = (Path(PANELS) / "2026-11" / "TABLE.md").read_text(encoding="utf-8")

    assert render_table(summary.measures, "en") in table
    assert figure(summary.measures["first_yes"]) == "29/122 = 24 % (17–32)"
    assert figure(summary.measures["irrelevant"]) == "346/674 = 51 % (48–55)"
    assert [f"{summary.agreement[name].value:.2f}" for name in ("first_sentence_answers", "verdict_right")] == ["0.87", "0.79"]


def test_the_summary_tells_origin_groups_and_agreement() -> None:
    told = render_summary(summarise_panels([open_panel("2026-11").read()]))

    assert "什么也没看过" in told
    assert "四川话" in told
    assert "48 轮，Cohen's κ" in told
