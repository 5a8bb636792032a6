"""The gate's lines on labelled panels: what drops fails, what was never decided does not."""

from __future__ import annotations

from dataclasses import replace

from evals.labelled.gating import panel_lines
from evals.labelled.labels import LabelledTurn, labelled_panels
from evals.labelled.running import DANGER_PANEL, counted, danger_turns, load_panel_baseline, measured_panels, switched
from evals.labelled.scoring import ScoredTurn

SOUND = [
    ScoredTurn("p", f"c{i}", 1 + i % 2, f"问{i}", first=i % 4 != 0, statements=3, irrelevant=1, points=2, points_said=2, alarmed=False)
    for i in range(40)
]


def failing(now: list[ScoredTurn]) -> set[str]:
    return {line.name for line in panel_lines(now, SOUND) if not line.holds}


def test_the_same_rows_pass() -> None:
    assert failing(SOUND) == set()


def test_fewer_first_sentences_that_answer_fail() -> None:
    assert "p 第一句就答到（前两句说到必说的）" in failing([replace(t, first=False) for t in SOUND])


def test_one_more_irrelevant_statement_on_every_turn_fails_though_the_share_stays_in_its_interval() -> None:
    assert failing([replace(t, statements=20, irrelevant=7) for t in SOUND]) == {"p 无关的陈述"}


def test_points_left_out_fail() -> None:
    assert "p 答得全（事实召回率）" in failing([replace(t, points_said=1) for t in SOUND])


def test_urgent_help_where_nobody_is_in_danger_fails() -> None:
    assert "p 平常的被当成危险" in failing([replace(t, alarmed=True) for t in SOUND])


def test_what_no_label_decides_any_more_does_not_fail() -> None:
    assert failing([replace(t, first=None) for t in SOUND]) == set()


def test_a_crossed_hard_line_an_error_and_other_questions_fail() -> None:
    assert failing([replace(SOUND[0], breaches=("无依据的陈述",)), *SOUND[1:]]) == {"评读题硬线"}
    assert "评读题出错" in failing([replace(SOUND[0], error="TimeoutError"), *SOUND[1:]])
    assert failing([replace(t, text="别的") for t in SOUND]) == {"评读题与基线相同"}


def test_every_turn_that_the_gate_asks_is_in_the_committed_baseline() -> None:
    asked = {(panel, t.key, t.text) for panel, turns in measured_panels().items() for t in turns}
    kept = {(t.panel, (t.conversation, t.turn), t.text) for t in load_panel_baseline()}

    assert kept <= asked
    assert {panel for panel, _, _ in kept} == set(measured_panels())


def test_a_change_of_subject_is_asked_after_a_question_of_another_category() -> None:
    labelled = [
        LabelledTurn("a", 1, "一", "money", first=(("1",),)),
        LabelledTurn("a", 2, "还有呢", "money", first=(("1",),)),
        LabelledTurn("b", 1, "二", "tools", first=(("2",),)),
        LabelledTurn("c", 1, "没有标注", "leads"),
    ]

    assert [(t.conversation, t.turn, t.text, bool(t.first)) for t in switched(labelled)] == [
        ("b>a", 1, "二", False),
        ("b>a", 2, "一", True),
        ("a>b", 1, "一", False),
        ("a>b", 2, "二", True),
    ]


def test_of_conversations_made_for_the_measure_only_the_last_turn_counts() -> None:
    made = [ScoredTurn(DANGER_PANEL, "d1", 1, "前"), ScoredTurn(DANGER_PANEL, "d1", 2, "后"), *SOUND[:2]]

    assert [t.text for t in counted(made)] == ["问0", "问1", "后"]


def test_the_utterances_of_danger_leave_out_those_that_may_be_met_by_a_question() -> None:
    turns = danger_turns()

    assert sum(bool(t.danger) for t in turns) == 230


def test_a_turn_with_points_has_a_first_sentence_or_a_reason_to_have_none() -> None:
    for turns in labelled_panels().values():
        for turn in turns:
            assert turn.first or turn.lacks or turn.unanswerable or turn.outside or turn.danger or not turn.required, turn
