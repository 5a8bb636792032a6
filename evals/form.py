"""Does an answer keep its form? Markers resolve, quotes stand verbatim, figures stand in what is cited. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.wire.schemas import AnswerOut, CitationOut
from knowledge_base.text.normalise import tokens
from knowledge_base.text.numerals import figures

ENOUGH_SHARED = 0.6
"""Least share of a statement's character pairs that its cited passages hold. An extract has 1; for written prose not tuned yet."""

_MARKER = re.compile(r"\[(\d+)\]")
_CLAIM = re.compile(r"[^\n]*?\[\d+\](?:\s*\[\d+\])*[。；！？]?")
_ITEM_MARK = re.compile(r"^\s*\(?\d{1,2}[.、)）]")
_BASIS = re.compile(r"^\s*(?:\[\d+\])+\s*《")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a marker stands after: the words of its line since the marker before. ``basis`` only names a document (依据)."""

    text: str
    markers: tuple[str, ...]
    basis: bool

    @property
    def bare(self) -> str:
        """Its words without markers and list number."""
        return _ITEM_MARK.sub("", _MARKER.sub("", self.text))


def statements(text: str) -> Iterator[Statement]:
    """Statements with the markers they carry; lines and ends of lines without markers are left out."""
    for line in text.split("\n"):
        if _BASIS.match(line):
            yield Statement(line.strip(), tuple(_MARKER.findall(line)[:1]), basis=True)
            continue
        for piece in _CLAIM.findall(line):
            yield Statement(piece.strip(), tuple(dict.fromkeys(_MARKER.findall(piece))), basis=False)


def form_faults(answer: AnswerOut, passages: Mapping[str, str]) -> list[str]:
    """What is wrong with an answer's citations, in words; empty when all is well.

    Args:
        answer: the answer as it goes over the wire.
        passages: text by passage id of what is cited; an id that is missing is a fault.
    """
    cited = citations_by_marker(answer)
    faults: list[str] = []
    if loose := sorted(set(_MARKER.findall(answer.text)) - set(cited)):
        faults.append(f"标记 {loose} 没有对应的引文")
    if answer.verdict in ("answered", "partial") and not cited:
        faults.append("作答却没有引文")
    for marker, citation in cited.items():
        text = passages.get(citation.passage_id)
        if text is None:
            faults.append(f"[{marker}] 的段落 {citation.passage_id} 读不到")
        elif not citation.quote or text[citation.start : citation.end] != citation.quote:
            faults.append(f"[{marker}] 的引文不在 [{citation.start}:{citation.end}]")
    for statement in statements(answer.text):
        if missing := missing_figures(statement, cited, passages):
            faults.append(f"数字 {missing} 不在所引段落里：{statement.text[:60]}")
    return faults


def missing_figures(statement: Statement, cited: Mapping[str, CitationOut], passages: Mapping[str, str]) -> list[str]:
    """Figures of a statement that stand neither in a cited passage nor in the citation's particulars."""
    known = [cited[m] for m in statement.markers if m in cited]
    if not known:
        return []
    ground = "\n".join(passages.get(c.passage_id, "") + "\n" + c.model_dump_json() for c in known)
    return sorted(figures(statement.bare) - figures(ground))


def supported(statement: Statement, cited: Mapping[str, CitationOut], passages: Mapping[str, str]) -> bool:
    """Whether what a statement cites carries it: every marker resolves, every figure stands there, and so do its words.

    Words are compared by character pairs: at least :data:`ENOUGH_SHARED` of the statement's must stand in the cited passages.
    """
    known = [cited[m] for m in statement.markers if m in cited]
    if len(known) < len(statement.markers) or missing_figures(statement, cited, passages):
        return False
    ground = {t for c in known for t in tokens(passages.get(c.passage_id, ""))}
    said = [t for t in tokens(statement.bare) if len(t) > 1]
    return not said or sum(t in ground for t in said) / len(said) >= ENOUGH_SHARED


def citations_by_marker(answer: AnswerOut) -> dict[str, CitationOut]:
    """Citations of an answer by their bare marker ("1")."""
    return {c.marker.strip("[]"): c for c in answer.citations}
