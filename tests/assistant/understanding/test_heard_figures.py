"""Figures that a question gives as heard: said to be unfounded only when they are."""

from __future__ import annotations

import pytest
from assistant_pieces import a_citation

from assistant.answering import Assistant
from assistant.types import Question
from assistant.understanding.heard_figures import figures_with_units, heard_figures, unfounded

LEAVE = "女职工生育享受98天产假；难产的，增加15天。"


@pytest.mark.parametrize(
    ("question", "said", "measure", "value"),
    [
        ("听说产假改成六个月了", "六个月", "duration", 180),
        ("听说要交五百块押金，是不是", "五百块", "amount", 500),
        ("不是说补贴3,000吗", "3000", "amount", 3000),
        ("女工人都要干到65岁是不是", "65岁", "age", 65),
        ("四川省总拨8万元，对吗", "8万元", "amount", 80_000),
        ("技能提升补贴一年能领三次吧？", "三次", "times", 3),
    ],
)
def test_a_heard_figure_is_read_with_its_measure(question: str, said: str, measure: str, value: float) -> None:
    heard = heard_figures(question)

    assert [(f.measure, f.value) for f in heard] == [(measure, value)]
    assert heard[0].said.replace(",", "") == said


@pytest.mark.parametrize("question", ["产假多少天", "我工作满1年，有年休假吗", "怀孕4个月流产休几天", "2025年的标准是真的吗"])
def test_a_figure_of_her_own_case_or_a_date_is_nothing_heard(question: str) -> None:
    assert heard_figures(question) == ()


def test_a_figure_that_no_source_holds_is_unfounded_beside_one_of_its_measure() -> None:
    figure = unfounded(heard_figures("听说产假六个月"), LEAVE, [a_citation(LEAVE)])

    assert figure is not None
    assert figure.said == "六个月"


@pytest.mark.parametrize(
    "question",
    [
        "听说产假九十八天",  # the source says so
        "听说难产多15天",  # the source says so of something else
        "听说产假发3000元",  # the source gives no amount
    ],
)
def test_nothing_is_called_unfounded_that_a_source_holds_or_does_not_speak_of(question: str) -> None:
    assert unfounded(heard_figures(question), LEAVE, [a_citation(LEAVE)]) is None


def test_dates_and_each_year_are_no_lengths_of_time() -> None:
    figures = figures_with_units("从2025年1月1日起，每人一年能领3次，连续3年。")

    assert {(f.measure, f.value) for f in figures} == {("times", 3), ("duration", 3 * 365)}


def test_what_she_heard_wrong_is_corrected_above_the_rule(shipped_assistant: Assistant) -> None:
    wrong = shipped_assistant.ask(Question("听说产假改成六个月了，是不是哦"))
    right = shipped_assistant.ask(Question("听说国家规定的产假是98天，是不是"))

    assert "您说的“六个月”在知识库里没有依据" in wrong.text
    assert "没有依据" not in right.text
