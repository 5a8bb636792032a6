"""Sections to passages of a size that people can read and cite.

Ordinary prose is cut by LangChain's recursive splitter with Chinese separators; a clause stays whole unless it is very long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge_base.splitting.sections import Section, split_sections
from knowledge_base.types import Document, Passage, Statement, passage_id_of

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

MAX_CHARACTERS = 500
"""Longest passage of prose; a very long clause is cut to this length too, at its 款. Chosen here."""

MIN_CHARACTERS = 150
"""A shorter piece joins its neighbour in the section if both fit into :data:`MAX_CHARACTERS`. Chosen here."""

LONG_CLAUSE = 700
"""A 条 of at most this length stays one passage. Chosen here."""

_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", ";", ". ", "，", "、", " ", ""]
_TABLE = re.compile(r"(?m)(?:^[ \t]*(?![|#\n])[^\n]{1,60}[:：]?[ \t]*\n(?:[ \t]*\n)?)?(?:^[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z)){2,}")


def split_document(document: Document) -> list[Passage]:
    """Passages of a document in reading order; each slices back to the document's text by its offsets."""
    questions: dict[int, tuple[str, ...]] = {}
    for asks in document.asks:
        questions[asks.start] = questions.get(asks.start, ()) + asks.questions
    passages: list[Passage] = []
    for section in split_sections(document.text):
        for start, end in _pieces(document.text, section):
            ordinal = len(passages) + 1
            passages.append(
                Passage(
                    passage_id=passage_id_of(document.doc_id, ordinal),
                    doc_id=document.doc_id,
                    text=document.text[start:end],
                    start=start,
                    end=end,
                    ordinal=ordinal,
                    heading_path=section.heading_path,
                    clause=section.clause,
                    questions=questions.get(section.heading_start, ()),
                    statements=_statements_within(document.statements, start, end),
                )
            )
    return passages


def _pieces(text: str, section: Section) -> Iterator[tuple[int, int]]:
    length = section.end - section.start
    if length <= (LONG_CLAUSE if section.clause else MAX_CHARACTERS):
        yield section.start, section.end
        return
    spans: list[tuple[int, int, bool]] = []
    position = section.start
    for table in _TABLE.finditer(text, section.start, section.end):
        spans += [(*span, False) for span in _cut_prose(text, position, table.start())]
        spans.append((*_trim(text, *table.span()), True))
        position = table.end()
    spans += [(*span, False) for span in _cut_prose(text, position, section.end)]
    yield from _join_short(spans)


def _cut_prose(text: str, start: int, end: int) -> list[tuple[int, int]]:
    body = text[start:end]
    length = len(body.strip())
    if not length:
        return []
    # Cut into even pieces, without a short rest: 900 characters give two of 450, not 500 and 400 or 500, 390 and 10.
    size = min(MAX_CHARACTERS, math.ceil(length / math.ceil(length / MAX_CHARACTERS)) + 60)
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in _splitter(size).split_text(body):
        position = body.index(piece, position)
        spans.append((start + position, start + position + len(piece)))
        position += len(piece)
    return spans


def _join_short(spans: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int]]:
    joined: list[tuple[int, int, bool]] = []
    for start, end, table in spans:
        if joined and not table and not joined[-1][2]:
            before = joined[-1]
            if min(end - start, before[1] - before[0]) < MIN_CHARACTERS and end - before[0] <= MAX_CHARACTERS:
                joined[-1] = (before[0], end, False)
                continue
        joined.append((start, end, table))
    return ((start, end) for start, end, _ in joined)


@lru_cache(maxsize=64)
def _splitter(size: int) -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # 0.15 s; not needed for answering

    return RecursiveCharacterTextSplitter(separators=_SEPARATORS, keep_separator="end", chunk_size=size, chunk_overlap=0)


def _statements_within(statements: tuple[Statement, ...], start: int, end: int) -> tuple[Statement, ...]:
    return tuple(
        Statement(max(s.start, start) - start, min(s.end, end) - start, s.source_ids) for s in statements if s.start < end and start < s.end
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
