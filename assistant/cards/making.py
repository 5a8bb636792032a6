"""Which cards a question asks for, and their making from one generation of the knowledge base."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.cards.checklist import asks_for_checklist, checklist_of
from assistant.cards.comparison import compare_sides, compare_versions
from assistant.cards.fields import Shelf
from assistant.cards.paths import asks_for_path, asks_outright, choose_path, fits_whole, path_card
from assistant.cards.studios import asks_for_studios, studios_of
from assistant.checking.statements import check_citation
from assistant.composing.two_sides import TwoSides
from assistant.composing.versions import versions_of
from assistant.types import Answer, Basis, Card, CardField, Checklist, Citation, ComparisonCard, PathCard, Studios
from assistant.understanding.comparison import asks_for_changes
from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.types import Document, Kind, Status
from knowledge_base.validity import status_of

MOST_CARDS = 2
"""Cards beside one answer."""

_MOST_KEPT = 256  # learning-path cards kept ready
_HOLDS = (Status.IN_FORCE, Status.REPORTED, Status.NOT_STATED)


@dataclass(frozen=True)
class CardMaker:
    """Makes cards from one generation; its cases are read once."""

    catalogue: Catalogue
    paths: tuple[LearningPath, ...] = ()

    def cards(self, asked: str, context: str, answer: Answer, as_of: dt.date, region: str, subject: str = "") -> tuple[Card, ...]:
        """Cards that a question asks for beside its answer, the closest first; none for most questions.

        Args:
            asked: the question in standard words.
            context: the same with the question that it leans on.
            answer: the answer that they stand beside.
            as_of: the day of the documents' standing.
            region: the reader's region.
            subject: the term that the question is about.
        """
        cited = list({c.document.doc_id: c.document for c in answer.citations}.values())
        made: list[Card | None] = []
        if asks_for_changes(asked):
            changes = (self._changes(document, as_of, region, subject) for document in cited)
            made.append(next(filter(None, changes), None))
        if asks_for_checklist(asked, context):
            shelves = sorted((self._shelf(d, as_of, region) for d in cited), key=lambda shelf: shelf.status not in _HOLDS)
            made.append(checklist_of(shelves, subject, context, lambda shelf: self._related(shelf, as_of, region)))
        if asks_for_studios(asked):
            like = next((d for d in cited if d.kind is Kind.CASE), None)
            made.append(studios_of(context, self._cases, like))
        if asks_for_path(asked) and (chosen := choose_path(context, self.paths)):
            made.append(self._path(*chosen, as_of, region))
        return tuple(card for card in made if card and not _faulty(card))[:MOST_CARDS]

    def path_for(self, asked: str, context: str, as_of: dt.date, region: str) -> PathCard | None:
        """The path that a question about what to learn asks for by occupation and goal; None where it tells less."""
        chosen = choose_path(context, self.paths) if asks_outright(asked) else None
        return self._path(*chosen, as_of, region) if chosen and fits_whole(context, chosen[0]) else None

    def sides(self, sides: TwoSides) -> tuple[Card, ...]:
        """The two sides of an answer as a card; none where one is missing."""
        if sides.missing:
            return ()
        contrast = sides.contrast
        basis = Basis.PLACE if contrast.of_places else Basis.THINGS
        names = (contrast.left.name, contrast.right.name)
        card = compare_sides(names, basis, sides.left, sides.right, (_cited(sides.left), _cited(sides.right)))
        return () if _faulty(card) else (card,)

    def _changes(self, document: Document, as_of: dt.date, region: str, subject: str) -> ComparisonCard | None:
        versions = versions_of(document, self._by_slug.values())
        if len(versions) < 2:
            return None
        place = max(1, versions.index(document))
        old, new = (self._shelf(d, as_of, region) for d in versions[place - 1 : place + 1])
        return compare_versions(old, new, subject)

    def _related(self, shelf: Shelf, as_of: dt.date, region: str) -> list[Shelf]:
        """Other documents on the topic of one that hold like it; none beside one that does not hold."""
        if shelf.status not in _HOLDS:
            return []
        alike = (d for d in self._by_slug.values() if d.topic == shelf.document.topic and d is not shelf.document)
        shelves = (self._shelf(d, as_of, region) for d in alike if status_of(d, as_of, region) in _HOLDS)
        return [s for s in shelves if s.document.kind is shelf.document.kind]

    def _path(self, path: LearningPath, others: tuple[LearningPath, ...], as_of: dt.date, region: str) -> PathCard | None:
        """A path's card, made once a day and region."""
        key = (path.name, as_of, region)
        kept = self._path_cards.get(key)
        if kept is None:
            if len(self._path_cards) >= _MOST_KEPT:
                self._path_cards.clear()  # regions come from requests; no one may fill the memory with them
            kept = path_card(path, others, lambda slug: self._open(slug, as_of, region))
            if kept:
                self._path_cards[key] = kept
        return kept

    def _open(self, slug: str, as_of: dt.date, region: str) -> Shelf | None:
        """The document of a slug, where it is held and is a rule or a text that holds here and now."""
        document = self._by_slug.get(slug)
        if document is None:
            return None
        shelf = self._shelf(document, as_of, region)
        return None if shelf.status in (Status.EXPIRED, Status.DRAFT, Status.ELSEWHERE) else shelf

    def _shelf(self, document: Document, as_of: dt.date, region: str) -> Shelf:
        return Shelf(document, status_of(document, as_of, region), tuple(self.catalogue.passages_of(document.doc_id)))

    @cached_property
    def _path_cards(self) -> dict[tuple[str, dt.date, str], PathCard]:
        return {}

    @cached_property
    def _by_slug(self) -> dict[str, Document]:
        return {entry.document.slug: entry.document for entry in self.catalogue.entries.values()}

    @cached_property
    def _cases(self) -> tuple[Shelf, ...]:
        cases = (d for d in self._by_slug.values() if d.kind is Kind.CASE)
        return tuple(Shelf(d, Status.NOT_STATED, tuple(self.catalogue.passages_of(d.doc_id))) for d in cases)


def _cited(citations: Sequence[Citation]) -> Shelf:
    """The cited passages of the first citation's document."""
    first = citations[0]
    passages = {c.passage.passage_id: c.passage for c in citations if c.document.doc_id == first.document.doc_id}
    return Shelf(first.document, first.status, tuple(passages.values()))


def _faulty(card: Card) -> bool:
    """Whether a quote of a card does not stand where it says; such a card is not shown."""
    return any(check_citation(quote) for quote in quotes_of(card))


def quotes_of(card: Card) -> list[Citation]:
    """Every quote of a card."""
    match card:
        case Checklist(fields=fields):
            return _all(fields)
        case PathCard(steps=steps):
            return [q for step in steps for q in (*step.time.quotes, *((step.quote,) if step.quote else ()))]
        case Studios(studios=studios):
            return _all([field for studio in studios for field in studio.fields])
        case ComparisonCard(rows=rows):
            return _all([field for row in rows for field in row])


def _all(fields: Sequence[CardField]) -> list[Citation]:
    return [quote for field in fields for quote in field.quotes]
