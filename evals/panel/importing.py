"""Questions of a panel from a file: one turn a row (XLSX, JSONL), or one conversation a line (JSONL)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.errors import DatasetError
from evals.lines import fault_of
from evals.own_questions import read_grid
from evals.panel.folder import check_turns
from evals.panel.quota import CATEGORY_NAMES
from evals.panel.turns import TURN, PanelTurn
from evals.tables import write_table

COLUMNS: Mapping[str, str] = {
    "对话": "conversation",
    "第几轮": "turn",
    "类别": "category",
    "四川话": "dialect",
    "谁在问": "who",
    "问题": "text",
}
"""Columns of the table that writers fill in."""

_YES, _NO = ("是", "对", "1", "√", "true"), ("否", "不是", "0", "", "false")
_CATEGORIES = {name: key for key, name in CATEGORY_NAMES.items()}
_EXAMPLES: Sequence[Sequence[object]] = (
    ("例1", 1, CATEGORY_NAMES["work_motherhood"], "是", "纺织厂，28岁", "怀起了，厂头喊我上夜班咋个办"),
    ("例1", 2, CATEGORY_NAMES["work_motherhood"], "是", "纺织厂，28岁", "要医院开证明不"),
    ("例2", 1, CATEGORY_NAMES["tools"], "否", "文员，35岁", "表格里怎么一次加好多行"),
)


def read_panel_file(path: Path) -> list[PanelTurn]:
    """The turns of a file, conversation by conversation.

    Raises:
        DatasetError: the file cannot be read, or a row is not of the form; the message names the row.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc
    rows = _table_rows(data, path.name) if path.suffix.lower() == ".xlsx" else _line_rows(data, path.name)
    turns = [turn for place, row in rows for turn in _turns(row, f"{path.name} {place}")]
    if not turns:
        raise DatasetError(f"{path.name} 里没有问题")
    check_turns(turns)
    return turns


def panel_template() -> bytes:
    """A table to fill in, one turn a row, with two conversations as examples."""
    return write_table("问题", list(COLUMNS), _EXAMPLES, widths={"问题": 50, "类别": 24})


def _table_rows(data: bytes, name: str) -> Iterator[tuple[str, object]]:
    grid = read_grid(data, name)
    heads = [str(cell or "").strip() for cell in grid[0]] if grid else []
    if unknown := [head for head in heads if head and head not in COLUMNS]:
        raise DatasetError(f"{name} 第 1 行：不认识列 {unknown}；可用的是 {'、'.join(COLUMNS)}")
    if missing := [head for head in ("对话", "第几轮", "问题") if head not in heads]:
        raise DatasetError(f"{name} 第 1 行：缺少列 {'、'.join(missing)}")
    for number, cells in enumerate(grid[1:], 2):
        if any(str(cell or "").strip() for cell in cells):
            given = dict(zip(heads, cells, strict=False))
            yield f"第 {number} 行", {COLUMNS[head]: _cell(cell) for head, cell in given.items() if head and _cell(cell)}


def _line_rows(data: bytes, name: str) -> Iterator[tuple[str, object]]:
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as exc:
        raise DatasetError(f"{name} 不是 UTF-8 的 JSONL 文件") from exc
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield f"第 {number} 行", json.loads(line)
            except ValueError as exc:
                raise DatasetError(f"{name} 第 {number} 行：不是合法的 JSON（{exc}）") from exc


def _turns(row: object, place: str) -> Iterator[PanelTurn]:
    """The turns of a row: its own, or those of the conversation that it holds."""
    if not isinstance(row, dict):
        raise DatasetError(f"{place}：每行应是一个 JSON 对象")
    if "turns" not in row:
        yield _turn(row, place)
        return
    shared = {"conversation": row.get("conversation") or row.get("id"), **{n: row[n] for n in ("category", "dialect", "who") if row.get(n)}}
    if not isinstance(row["turns"], list):
        raise DatasetError(f"{place}：turns 应是列表")
    for number, given in enumerate(row["turns"], 1):
        own = {"text": given} if isinstance(given, str) else {"text": given.get("text") or given.get("question")}
        if isinstance(given, dict):
            own |= {n: given[n] for n in ("category", "dialect") if n in given}
        yield _turn({**shared, "turn": number, **own}, place)


def _turn(row: Mapping[str, Any], place: str) -> PanelTurn:
    fields = {"conversation": row.get("id"), **row}
    fields.pop("id", None)
    if unknown := sorted(set(fields) - set(COLUMNS.values())):
        raise DatasetError(f"{place}：不认识字段 {unknown}；可用的是 {sorted(COLUMNS.values())}")
    fields["category"] = _CATEGORIES.get(str(fields.get("category", "")), fields.get("category", ""))
    try:
        return _validated({**fields, "dialect": _yes(fields.get("dialect", False)), "conversation": str(fields["conversation"] or "")})
    except ValidationError as exc:
        raise DatasetError(f"{place}：{fault_of(exc)}") from exc
    except ValueError as exc:
        raise DatasetError(f"{place}：{exc}") from exc


def _validated(fields: Mapping[str, Any], adapter: TypeAdapter[PanelTurn] = TURN) -> PanelTurn:
    if not fields["conversation"]:
        raise ValueError("缺对话的编号")
    return adapter.validate_python(fields)


def _yes(value: object) -> bool:
    said = str(value if value is not None else "").strip().lower()
    if said not in (*_YES, *_NO):
        raise ValueError(f"四川话「{value}」应填 是 或 否")
    return said in _YES


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell if cell is not None else "").strip()
