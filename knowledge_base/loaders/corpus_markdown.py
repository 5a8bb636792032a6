"""Our corpus: Markdown with front matter, provenance as footnote references, ways of asking and near misses.

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
from knowledge_base.types import VOICES, NearMiss, SlotVariant, Statement, WaysOfAsking

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?:[A-Za-z_][\w-]*[ \t]*:|---[ \t]*\r?$)", re.M)
_FOOTNOTES = re.compile(r"(?:\s*\[\^[^\]\s]+\])+")
_FOOTNOTE_ID = re.compile(r"\[\^([^\]\s]+)\]")
_ANNOTATION = re.compile(r"^>\s*(问法|不是)\s*(?:[（(]([^）)]*)[）)])?\s*[:：]\s*(.*)$")
_NOWHERE = "无"
_SLOT = re.compile(r"\s*(?:(?:[-*+]|\d{1,2}[.、)])\s+)?【([^】：:]+)[：:]([^】]+)】\s*(.*)", re.S)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_HEADING = re.compile(r"^#{1,6}\s+\S")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)])\s+")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """Readable text with its annotations taken out and kept beside it as offsets."""

    text: str
    statements: tuple[Statement, ...]
    asks: tuple[WaysOfAsking, ...]
    near_misses: tuple[NearMiss, ...] = ()


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


def slot_variant(item: str) -> SlotVariant | None:
    """The slot and the value that a list item speaks of; None for an item that holds whatever the slots are.

    >>> slot_variant("- 【地区：四川省】产假188天。")
    SlotVariant(name='地区', value='四川省', text='产假188天。')
    """
    match = _SLOT.match(item)
    return SlotVariant(match.group(1).strip(), match.group(2).strip(), match.group(3)) if match else None


def parse_annotated(body: str) -> AnnotatedText:
    """Take ``[^ID]`` footnote references, 问法 and 不是 lines out of a body and keep what they say as offsets.

    A footnote group covers the text from the previous group, or from the start of its paragraph, list item or table row. Fenced
    blocks keep their blank lines; a line of nothing but footnotes after them covers them all.
    """
    writer = _AnnotatedWriter()
    for line in body.split("\n"):
        writer.add_line(line.rstrip())
    return AnnotatedText("".join(writer.parts), tuple(writer.statements), tuple(writer.asks), tuple(writer.near_misses))


class _AnnotatedWriter:
    """Writes the readable text line by line, keeping the offsets of what it takes out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.statements: list[Statement] = []
        self.asks: list[WaysOfAsking] = []
        self.near_misses: list[NearMiss] = []
        self._section_start = 0
        self._open_start: int | None = None  # where the statement being written began; None between blocks
        self._blank = False
        self._fenced = False

    def add_line(self, line: str) -> None:
        if self._fenced or _FENCE.match(line):
            self._add_fenced(line)
        elif match := _ANNOTATION.match(line):
            self._add_annotation(*match.groups(default=""))
        elif not line:
            self._blank = self.length > 0
            self._open_start = None
        else:
            self._add_text(line)

    def _add_annotation(self, name: str, signature: str, said: str) -> None:
        """Note a line of ways, signed 声音·写的人 or one of the two, or of near misses, signed 写的人."""
        entries = tuple(entry.strip() for entry in re.split(r"[｜|]", said) if entry.strip())
        if name == "不是":
            self.near_misses += (_near_miss(self._section_start, entry, signature.strip()) for entry in entries)
            return
        signed = [part.strip() for part in signature.split("·")]
        voice = next((part for part in signed if part in VOICES), signed[0] if len(signed) > 1 else "")
        writer = next((part for part in signed if part != voice), "")
        self.asks.append(WaysOfAsking(self._section_start, entries, voice, writer))

    def _add_fenced(self, line: str) -> None:
        """Keep a line of a fenced block as it is; what is fenced belongs to the paragraph that its footnotes stand in."""
        opens = not self._fenced
        if _FENCE.match(line):
            self._fenced = opens
        if self._blank and opens:
            self._emit("\n")
            self._blank = False
        if self._open_start is None:
            self._open_start = self.length
        self._emit(line + "\n")

    def _add_text(self, line: str) -> None:
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


def _near_miss(start: int, entry: str, writer: str) -> NearMiss:
    text, _, belongs = entry.rpartition("→")
    belongs = belongs.strip()
    return NearMiss(start, text.strip(), "" if belongs == _NOWHERE else belongs, writer)
