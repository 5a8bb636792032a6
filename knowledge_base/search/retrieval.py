"""Questions to passages: exact look-up, three legs, fusion, and standing on a date and in a region.

The legs are words, the likeness of texts, and the likeness of the questions that passages are known to answer.
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
from knowledge_base.index.generations import Generation
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.search.fusion import CANDIDATES, Hits, fuse_hits
from knowledge_base.search.lookup import NamedClauses, TitleIndex
from knowledge_base.search.reranking import Reranker
from knowledge_base.text.clauses import find_clauses
from knowledge_base.types import Document, Kind, ScoredPassage, Status, doc_id_of, passage_id_of
from knowledge_base.validity import HOME_REGION, status_of, today

Mode = Literal["hybrid", "lexical", "dense"]

FEW = 20_000
"""Passages up to which those that filters let through are searched alone; of more, more hits are asked for and the others dropped."""

MOST_HITS = 4_000
"""Hits that are asked of a leg at most, however few of them filters let through: the graph of 50,000 vectors takes 20 ms for as many."""

RERANKED = 20
"""Best candidates that a reranker reads; the rest keep their places behind them."""

STANDING: Mapping[Status, float] = {
    Status.IN_FORCE: 1.0,
    Status.NOT_STATED: 1.0,
    Status.REPORTED: 0.97,
    Status.NOT_YET: 0.75,
    Status.DRAFT: 0.65,
    Status.EXPIRED: 0.65,
    Status.ELSEWHERE: 0.65,
}
"""Factor on the score of a passage whose document has that standing, unless the question asks for it."""

_MOST_PER_DOCUMENT = 3
_NAMED_DOCUMENT = 0.35  # added to the score (0–1) of passages of an instrument that the question names
_NUMBERED_DOCUMENT = 1.0  # … by its 文号, which is nothing else's
_NAMED_CLAUSE = 3.0  # added where the clause is named too: exact look-up comes first
_PAST = re.compile(r"以前|过去|曾经|历史|过期|失效|作废|旧|原来|草案|征求意见|(?:19|20)\d\d年?|去年|前年|往年")


@dataclass(frozen=True, slots=True)
class Filters:
    """What retrieval may give back. ``as_of`` None means today in Beijing.

    ``kinds``, ``statuses``, ``issuer`` and ``only_region`` shut out what does not fit; date and region by themselves only order.
    """

    as_of: dt.date | None = None
    region: str = HOME_REGION
    kinds: frozenset[Kind] = frozenset()
    statuses: frozenset[Status] = frozenset()
    issuer: str = ""
    only_region: str = ""

    def date(self) -> dt.date:
        """The date asked for."""
        return self.as_of or today()

    def admit(self, document: Document) -> bool:
        """Whether passages of a document may be given back."""
        return (
            (not self.kinds or document.kind in self.kinds)
            and (not self.statuses or status_of(document, self.date(), self.region) in self.statuses)
            and (self.issuer in document.issuer)
            and document.region.startswith(self.only_region)
        )

    @property
    def shuts_out(self) -> bool:
        """Whether any document could be refused."""
        return bool(self.kinds or self.statuses or self.issuer or self.only_region)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, best first, and how the question was understood."""

    understood: Understood
    named: NamedClauses
    passages: tuple[ScoredPassage, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate; ``standing`` and ``bonus`` are what was made of the legs' score: score = relevance * standing + bonus."""

    score: float
    passage_id: str
    doc_id: str
    standing: float = 1.0
    bonus: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scope:
    """What filters let through: every document when ``doc_ids`` is None; ``among`` are their passages where those are few."""

    doc_ids: Collection[str] | None = None
    among: frozenset[str] | None = None
    hits: int = CANDIDATES
    """Hits to ask of a leg for about :data:`CANDIDATES` that get through."""

    def admits(self, doc_id: str) -> bool:
        """Whether passages of a document may be given back."""
        return self.doc_ids is None or doc_id in self.doc_ids

    def within(self, hits: Hits) -> Hits:
        """The best hits that get through."""
        return hits if self.doc_ids is None else [hit for hit in hits if doc_id_of(hit[0]) in self.doc_ids][:CANDIDATES]


@dataclass(frozen=True)
class Retriever:
    """Searches one generation. ``few`` is how many passages that filters let through are searched alone."""

    generation: Generation
    embedder: Embedder
    lexicon: Lexicon = field(default_factory=Lexicon)
    reranker: Reranker | None = None
    few: int = FEW

    def retrieve(self, query: str, top_k: int = 8, filters: Filters | None = None) -> list[ScoredPassage]:
        """The best ``top_k`` passages for a question, rank 1 first."""
        return list(self.search(query, top_k, filters).passages)

    def search(self, query: str, top_k: int = 8, filters: Filters | None = None, *, mode: Mode = "hybrid") -> Retrieval:
        """Like :meth:`retrieve`, with the trace of how the question was understood."""
        filters = filters or Filters()
        filters = replace(filters, as_of=filters.date())
        understood = self.lexicon.understand(query)
        named = self._titles.find(query) or self._titles.find(understood.text)
        scope = self._scope(filters)
        scores = self._fuse(understood, scope, mode)
        bonus = self._named_bonus(named)
        for named_id in bonus.keys() - set(named.doc_ids):
            scores.setdefault(named_id, 0.0)
        standing_of = self._standings(query, filters)
        ranked: list[_Ranked] = []
        for passage_id, score in scores.items():
            doc_id = doc_id_of(passage_id)
            if scope.admits(doc_id):
                standing, named_bonus = standing_of(doc_id), bonus.get(passage_id, bonus.get(doc_id, 0.0))
                ranked.append(_Ranked(score * standing + named_bonus, passage_id, doc_id, standing, named_bonus))
        ranked.sort(key=lambda r: (-r.score, r.passage_id))
        if self.reranker is not None and mode == "hybrid":
            ranked = self._rerank(self.reranker, understood.query, ranked)
        chosen = _diverse(ranked, top_k, spread=not filters.shuts_out and not named)
        passages = (
            ScoredPassage(self.generation.catalogue.passage(r.passage_id), round(r.score, 6), rank) for rank, r in enumerate(chosen, 1)
        )
        return Retrieval(understood, named, tuple(passages))

    def _fuse(self, understood: Understood, scope: _Scope, mode: Mode) -> dict[str, float]:
        lexical: Hits = []
        dense: Hits = []
        asked: Hits = []
        generation = self.generation
        if mode != "dense":
            beside = " ".join(understood.expansions)
            lexical = generation.lexical.search(understood.text, scope.hits, beside=beside, among=scope.among)
        if mode != "lexical":
            vector = self.embedder.embed_queries([understood.query])[0]
            dense = generation.vectors.search(vector, scope.hits, among=scope.among)
            asked = generation.questions.search(vector, scope.hits, among=scope.among)
        return fuse_hits(*map(scope.within, (lexical, dense, asked)), is_asked=generation.questions.__contains__)

    def _scope(self, filters: Filters) -> _Scope:
        """What filters of a set date let through."""
        return self._scopes(filters) if filters.shuts_out else _Scope()

    @cached_property
    def _scopes(self) -> Callable[[Filters], _Scope]:
        return lru_cache(maxsize=64)(self._scope_of)

    def _scope_of(self, filters: Filters) -> _Scope:
        catalogue = self.generation.catalogue
        doc_ids = frozenset(doc_id for doc_id, entry in catalogue.entries.items() if filters.admit(entry.document))
        counts = self._passage_counts
        passages = sum(counts.get(doc_id, 0) for doc_id in doc_ids)
        if passages <= self.few:
            ids = frozenset(passage_id_of(doc_id, n) for doc_id in doc_ids for n in range(1, counts.get(doc_id, 0) + 1))
            return _Scope(doc_ids, ids)
        share = passages / catalogue.passage_count
        return _Scope(doc_ids, None, min(MOST_HITS, math.ceil(1.5 * CANDIDATES / share)))

    @cached_property
    def _passage_counts(self) -> Mapping[str, int]:
        return self.generation.catalogue.passage_counts()

    def _rerank(self, reranker: Reranker, query: str, ranked: Sequence[_Ranked]) -> list[_Ranked]:
        """The candidates with the best of them in the reranker's order, where standing and exact look-up weigh as before.

        The scores stay with the places: what is made of them later does not depend on the scale of a model.
        """
        best = ranked[:RERANKED]
        read = reranker.score(query, [self._shown(r.passage_id) for r in best])
        keys = {r.passage_id: relevance * r.standing + r.bonus for r, relevance in zip(best, read, strict=True)}
        turned = sorted(best, key=lambda r: (-keys[r.passage_id], r.passage_id))
        return [*(replace(r, score=place.score) for r, place in zip(turned, best, strict=True)), *ranked[RERANKED:]]

    def _shown(self, passage_id: str) -> str:
        """What a reranker reads of a passage: title and headings, then the text."""
        passage = self.generation.catalogue.passage(passage_id)
        title = self.generation.catalogue.entries[passage.doc_id].document.title
        return "\n".join((" ".join((title, *passage.heading_path)), passage.text))

    def _named_bonus(self, named: NamedClauses) -> dict[str, float]:
        """What is added to the score of passages of named instruments: by doc_id, and by passage_id for named clauses."""
        bonus: dict[str, float] = {}
        for order, doc_id in enumerate(named.doc_ids, 1):
            bonus[doc_id] = (_NUMBERED_DOCUMENT if doc_id in named.numbered else _NAMED_DOCUMENT) / order
            for passage in self.generation.catalogue.passages_of(doc_id) if named.clauses else ():
                if set(find_clauses(passage.clause)) & set(named.clauses):
                    bonus[passage.passage_id] = _NAMED_CLAUSE / order
        return bonus

    def _standings(self, query: str, filters: Filters) -> Callable[[str], float]:
        """The factor on the scores of a document's passages, by its id."""
        of_the_past = _PAST.search(query) is not None

        def standing_of(doc_id: str) -> float:
            status = self._status(doc_id, filters.date(), filters.region)
            if status is Status.ELSEWHERE and any(place in query for place in _places(documents[doc_id].document.region)):
                return 1.0
            if of_the_past and status in (Status.EXPIRED, Status.DRAFT, Status.NOT_YET):
                return 1.0
            return STANDING[status]

        documents = self.generation.catalogue.entries
        return standing_of

    @cached_property
    def _status(self) -> Callable[[str, dt.date, str], Status]:
        documents = self.generation.catalogue.entries
        return lru_cache(maxsize=65_536)(lambda doc_id, as_of, region: status_of(documents[doc_id].document, as_of, region))

    @cached_property
    def _titles(self) -> TitleIndex:
        return TitleIndex(e.document for e in self.generation.catalogue.entries.values())


def _places(region: str) -> list[str]:
    """Names by which a question may call a region: 陕西 for 陕西省, 北京 for 北京市."""
    names = re.findall(r"[^省市县区]+?(?=省|市|自治区|县|区|$)", region)
    return [n.removesuffix("自治") for n in names if len(n) >= 2]


def _diverse(ranked: list[_Ranked], top_k: int, *, spread: bool) -> list[_Ranked]:
    """The best ``top_k``, at most a few of one document where there are others."""
    if not spread:
        return ranked[:top_k]
    taken: Counter[str] = Counter()
    first: list[_Ranked] = []
    rest: list[_Ranked] = []
    for candidate in ranked:
        (first if taken[candidate.doc_id] < _MOST_PER_DOCUMENT else rest).append(candidate)
        taken[candidate.doc_id] += 1
    return (first + rest)[:top_k]
