"""The one normaliser and tokeniser: forms of one text that must compare equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.text.normalise import normalise, strip_control, tokens

# 薴 needs two steps (薴 → 苧 → 苎); it has a test of its own.
ANY_TEXT = st.text().filter(lambda t: "薴" not in t)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, exclude_characters="薴"), max_size=20)


@given(ANY_TEXT | HAN)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


def test_a_character_that_simplifies_in_two_steps_is_normalised_at_once() -> None:
    assert normalise(normalise("薴")) == normalise("薴")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ＡＩ　技能", "ai 技能"),
        ("女職工勞動保護特別規定", "女职工劳动保护特别规定"),
        ("Ｅｘｃｅｌ函数（入门）", "excel函数(入门)"),
        ("零\u200b宽\ufeff字\u202e符", "零宽字符"),
        ("① ㈠ ½", "1 (一) 1⁄2"),
        ("", ""),
    ],
)
def test_widths_case_and_traditional_characters_are_folded(text: str, normal: str) -> None:
    assert normalise(text) == normal


def test_line_feeds_and_tabs_are_no_control_characters() -> None:
    assert strip_control("一\n二\t三\x00\x07\x7f") == "一\n二\t三"


def test_a_chinese_clause_number_and_digits_give_the_same_tokens() -> None:
    assert tokens("第七条") == tokens("第7条") == tokens("第７条")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("產假補貼怎麼領", "产假补贴怎么领"),
        ("第七條", "第7条"),
        ("Excel 函數", "ｅｘｃｅｌ函数"),
        ("一千五百元", "1,500元"),
        ("百分之七十", "70%"),
        ("二〇二五年", "2025年"),
    ],
)
def test_forms_of_one_text_give_the_same_tokens(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(("traditional", "simplified"), [("九十八個月", "九十八个月"), ("五萬元", "五万元"), ("五十五歲", "五十五岁")])
def test_counted_things_in_traditional_characters_give_the_same_tokens(traditional: str, simplified: str) -> None:
    assert tokens(traditional) == tokens(simplified)


def test_tokens_are_characters_pairs_and_latin_words() -> None:
    assert tokens("产假98天，学AI") == ["产", "假", "产假", "98", "98天", "天", "学", "ai"]


@pytest.mark.parametrize("word", ["c++", "c#", "12351.cn", "gpt-4", "python3.11"])
def test_a_latin_word_with_its_marks_is_one_token(word: str) -> None:
    assert word in tokens(f"学{word.upper()} 要多久")


@pytest.mark.parametrize("text", ["", "　\n\t", "，。！？《》", "\u200b"])
def test_a_text_of_marks_alone_has_no_tokens(text: str) -> None:
    assert tokens(text) == []


def test_a_pair_never_spans_a_mark() -> None:
    assert "假补" not in tokens("产假，补贴")


@given(ANY_TEXT)
def test_tokens_are_never_empty_and_hold_no_white_space(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))
