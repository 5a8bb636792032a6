"""Two rules or things beside each other, point by point."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.cards.fields import Shelf, field_of, rules_of, statements_of
from assistant.composing.versions import compare_passages
from assistant.texts.wording import load_texts
from assistant.types import Basis, CardField, Citation, ComparisonCard
from knowledge_base.types import Passage

MOST_ROWS = 8
"""Rows of one card."""

_SAME = 99.9  # likeness from which two clauses count as the same words
_MOST_QUOTES = 4  # statements of one clause


def compare_versions(old: Shelf, new: Shelf, about: str = "") -> ComparisonCard | None:
    """What differs between a document and the one that replaced it; clauses that say ``about`` first. None where nothing differs."""
    rows = [row for row in compare_passages(old.passages, new.passages) if row.likeness < _SAME]
    rows.sort(key=lambda r: not any(p and about and about in f"{' '.join(p.heading_path)}{p.text}" for p in (r.left, r.right)))
    fields = tuple((_clause(row.left, row.right, old), _clause(row.right, row.left, new)) for row in rows[:MOST_ROWS])
    if not fields:
        return None
    title = load_texts("cards")["comparison"]["title_time"]
    return ComparisonCard(title, Basis.TIME, old.document, old.status, new.document, new.status, fields)


def compare_sides(
    names: tuple[str, str], basis: Basis, left: Sequence[Citation], right: Sequence[Citation], shelves: tuple[Shelf, Shelf]
) -> ComparisonCard:
    """Two sides of an answer beside each other: what it quotes of each, then the points that either side's passages state.

    Args:
        names: how the question calls the sides.
        basis: what tells them apart.
        left: what the answer quotes of one side; not empty.
        right: of the other; not empty.
        shelves: the passages of each side that speak of it.
    """
    words = load_texts("cards")["comparison"]
    quoted = (CardField("said", words["said"], tuple(left)), CardField("said", words["said"], tuple(right)))
    rows = [quoted]
    for rule in rules_of("comparison"):
        one, other = (field_of(rule, shelf) for shelf in shelves)
        new = {q.quote for q in (*one.quotes, *other.quotes)} - {c.quote for c in (*left, *right)}
        if (one.stated or other.stated) and new:
            rows.append((one, other))
    title = words[f"title_{basis.value}"].format(left=names[0], right=names[1])
    a, b = shelves
    return ComparisonCard(title, basis, a.document, a.status, b.document, b.status, tuple(rows[:MOST_ROWS]))


def _clause(passage: Passage | None, other: Passage | None, shelf: Shelf) -> CardField:
    shown = passage or other
    label = " ".join((shown.clause, *shown.heading_path[-1:])).strip() if shown else ""
    if shown and shown.heading_path and shown.heading_path[-1].startswith(shown.clause):
        label = shown.heading_path[-1]
    quotes = statements_of(passage, shelf.document, shelf.status)[:_MOST_QUOTES] if passage else []
    return CardField("clause", label, tuple(quotes))
