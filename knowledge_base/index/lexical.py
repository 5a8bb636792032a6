"""Words to passages: the port :class:`LexicalIndex` and its adapter on tantivy.

BM25 over characters and character pairs with k1 1.2 and b 0.75, tantivy's constants
(Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import tantivy

from knowledge_base.errors import IndexUnavailable
from knowledge_base.text.normalise import tokens

logger = logging.getLogger(__name__)

FIELD_WEIGHTS: Mapping[str, float] = {"body": 1.0, "head": 0.3, "asks": 1.5}
"""Weight of each field in the score.

The head stands in the body too: title and text as one field is best for lay questions to statutes (nDCG@10 .474 against
.452 as two fields of equal weight, n 1234), a light second count of the head for encyclopaedia questions.
"""

BESIDE = 0.5
"""Weight of a word that was added to a query, such as a synonym, beside the words that were typed."""

MAX_QUERY_TOKENS = 512
"""Distinct tokens of a query that are searched; a longer text is cut there."""

_MEMORY_BYTES = 64_000_000  # of the writer's one thread; tantivy asks for at least 15 MB


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What is indexed of one passage: its text, its title and headings, and the questions it answers."""

    passage_id: str
    body: str
    head: str = ""
    asks: str = ""


class LexicalIndex(Protocol):
    """Scores passages by the words they share with a query.

    Adapters give scores above 0, higher for better, best first, ties by passage id; a query without
    known words gives nothing.
    """

    def search(self, query: str, top_k: int, *, beside: str = "", among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` passage ids with their scores, of those in ``among`` if given.

        The words of ``beside`` count :data:`BESIDE` of a query's.
        """
        ...

    def document_frequency(self, token: str) -> int:
        """Number of passages that hold a token."""
        ...

    def __len__(self) -> int:
        """Number of passages indexed."""
        ...


def weighted_tokens(query: str, beside: str = "") -> dict[str, float]:
    """The first :data:`MAX_QUERY_TOKENS` distinct tokens of a query, each with how much it counts."""
    counts: dict[str, float] = dict(Counter(tokens(query)))
    for token in tokens(beside):
        counts.setdefault(token, BESIDE)
    return dict(itertools.islice(counts.items(), MAX_QUERY_TOKENS))


def field_tokens(entry: LexicalEntry) -> dict[str, list[str]]:
    """The tokens of each field of :data:`FIELD_WEIGHTS`; the head stands in the body too."""
    return {"body": tokens(f"{entry.head}\n{entry.body}"), "head": tokens(entry.head), "asks": tokens(entry.asks)}


class TantivyIndex:
    """An immutable tantivy index in a folder of its own."""

    def __init__(self, folder: Path, weights: Mapping[str, float] = FIELD_WEIGHTS) -> None:
        """Open an index written by :meth:`build`.

        Raises:
            IndexUnavailable: the folder holds no readable index.
        """
        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as exc:
            raise IndexUnavailable(f"词汇索引 {folder} 打不开：{exc}。请运行 assistant ingest --rebuild") from exc
        self._searcher = self._index.searcher()
        self._weights = dict(weights)

    @classmethod
    def build(cls, folder: Path, entries: Iterable[LexicalEntry]) -> TantivyIndex:
        """Write an index of the entries into an empty folder and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(heap_size=_MEMORY_BYTES, num_threads=1)
        for entry in entries:
            writer.add_document(
                tantivy.Document(passage_id=entry.passage_id, **{f: " ".join(held) for f, held in field_tokens(entry).items()})
            )
        writer.commit()
        writer.wait_merging_threads()
        return cls(folder)

    def search(self, query: str, top_k: int, *, beside: str = "", among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` passage ids with their BM25 scores summed over the fields."""
        counts = weighted_tokens(query, beside)
        if not counts or top_k < 1 or (among is not None and not among):
            return []
        schema = self._index.schema
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for token, count in counts.items():
            for field, weight in self._weights.items():
                term = tantivy.Query.term_query(schema, field, token, index_option="freq")
                boosted = term if weight * count == 1.0 else tantivy.Query.boost_query(term, weight * count)
                parts.append((tantivy.Occur.Should, boosted))
        combined = tantivy.Query.boolean_query(parts)
        if among is not None:
            these = tantivy.Query.const_score_query(tantivy.Query.term_set_query(schema, "passage_id", list(among)), 0.0)
            combined = tantivy.Query.boolean_query([(tantivy.Occur.Must, these), (tantivy.Occur.Must, combined)])
        limit = top_k + 16
        hits = self._searcher.search(combined, limit=limit).hits
        # More while those at the edge score alike, so that ties are cut by id and not by chance.
        while len(hits) == limit and hits[-1][0] == hits[top_k - 1][0]:
            limit *= 2
            hits = self._searcher.search(combined, limit=limit).hits
        edge = hits[min(top_k, len(hits)) - 1][0] if hits else 0.0
        found = [(self._passage_id(address), float(score)) for score, address in hits if score >= edge]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:top_k]

    def document_frequency(self, token: str) -> int:
        """Number of passages whose body holds the token."""
        return int(self._searcher.doc_freq("body", token))

    def __len__(self) -> int:
        """Number of passages indexed."""
        return int(self._searcher.num_docs)

    def _passage_id(self, address: tantivy.DocAddress) -> str:
        values: Sequence[str] = self._searcher.doc(address)["passage_id"]
        return values[0]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELD_WEIGHTS:
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
