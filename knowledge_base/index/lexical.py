"""The lexical leg on tantivy.

BM25 over characters and character pairs with tantivy's constants, k1 1.2 and b 0.75.
Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.fields import FIELD_WEIGHTS, LexicalEntry, field_tokens, weighted_tokens

_MEMORY_BYTES = 64_000_000  # for the writer's single thread; tantivy requires at least 15 MB


class TantivyIndex:
    """A :class:`~knowledge_base.index.generation.LexicalIndex`: an immutable tantivy index in a folder of its own."""

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
        """The best ``top_k`` passage ids; a score is the weighted sum of the fields' BM25 scores."""
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
        # Fetch more while the hits at the cut are tied, so that ties are cut by id and not by chance.
        while len(hits) == limit and hits[-1][0] == hits[top_k - 1][0]:
            limit *= 2
            hits = self._searcher.search(combined, limit=limit).hits
        edge = hits[min(top_k, len(hits)) - 1][0] if hits else 0.0
        found = [(self._passage_id(address), float(score)) for score, address in hits if score >= edge]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:top_k]

    def document_frequency(self, token: str) -> int:
        """Number of passages whose body contains the token."""
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
