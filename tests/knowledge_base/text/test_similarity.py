"""How alike two texts are, worked by hand and by properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.text.similarity import NEAR, Known, character_pairs, closest_spelling, containment, dice, jaccard, long_tokens, shingles

sets = st.frozensets(st.text("产假多少天", min_size=2, max_size=2))


def test_jaccard_by_hand() -> None:
    assert jaccard(frozenset("abc"), frozenset("bcd")) == 0.5
    assert jaccard(frozenset(), frozenset()) == 0.0


def test_dice_by_hand() -> None:
    assert dice(frozenset("abc"), frozenset("bcde")) == pytest.approx(4 / 7)
    assert dice(frozenset(), frozenset("a")) == 0.0


def test_containment_by_hand() -> None:
    assert containment(frozenset("ab"), frozenset("bcd")) == 0.5
    assert containment(frozenset(), frozenset("a")) == 0.0


def test_character_pairs_do_not_cross_marks() -> None:
    assert character_pairs("产假98天，") == {"产假", "假9", "98", "8天"}
    assert character_pairs("产、假") == frozenset()


def test_long_tokens_leave_single_characters_out() -> None:
    assert long_tokens("产假98天") == {"产假", "98", "98天"}


def test_a_question_with_one_word_more_is_another_question() -> None:
    similarity = jaccard(shingles("四川现在产假一共多少天"), shingles("四川现在产假多少天"))

    assert similarity == pytest.approx(5 / 11)
    assert similarity < NEAR


def test_the_nearest_known_text_is_found_in_every_written_form() -> None:
    known = Known(["哺乳时间多长", "产假98天"])

    assert known.nearest("產假９８天！") == (1, 1.0)
    assert known.nearest("直播") == (0, 0.0)


def test_the_closest_spelling_is_found_or_none() -> None:
    assert closest_spelling("canjia", ["butie", "chanjia"], 87.0) == (1, pytest.approx(100 * 12 / 13))
    assert closest_spelling("canjia", ["butie"], 87.0) is None
    assert closest_spelling("canjia", [], 87.0) is None


@given(sets, sets)
def test_similarities_lie_between_nought_and_one_and_symmetric_ones_are_symmetric(one: frozenset[str], other: frozenset[str]) -> None:
    assert 0.0 <= jaccard(one, other) == jaccard(other, one) <= dice(one, other) == dice(other, one) <= 1.0
    assert 0.0 <= containment(one, other) <= 1.0


@given(sets)
def test_a_text_is_wholly_like_itself(one: frozenset[str]) -> None:
    assert jaccard(one, one) == dice(one, one) == containment(one, one) == (1.0 if one else 0.0)
