"""Clause numbers: 条, 款 and 项."""

from __future__ import annotations

import pytest
from claim_pieces import a_claim

from assistant.checking.clause_faults import repeated_articles, wrong_paragraphs

SOURCE = "第6条第1款：孕期不能适应原劳动的，应当减轻劳动量。\n第6条第2款：怀孕7个月以上的，不得安排夜班。\n第42条第4项：孕期不得解除合同。"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("第6条第1款：怀孕7个月以上，不得安排夜班。", "“第1款”和原文不同"),
        ("第42条第3项：孕期不得解除合同。", "“第3项”和原文不同"),
    ],
)
def test_a_paragraph_number_of_another_rule_is_caught(statement: str, fault: str) -> None:
    assert list(wrong_paragraphs(a_claim(statement, SOURCE))) == [fault]


@pytest.mark.parametrize(
    "statement",
    [
        "第6条第2款：怀孕7个月以上，不得安排夜班。",
        "怀孕7个月以上，不得安排夜班。",
        "孕期有3项保护，不得解除合同。",  # a count, not a 第3项
    ],
)
def test_a_paragraph_number_of_the_rule_itself_passes(statement: str) -> None:
    assert list(wrong_paragraphs(a_claim(statement, SOURCE))) == []


def test_one_of_several_paragraph_numbers_passes() -> None:
    assert list(wrong_paragraphs(a_claim("第6条第2款规定不得安排夜班。", "第6条第1款、第2款规定不得安排夜班。"))) == []


def test_an_article_named_twice_in_a_row_is_caught() -> None:
    assert list(repeated_articles(a_claim("依照第46条、第46条支付补偿。", "依照第46条、第47条支付补偿。"))) == ["“第46条、第46条”重复"]


@pytest.mark.parametrize(
    "statement", ["依照第46条、第47条支付补偿。", "依照第46条和第46条之一支付补偿。", "第46条说了补偿，第46条也说了期限。"]
)
def test_articles_that_are_not_repeated_or_repeated_in_the_source_pass(statement: str) -> None:
    assert list(repeated_articles(a_claim(statement, "依照第46条和第46条之一、第47条支付补偿。"))) == []
