"""What wants looking after: documents that have grown stale, and documents in force that do not go together. Pure functions.

They go by what the catalogue states: dates, standing, 文号, titles, and what supersedes what. Whether a text is right they cannot tell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import figures
from knowledge_base.types import Document, Kind, Passage, Status
from knowledge_base.validity import HOME_REGION, applies_in, is_date, last_day, status_of

ENDS_SOON = dt.timedelta(days=90)
"""How long before its last day a document is told of: time to find out what follows it."""

LOOK_AGAIN = dt.timedelta(days=3 * 365)
"""Age of a document's newest date from which it is to be looked at again. Chosen here, not a rule."""

LOOKED_AT = dt.timedelta(days=365)
"""How long a person's look at a document counts."""


class Ageing(StrEnum):
    """Why a document is to be looked at, the most pressing first."""

    EXPIRED = "expired"
    ENDS_SOON = "ends_soon"
    REPORTED = "reported"
    DRAFT = "draft"
    OLD = "old"


class Clash(StrEnum):
    """Why two documents in force do not go together."""

    SUPERSEDED = "superseded"
    SAME_NUMBER = "same_number"
    SAME_TITLE = "same_title"


@dataclass(frozen=True, slots=True)
class Stale:
    """A document to be looked at, why, and the date that says so ("" where none does)."""

    document: Document
    why: Ageing
    date: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two documents in force that do not go together; of ``SUPERSEDED`` the left one supersedes the right one.

    ``clauses`` are those of both whose figures differ.
    """

    left: Document
    right: Document
    why: Clash
    clauses: tuple[str, ...] = ()


def stale_documents(
    documents: Iterable[Document], day: dt.date, looked_at: Mapping[str, dt.date] | None = None, region: str = HOME_REGION
) -> list[Stale]:
    """Documents to be looked at, the most pressing reason first, within one the oldest first.

    ``looked_at`` is when a person last looked at a document, by slug; for :data:`LOOKED_AT` after it only what has ended since is told.
    """
    looked_at = looked_at or {}
    found = []
    for document in documents:
        seen = looked_at.get(document.slug)
        stale = _ageing(document, day, region)
        if stale is None or (seen is not None and day - seen <= LOOKED_AT and not _ended_since(stale, seen)):
            continue
        found.append(stale)
    reasons = list(Ageing)
    return sorted(found, key=lambda s: (reasons.index(s.why), s.date or "9", s.document.slug))


def _ageing(document: Document, day: dt.date, region: str) -> Stale | None:
    status = status_of(document, day, region)
    if status == Status.ELSEWHERE:
        return None
    if status == Status.EXPIRED:
        # One that was written down as ended is kept for its history; one whose last day has passed may have a successor.
        return Stale(document, Ageing.EXPIRED, document.expires) if document.expires and document.status != Status.EXPIRED else None
    if document.expires and last_day(document.expires) - day <= ENDS_SOON:
        return Stale(document, Ageing.ENDS_SOON, document.expires)
    newest = max(filter(is_date, (document.issued, document.effective, document.case.get("as_of", ""))), default="")
    if status == Status.REPORTED:
        return Stale(document, Ageing.REPORTED, newest)
    if status == Status.DRAFT:
        return Stale(document, Ageing.DRAFT, newest)
    if newest and day - last_day(newest) > LOOK_AGAIN and not document.expires:
        return Stale(document, Ageing.OLD, newest)
    return None


def _ended_since(stale: Stale, seen: dt.date) -> bool:
    return stale.why is Ageing.EXPIRED and last_day(stale.date) >= seen


def conflicts(
    documents: Iterable[Document],
    day: dt.date,
    passages_of: Callable[[str], Sequence[Passage]] = lambda _: (),
    region: str = HOME_REGION,
) -> list[Conflict]:
    """Pairs of policies in force on a day in a region that do not go together; a pair is told once, by its weightiest reason.

    ``passages_of`` gives a document's passages by its id, to say in which clauses their figures differ.
    """
    in_force = [d for d in documents if d.kind is Kind.POLICY and status_of(d, day, region) == Status.IN_FORCE]
    found: dict[frozenset[str], Conflict] = {}
    for why, left, right in _clashes(in_force):
        pair = frozenset((left.slug, right.slug))
        if pair not in found and (why is Clash.SUPERSEDED or applies_in(left.region, right.region)):
            found[pair] = Conflict(left, right, why, tuple(_differing(passages_of(left.doc_id), passages_of(right.doc_id))))
    return list(found.values())


def _clashes(documents: Sequence[Document]) -> Iterator[tuple[Clash, Document, Document]]:
    by_slug = {d.slug: d for d in documents}
    for document in documents:
        for slug in document.supersedes:
            if slug in by_slug and slug != document.slug:
                yield Clash.SUPERSEDED, document, by_slug[slug]
    keys: tuple[tuple[Clash, Callable[[Document], str]], ...] = (
        (Clash.SAME_NUMBER, lambda d: re.sub(r"\s", "", normalise(d.doc_no))),
        (Clash.SAME_TITLE, lambda d: re.sub(r"[《》\s]|[(（]\d{4}年?[^)）]*[)）]", "", normalise(d.title))),
    )
    for why, key in keys:
        alike: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            if key(document):
                alike[key(document)].append(document)
        for group in alike.values():
            for left, right in combinations(sorted(group, key=lambda d: (d.effective or d.issued, d.slug)), 2):
                yield why, left, right


def _differing(left: Sequence[Passage], right: Sequence[Passage]) -> Iterator[str]:
    """Clauses of both whose figures, apart from the clause's own number, differ."""
    ours, theirs = _by_clause(left), _by_clause(right)
    for clause, text in ours.items():
        if clause in theirs and figures(text) - figures(clause) != figures(theirs[clause]) - figures(clause):
            yield clause


def _by_clause(passages: Sequence[Passage]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for passage in passages:
        if passage.clause:
            texts[passage.clause] = texts.get(passage.clause, "") + passage.text
    return texts
