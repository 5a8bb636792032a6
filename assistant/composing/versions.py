"""Versions of a document, and two documents side by side, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from knowledge_base.types import Document, Passage

SAME_CLAUSE_FROM = 30.0
"""Passages with the same 条 belong together from this likeness, 0 to 100; below it the number was given to something else."""

SAME_SUBJECT_FROM = 50.0
"""Likeness from which passages of different or no 条 belong together."""


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside what. One side is None where the other document has nothing like it."""

    left: Passage | None
    right: Passage | None
    likeness: float
    """0 to 100; 100 is the same words."""


def versions_of(document: Document, documents: Iterable[Document]) -> list[Document]:
    """The documents that replaced each other with this one among them, oldest first; only the document itself where there are none."""
    by_slug = {other.slug: other for other in documents}
    linked: dict[str, set[str]] = {}
    for other in by_slug.values():
        for earlier in other.supersedes:
            if earlier in by_slug:
                linked.setdefault(other.slug, set()).add(earlier)
                linked.setdefault(earlier, set()).add(other.slug)
    found, waiting = {document.slug}, [document.slug]
    while waiting:
        new = linked.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return sorted((by_slug.get(slug, document) for slug in found), key=lambda d: (d.effective or d.issued or "9", d.title))


def compare_passages(left: Sequence[Passage], right: Sequence[Passage]) -> list[Row]:
    """Rows in the left document's order; what only the right one has stands after what precedes it there."""
    pairs = _pairs(left, right)
    left_of = {r: pair for pair, r in pairs.items()}
    rows = [_row(passage, right[pairs[i]] if i in pairs else None) for i, passage in enumerate(left)]
    after: dict[int, list[Row]] = {}
    place = -1
    for j, passage in enumerate(right):
        if j in left_of:
            place = left_of[j]
        else:
            after.setdefault(place, []).append(_row(None, passage))
    ordered = after.get(-1, [])
    for i, row in enumerate(rows):
        ordered += [row, *after.get(i, [])]
    return ordered


def _pairs(left: Sequence[Passage], right: Sequence[Passage]) -> dict[int, int]:
    """Index on the right for each index on the left that has its like there; the likest go together first."""
    candidates = []
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            likeness = ratio(one.text, other.text)
            same_clause = bool(one.clause) and one.clause == other.clause
            if likeness >= (SAME_CLAUSE_FROM if same_clause else SAME_SUBJECT_FROM):
                candidates.append((same_clause, likeness, -i, -j))
    pairs: dict[int, int] = {}
    for _, _, i, j in sorted(candidates, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def _row(left: Passage | None, right: Passage | None) -> Row:
    return Row(left, right, ratio(left.text, right.text) if left and right else 0.0)
