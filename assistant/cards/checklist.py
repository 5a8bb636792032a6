"""What to know before applying: who, how much, of which year, with what, where, until when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.cards.fields import Shelf, field_of, rules_of
from assistant.types import Checklist
from assistant.wording import load_texts
from knowledge_base.types import Kind

LEAST_STATED = 2
"""Fields that a document must state to be worth a checklist."""


def asks_for_checklist(asked: str, context: str) -> bool:
    """Whether a question asks how to get a subsidy or a certificate, which the question before it may name."""
    words = load_texts("cards")["checklist"]
    return bool(re.search(words["asks"], asked) and re.search(words["about"], context))


def checklist_of(shelves: Sequence[Shelf], subject: str, text: str) -> Checklist | None:
    """The checklist of the first cited document that states enough; None where none does.

    Args:
        shelves: the cited documents, the leading one first.
        subject: the term that the question is about; "" for none.
        text: the question, which tells a certificate from a subsidy.
    """
    words = load_texts("cards")["checklist"]
    certificate = re.search(words["certificate"], text) and not re.search("补贴|补助|津贴", text)
    rules = rules_of("checklist", "certificate_fields" if certificate else "subsidy_fields")
    for shelf in shelves:
        if shelf.document.kind is Kind.CASE:
            continue
        fields = tuple(field_of(rule, shelf, subject) for rule in rules)
        if sum(bool(field.quotes) for field in fields) >= LEAST_STATED:
            return Checklist(words["title"].format(title=shelf.document.title), shelf.document, shelf.status, fields)
    return None
