"""The structure of a text: headings and clause boundaries, as offsets.

A clause (条) begins where 第X条 starts a line or follows the end of a sentence. Inside a sentence, after 依照 or 根据, or in a
quotation, 第X条 refers to another clause and is no boundary.
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
_LONGEST_HEADING = 120  # characters; a longer "heading" is text without its line feeds
_COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True, slots=True)
class Section:
    """Body text under a heading path: ``text[start:end]``, without white space at either end.

    ``heading_start`` is the start of the heading directly above; annotations refer to it.
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
    """Number of clauses in the text; 0 or 1 if it is no regulation."""
    return sum(1 for s in split_sections(text) if s.clause)


def split_sections(text: str) -> list[Section]:
    """Body sections in order, covering the text except headings, comments and white space.

    Markdown headings, chapter lines (第二章 …) and appendix lines are headings; every clause is a section of its own.
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
        if not line.strip():
            continue
        if heading := _heading(text, line, start, clause_seen=previous is not None):
            close(start)
            path = [h for h in path if h.rank < heading.rank] + [heading]
            heading_start = start
            clause, last = _clause_of(heading.title)
            previous = last or previous
            open_at = end
            continue
        for boundary, name, number in _boundaries(text, start, end, previous):
            if open_at is None and text[start:boundary].strip(" \t　*-"):
                open_at = start  # text before the first clause of the line: a title or history
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
    """Clauses that begin in the line text[start:end]: (offset, 第X条, number)."""
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
    is_next = previous is not None and _follows(previous, number)
    if lead.strip(" \t　*-"):
        expected = is_next or (previous is None and number == ClauseNumber(1))
        return spaced and expected and _ends_before(lead) and not _in_quotation(text, match.start())
    return _begins_clause(text, match.start(), is_next=is_next)


def _ends_before(lead: str) -> bool:
    """Whether a clause can begin inside a line (text without its line feeds): after the end of a sentence, or a chapter's title."""
    return lead.rstrip(" \t　")[-1] in "。；！？" or bool(_INLINE_CHAPTER.search(lead[-60:]))


def _begins_clause(text: str, position: int, *, is_next: bool) -> bool:
    """Whether a clause begins at the start of a line; ``is_next`` says that its number follows the one before."""
    before = text[max(0, position - 300) : position].rstrip(" \t\r\n　*-")
    if not is_next and before and before[-1] not in _SENTENCE_ENDS and not _is_heading_end(text, position):
        return False  # a line broken inside a sentence
    if _REFERENCE_PRECEDES.search(before) and not _blank_line_before(text, position):
        return False
    return is_next or not _in_quotation(text, position)


def _follows(previous: ClauseNumber, number: ClauseNumber) -> bool:
    if number.number == previous.number:
        return number.insert == previous.insert + 1
    return number.number == previous.number + 1 and number.insert == 0


def _is_heading_end(text: str, position: int) -> bool:
    """Whether the line above is a heading, a title or blank, so that a paragraph starts here."""
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


def _clause_of(title: str) -> tuple[str, ClauseNumber | None]:
    """The clause part of a heading, and the last number in it; ("", None) where it begins with none."""
    numbers = find_clauses(title) if _CLAUSE.match(title) else []
    return (_clause_text(title), numbers[-1]) if numbers else ("", None)


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
    """Sections without HTML comments at their ends; sections that are only a comment are dropped."""
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
