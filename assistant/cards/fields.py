"""Fields told from statements: which whole statements of some passages state a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.checking.statements import split_sentences
from assistant.texts.wording import load_texts, phrase
from assistant.types import CardField, Citation
from knowledge_base.types import Document, Passage, Status

MOST_QUOTES = 3
"""Statements that one field quotes."""

_EDITORIAL = re.compile(r"^(?:编者小结|提示)[:：]")
_NOT_KNOWN = re.compile(r"未见|未查到|没有查到|未给出|没有给出|没有写明|没有公布|未涉及|未写|未公布|没有说明|未说明")
_TABLE = re.compile(r"^\s*\|")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a field is told: by the words of a heading and of a statement."""

    key: str
    label: str
    heading: re.Pattern[str]
    said: re.Pattern[str]
    strict: bool = False
    """The statement itself must say it; a heading alone is not enough."""
    editorial: bool = False
    """The editors' remarks (编者小结) count."""
    particulars: bool = False
    """The dates of the document say it; only where it has none do statements."""

    def weight(self, text: str, heading: str) -> int:
        """How well a statement states the field: 0 not at all, 1 to 3."""
        said = bool(self.said.search(text))
        under = bool(self.heading.search(heading))
        if not said and (self.strict or not under):
            return 0
        return 2 * said + under


@dataclass(frozen=True, slots=True)
class Shelf:
    """Passages of one document with its standing."""

    document: Document
    status: Status
    passages: tuple[Passage, ...]


@lru_cache(maxsize=16)
def rules_of(card: str, fields: str = "fields") -> tuple[FieldRule, ...]:
    """The field rules of a card, in the order shown."""
    written: Mapping[str, Mapping[str, Any]] = load_texts("cards")[card][fields]
    return tuple(
        FieldRule(
            key,
            rule["label"],
            re.compile(rule["heading"]),
            re.compile(rule["said"]),
            bool(rule.get("strict")),
            bool(rule.get("editorial")),
            bool(rule.get("particulars")),
        )
        for key, rule in written.items()
    )


def field_of(rule: FieldRule, shelf: Shelf, about: str = "", most: int = MOST_QUOTES) -> CardField:
    """A field with the statements that state it best, in reading order; without any where none does.

    Args:
        rule: how the field is told.
        shelf: where to look.
        about: only passages whose words or headings hold this are looked at, where any does.
        most: statements quoted at most.
    """
    passages = [p for p in shelf.passages if about in p.text or any(about in h for h in p.heading_path)] or shelf.passages
    weighed = []
    for passage in passages:
        heading = passage.heading_path[-1] if passage.heading_path else ""
        for quote in statements_of(passage, shelf.document, shelf.status):
            if _TABLE.match(quote.quote) or _NOT_KNOWN.search(quote.quote):
                continue
            if bool(_EDITORIAL.match(quote.quote)) is not rule.editorial:
                continue
            if weight := rule.weight(quote.quote, heading):
                weighed.append((weight, quote))
    best = max((weight for weight, _ in weighed), default=0)
    particulars = dates_of(shelf.document) if rule.particulars else ""
    chosen = [] if particulars else [quote for weight, quote in weighed if weight == best][:most]
    return CardField(rule.key, rule.label, tuple(chosen), particulars)


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


def dates_of(document: Document) -> str:
    """What a document's front matter says of its time, in words; "" where it says nothing."""
    said = []
    if document.effective:
        said.append(phrase("basis_effective", date=document.effective))
    elif document.issued:
        said.append(phrase("card_issued", date=document.issued))
    if document.expires:
        said.append(phrase("basis_expires", date=document.expires))
    return "，".join(said)
