"""Tables for a spreadsheet: what a cell says is text, whatever it begins with, and opens in Excel."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import pytest
from evals_pieces import make_row

from evals.remarks import Fair, Remark
from evals.report.workbook import render_workbook
from evals.rows import Cited, Row
from evals.tables import write_table


def sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def lines(data: bytes) -> list[tuple[object, ...]]:
    return list(sheet_of(data).iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("value", "read", "kind"),
    [
        ("产假98天", "产假98天", "s"),
        ("=1+1", "=1+1", "s"),  # a question may begin so; it must not be computed
        ("+86 12351", "+86 12351", "s"),
        ("@SUM(A1)", "@SUM(A1)", "s"),
        ("-12%", "-12%", "s"),
        ("012351", "012351", "s"),
        (98, 98, "n"),
        (12.5, 12.5, "n"),
        (True, "True", "s"),  # a truth is a word, not the number 1
        ("有\x00控制\x0b符", "有控制符", "s"),
        ("两行\n的话", "两行\n的话", "s"),
    ],
)
def test_a_cell_holds_what_was_meant(value: object, read: object, kind: str) -> None:
    cell = sheet_of(write_table("题目", ("问题",), [(value,)]))["A2"]

    assert (cell.value, cell.data_type) == (read, kind)


@pytest.mark.parametrize(("length", "kept"), [(31_999, 31_999), (32_000, 32_000), (40_000, 32_000)])
def test_a_text_longer_than_a_cell_takes_is_cut(length: int, kept: int) -> None:
    assert len(sheet_of(write_table("题目", ("回答",), [("答" * length,)]))["A2"].value) == kept


def test_the_head_stays_in_view_and_is_bold_and_widths_are_as_asked() -> None:
    sheet = sheet_of(write_table("题目", ("编号", "问题"), [("1", "产假？")], widths={"问题": 44}))

    assert (sheet.title, sheet.freeze_panes) == ("题目", "A2")
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert not sheet["B2"].font.bold
    assert sheet["B2"].alignment.wrap_text
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (14, 44)


def test_a_table_without_a_row_has_its_head() -> None:
    assert lines(write_table("题目", ("编号", "问题"), [])) == [("编号", "问题")]


def test_more_than_26_columns_have_their_widths() -> None:
    names = [f"第{i}列" for i in range(1, 31)]

    sheet = sheet_of(write_table("宽", names, [], widths={"第30列": 9}))

    assert sheet.column_dimensions["AD"].width == 9


# -- rows of a run


def line_of(row: Row, *remarks: Remark) -> Mapping[str, object]:
    head, line = lines(render_workbook([row], remarks))
    return dict(zip((str(name) for name in head), line, strict=True))


def said(fair: Fair | None, note: str = "", author: str = "小周", sample_id: str = "q1") -> Remark:
    return Remark(sample_id, author, "2026-11-23T05:00:00+00:00", fair, note=note)


CITED = (
    Cited("1", "特别规定", "第七条", "现行", ("NZG-007",)),
    Cited("2", "旧规定", "第八条", "已失效", ("NZG-001",)),
)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (make_row("q1"), {"编号": "q1", "题集": "d", "分类": "s", "应当": "answer", "实际": "answered", "判定": "对", "毫秒": None}),
        (make_row("q1", right=False, why=("缺 1 组",), faults=("引文不在",)), {"判定": "错", "为什么": "缺 1 组；引文不在"}),
        (make_row("q1", right=False, verdict="", error="超时"), {"实际": "error", "为什么": "超时"}),
        (make_row("q1", way="拼音"), {"分类": "拼音"}),
        (make_row("q1", family="unlawful"), {"分类": "unlawful"}),
        (make_row("q1", breaches=("过期当现行", "听从注入")), {"越线": "过期当现行；听从注入"}),
        (make_row("q1", ms=12.3456), {"毫秒": 12.3}),
        (
            make_row("q1", answer="=98天", cited=CITED),
            {"回答": "=98天", "出处": "[1] 《特别规定》第七条（现行）\n[2] 《旧规定》第八条（已失效）"},
        ),
    ],
)
def test_a_row_of_a_run_becomes_a_line(row: Row, cells: Mapping[str, object]) -> None:
    line = line_of(row)

    assert {name: line[name] for name in cells} == cells


@pytest.mark.parametrize(
    ("remarks", "opinion", "note"),
    [
        ((), None, None),
        ((said(Fair.AGREE),), "判得对（小周）", None),
        ((said(Fair.DISAGREE, "题目标错了"),), "判错了（小周）", "题目标错了（小周，2026-11-23）"),
        ((said(Fair.UNSURE), said(Fair.AGREE, author="小李")), "拿不准（小周）；判得对（小李）", None),
        ((said(None, "看过"),), None, "看过（小周，2026-11-23）"),
        ((said(Fair.AGREE, "别的题", sample_id="q2"),), None, None),
    ],
)
def test_what_people_said_of_a_row_stands_in_its_line(remarks: Sequence[Remark], opinion: str | None, note: str | None) -> None:
    line = line_of(make_row("q1"), *remarks)

    assert (line["人工看法"], line["备注"]) == (opinion, note)


def test_rows_keep_their_order() -> None:
    data = render_workbook([make_row(f"q{i}") for i in (3, 1, 2)], [])

    assert [line[0] for line in lines(data)[1:]] == ["q3", "q1", "q2"]
