"""The parts of a question that asks several things; one part where it asks one."""

from __future__ import annotations

import pytest
from assistant_pieces import TEXTS
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.parts import parts_of

ASKING = TEXTS.question.asking


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("四川生二胎产假多少天，工资照发吗", ("四川生二胎产假多少天", "工资照发吗")),
        ("失业金怎么领？能领多久？", ("失业金怎么领？", "能领多久？")),
        ("我怀孕了，老板要辞退我，怎么办；去哪里告他？", ("我怀孕了，老板要辞退我，怎么办", "去哪里告他？")),
        ("证丢了怎么补，要多少钱，几天拿到", ("证丢了怎么补", "要多少钱", "几天拿到")),
    ],
)
def test_each_clause_that_asks_ends_a_part(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text, ASKING) == parts


@pytest.mark.parametrize("text", ["产假多少天", "产假", "我怀孕了，老板要辞退我，怎么办", "你好，产假多少天", "老板骂我，扣我钱"])
def test_a_question_that_asks_one_thing_is_one_part(text: str) -> None:
    assert parts_of(text, ASKING) == (text,)


def test_what_is_told_after_the_last_question_stays_with_it() -> None:
    assert parts_of("失业金怎么领？能领多久？我交了六年。", ASKING) == ("失业金怎么领？", "能领多久？我交了六年")


def test_a_word_too_short_to_be_a_question_is_no_part() -> None:
    assert parts_of("吗？产假多少天", ASKING) == ("吗？产假多少天",)


@given(st.text(alphabet="产假多少天怎么吗工资，。？！ ;；", max_size=30))
def test_parts_hold_every_word_in_order(text: str) -> None:
    def words(said: str) -> str:
        return "".join(character for character in said if character not in "，,。；; ！!？?")

    assert words("".join(parts_of(text, ASKING))) == words(text)
