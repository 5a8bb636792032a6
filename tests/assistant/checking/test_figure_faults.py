"""Figures: unsupported, exchanged for another, or paired with the wrong condition."""

from __future__ import annotations

import pytest
from claim_pieces import a_claim

from assistant.checking.figure_faults import exchanged_figures, mispaired_conditions, unsupported_figures

NURSING = "用人单位应当在每天的劳动时间内为哺乳期女职工安排1小时哺乳时间；生育多胞胎的，每多哺乳1个婴儿每天增加1小时哺乳时间。"
LEAVE = "女职工生育享受98天产假，难产的增加产假15天。陪产假为20天。"
TABLE = "工种 | 补贴（元）\n美容师 | 1500\n咨询电话：12333。"
MISCARRIAGE = "怀孕未满4个月流产的，享受15天产假；怀孕满4个月流产的，享受42天产假。"


@pytest.mark.parametrize(
    ("statement", "source", "figure"),
    [
        ("女职工生育享受158天产假。", LEAVE, "158天"),
        ("女职工生育享受98个月产假。", LEAVE, "98个月"),  # the unit
        ("女职工生育享受20天产假。", LEAVE, "20天"),  # the days of another leave
        ("第8条规定了产假。", "第7条规定了产假。", "第8条"),
        ("美容师补贴2500元。", TABLE, "2500元"),
        ("美容师补贴12333元。", TABLE, "12333元"),  # a telephone number, not a table cell
    ],
)
def test_a_figure_without_support_is_caught(statement: str, source: str, figure: str) -> None:
    assert list(unsupported_figures(a_claim(statement, source))) == [f"“{figure}”和所引段落对不上"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("生育的女职工可休产假九十八天。", LEAVE),
        ("难产的再加15天产假。", LEAVE),
        ("单位每天安排一个小时哺乳时间。", NURSING),
        ("美容师补贴1500元。", TABLE),  # the unit is in the head of the table
        ("有疑问请打12333号。", TABLE),
    ],
)
def test_a_figure_in_a_similar_context_passes(statement: str, source: str) -> None:
    assert list(unsupported_figures(a_claim(statement, source))) == []


def test_a_date_of_the_particulars_passes_but_does_not_give_its_day() -> None:
    particulars = "2008-05-01"

    assert list(unsupported_figures(a_claim("2008年5月1日起施行。", "本法规定调解。", particulars=particulars))) == []
    assert list(unsupported_figures(a_claim("在1天内提出。", "在1年内提出。", particulars=particulars))) == ["“1天”和所引段落对不上"]
    assert list(unsupported_figures(a_claim("6月1日起施行。", "本法规定调解。", particulars=particulars))) == [
        "“6月”和所引段落对不上",
        "“1天”和所引段落对不上",
    ]


def test_a_row_of_a_table_gives_only_its_bare_numbers() -> None:
    row = "美容师 | 培训30天 | 1500"

    assert list(unsupported_figures(a_claim("补贴1500元。", row))) == []
    assert list(unsupported_figures(a_claim("补贴30元。", row))) == ["“30元”和所引段落对不上"]


@pytest.mark.parametrize(
    ("statement", "source", "fault"),
    [
        ("劳动者可以在1天内申请仲裁。", "劳动者可以在1年内申请仲裁。", "“者可以在1天”和原文不同"),
        ("领取补贴总额2500元。", "领取补贴总额1500元。", "“补贴总额2500元”和原文不同"),
    ],
)
def test_a_figure_in_the_place_of_another_is_caught(statement: str, source: str, fault: str) -> None:
    assert list(exchanged_figures(a_claim(statement, source))) == [fault]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("劳动者可以在1年内申请仲裁。", "劳动者可以在1年内申请仲裁。"),
        ("劳动者可以在1天内申请仲裁。", "工会应当在1年内答复。"),  # other words before it: not copied from there
        ("补贴总额2500元。", "补贴总额1500元。中级工补贴总额2500元。"),  # the source has both after the same words
        ("补贴总额的30%。", "补贴总额的2倍。"),  # neither the unit nor the value is the same
        ("限额1天。", "限额1年。"),  # too little before it
        ("依照本法第8条处理。", "依照本法第7条处理。"),  # a clause number: the check of clauses catches it
        ("客服电话是12333。", "客服电话是12333号。"),  # without a unit
    ],
)
def test_a_figure_that_replaces_none_passes(statement: str, source: str) -> None:
    assert list(exchanged_figures(a_claim(statement, source))) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("怀孕未满4个月流产的，享受42天产假。", "“42天”不是“4个月”的"),
        ("怀孕满4个月流产的，享受15天产假。", "“15天”不是“4个月”的"),
    ],
)
def test_a_figure_of_another_condition_is_caught(statement: str, fault: str) -> None:
    assert list(mispaired_conditions(a_claim(statement, MISCARRIAGE))) == [fault]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("未满4个月流产休15天，满4个月流产休42天。", MISCARRIAGE),
        ("满5个月流产的休15天。", MISCARRIAGE),  # no such condition in the source
        ("2012年4月起，满30天的补。", "2012年5月起，满30天的补。"),  # the parts of a date are no condition and result
        ("满4个月的补1500元。", "满4个月流产的休42天。"),  # the source pairs the condition with no amount
        ("满12个月的补贴1500元。", "补贴1500元，满12个月的发放，每年再补2000元。"),  # the result may come first
        ("满12个月的补贴1800元。", "补贴1500元，满12个月的发放。"),  # nothing follows the condition
        ("满3个月补休，满5个月转岗。", "满3个月补休，满6个月转岗。"),  # of one unit: two conditions
        ("第4条规定满42天。", "第4条规定休15天。"),  # a clause number is no condition
    ],
)
def test_a_figure_of_its_own_condition_passes(statement: str, source: str) -> None:
    assert list(mispaired_conditions(a_claim(statement, source))) == []
