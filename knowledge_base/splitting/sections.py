"""The structure of a text: headings and clause boundaries, as offsets.

A clause (条) begins where 第X条 opens a line or follows the end of a sentence; inside a sentence, after 依照 or 根据, or in a
quotation it refers to a clause elsewhere and is no boundary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge_base.text.clauses import ClauseNumber, find_clauses

_CLAUSE = re.compile(r"第[零〇一二两三四五六七八九十百千\d]+[条條](?:之[一二三四五六七八九十]+)?")
_CHAPTER = re.compile(r"第[零一二三四五六七八九十百\d]+(编|分编|章|节)(?=\s|　|$)|(第[零一二三四五六七八九十\d]+部分)(?=\s|　|$)")
_INLINE_CHAPTER = re.compile(r"第[零一二三四五六七八九十百]+[章节编][^。；]{0,30}$")
_CHAPTER_RANKS = {"编": 1, "分编": 2, "部分": 2, "章": 3, "节": 4}
_APPENDIX = re.compile(r"(附录|附件|附表|附)\s*[一二三四五六七八九十\d]*\s*[:：]?\s*[^。；，]{0,40}$")
_MARKDOWN_HEADING = re.compile(r"(#{1,6})[ \t]+")
_REFERENCE_FOLLOWS = re.compile(r"[的、，,和至或及与到所]|规定|第[一二三四五六七八九十\d]+[款项]|以及|之规定|确定|情形|中[^华国]|等")
_REFERENCE_PRECEDES = re.compile(
    r"(依照|根据|按照|依据|适用|违反|本法|本条例|本办法|本规定|的|、|和|至|或|及|与|到|由|对|将|在|修改为|》|〉|>)$"
)
_SENTENCE_ENDS = "。；;！？!?”’）)】>"
_LONGEST_HEADING = 120  # characters; a longer "heading" is a text that lost its line feeds
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of body text under a heading path: ``text[start:end]``, blank at neither end.

    ``heading_start`` is where the nearest heading above begins, for text that stands directly under it; annotations refer to it.
    """

    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    clause: str = ""
    heading_start: int = -1


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    title: str
    start: int


def count_clauses(text: str) -> int:
    """Number of clauses that the text is divided into; 0 or 1 for text that is no regulation."""
    return sum(1 for s in split_sections(text) if s.clause)


def split_sections(text: str) -> list[Section]:
    """Body sections in order, covering all of the text but headings, comments and white space.

    Markdown headings, chapter lines (第二章 …) and appendix lines open a heading; every clause is a section of its own.
    """
    sections: list[Section] = []
    path: list[_Heading] = []
    open_at: int | None = None
    heading_start = -1
    clause = ""
    previous: ClauseNumber | None = None

    def close(end: int) -> None:
        nonlocal open_at
        if open_at is not None and (trimmed := _trim(text, open_at, end)):
            sections.append(Section(*trimmed, tuple(h.title for h in path), clause, heading_start))
        open_at = None

    for start, end in _lines(text):
        line = text[start:end]
        bare = line.strip()
        if not bare:
            continue
        heading = _heading(text, line, start, clause_seen=previous is not None)
        if heading:
            close(start)
            path = [h for h in path if h.rank < heading.rank] + [heading]
            heading_start = start
            numbers = find_clauses(heading.title) if _CLAUSE.match(heading.title) else []
            clause = _clause_text(heading.title) if numbers else ""
            previous = numbers[-1] if numbers else previous
            open_at = end
            continue
        for boundary, name, number in _boundaries(text, start, end, previous):
            if open_at is None and text[start:boundary].strip(" \t　*-"):
                open_at = start  # what stands before the first clause of its line: a title, a history
            close(boundary)
            clause, previous = name, number
            open_at = boundary
        if open_at is None:
            open_at = start
    close(len(text))
    return _keep_comments_out(text, sections)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for line in text.splitlines(keepends=True):
        yield position, position + len(line)
        position += len(line)


def _heading(text: str, line: str, start: int, *, clause_seen: bool) -> _Heading | None:
    bare = line.strip()
    markdown = _MARKDOWN_HEADING.match(bare)
    title = bare[markdown.end() :].strip(" \t#*　") if markdown else bare
    chapter = _CHAPTER.match(title)
    if markdown:
        if not title or len(title) > _LONGEST_HEADING:
            return None
        return _Heading(10 * len(markdown.group(1)), title, start)
    if chapter and len(bare) <= 40 and not bare.endswith(tuple("。；，：")):
        return _Heading(10 + _CHAPTER_RANKS[chapter.group(1) or "部分"], title, start)
    if clause_seen and len(bare) <= 45 and _APPENDIX.fullmatch(bare) and _opens_paragraph(text, start):
        return _Heading(10, title.rstrip(":："), start)
    return None


def _opens_paragraph(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start].rstrip(" \t\r\n　")
    return not before or before[-1] in _SENTENCE_ENDS


def _boundaries(text: str, start: int, end: int, previous: ClauseNumber | None) -> Iterator[tuple[int, str, ClauseNumber]]:
    """Clauses that begin in the line [start:end): (offset, 第X条, number)."""
    for match in _CLAUSE.finditer(text, start, end):
        numbers = find_clauses(match.group())
        if not numbers:
            continue
        number = numbers[0]
        if _is_boundary(text, match, start, number, previous):
            previous = number
            yield match.start(), match.group(), number


def _is_boundary(text: str, match: re.Match[str], line_start: int, number: ClauseNumber, previous: ClauseNumber | None) -> bool:
    follows = text[match.end() : match.end() + 4]
    spaced = not follows or follows[0] in " \t　\r\n【（("
    if not spaced and _REFERENCE_FOLLOWS.match(follows):
        return False
    lead = text[line_start : match.start()]
    next_in_line = previous is not None and _follows(previous, number)
    if lead.strip(" \t　*-"):
        # Inside a line (a text that lost its line feeds): only where a sentence or a chapter's title has just ended and the
        # count goes on by one.
        ended = lead.rstrip(" \t　")[-1] in "。；！？" or bool(_INLINE_CHAPTER.search(lead[-60:]))
        expected = next_in_line or (previous is None and number == ClauseNumber(1))
        return ended and spaced and expected and not _in_quotation(text, match.start())
    before = text[max(0, match.start() - 300) : match.start()].rstrip(" \t\r\n　*-")
    if not next_in_line and before and before[-1] not in _SENTENCE_ENDS and not _is_heading_end(text, match.start()):
        return False  # a line broken inside a sentence
    if _REFERENCE_PRECEDES.search(before) and not _blank_line_before(text, match.start()):
        return False
    return next_in_line or not _in_quotation(text, match.start())


def _follows(previous: ClauseNumber, number: ClauseNumber) -> bool:
    if number.number == previous.number:
        return number.insert == previous.insert + 1
    return number.number == previous.number + 1 and number.insert == 0


def _is_heading_end(text: str, position: int) -> bool:
    """Whether the line above is a heading, a title or blank, so that what follows opens a paragraph."""
    above = text[:position].rstrip(" \t　")
    if not above.endswith("\n"):
        return not above
    line = above[:-1].rsplit("\n", 1)[-1].strip()
    return not line or line.startswith("#") or bool(_CHAPTER.match(line)) or len(line) < 20


def _blank_line_before(text: str, position: int) -> bool:
    return bool(re.search(r"(\n[ \t　\r]*\n|\A)[ \t　*-]*\Z", text[max(0, position - 50) : position]))


def _in_quotation(text: str, position: int) -> bool:
    window = text[max(0, position - 1500) : position]
    return window.rfind("“") > window.rfind("”") or window.rfind("「") > window.rfind("」")


def _clause_text(title: str) -> str:
    """The clause part of a heading: 第二十条、第二十一条 of 「第二十条、第二十一条 投诉渠道」."""
    joined = re.match(rf"(?:{_CLAUSE.pattern})(?:\s*[、和及至]\s*(?:{_CLAUSE.pattern}))*", title)
    return joined.group() if joined else ""


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _keep_comments_out(text: str, sections: list[Section]) -> list[Section]:
    """Sections without HTML comments at their ends; one that is nothing but a comment is left out."""
    comments = [m.span() for m in _COMMENT.finditer(text)]
    if not comments:
        return sections
    kept: list[Section] = []
    for section in sections:
        start, end = section.start, section.end
        for left, right in comments:
            if left <= start < right:
                start = right
            if left < end <= right:
                end = left
        if start < end and (trimmed := _trim(text, start, end)):
            kept.append(replace(section, start=trimmed[0], end=trimmed[1]))
    return kept
