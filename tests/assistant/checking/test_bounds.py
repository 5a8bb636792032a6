"""Bounds of figures: 以上, 以内, 满, 不超过."""

from __future__ import annotations

import pytest
from assistant_pieces import CONDITIONS
from claim_pieces import a_claim

from assistant.checking.bounds import bound_of, bounds_in, changed_bounds
from assistant.checking.figures import figures_in


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不超过2000元", "upper"),
        ("不少于30天", "lower"),  # 少于 alone would be an upper bound
        ("最高为3万元", "upper"),
        ("30天以内", "upper"),
        ("怀孕7个月以上", "lower"),
        ("5000人次以上", "lower"),  # a unit that no list has
        ("未满4个月", "upper"),
        ("满4个月", "lower"),
        ("不超过30天以上", "upper"),  # what is before the figure wins
        ("补贴2000元", ""),
        ("在1天内江市", ""),  # 内江 is a city
        ("30天内容", ""),
    ],
)
def test_the_bound_of_a_figure_is_read_from_the_words_around_it(text: str, bound: str) -> None:
    assert bound_of(text, figures_in(text)[0], CONDITIONS) == bound


def test_the_bounds_of_a_text_are_those_of_all_its_words() -> None:
    assert bounds_in("最高2000元，参保12个月以上", CONDITIONS) == {"upper", "lower"}
    assert bounds_in("不少于12个月", CONDITIONS) == {"lower"}
    assert bounds_in("补贴2000元", CONDITIONS) == frozenset()


PREGNANCY = "怀孕7个月以上的，用人单位不得延长劳动时间。"
SUBSIDY = "补贴最高不超过2000元。"


@pytest.mark.parametrize(
    ("statement", "source", "figure"),
    [
        ("怀孕7个月以下的，单位不得延长劳动时间。", PREGNANCY, "7个月"),  # reversed
        ("怀孕7个月的，单位不得延长劳动时间。", PREGNANCY, "7个月"),  # dropped
        ("补贴不少于2000元。", SUBSIDY, "2000元"),
        ("补贴不超过1500元。", "补贴1500元。", "1500元"),  # added
        ("补贴每人1500元。", "补贴最高可以到每人1500元。", "1500元"),  # a bound further off in the clause
    ],
)
def test_a_changed_bound_is_caught(statement: str, source: str, figure: str) -> None:
    assert list(changed_bounds(a_claim(statement, source))) == [f"“{figure}”的界限（以上、以内、满、不超过）变了"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("孕期满7个月，单位不能延长劳动时间。", PREGNANCY),  # another word for the same bound
        ("补贴至多2000元。", SUBSIDY),
        ("按第7条补贴不超过2000元。", "第7条以上规定的补贴不超过2000元。"),  # a clause number has no bound
        ("补贴最多3000元。", SUBSIDY),  # another figure: the check of figures catches it
    ],
)
def test_a_bound_kept_in_other_words_passes(statement: str, source: str) -> None:
    assert list(changed_bounds(a_claim(statement, source))) == []
