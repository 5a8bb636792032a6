"""From facts to the passages that were written from them, so that every line of a result opens its clause."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.types import Citation
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document, Kind, Passage, Status
from knowledge_base.validity import status_of

_KINDS = (Kind.POLICY, Kind.GUIDE, Kind.TRAINING, Kind.CASE)
"""The kinds of document, those first that a clause is best read in."""


class FactPassages:
    """Passages of one knowledge base by the facts that their statements name. Reads all of them once, on first use."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places: dict[str, list[tuple[Passage, int, int]]] | None = None

    def citations(self, facts: Iterable[str], filters: Filters) -> tuple[Citation, ...]:
        """One citation a fact, numbered from 1, from the first to the last statement of the passage that names it.

        Facts of the same statements share a citation; facts without a passage have none.
        """
        found: dict[tuple[str, int, int], Citation] = {}
        for fact in facts:
            place = self._best(fact, filters)
            if place is None:
                continue
            passage, document, status, start, end = place
            key = (passage.passage_id, start, end)
            if key not in found:
                found[key] = Citation(len(found) + 1, passage, document, status, start, end, passage.sources_of(start, end))
        return tuple(found.values())

    def _best(self, fact: str, filters: Filters) -> tuple[Passage, Document, Status, int, int] | None:
        best: tuple[tuple[int, int], tuple[Passage, Document, Status, int, int]] | None = None
        for passage, start, end in self._by_fact.get(fact, ()):
            document = self._catalogue.document(passage.doc_id)
            status = status_of(document, filters.date(), filters.region)
            rank = (_KINDS.index(document.kind), int(status is not Status.IN_FORCE))
            if best is None or rank < best[0]:
                best = rank, (passage, document, status, start, end)
        return best[1] if best else None

    @property
    def _by_fact(self) -> dict[str, list[tuple[Passage, int, int]]]:
        if self._places is None:
            places: dict[str, list[tuple[Passage, int, int]]] = {}
            for passage in self._catalogue.passages():
                for fact in passage.source_ids:
                    spans = [(s.start, s.end) for s in passage.statements if fact in s.source_ids]
                    places.setdefault(fact, []).append((passage, spans[0][0], spans[-1][1]))
            self._places = places
        return self._places
