"""From an understanding to candidates: one search, and a second one without years where a past time is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.judging.candidate import Candidate, order_for_period
from assistant.understanding.period import undated
from assistant.understanding.turn import Understanding
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.query.lexicon import Understood
from knowledge_base.search.lookup import NamedClauses
from knowledge_base.search.retrieval import Filters, Retrieval
from knowledge_base.types import Passage
from knowledge_base.validity import applies_in, status_of

MOST_CANDIDATES = 8
"""Candidates from which an answer is composed."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Candidates, best first, and the clauses that the question names."""

    candidates: tuple[Candidate, ...]
    named: NamedClauses


@dataclass(frozen=True, slots=True)
class Finder:
    """Searches one knowledge base; ``search`` is :meth:`Retriever.search`."""

    search: Callable[[str | Understood, int, Filters], Retrieval]
    catalogue: Catalogue

    def find(self, understanding: Understanding) -> Findings:
        """Candidates for a question."""
        retrieval = self.search(understanding.search, MOST_CANDIDATES, understanding.filters)
        candidates = self._candidates(retrieval, understanding.filters)
        if understanding.period is not None:
            known = {c.passage.passage_id for c in candidates}
            of_any_time = self.find_for(undated(understanding.standalone), understanding.filters)
            more = (c for c in of_any_time if c.passage.passage_id not in known)
            candidates = order_for_period([*candidates, *more], understanding.period)[:MOST_CANDIDATES]
        return Findings(tuple(candidates), retrieval.named)

    def find_for(self, query: str, filters: Filters) -> list[Candidate]:
        """Candidates for a query, best first."""
        return self._candidates(self.search(query, MOST_CANDIDATES, filters), filters)

    def candidate(self, passage: Passage, rank: int, filters: Filters, score: float = 1.0) -> Candidate:
        """A passage as a candidate."""
        document = self.catalogue.entries[passage.doc_id].document
        status = status_of(document, filters.date(), filters.region)
        return Candidate(passage, document, status, score, rank, applies_in(document.region, filters.region))

    def _candidates(self, retrieval: Retrieval, filters: Filters) -> list[Candidate]:
        return [self.candidate(scored.passage, scored.rank, filters, scored.score) for scored in retrieval.passages]
