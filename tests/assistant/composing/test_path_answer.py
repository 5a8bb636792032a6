"""Answers to 「从哪学起」: the path leads where the sources say nothing outright, and every step of it is quoted."""

from __future__ import annotations

import pytest
from assistant_pieces import PHRASES

from assistant.answering import Assistant
from assistant.checking.markers import markers_in
from assistant.checking.statements import check_citation
from assistant.types import PathCard, Question, Verdict


@pytest.mark.parametrize("asked", ["护士想学AI怎么学？", "咋个学直播嘛"])
def test_the_steps_of_the_path_lead_each_in_the_words_of_its_document(asked: str, shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question(asked))

    card = next(card for card in answer.cards if isinstance(card, PathCard))
    assert answer.verdict is Verdict.ANSWERED
    assert answer.text.startswith(PHRASES.path_lead.format(occupation=card.path.occupation, goal=card.path.goal))
    assert answer.citations[0].document in [step.document for step in card.steps]
    assert all(check_citation(c) is None for c in answer.citations)
    assert {c.marker for c in answer.citations} == set(markers_in(answer.text))


def test_a_guide_that_answers_outright_comes_first_and_the_path_beside_it(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("我是护士，想用AI减负，从哪学起"))

    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].document.title == "护士先学哪样数字技能"
    assert any(isinstance(card, PathCard) and card.path.occupation == "护士" for card in answer.cards)


def test_training_that_answers_outright_stays_the_answer(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("文员两张表按工号找工资，VLOOKUP怎么学"))

    assert "学习路线" not in answer.text
    assert "VLOOKUP" in answer.text


@pytest.mark.parametrize("asked", ["学直播要多久", "想学直播，有没得补贴", "怎么申请失业金"])
def test_a_question_after_something_else_is_not_answered_with_a_path(asked: str, shipped_assistant: Assistant) -> None:
    assert "学习路线" not in shipped_assistant.ask(Question(asked)).text
