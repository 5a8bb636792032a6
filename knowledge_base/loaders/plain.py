"""Text and Markdown files."""

from __future__ import annotations

import re

from knowledge_base.loaders.corpus_markdown import has_front_matter, split_front_matter
from knowledge_base.loaders.encodings import decode
from knowledge_base.loaders.loaded import MAX_TABLE_ROWS, LoadedText, Table, tidy, write_table

_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-{3,})[ \t]*")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*")
_SEPARATOR = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_NO_HEADING = re.compile(r"[ ]{0,3}(?:[-*+>|#]|\d{1,3}[.)、])\s?|[ ]{4,}")
_SENTENCE_END = tuple("。；，、：！？;,")
_LONGEST_HEADING = 120


def load_text(data: bytes, name: str) -> LoadedText:
    """The text of a file, unchanged."""
    return LoadedText(tidy(decode(data)))


def load_markdown(data: bytes, name: str) -> LoadedText:
    """The body of a Markdown file and its front matter.

    Unless the front matter marks a document of our corpus (``id`` and ``kind``), underlined headings become # headings and very
    long tables become lines.
    """
    raw = decode(data)
    metadata, body = split_front_matter(raw) if has_front_matter(raw) else ({}, raw)
    if "id" in metadata and "kind" in metadata:
        return LoadedText(body, front_matter=metadata)
    return LoadedText(tidy(_write_long_tables(_write_underlined_headings(body))), front_matter=metadata)


def _write_underlined_headings(body: str) -> str:
    """The text with headings underlined by === or --- (setext) as # headings, outside code fences."""
    lines: list[str] = []
    fenced = False
    for line in body.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        underline = None if fenced else _UNDERLINE.fullmatch(line)
        if underline and lines and _can_be_underlined(lines):
            lines[-1] = ("# " if underline.group(1)[0] == "=" else "## ") + lines[-1].strip().strip("*").strip()
        else:
            lines.append(line)
    return "\n".join(lines)


def _can_be_underlined(lines: list[str]) -> bool:
    title, above = lines[-1], lines[-2] if len(lines) > 1 else ""
    return (
        bool(title.strip())
        and not above.strip()
        and len(title) <= _LONGEST_HEADING
        and not (_NO_HEADING.match(title) and not title.startswith("**"))
        and not title.rstrip().endswith(_SENTENCE_END)
    )


def _write_long_tables(body: str) -> str:
    """The text with Markdown tables of more than :data:`MAX_TABLE_ROWS` rows as one line a row."""
    lines = body.split("\n")
    written: list[str] = []
    position = 0
    while position < len(lines):
        end = position
        while end < len(lines) and _TABLE_ROW.fullmatch(lines[end]):
            end += 1
        if end - position > MAX_TABLE_ROWS + 2 and _SEPARATOR.fullmatch(lines[position + 1]):
            rows = [_cells(line) for i, line in enumerate(lines[position:end]) if i != 1]
            written.append(write_table(Table(rows)))
        else:
            written += lines[position : max(end, position + 1)]
        position = max(end, position + 1)
    return "\n".join(written)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line.strip())[1:-1]]
