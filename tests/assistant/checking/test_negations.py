"""Negations dropped from a statement, and negations added to it."""

from __future__ import annotations

import pytest
from assistant_pieces import CONDITIONS
from claim_pieces import a_claim

from assistant.checking.negations import (
    affirmed_denials,
    count_negating_characters,
    negations_at_seams,
    turned_negations,
    without_figures_of_speech,
)

LAW = "用人单位不得因女职工怀孕、生育、哺乳降低其工资、予以辞退。女职工可以申请提前返岗。本条例不适用个体工商户。"
GUIDE = "对仲裁裁决不服的，再向法院起诉。匿名化处理后的信息不算个人信息。与网信办的口径不一致。证书扣除和学历教育扣除可以叠加。"


def test_figures_of_speech_are_blotted_out() -> None:
    assert without_figures_of_speech("不仅补贴，也不收费", CONDITIONS) == "　　补贴，也不收费"


def test_negating_characters_are_counted_inside_words_too() -> None:
    assert count_negating_characters("未经批准不得无故禁止") == 4
    assert count_negating_characters("应当批准") == 0


@pytest.mark.parametrize(
    ("statement", "source", "fault"),
    [
        ("条例适用个体工商户。", LAW, "“适用”前面的否定丢了"),
        ("女职工不可以申请提前返岗。", LAW, "“以申”前面多了否定"),  # of 不可以, 不可 is the negation
        ("单位可以降低怀孕女职工的工资。", "单位不得降低怀孕女职工的工资。", "“不得”说成了“可以”"),
    ],
)
def test_a_turned_negation_is_caught(statement: str, source: str, fault: str) -> None:
    assert fault in list(turned_negations(a_claim(statement, source)))


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("条例不适用个体工商户。", LAW),
        ("女职工可以申请提前返岗。", LAW),
        ("单位不得降低怀孕女职工的工资。", LAW),  # 不得 reaches over the whole clause
        ("单位不仅适用条例。", "单位适用条例。"),  # 不仅 negates nothing
        ("适用条例，但不适用办法。", "适用条例，不适用办法。"),
        ("适用条例。", "适用条例，不适用办法。"),  # the source says both
        ("可以申请，不得代办。", "不得代办，可以申请。"),
        ("单位可以减轻劳动量。", "单位不得降低工资，可以减轻劳动量。"),  # the source permits, too
    ],
)
def test_a_kept_negation_passes(statement: str, source: str) -> None:
    assert list(turned_negations(a_claim(statement, source))) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("对裁决服的，再向法院起诉。", "“裁决服”前面或中间的“不”丢了"),  # 不服 only looks like a negation
        ("信息算个人信息。", "“信息算”前面或中间的“不”丢了"),
        ("要点与网信办口径一致。", "“口径一”前面或中间的“不”丢了"),
        ("证书扣除和学历教育扣除不可以叠加。", "“除可以”里多了“不”"),
    ],
)
def test_a_negation_told_by_its_seam_is_caught(statement: str, fault: str) -> None:
    assert fault in list(negations_at_seams(a_claim(statement, GUIDE)))


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("对裁决不服的，向法院起诉。", GUIDE),
        ("匿名化后不算个人信息。", GUIDE),
        ("证书扣除和学历教育扣除能够叠加。", GUIDE),
        ("单位不得在试用期解除合同。", "不得解除合同。"),  # the source denies it in the same clause
        ("无理由退货。", "理由退货。"),  # 无理由 denies nothing
        ("不得降低工资。", "不得降低女职工的工资。"),
    ],
)
def test_a_seam_that_is_closed_in_the_source_too_passes(statement: str, source: str) -> None:
    assert list(negations_at_seams(a_claim(statement, source))) == []


@pytest.mark.parametrize(
    ("statement", "source", "clause"),
    [
        ("个体工商户适用本条例。", "本条例不适用个体工商户。", "个体工商户适用本条例"),
        ("在公开资料中找到文号。", "文号在公开资料中没有找到。", "在公开资料中找到文号"),
    ],
)
def test_a_clause_that_affirms_what_its_source_denies_is_caught(statement: str, source: str, clause: str) -> None:
    assert list(affirmed_denials(a_claim(statement, source))) == [f"“{clause}”原文是否定的"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("个体工商户不适用本条例。", "本条例不适用个体工商户。"),
        ("个体工商户适用本条例。", "本条例不适用个体工商户。本条例适用个体工商户的帮工。"),  # one source affirms it
        ("印发日期和文号，在公开资料中没有找到。", "印发日期和文号没有找到。"),  # the next clause denies
        ("适用条例。", "不适用条例。"),  # too short to tell
        ("个体工商户适用本条例。", "工会不收费。"),  # other characters
        ("个体工商户适用本条例。", "个体工商户雇用帮工时适用何种办法由各地方人民政府根据实际情况另行规定而本条例没有规定"),  # much longer
    ],
)
def test_a_clause_that_affirms_nothing_denied_passes(statement: str, source: str) -> None:
    assert list(affirmed_denials(a_claim(statement, source))) == []
