"""Queries to ranked passages: exact look-up, the legs, their fusion, and each document's status on a date and in a region.

The legs are lexical (shared words), dense (similar texts) and questions (similar ways of asking, 问法).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from knowledge_base.embedder.embedding import Embedder
from knowledge_base.index.generation import Generation
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.search.fusion import DEFAULT_FUSION, FusionStrategy, Hits, Leg, LegHits
from knowledge_base.search.lookup import NamedClauses, TitleIndex
from knowledge_base.search.reranking import Reranker
from knowledge_base.text.clauses import find_clauses
from knowledge_base.types import Document, Kind, ScoredPassage, Status, doc_id_of, passage_id_of
from knowledge_base.validity import HOME_REGION, status_of, today

Mode = Literal["hybrid", "lexical", "dense"]

EXACT_UP_TO = 20_000
"""Search exactly when filters leave at most this many passages; otherwise fetch more hits and drop those filtered out.

``python -m evals.benchmarks.searching growth`` measures filtered searches of several sizes.
"""

MAX_HITS = 4_000
"""Most hits fetched from a leg, however few of them filters let through: a graph of 50,000 vectors takes 20 ms for as many."""

RERANKED = 20
"""Best candidates that a reranker reads; the rest keep their order behind them."""

STATUS_FACTORS: Mapping[Status, float] = {
    Status.IN_FORCE: 1.0,
    Status.NOT_STATED: 1.0,
    Status.REPORTED: 0.97,
    Status.NOT_YET: 0.75,
    Status.DRAFT: 0.65,
    Status.EXPIRED: 0.65,
    Status.ELSEWHERE: 0.65,
}
"""Factor on the score of a passage by its document's status, unless the query asks for such documents. Chosen by hand, not fitted."""

_MAX_PER_DOCUMENT = 3
# Bonuses on a score of 0–1, chosen by hand, not fitted.
_NAMED_DOCUMENT = 0.35  # the query names the instrument
_NUMBERED_DOCUMENT = 1.0  # … by its 文号, which is unique
_NAMED_CLAUSE = 3.0  # … and its clause: an exact look-up outranks everything
_PAST = re.compile(r"以前|过去|曾经|历史|过期|失效|作废|旧|原来|草案|征求意见|(?:19|20)\d\d年?|去年|前年|往年")


@dataclass(frozen=True, slots=True)
class Filters:
    """What retrieval may return. ``as_of`` None means today in Beijing.

    ``kinds``, ``statuses``, ``issuer`` and ``only_region`` exclude documents; ``as_of`` and ``region`` only change the order.
    """

    as_of: dt.date | None = None
    region: str = HOME_REGION
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    issuer: str = ""
    only_region: str = ""

    def date(self) -> dt.date:
        """The date that statuses are judged on."""
        return self.as_of or today()

    def admit(self, document: Document) -> bool:
        """Whether a document passes the filters."""
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.statuses or status_of(document, self.date(), self.region) in self.statuses)
            and (self.issuer in document.issuer)
            and document.region.startswith(self.only_region)
        )

    @property
    def excludes_any(self) -> bool:
        """Whether any document could be excluded."""
        return bool(self.kinds or self.statuses or self.issuer or self.only_region)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The passages found, best first, and how the query was understood."""

    understood: Understood
    named: NamedClauses
    passages: tuple[ScoredPassage, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate: score = fused score * status_factor + bonus."""

    score: float
    passage_id: str
    doc_id: str
    status_factor: float = 1.0
    bonus: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scope:
    """What filters let through: every document if ``doc_ids`` is None. ``among`` lists the passages when they can be searched exactly."""

    doc_ids: Collection[str] | None = None
    among: frozenset[str] | None = None
    fetch: int | None = None
    """Hits to fetch from a leg so that enough of them pass the filters; None: as many as the fusion wants."""

    def admits(self, doc_id: str) -> bool:
        """Whether a document passes the filters."""
        return self.doc_ids is None or doc_id in self.doc_ids

    def within(self, hits: Hits, count: int) -> Hits:
        """The best ``count`` hits that pass the filters."""
        return hits if self.doc_ids is None else [hit for hit in hits if doc_id_of(hit[0]) in self.doc_ids][:count]


@dataclass(frozen=True)
class Retriever:
    """Searches one generation. ``exact_up_to``: see :data:`EXACT_UP_TO`."""

    generation: Generation
    embedder: Embedder
    lexicon: Lexicon = field(default_factory=Lexicon)
    reranker: Reranker | None = None
    exact_up_to: int = EXACT_UP_TO
    fusion: FusionStrategy = DEFAULT_FUSION

    def retrieve(self, query: str, top_k: int = 8, filters: Filters | None = None) -> list[ScoredPassage]:
        """The best ``top_k`` passages for a query, rank 1 first."""
        return list(self.search(query, top_k, filters).passages)

    def search(self, query: str | Understood, top_k: int = 8, filters: Filters | None = None, *, mode: Mode = "hybrid") -> Retrieval:
        """Like :meth:`retrieve`, with how the query was understood. An understood query is not read again."""
        filters = filters or Filters()
        filters = replace(filters, as_of=filters.date())
        understood = query if isinstance(query, Understood) else self.lexicon.understand(query)
        named = self._titles.find(understood.original) or self._titles.find(understood.text)
        scope = self._scope(filters)
        scores = self.fusion.fuse(self._legs(understood, scope, mode))
        bonus = self._named_bonus(named)
        for named_id in bonus.keys() - set(named.doc_ids):
            scores.setdefault(named_id, 0.0)
        factor_of = self._status_factors(understood.original, filters)
        ranked: list[_Ranked] = []
        for passage_id, score in scores.items():
            doc_id = doc_id_of(passage_id)
            if scope.admits(doc_id):
                factor, named_bonus = factor_of(doc_id), bonus.get(passage_id, bonus.get(doc_id, 0.0))
                ranked.append(_Ranked(score * factor + named_bonus, passage_id, doc_id, factor, named_bonus))
        ranked.sort(key=lambda r: (-r.score, r.passage_id))
        if self.reranker is not None and mode == "hybrid":
            ranked = self._rerank(self.reranker, understood.query, ranked)
        chosen = _diverse(ranked, top_k, spread=not filters.excludes_any and not named)
        passages = (
            ScoredPassage(self.generation.catalogue.passage(r.passage_id), round(r.score, 6), rank) for rank, r in enumerate(chosen, 1)
        )
        return Retrieval(understood, named, tuple(passages))

    def _legs(self, understood: Understood, scope: _Scope, mode: Mode) -> dict[Leg, LegHits]:
        """The hits of the legs that a mode runs, filtered."""
        generation = self.generation
        legs: dict[Leg, LegHits] = {}
        if mode != "dense":
            beside = " ".join(understood.expansions)
            text = understood.text
            legs[Leg.LEXICAL] = LegHits(
                self._admitted(scope, lambda n: generation.lexical.search(text, n, beside=beside, among=scope.among))
            )
        if mode != "lexical":
            vector = self.embedder.embed_queries([understood.query])[0]
            similar = self._admitted(scope, lambda n: generation.vectors.search(vector, n, among=scope.among))
            asked = self._admitted(scope, lambda n: generation.questions.search(vector, n, among=scope.among))
            legs[Leg.DENSE] = LegHits(similar)
            legs[Leg.QUESTIONS] = LegHits(asked, covers=generation.questions.__contains__)
        return legs

    def _admitted(self, scope: _Scope, search: Callable[[int], Hits]) -> Hits:
        """The best hits of a leg that pass the filters: more are fetched while too few of them do."""
        wanted = self.fusion.candidates
        fetch = scope.fetch or wanted
        while True:
            hits = search(fetch)
            admitted = scope.within(hits, wanted)
            if len(admitted) >= wanted or len(hits) < fetch or fetch >= MAX_HITS or scope.fetch is None:
                return admitted
            fetch = min(MAX_HITS, 4 * fetch)

    def _scope(self, filters: Filters) -> _Scope:
        """What filters with a fixed date let through."""
        return self._scopes(filters) if filters.excludes_any else _Scope()

    @cached_property
    def _scopes(self) -> Callable[[Filters], _Scope]:
        return lru_cache(maxsize=64)(self._scope_of)

    def _scope_of(self, filters: Filters) -> _Scope:
        catalogue = self.generation.catalogue
        doc_ids = frozenset(doc_id for doc_id, entry in catalogue.entries.items() if filters.admit(entry.document))
        counts = self._passage_counts
        passages = sum(counts.get(doc_id, 0) for doc_id in doc_ids)
        if passages <= self.exact_up_to:
            ids = frozenset(passage_id_of(doc_id, n) for doc_id in doc_ids for n in range(1, counts.get(doc_id, 0) + 1))
            return _Scope(doc_ids, ids)
        share = passages / catalogue.passage_count
        return _Scope(doc_ids, None, min(MAX_HITS, math.ceil(1.5 * self.fusion.candidates / share)))

    @cached_property
    def _passage_counts(self) -> Mapping[str, int]:
        return self.generation.catalogue.passage_counts()

    def _rerank(self, reranker: Reranker, query: str, ranked: Sequence[_Ranked]) -> list[_Ranked]:
        """The candidates with the best of them in the reranker's order; status and exact look-up weigh as before.

        Scores stay with the ranks, so that nothing later depends on the scale of a model.
        """
        best = ranked[:RERANKED]
        relevances = reranker.score(query, [self._text_for_reranker(r.passage_id) for r in best])
        keys = {r.passage_id: relevance * r.status_factor + r.bonus for r, relevance in zip(best, relevances, strict=True)}
        reordered = sorted(best, key=lambda r: (-keys[r.passage_id], r.passage_id))
        return [*(replace(r, score=place.score) for r, place in zip(reordered, best, strict=True)), *ranked[RERANKED:]]

    def _text_for_reranker(self, passage_id: str) -> str:
        """What a reranker reads of a passage: title and headings, then the text."""
        passage = self.generation.catalogue.passage(passage_id)
        title = self.generation.catalogue.entries[passage.doc_id].document.title
        return "\n".join((" ".join((title, *passage.heading_path)), passage.text))

    def _named_bonus(self, named: NamedClauses) -> dict[str, float]:
        """Bonus on the scores of passages of named instruments: by doc_id, and by passage_id for named clauses."""
        bonus: dict[str, float] = {}
        for order, doc_id in enumerate(named.doc_ids, 1):
            bonus[doc_id] = (_NUMBERED_DOCUMENT if doc_id in named.numbered else _NAMED_DOCUMENT) / order
            for passage in self.generation.catalogue.passages_of(doc_id) if named.clauses else ():
                if set(find_clauses(passage.clause)) & set(named.clauses):
                    bonus[passage.passage_id] = _NAMED_CLAUSE / order
        return bonus

    def _status_factors(self, query: str, filters: Filters) -> Callable[[str], float]:
        """The factor on the scores of a document's passages, by its doc_id."""
        asks_for_past = _PAST.search(query) is not None

        def factor_of(doc_id: str) -> float:
            status = self._status(doc_id, filters.date(), filters.region)
            if status is Status.ELSEWHERE and any(place in query for place in _places(documents[doc_id].document.region)):
                return 1.0
            if asks_for_past and status in (Status.EXPIRED, Status.DRAFT, Status.NOT_YET):
                return 1.0
            return STATUS_FACTORS[status]

        documents = self.generation.catalogue.entries
        return factor_of

    @cached_property
    def _status(self) -> Callable[[str, dt.date, str], Status]:
        documents = self.generation.catalogue.entries
        return lru_cache(maxsize=65_536)(lambda doc_id, as_of, region: status_of(documents[doc_id].document, as_of, region))

    @cached_property
    def _titles(self) -> TitleIndex:
        return TitleIndex(e.document for e in self.generation.catalogue.entries.values())


def _places(region: str) -> list[str]:
    """Short names of a region: 陕西 for 陕西省, 北京 for 北京市."""
    names = re.findall(r"[^省市县区]+?(?=省|市|自治区|县|区|$)", region)
    return [n.removesuffix("自治") for n in names if len(n) >= 2]


def _diverse(ranked: list[_Ranked], top_k: int, *, spread: bool) -> list[_Ranked]:
    """The best ``top_k``; with ``spread``, at most :data:`_MAX_PER_DOCUMENT` of one document while there are others."""
    if not spread:
        return ranked[:top_k]
    taken: Counter[str] = Counter()
    first: list[_Ranked] = []
    rest: list[_Ranked] = []
    for candidate in ranked:
        (first if taken[candidate.doc_id] < _MAX_PER_DOCUMENT else rest).append(candidate)
        taken[candidate.doc_id] += 1
    return (first + rest)[:top_k]
