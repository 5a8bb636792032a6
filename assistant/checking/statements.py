"""Sentence checks: pure functions that say whether a statement is supported by what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.conditions import condition_faults
from assistant.checking.markers import markers_in, without_markers
from assistant.checking.prepared import prepare
from assistant.texts.condition_words import ConditionWords
from assistant.types import Citation
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import figures, fold_numbers
from knowledge_base.types import Passage

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)]*|\n|$)")
_ENDS = "。；;.！!"
_ITEM_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)](?!\d))\s*")  # 3.5万元 at the start of a line is not item 3
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}〔\d{4}〕\d+号|[\u4e00-\u9fff]{2,8}令第\d+号")
_LEADING_WORDS = re.compile(r".*(?:见|按照?|据|照|依|和|与|及|由|是|为|的|以|在|到|发布|印发|执行|文件)")  # 按照川人社发〔2019〕12号


@dataclass(frozen=True, slots=True)
class Fault:
    """Why what a statement cites does not support it."""

    statement: str
    reason: str


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences and list items of a text, without surrounding blanks and list marks."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        mark = _ITEM_MARK.match(text[start:end])
        if mark:
            start += mark.end()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans


def check_citation(citation: Citation) -> Fault | None:
    """A fault if a citation's offsets lie outside its passage or enclose nothing, else None."""
    if not 0 <= citation.start < citation.end <= len(citation.passage.text):
        return Fault(citation.quote, f"引文位置 [{citation.start}:{citation.end}] 不在段落里")
    return None


def check_statement(statement: str, citations: Sequence[Citation], names: Sequence[str] = (), *, words: ConditionWords) -> list[Fault]:
    """Faults of one statement against what its markers cite; empty when it is supported.

    Every marker must resolve. Every number, date and 文号 of the statement must occur in a cited passage or in the particulars
    (文号, dates, clause, title) of its document. Numerals compare by value: 九十八天 equals 98天. A statement in other words than
    its source's must also keep the source's conditions (:func:`~assistant.checking.conditions.condition_faults`); a verbatim
    statement keeps them by itself.

    Args:
        statement: one sentence, list item or line with its markers.
        citations: what markers may cite.
        names: terms and proper names; those that the statement names must occur in what it cites.
        words: negations, bounds, duties, exceptions and places.
    """
    cited = {c.marker: c for c in citations}
    markers = markers_in(statement)
    faults = [Fault(statement, f"标记 [{m}] 没有对应的引文") for m in markers if m not in cited]
    sources = [cited[m] for m in markers if m in cited]
    if not sources:
        return [*faults, Fault(statement, "没有引文")]
    bare = without_markers(statement)
    without_standing = words.standing.sub("", bare)
    if any(_is_verbatim(said, c.passage) for c in sources for said in (bare, without_standing)):
        return faults
    reasons = (
        *_missing_numbers(bare, sources),
        *_missing_document_numbers(bare, sources),
        *_changed_conditions(without_standing, sources, names, words),
    )
    return [*faults, *(Fault(statement, reason) for reason in reasons)]


def _missing_numbers(bare: str, sources: Sequence[Citation]) -> Iterator[str]:
    if missing := sorted(figures(bare) - figures(_ground(sources))):
        yield f"数字 {'、'.join(missing)} 不在所引段落里"


def _missing_document_numbers(bare: str, sources: Sequence[Citation]) -> Iterator[str]:
    ground = normalise(fold_numbers(_ground(sources)))
    for number in _DOCUMENT_NUMBER.findall(normalise(fold_numbers(bare))):
        if _LEADING_WORDS.sub("", number) not in ground:
            yield f"文号 {number} 不在所引段落里"


def _changed_conditions(bare: str, sources: Sequence[Citation], names: Sequence[str], words: ConditionWords) -> list[str]:
    said = prepare(_ITEM_MARK.sub("", bare))
    for citation in sources:
        said = said.replace(prepare(f"《{citation.document.title}》"), "")  # a full title holds 不 and figures that state nothing
    particulars = prepare("\n".join(line for c in sources for line in particulars_of(c)))
    return condition_faults(said, [prepare(c.passage.text) for c in sources], words, particulars, names)


def _ground(sources: Sequence[Citation]) -> str:
    return "\n".join(ground_of(c) for c in sources)


def _is_verbatim(bare: str, passage: Passage) -> bool:
    """Whether a statement is one or several whole statements of a passage in a row, word for word."""
    whole = passage.text
    spans = ([(s.start, s.end) for s in passage.statements], split_sentences(whole))
    runs = [[_flat(whole[start:end]) for start, end in cut] for cut in spans]
    said = (_flat(bare), _flat(_ITEM_MARK.sub("", bare)))
    return any(not text or _is_run_of(text, pieces) for text in said for pieces in runs)


def _is_run_of(said: str, pieces: Sequence[str]) -> bool:
    """Whether a text is one or several pieces in a row, but for the mark at its end."""
    return any(_starts_run(said, pieces[first:]) for first in range(len(pieces)))


def _starts_run(said: str, pieces: Sequence[str]) -> bool:
    for piece in pieces:
        if said == piece or said.rstrip(_ENDS) == piece.rstrip(_ENDS):
            return True
        if not piece or not said.startswith(piece):
            return False
        said = said[len(piece) :]
    return False


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", normalise(text))


def particulars_of(citation: Citation) -> tuple[str, ...]:
    """What a statement may take from a citation in addition to the passage: its clause and headings, and its document's particulars."""
    document, passage = citation.document, citation.passage
    of_document = (
        citation.status.value,
        document.title,
        *document.short_titles,
        document.issuer,
        document.doc_no,
        document.issued,
        document.effective,
        document.expires,
        document.region,
    )
    return (passage.clause, *passage.heading_path, *of_document)


def ground_of(citation: Citation) -> str:
    """All text that a statement may take from one citation: the passage and its particulars."""
    return "\n".join((citation.passage.text, *particulars_of(citation)))
