"""An evaluator's own questions: a JSONL or XLSX file as samples, and the table to fill in."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Literal

from evals.errors import DatasetError
from evals.samples import Expected, Sample, dump_sample, parse_sample
from evals.tables import write_table
from knowledge_base.errors import LoadError
from knowledge_base.loaders.encodings import decode
from knowledge_base.loaders.file_types import detect_suffix

MOST_QUESTIONS = 2000
"""Questions of one file: at some 15 ms each a run of half a minute, with a language model of hours."""

MOST_ROWS = 20_000
"""Of a sheet, empty ones included: a format dragged down to the last row makes a million of them."""

MOST_CHARACTERS = 2000
"""Of one question, as the service takes it."""

WORDS: Mapping[str, Expected] = {
    "回答": Expected.ANSWER,
    "部分回答": Expected.PARTIAL,
    "说没有": Expected.ABSTAIN,
    "转介": Expected.REFER,
    "拒绝": Expected.REFUSE,
}
"""What a right answer does, as the table says it."""

_COLUMNS: Mapping[str, str] = {
    "编号": "id",
    "问题": "text",
    "应当": "expected",
    "必须说到": "must_include",
    "不能说到": "must_not",
    "依据编号": "gold_facts",
    "依据条款": "gold_clauses",
    "日期": "as_of",
    "地区": "region",
    "分类": "slice",
    "备注": "note",
}
_NEEDED = ("问题", "应当")
_LISTS = ("must_not", "gold_facts", "gold_clauses")
_BETWEEN = re.compile(r"[;；、,，\n]+")
_GROUPS = re.compile(r"[;；\n]+")
_OR = re.compile(r"[|｜/]")

_EXAMPLES: Sequence[Mapping[str, object]] = (
    {
        "id": "T1",
        "text": "四川现在产假一共多少天？",
        "expected": "answer",
        "must_include": [["188", "一百八十八"]],
        "slice": "产假",
        "note": "必须说到：同一处的几种说法用 | 隔开，几处用 ； 隔开",
    },
    {"id": "T2", "text": "工会的热线电话是多少？", "expected": "answer", "must_include": [["12351"]], "slice": "热线"},
    {"id": "T3", "text": "明天成都天气怎么样？", "expected": "abstain", "slice": "知识库里没有的", "note": "应当填：" + "、".join(WORDS)},
)


def read_questions(data: bytes, file_name: str) -> tuple[Sample, ...]:
    """The samples of a file that an evaluator handed in; the dataset has the name of the file.

    Raises:
        DatasetError: the file cannot be read, or a line or row breaks the form; the message names it.
    """
    dataset = PurePath(file_name.replace("\\", "/")).stem
    samples: list[Sample] = []
    places: dict[str, str] = {}
    for place, read in _rows(data, file_name):
        if len(samples) == MOST_QUESTIONS:
            raise DatasetError(f"{file_name} 超过 {MOST_QUESTIONS} 题，请分成几个文件")
        try:
            sample = parse_sample(read(), dataset=dataset)
            if len(sample.text) > MOST_CHARACTERS:
                raise DatasetError(f"问题有 {len(sample.text)} 个字，最多 {MOST_CHARACTERS} 个")
        except json.JSONDecodeError as exc:
            raise DatasetError(f"{file_name} {place}：不是合法的 JSON（{exc}）") from exc
        except (ValueError, DatasetError) as exc:
            raise DatasetError(f"{file_name} {place}：{exc}") from exc
        if sample.sample_id in places:
            raise DatasetError(f"{file_name} {place}：编号 {sample.sample_id} 与{places[sample.sample_id]}重复")
        places[sample.sample_id] = place
        samples.append(sample)
    if not samples:
        raise DatasetError(f"{file_name} 里没有题。请照模板填：一行一题")
    return tuple(samples)


def template(form: Literal["xlsx", "jsonl"]) -> bytes:
    """A file to fill in, with an example of each kind."""
    examples = [parse_sample(dict(example)) for example in _EXAMPLES]
    if form == "jsonl":
        return "".join(f"{dump_sample(example)}\n" for example in examples).encode()
    words = {expected: word for word, expected in WORDS.items()}
    rows = [
        (
            e.sample_id,
            e.text,
            words[e.expected],
            "；".join("|".join(group) for group in e.must_include),
            *("；".join(getattr(e, name)) for name in _LISTS),
            e.as_of.isoformat() if e.as_of else "",
            e.region,
            e.slice,
            e.note,
        )
        for e in examples
    ]
    return write_table("题目", list(_COLUMNS), rows, widths={"问题": 44, "必须说到": 28, "备注": 48})


def _rows(data: bytes, file_name: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each row's place in words, and what reads it."""
    try:
        if detect_suffix(data) == ".xlsx":
            yield from _table_rows(data, file_name)
            return
        text = decode(data)
    except LoadError as exc:
        raise DatasetError(f"{file_name}：{exc}") from exc
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"第 {number} 行", partial(json.loads, line)


def _table_rows(data: bytes, file_name: str) -> Iterator[tuple[str, Callable[[], object]]]:
    grid = read_grid(data, file_name)
    names = [str(cell or "").strip() for cell in grid[0]] if grid else []
    while names and not names[-1]:
        names.pop()
    _check_names(names, file_name)
    for number, cells in enumerate(grid[1:], 2):
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield f"第 {number} 行", partial(_fields, names, cells, number)


def _check_names(names: Sequence[str], file_name: str) -> None:
    """Refuse a table with columns that are not known, or without those that are needed."""
    if unknown := [name for name in names if name not in _COLUMNS]:
        raise DatasetError(f"{file_name} 第 1 行：不认识列 {unknown}；可用的是 {'、'.join(_COLUMNS)}")
    if missing := [name for name in _NEEDED if name not in names]:
        raise DatasetError(f"{file_name} 第 1 行：缺少列 {'、'.join(missing)}。请下载模板照着填")


def read_grid(data: bytes, file_name: str) -> list[tuple[object, ...]]:
    """The cells of the first sheet; formulas give the value that was last computed."""
    import openpyxl  # a third of a second, and most requests do without

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        grid = list(islice(book.worksheets[0].iter_rows(values_only=True), MOST_ROWS + 1))
    except Exception as exc:  # openpyxl raises anything from KeyError to ParseError on a broken workbook
        raise DatasetError(f"{file_name} 打不开（{type(exc).__name__}），文件可能坏了。请用 Excel 或 WPS 重新另存为 xlsx") from exc
    if len(grid) > MOST_ROWS:
        raise DatasetError(f"{file_name} 的表格超过 {MOST_ROWS} 行。请删去多余的空行，或分成几个文件")
    return grid


def _fields(names: Sequence[str], cells: Sequence[object], number: int) -> Mapping[str, object]:
    """The fields of a row of the table; a row without an id is called after its place."""
    if extra := [str(cell) for cell in cells[len(names) :] if cell is not None]:
        raise DatasetError(f"{extra} 不在任何一列下面")
    given = {_COLUMNS[name]: _written(cell) for name, cell in zip(names, cells, strict=False)}
    fields: dict[str, object] = {name: text for name, text in given.items() if text}
    fields.setdefault("id", f"行{number}")
    expected = given.get("expected", "")
    if expected not in WORDS and expected not in list(Expected):
        raise DatasetError(f"应当「{expected}」应填 {'、'.join(WORDS)} 之一")
    fields["expected"] = WORDS.get(expected, expected)
    for name in _LISTS:
        if name in fields:
            fields[name] = _parts(_BETWEEN, given[name])
    if "must_include" in fields:
        fields["must_include"] = [_parts(_OR, group) for group in _parts(_GROUPS, given["must_include"])]
    return fields


def _written(cell: object) -> str:
    """A cell as it was meant: a whole number without its .0, a date without its time."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    return [part.strip() for part in between.split(text) if part.strip()]
