"""Two spellings of the same thing are prepared alike; the text is cut at the right marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.checking.prepared import clauses, list_members, prepare, segments


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-11-28", "2025年11月28日"),
        ("2025-11", "2025年11月"),
        ("第46—47条", "第四十六条、第四十七条"),
        ("第3、第5和第7条", "第三条、第五条、第七条"),
        ("１,５００ 元", "1500元"),
        ("女職工 產假", "女职工产假"),
    ],
)
def test_the_same_in_two_spellings_is_prepared_alike(one: str, other: str) -> None:
    assert prepare(one) == prepare(other)


def test_a_telephone_number_with_hyphens_is_no_date() -> None:
    assert prepare("拨打028-2025-11234") == "拨打028-2025-11234"


def test_blanks_go_and_line_ends_stay() -> None:
    assert prepare("产假 98 天\n 难产　加 15 天") == "产假98天\n难产加15天"


def test_segments_end_at_full_stops_semicolons_and_lines() -> None:
    assert segments("顺产的98天；难产的，加15天。\n【备注】以医院证明为准！") == ["顺产的98天", "难产的，加15天", "备注", "以医院证明为准"]


def test_clauses_end_at_commas_colons_and_cell_marks_too() -> None:
    assert clauses("难产的，加15天：见证明|初级工") == ["难产的", "加15天", "见证明", "初级工"]


def test_list_members_are_split_at_the_list_comma() -> None:
    assert list_members("补贴标准：初级工1000元、中级工1500元") == ["补贴标准", "初级工1000元", "中级工1500元"]


def test_a_table_row_stays_whole() -> None:
    assert list_members("|初级工、中级工|1000|") == ["|初级工、中级工|1000|"]


@pytest.mark.parametrize("cut", [segments, clauses, list_members])
def test_an_empty_text_has_no_parts(cut: Callable[[str], list[str]]) -> None:
    assert cut("") == []
