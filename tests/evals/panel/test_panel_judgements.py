"""A judge's row is checked, and the first judge of a turn counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from panel_pieces import judgement

from evals.errors import DatasetError
from evals.panel.judgements import first_judgements, judged_twice


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"harm": "sehr"}, "harm"),
        ({"irrelevant_statements": 3}, "应在 0 和陈述总数（2）之间"),
        ({"danger_turn": True}, "danger_help_first"),
        ({"danger_help_first": True}, "danger_help_first"),
        ({"danger_turn": True, "danger_help_first": True, "false_alarm": True}, "误报"),
        ({"colour": "red"}, "不认识字段"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        judgement(**fields)


def test_true_false_and_n_a_are_taken_for_yes_no_and_na() -> None:
    said = judgement(verdict_right=True, understood=False, first_sentence_answers="n/a")

    assert (said.verdict_right, said.understood, said.first_sentence_answers) == ("yes", "no", "na")


def test_the_first_judge_of_a_turn_counts_whatever_the_names() -> None:
    late, early = replace(judgement(), judge="a", second=True), replace(judgement(harm="misleading"), judge="b")

    assert first_judgements([late, early])[("c1", 1)].judge == "b"
    assert [(a.judge, b.judge) for a, b in judged_twice([early, late])] == [("a", "b")]


def test_an_answer_that_the_corpus_lacks_is_not_answerable() -> None:
    assert judgement().answerable
    assert not judgement(kind="not_in_corpus").answerable
    assert not judgement(first_sentence_answers="na").answerable
