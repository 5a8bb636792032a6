"""What to know before applying: who, how much, of which year, with what, where, until when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.cards.fields import FieldRule, Shelf, field_of, rules_of
from assistant.composing.extract import standing_prefix
from assistant.texts.wording import load_texts
from assistant.types import CardField, Checklist
from knowledge_base.types import Kind

LEAST_STATED = 2
"""Fields that a document must state to be worth a checklist."""


def asks_for_checklist(asked: str, context: str) -> bool:
    """Whether a question asks how to get a subsidy or a certificate, which the question before it may name."""
    words = load_texts("cards")["checklist"]
    return bool(re.search(words["asks"], asked) and re.search(words["about"], context))


def checklist_of(
    shelves: Sequence[Shelf], subject: str, text: str, related: Callable[[Shelf], Sequence[Shelf]] = lambda _: ()
) -> Checklist | None:
    """The checklist of the first cited document that states enough; None where none does.

    Args:
        shelves: the cited documents, the leading one first.
        subject: the term that the question is about; "" for none.
        text: the question, which tells a certificate from a subsidy.
        related: other documents on the topic of one, with the same standing.
    """
    words = load_texts("cards")["checklist"]
    certificate = re.search(words["certificate"], text) and not re.search("补贴|补助|津贴", text)
    rules = rules_of("checklist", "certificate_fields" if certificate else "subsidy_fields")
    for shelf in shelves:
        if shelf.document.kind is Kind.CASE:
            continue
        fields = tuple(field_of(rule, shelf, subject) for rule in rules)
        if any(field.quotes for field in fields) and sum(field.stated for field in fields) >= LEAST_STATED:
            pairs = zip(rules, fields, strict=True)
            fields = tuple(field if field.stated else _from_others(rule, shelf, related, subject) for rule, field in pairs)
            standing = standing_prefix(next(quote for field in fields for quote in field.quotes))
            return Checklist(standing + words["title"].format(title=shelf.document.title), shelf.document, shelf.status, fields)
    return None


def _from_others(rule: FieldRule, shelf: Shelf, related: Callable[[Shelf], Sequence[Shelf]], subject: str) -> CardField:
    """A field that the document itself leaves open, from another on the same subject that stands alike; else not stated."""
    if subject and not rule.particulars:
        for other in related(shelf):
            speaking = tuple(p for p in other.passages if subject in p.text)
            field = field_of(rule, replace(other, passages=speaking), most=1)
            if field.quotes and all(subject in quote.quote for quote in field.quotes):
                return field
    return CardField(rule.key, rule.label)
