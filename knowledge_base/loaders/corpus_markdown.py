"""Our corpus: Markdown with front matter, provenance as footnote references and ways of asking.

The format is described for its writers in ``corpus/README.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frontmatter
import yaml

from knowledge_base.errors import LoadError
from knowledge_base.types import Statement, WaysOfAsking

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?:[A-Za-z_][\w-]*[ \t]*:|---[ \t]*\r?$)", re.M)
_FOOTNOTES = re.compile(r"(?:\s*\[\^[^\]\s]+\])+")
_FOOTNOTE_ID = re.compile(r"\[\^([^\]\s]+)\]")
_ASKS = re.compile(r"^>\s*问法[:：]\s*(.*)$")
_HEADING = re.compile(r"^#{1,6}\s+\S")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)])\s+")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """Readable text with its annotations taken out and kept beside it as offsets."""

    text: str
    statements: tuple[Statement, ...]
    asks: tuple[WaysOfAsking, ...]


def has_front_matter(raw: str) -> bool:
    """Whether the text begins with a YAML front matter block: a rule (---) and a field's name, not a rule and prose."""
    return bool(_FRONT_MATTER.match(raw))


def split_front_matter(raw: str) -> tuple[Mapping[str, Any], str]:
    """Front matter as a mapping and the body below it.

    Raises:
        LoadError: the block is not YAML or not a mapping.
    """
    try:
        post = frontmatter.loads(raw.removeprefix("\ufeff").replace("\r\n", "\n"))
    except yaml.YAMLError as exc:
        place = getattr(exc, "problem_mark", None)
        line = f"第 {place.line + 2} 行" if place else "文件开头"
        raise LoadError(f"文件头不是合法的 YAML（{line}）：请检查冒号、引号和缩进") from exc
    return post.metadata, post.content


def text_field(value: object) -> str:
    """A front matter value as text: None gives "", a date its ISO form."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()


def list_field(value: object) -> tuple[str, ...]:
    """A front matter value as a tuple of texts; a single value counts as a list of one."""
    if value is None or value == "":
        return ()
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(text for v in values if (text := text_field(v)))


def parse_annotated(body: str) -> AnnotatedText:
    """Take ``[^ID]`` footnote references and 问法 lines out of a body and keep what they say as offsets.

    A footnote group covers the text from the previous group, or from the start of its paragraph, list item or table row.
    """
    writer = _AnnotatedWriter()
    for line in body.split("\n"):
        writer.add_line(line.rstrip())
    return AnnotatedText("".join(writer.parts), tuple(writer.statements), tuple(writer.asks))


class _AnnotatedWriter:
    """Writes the readable text line by line, keeping the offsets of what it takes out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.statements: list[Statement] = []
        self.asks: list[WaysOfAsking] = []
        self._section_start = 0
        self._open_start: int | None = None  # where the statement being written began; None between blocks
        self._blank = False

    def add_line(self, line: str) -> None:
        if match := _ASKS.match(line):
            questions = tuple(q.strip() for q in re.split(r"[｜|]", match.group(1)) if q.strip())
            self.asks.append(WaysOfAsking(self._section_start, questions))
        elif not line:
            self._blank = self.length > 0
            self._open_start = None
        else:
            if self._blank:
                self._emit("\n")
                self._blank = False
            if _HEADING.match(line):
                self._section_start = self.length
                self._open_start = None
                self._emit(line + "\n")
            elif _TABLE_ROW.match(line):
                self._add_table_row(line)
            else:
                self._add_prose(line)

    def _emit(self, piece: str) -> None:
        self.parts.append(piece)
        self.length += len(piece)

    def _add_table_row(self, line: str) -> None:
        ids = tuple(_FOOTNOTE_ID.findall(line))
        row = _FOOTNOTES.sub("", line)
        if ids:
            self.statements.append(Statement(self.length, self.length + len(row), ids))
        self._open_start = None
        self._emit(row + "\n")

    def _add_prose(self, line: str) -> None:
        marker = _ITEM.match(line)
        if marker or self._open_start is None:
            self._open_start = self.length + (marker.end() if marker else len(line) - len(line.lstrip()))
        position = 0
        for group in _FOOTNOTES.finditer(line):
            self._emit(line[position : group.start()])
            position = group.end()
            if self.length > self._open_start:
                self.statements.append(Statement(self._open_start, self.length, tuple(_FOOTNOTE_ID.findall(group.group()))))
                self._open_start = self.length
        self._emit(line[position:] + "\n")
        if position == len(line):
            self._open_start = None
