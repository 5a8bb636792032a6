"""An evaluator's own questions: read strictly from JSONL and from a table, with the place named where something is wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Literal

import openpyxl
import pytest

from evals.errors import DatasetError
from evals.own_questions import MOST_QUESTIONS, read_questions, template
from evals.samples import Expected

HEAD = ("编号", "问题", "应当", "必须说到", "不能说到", "依据编号", "日期")


def table(*rows: tuple[object, ...], head: tuple[object, ...] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _broken(workbook: bytes) -> bytes:
    """The workbook with a sheet that is no XML."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<" if name.startswith("xl/worksheets/") else old.read(name))
    return changed.getvalue()


def test_a_row_of_the_table_becomes_a_sample() -> None:
    (sample,) = read_questions(
        table((7, "四川产假多少天？", "回答", "188|一百八十八；男方", "96天，97天", "NZG-007；NZG-008", dt.datetime(2025, 10, 1))),
        "我的 题.xlsx",
    )

    assert (sample.sample_id, sample.dataset, sample.expected) == ("7", "我的 题", Expected.ANSWER)
    assert sample.must_include == (("188", "一百八十八"), ("男方",))
    assert sample.must_not == ("96天", "97天")
    assert sample.gold_facts == ("NZG-007", "NZG-008")
    assert sample.as_of == dt.date(2025, 10, 1)


def test_a_row_without_an_id_is_called_after_its_place_and_empty_rows_are_passed_over() -> None:
    samples = read_questions(table(("", "产假多少天", "回答"), (None, None, None), (None, "修拖拉机", "说没有")), "q.xlsx")

    assert [s.sample_id for s in samples] == ["行2", "行4"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("1", "", "回答"), "第 2 行：缺 id 或 text"),
        (("1", "问", "随便"), "第 2 行：应当「随便」应填 回答、部分回答、说没有、转介、拒绝 之一"),
        (("1", "问", "回答", "", "", "", "明天"), "第 2 行：as_of '明天' 不是日期"),
        (("1", "问" * 2001, "回答"), "第 2 行：问题有 2001 个字"),
        (("1", "问", "回答", "", "", "", "", "多出来"), "不在任何一列下面"),
    ],
)
def test_a_faulty_row_is_named(row: tuple[object, ...], told: str) -> None:
    with pytest.raises(DatasetError, match=r"q\.xlsx") as caught:
        read_questions(table(row), "q.xlsx")

    assert told in str(caught.value)


def test_a_column_that_is_unknown_or_missing_is_named() -> None:
    with pytest.raises(DatasetError, match=r"第 1 行：不认识列 \['答案'\]"):
        read_questions(table(head=("问题", "应当", "答案")), "q.xlsx")
    with pytest.raises(DatasetError, match="第 1 行：缺少列 应当"):
        read_questions(table(head=("问题",)), "q.xlsx")


def test_an_id_that_stands_twice_is_named_with_both_places() -> None:
    with pytest.raises(DatasetError, match="第 3 行：编号 1 与第 2 行重复"):
        read_questions(table(("1", "甲", "回答"), ("1", "乙", "回答")), "q.xlsx")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "1"', "第 2 行：不是合法的 JSON"),
        ('{"id": "2", "text": "问", "expected": "answer", "答案": 1}', "第 2 行：不认识字段"),
        ('{"id": "1", "text": "又一次", "expected": "answer"}', "第 2 行：编号 1 与第 1 行重复"),
    ],
)
def test_a_faulty_line_is_named(line: str, told: str) -> None:
    first = '{"id": "1", "text": "问", "expected": "answer"}'

    with pytest.raises(DatasetError, match=told):
        read_questions(f"{first}\n{line}\n".encode(), "q.jsonl")


def test_what_is_no_list_of_questions_is_refused_with_a_reason() -> None:
    with pytest.raises(DatasetError, match="没有题"):
        read_questions(b"", "空.jsonl")
    with pytest.raises(DatasetError, match="图片"):
        read_questions(b"\x89PNG\r\n\x1a\n", "图.jsonl")
    with pytest.raises(DatasetError, match="文件可能坏了"):
        read_questions(_broken(table(("1", "问", "回答"))), "坏.xlsx")
    many = "".join(json.dumps({"id": str(i), "text": "问", "expected": "answer"}) + "\n" for i in range(MOST_QUESTIONS + 1))
    with pytest.raises(DatasetError, match="请分成几个文件"):
        read_questions(many.encode(), "多.jsonl")


@pytest.mark.parametrize("form", ["xlsx", "jsonl"])
def test_the_template_is_read_back_with_the_same_samples(form: Literal["xlsx", "jsonl"]) -> None:
    samples = read_questions(template(form), f"模板.{form}")

    assert [s.expected for s in samples] == [Expected.ANSWER, Expected.ANSWER, Expected.ABSTAIN]
    assert samples[0].must_include == (("188", "一百八十八"),)
