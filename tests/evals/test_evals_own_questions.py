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
from evals.own_questions import MOST_QUESTIONS, MOST_ROWS, read_questions, template
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


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("回答", Expected.ANSWER),
        ("部分回答", Expected.PARTIAL),
        ("说没有", Expected.ABSTAIN),
        ("转介", Expected.REFER),
        ("拒绝", Expected.REFUSE),
        ("refuse", Expected.REFUSE),  # as the JSONL file says it
        (" 回答 ", Expected.ANSWER),
    ],
)
def test_what_a_right_answer_does_is_said_in_words(word: str, expected: Expected) -> None:
    (sample,) = read_questions(table(("1", "产假多少天？", word)), "q.xlsx")

    assert sample.expected is expected


@pytest.mark.parametrize(
    ("cell", "groups"),
    [
        ("188", (("188",),)),
        ("188|一百八十八", (("188", "一百八十八"),)),
        ("188｜一百八十八；男方/父亲", (("188", "一百八十八"), ("男方", "父亲"))),
        ("98天\n15天", (("98天",), ("15天",))),
        ("98天;15天；", (("98天",), ("15天",))),
        (98, (("98",),)),
        (98.0, (("98",),)),
        (1.5, (("1.5",),)),
    ],
)
def test_what_must_be_said_is_read_from_a_cell(cell: object, groups: tuple[tuple[str, ...], ...]) -> None:
    (sample,) = read_questions(table(("1", "产假多少天？", "回答", cell)), "q.xlsx")

    assert sample.must_include == groups


@pytest.mark.parametrize(
    ("cell", "banned"),
    [("96天，97天", ("96天", "97天")), ("96天、97天;98天", ("96天", "97天", "98天")), ("96天", ("96天",)), ("，；", ()), (None, ())],
)
def test_what_must_not_be_said_is_a_list(cell: object, banned: tuple[str, ...]) -> None:
    (sample,) = read_questions(table(("1", "产假多少天？", "回答", None, cell)), "q.xlsx")

    assert sample.must_not == banned


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.datetime(2025, 10, 1, 8, 30), dt.date(2025, 10, 1)),
        ("2025-10-01", dt.date(2025, 10, 1)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_from_a_date_cell_or_as_text(cell: object, day: dt.date | None) -> None:
    (sample,) = read_questions(table(("1", "产假多少天？", "回答", None, None, None, cell)), "q.xlsx")

    assert sample.as_of == day


def test_columns_may_stand_in_any_order_and_trailing_empty_ones_are_no_column() -> None:
    head = ("应当", "问题", "地区", "分类", None, None)

    (sample,) = read_questions(table(("回答", "四川产假多少天？", "四川省", "产假"), head=head), "q.xlsx")

    assert (sample.text, sample.region, sample.slice, sample.sample_id) == ("四川产假多少天？", "四川省", "产假", "行2")


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("我的题.jsonl", "我的题"),
        ("C:\\\\桌面\\\\第一批.jsonl", "第一批"),
        ("../../etc/passwd.jsonl", "passwd"),
        ("没有后缀", "没有后缀"),
    ],
)
def test_a_dataset_is_called_after_its_file_and_not_after_its_folder(name: str, dataset: str) -> None:
    (sample,) = read_questions('{"id": "1", "text": "产假？", "expected": "answer"}\n'.encode(), name)

    assert sample.dataset == dataset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_from_windows_is_read_in_its_own_encoding(encoding: str) -> None:
    line = '{"id": "1", "text": "四川女职工生育享受多少天的产假？", "expected": "answer", "must_include": [["188"]]}\r\n'

    (sample,) = read_questions(line.encode(encoding), "q.jsonl")

    assert sample.text == "四川女职工生育享受多少天的产假？"


def test_a_question_as_long_as_the_service_takes_is_taken() -> None:
    (sample,) = read_questions(table(("1", "问" * 2000, "回答")), "q.xlsx")

    assert len(sample.text) == 2000


def test_a_sheet_of_empty_rows_is_told_to_be_cleared() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("题")
    sheet.append(HEAD)
    for _ in range(MOST_ROWS):
        sheet.append(("",))
    written = io.BytesIO()
    book.save(written)

    with pytest.raises(DatasetError, match="超过 20000 行。请删去多余的空行"):
        read_questions(written.getvalue(), "长.xlsx")


def test_a_table_with_a_head_alone_has_no_question() -> None:
    with pytest.raises(DatasetError, match="里没有题"):
        read_questions(table(), "空.xlsx")


def test_the_template_explains_how_alternatives_are_written() -> None:
    grid = list(openpyxl.load_workbook(io.BytesIO(template("xlsx"))).active.iter_rows(values_only=True))  # type: ignore[union-attr]

    line = dict(zip(grid[0], grid[1], strict=True))
    assert (line["应当"], line["必须说到"]) == ("回答", "188|一百八十八")
    assert "用 | 隔开" in str(line["备注"])
