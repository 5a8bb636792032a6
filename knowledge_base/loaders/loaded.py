"""What a loader gives: plain text with Markdown headings and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge_base.text.normalise import strip_control

MAX_TABLE_ROWS = 30
"""A table with more rows below its header is written one line a row, so that every row keeps its column names when it is split."""

_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003134f“”‘’…—"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])[ \t\xa0]*[\r\n][ \t\r\n\xa0]*|[ \t\xa0]*[\r\n][ \t\r\n\xa0]*(?=[{_CHINESE}])")
_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t\u3000\xa0]+$", re.M)
_FIGURE = re.compile(r"[-+]?\d[\d,.]*%?")


@dataclass(frozen=True, slots=True)
class LoadedText:
    """A file's text. ``title`` is the one the format itself states or ""; ``front_matter`` is that of Markdown."""

    text: str
    title: str = ""
    front_matter: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a table by row, merged cells repeated in every place they cover; the first row names the columns."""

    rows: Sequence[Sequence[str]]
    caption: str = ""


def tidy(text: str) -> str:
    """The text without control characters, white space at line ends and more than one blank line in a row."""
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", strip_control(text))).strip("\n")


def one_line(text: str) -> str:
    """The text on one line: a line break beside a Chinese character leaves nothing, other white space one space."""
    return _WHITE_SPACE.sub(" ", _BREAK_IN_CHINESE.sub("", text)).strip(" \u3000")


def write_table(table: Table) -> str:
    """A Markdown table under its caption, or one line a row for a table of more than :data:`MAX_TABLE_ROWS` rows; "" for no text."""
    rows = [[one_line(cell) for cell in row] for row in table.rows]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    header, body = rows[0], rows[1:]
    if len(body) > MAX_TABLE_ROWS:
        written = "\n".join(write_rows(header, body))
    else:
        written = "\n".join(map(_markdown_row, [header, ["---"] * width, *body]))
    return f"{one_line(table.caption)}\n\n{written}" if table.caption.strip() else written


def write_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as 「列名：值；列名：值」 lines; empty cells are left out, and a row whose cells all say the same is a note of its own."""
    lines = []
    for row in rows:
        said = [(name, value) for name, value in zip(header, row, strict=False) if value]
        values = {value for _, value in said}
        if len(said) > 1 and len(said) == len(row) and len(values) == 1 and not _FIGURE.fullmatch(said[0][1]):
            lines.append(said[0][1])
        elif said:
            lines.append("；".join(f"{name}：{value}" if name else value for name, value in said))
    return lines


def names_columns(row: Sequence[str]) -> bool:
    """Whether a first row can be a header: it says something other than figures."""
    return any(cell and not _FIGURE.fullmatch(cell) for cell in row)


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
