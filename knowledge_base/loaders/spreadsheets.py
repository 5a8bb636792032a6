"""XLSX and CSV: one line a row, each value with its column's name."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge_base.errors import LoadError
from knowledge_base.loaders.encodings import decode
from knowledge_base.loaders.loaded import LoadedText, names_columns, one_line, tidy, write_rows

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

MAX_CELLS = 5_000_000
"""Most cells in a sheet's used range; a format dragged down to the last row makes a sheet of 17 billion."""

_DEFAULT_SHEET_NAME = re.compile(r"(?i)sheet\s*\d*|工作表\s*\d*")
_DELIMITERS = ",;\t"
_HEADER_ROWS = 3  # most header rows


def load_xlsx(data: bytes, name: str) -> LoadedText:
    """Rows of every visible sheet; formulas give the last computed value, or nothing."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
    except Exception as exc:  # openpyxl raises anything from KeyError to ParseError on a broken workbook
        raise LoadError(f"Excel 文件已损坏，打不开（{type(exc).__name__}）。请用 Excel 或 WPS 重新另存为 xlsx 后再导入") from exc
    sheets = [written for sheet in book.worksheets if sheet.sheet_state == "visible" and (written := _write_sheet(sheet))]
    return LoadedText(tidy("\n\n".join(sheets)), title=Path(name).stem)


def load_csv(data: bytes, name: str) -> LoadedText:
    """Rows of a file separated by commas, semicolons or tabs, whichever splits its lines most evenly.

    Raises:
        LoadError: a field is larger than any cell should be, as after an unclosed quotation mark.
    """
    text = decode(data)
    try:
        delimiter = _sniff(text)
        rows = [[one_line(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as exc:
        raise LoadError(f"CSV 读不下去（{exc}）：多半是引号没有成对。请用 Excel 打开检查后另存为 xlsx 再导入") from exc
    return LoadedText(tidy(_write_grid(rows, header_rows=1)), title=Path(name).stem)


def _sniff(text: str) -> str:
    opening = "\n".join(text.split("\n")[:50])

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(opening), delimiter=delimiter) if row)
        width, count = max(widths.items(), key=lambda item: item[1], default=(1, 0))
        return (count / widths.total(), width) if width > 1 else (0.0, 1)

    return max(_DELIMITERS, key=evenness)


def _write_sheet(sheet: Worksheet) -> str:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise LoadError(
            f"工作表“{sheet.title}”的范围有 {sheet.max_row} 行 {sheet.max_column} 列，太大了。请删去多余的空白行列，另存后再导入"
        )
    rows = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]
    spans: list[tuple[int, int, int, int]] = []
    for merged in sheet.merged_cells.ranges:
        left, top, right, bottom = merged.bounds
        value = rows[top - 1][left - 1]
        for row in rows[top - 1 : bottom]:
            row[left - 1 : right] = [value] * (right - left + 1)
        spans.append((top - 1, left, right, bottom - 1))
    first = _first_table_row(rows)
    header_rows = 1
    for top, left, right, bottom in spans:
        if top == first and (bottom > top or right > left):
            header_rows = max(header_rows, bottom - top + 1, 2)
    written = _write_grid(rows, header_rows=min(header_rows, _HEADER_ROWS))
    heading = "" if _DEFAULT_SHEET_NAME.fullmatch(sheet.title) else f"## {one_line(sheet.title)}\n\n"
    return heading + written if written else ""


def _write_grid(rows: Sequence[Sequence[str]], *, header_rows: int) -> str:
    """Lines of a grid: first the single cells above the header, then one line a row."""
    first = _first_table_row(rows)
    lines = [next(cell for cell in row if cell) for row in rows[:first] if any(row)]
    header: list[str] = []
    if first < len(rows) and names_columns(rows[first]):
        parts = zip(*rows[first : first + header_rows], strict=False)
        header = ["/".join(dict.fromkeys(filter(None, column))) for column in parts]
        first += header_rows
    body = rows[first:]
    width = max(map(len, body), default=0)
    if header and not any(any(row) for row in body):
        return "\n".join([*lines, "；".join(filter(None, header))])
    return "\n".join([*lines, *write_rows(header + [""] * (width - len(header)), body)])


def _first_table_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the first row with several different values; if there is none, of the first row with any."""
    several = (i for i, row in enumerate(rows) if len({cell for cell in row if cell}) > 1)
    some = next((i for i, row in enumerate(rows) if any(row)), len(rows))
    return next(several, some)


def _cell_text(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    shape = cell.number_format or ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, int | float):
        if "%" in shape:
            return f"{value * 100:.10g}%"
        if re.fullmatch("0{2,}", shape) and value == int(value):
            return str(int(value)).zfill(len(shape))
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return one_line(str(value))
