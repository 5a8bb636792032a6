"""Numbers: every written form of one number compares equal, and words that only look like numbers stay words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.text.clauses import to_chinese
from knowledge_base.text.numerals import figures, fold_numbers, fold_widths, parse_chinese_number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("零", 0),
        ("〇", 0),
        ("七", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十八", 98),
        ("一百零七", 107),
        ("一百一十", 110),
        ("一千零一", 1001),
        ("两千", 2000),
        ("一千五百", 1500),
        ("一万二千", 12_000),
        ("二十万零五百", 200_500),
        ("一百二十八万", 1_280_000),
        ("三亿", 300_000_000),
        ("二〇二五", 2025),
    ],
)
def test_a_chinese_numeral_is_read(numeral: str, value: int) -> None:
    assert parse_chinese_number(numeral) == value


@pytest.mark.parametrize("text", ["", "条", "98", "一条", "半", "十2"])
def test_what_is_no_chinese_numeral_is_none(text: str) -> None:
    assert parse_chinese_number(text) is None


def test_a_numeral_with_yi_and_wan_is_read() -> None:
    assert parse_chinese_number("一亿二千万") == 120_000_000


@given(st.integers(1, 9999))
def test_what_is_written_in_chinese_is_read_back(number: int) -> None:
    assert parse_chinese_number(to_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("九十八天、１,５００元、百分之七十、第十二条", "98天、1500元、70%、第12条"),
        ("百分之九十五点五", "95.5%"),
        ("百分之百", "100%"),
        ("１，２３４，５６７元", "1234567元"),
        ("每月两次、一年三十余人", "每月2次、1年30余人"),
        ("二〇二五年十一月二十八日", "2025年11月28日"),
        ("第二十条之一", "第20条之一"),
        ("ＡＩ　Ｅｘｃｅｌ％", "AI Excel%"),
    ],
)
def test_numbers_are_brought_to_digits(text: str, folded: str) -> None:
    assert fold_numbers(text) == folded


@pytest.mark.parametrize("text", ["三八节统一安排", "一定要来", "千方百计", "万一没有", "一边带娃一边学", "三八红旗手"])
def test_words_that_hold_a_numeral_stay_words(text: str) -> None:
    assert fold_numbers(text) == text


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2025-06-01起每人1,500元", {"2025", "6", "1", "1500"}),
        ("产假九十八天，难产增加15天", {"98", "15"}),
        ("百分之七十；３.５％；00012号", {"70", "3.5", "12"}),
        ("没有数字", set()),
        ("", set()),
    ],
)
def test_the_figures_of_a_text_are_told(text: str, stated: set[str]) -> None:
    assert figures(text) == stated


@given(st.integers(1, 9999), st.sampled_from(["天", "元", "个月", "学时", "%", "人"]))
def test_a_figure_is_the_same_in_chinese_and_in_digits(number: int, unit: str) -> None:
    assert figures(f"补{to_chinese(number)}{unit}") == figures(f"补{number}{unit}") == {str(number)}


@given(st.text())
def test_folding_widths_keeps_the_length(text: str) -> None:
    assert len(fold_widths(text)) == len(text)
