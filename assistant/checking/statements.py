"""Sentence checks: pure functions that say whether a statement stands in what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.conditions import condition_faults, prepare
from assistant.texts.wording import load_texts
from assistant.types import Citation
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import figures, fold_numbers
from knowledge_base.types import Passage

_MARKER = re.compile(r"\[(\d+)\]")
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)]*|\n|$)")
_ENDS = "。；;.！!"
_ITEM_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)](?!\d))\s*")  # 3.5万元 at the start of a line is no third item
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}〔\d{4}〕\d+号|[\u4e00-\u9fff]{2,8}令第\d+号")
_LEADING_WORDS = re.compile(r".*(?:见|按照?|据|照|依|和|与|及|由|是|为|的|以|在|到|发布|印发|执行|文件)")  # 按照川人社发〔2019〕12号


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement does not stand in what it cites."""

    statement: str
    reason: str


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences and list items of a text; blanks and list marks are left outside."""
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


def markers_in(text: str) -> list[int]:
    """Markers that a text carries, in order."""
    return [int(m) for m in _MARKER.findall(text)]


def check_citation(citation: Citation) -> Fault | None:
    """A fault if a citation's quote does not stand at its offsets, or they are empty."""
    if not 0 <= citation.start < citation.end <= len(citation.passage.text):
        return Fault(citation.quote, f"引文位置 [{citation.start}:{citation.end}] 不在段落里")
    return None


def check_statement(statement: str, citations: Sequence[Citation], names: Sequence[str] = ()) -> list[Fault]:
    """Faults of one statement against what its markers cite; empty when it stands.

    Every marker resolves, and every number, date and 文号 of the statement stands in a cited passage or in the particulars
    (文号, dates, clause, title) of its document. Numerals compare by value: 九十八天 and 98天 are one. A statement in other
    words than its source's must also keep its units, bounds, negations, duties, exceptions and names
    (:func:`~assistant.checking.conditions.condition_faults`); one in the source's own words keeps them by itself.

    Args:
        statement: one sentence, list item or line with its markers.
        citations: what markers may cite.
        names: terms and proper names; those that the statement names must stand in what it cites.
    """
    cited = {c.marker: c for c in citations}
    markers = markers_in(statement)
    faults = [Fault(statement, f"标记 [{m}] 没有对应的引文") for m in markers if m not in cited]
    sources = [cited[m] for m in markers if m in cited]
    if not sources:
        return [*faults, Fault(statement, "没有引文")]
    bare = _MARKER.sub("", statement)
    if any(_verbatim(bare, c.passage) for c in sources):
        return faults
    ground = "\n".join(ground_of(c) for c in sources)
    if missing := sorted(figures(bare) - figures(ground)):
        faults.append(Fault(statement, f"数字 {'、'.join(missing)} 不在所引段落里"))
    folded = normalise(fold_numbers(ground))
    for number in _DOCUMENT_NUMBER.findall(normalise(fold_numbers(bare))):
        if _LEADING_WORDS.sub("", number) not in folded:
            faults.append(Fault(statement, f"文号 {number} 不在所引段落里"))
    texts = [prepare(c.passage.text) for c in sources]
    particulars = prepare("\n".join(line for c in sources for line in particulars_of(c)))
    said = prepare(_ITEM_MARK.sub("", _without_standing(bare)))
    for citation in sources:
        said = said.replace(prepare(f"《{citation.document.title}》"), "")  # a title given in full says nothing to be turned
    return [*faults, *(Fault(statement, reason) for reason in condition_faults(said, texts, particulars, names))]


def _without_standing(bare: str) -> str:
    """A statement without the words that we put before one that is no rule in force here."""
    return _standing().sub("", bare)


@lru_cache(maxsize=1)
def _standing() -> re.Pattern[str]:
    words = load_texts()
    phrases = [str(words[key]) for key in ("status_expired", "status_draft", "status_not_yet", "status_elsewhere")]
    ours = "|".join(re.escape(p).replace(re.escape("{region}"), "[^】，]{2,12}") for p in phrases)
    return re.compile(rf"^\s*(?:[-*+]\s*)?(?:{ours})")


def _verbatim(bare: str, passage: Passage) -> bool:
    """Whether a statement is one or several whole statements of a passage in a row, word for word."""
    whole = passage.text
    own = [whole[s.start : s.end] for s in passage.statements]
    cut = [whole[start:end] for start, end in split_sentences(whole)]
    for text in (bare, _without_standing(bare)):
        for form in (text, _ITEM_MARK.sub("", text)):
            said = _flat(form)
            for pieces in ([_flat(p) for p in own], [_flat(p) for p in cut]):
                if any(_runs_from(said, pieces[first:]) for first in range(len(pieces))) or not said:
                    return True
    return False


def _runs_from(said: str, pieces: Sequence[str]) -> bool:
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
    """What a statement may take from a citation beside its passage's text: clause, headings, and its document's particulars."""
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
    """All that a statement may take from one citation: the passage and its document's particulars."""
    return "\n".join((citation.passage.text, *particulars_of(citation)))
