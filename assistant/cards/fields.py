"""Fields of a card: which whole statements of some passages state a field."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.checking.statements import split_sentences
from assistant.texts.card_words import FieldRule
from assistant.texts.phrases import Phrases
from assistant.types import CardField, Citation
from knowledge_base.types import Document, Passage, Status

MOST_QUOTES = 3
"""Statements that one field quotes."""

_EDITORIAL = re.compile(r"^(?:编者小结|提示)[:：]")
_NOT_KNOWN = re.compile(r"未见|未查到|没有查到|未给出|没有给出|没有写明|没有公布|未涉及|未写|未公布|没有说明|未说明")
_TABLE = re.compile(r"^\s*\|")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Passages of one document with its standing."""

    document: Document
    status: Status
    passages: tuple[Passage, ...]


def field_of(rule: FieldRule, shelf: Shelf, phrases: Phrases, about: str = "", most: int = MOST_QUOTES) -> CardField:
    """A field with the statements that state it best, in reading order; without any where none does.

    Args:
        rule: how a text states the field.
        shelf: where to look.
        phrases: words for dates, and for a field that nothing states.
        about: only passages whose words or headings hold this are looked at, where any does.
        most: statements quoted at most.
    """
    passages = [p for p in shelf.passages if about in p.text or any(about in h for h in p.heading_path)] or shelf.passages
    quotes = [quote for passage in passages for quote in statements_of(passage, shelf.document, shelf.status)]
    weighed = [(_weight(rule, quote), quote) for quote in quotes]
    best = max((weight for weight, _ in weighed), default=0)
    particulars = dates_of(shelf.document, phrases) if rule.particulars else ""
    chosen = [] if particulars else [quote for weight, quote in weighed if weight and weight == best][:most]
    return CardField(rule.key, rule.label, tuple(chosen), particulars, phrases.card_not_stated)


def _weight(rule: FieldRule, quote: Citation) -> int:
    """How well a statement states a field; 0 for a table, for what says that nothing is known, and for an editors' remark out of place."""
    text, headings = quote.quote, quote.passage.heading_path
    if _TABLE.match(text) or _NOT_KNOWN.search(text) or bool(_EDITORIAL.match(text)) is not rule.editorial:
        return 0
    return rule.weight(text, headings[-1] if headings else "")


def statements_of(passage: Passage, document: Document, status: Status) -> list[Citation]:
    """Every statement of a passage as a quote under marker 0."""
    spans = [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text)
    quotes = []
    for start, end in spans:
        while start < end and passage.text[start] in " \n-*":
            start += 1
        while end > start and passage.text[end - 1].isspace():
            end -= 1
        if start < end:
            quotes.append(Citation(0, passage, document, status, start, end, passage.sources_of(start, end)))
    return quotes


def dates_of(document: Document, phrases: Phrases) -> str:
    """What a document's front matter says of its time, in words; "" where it says nothing."""
    said = []
    if document.effective:
        said.append(phrases.basis_effective.format(date=document.effective))
    elif document.issued:
        said.append(phrases.card_issued.format(date=document.issued))
    if document.expires:
        said.append(phrases.basis_expires.format(date=document.expires))
    return "，".join(said)
