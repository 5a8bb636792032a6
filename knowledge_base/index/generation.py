"""One generation, opened: the catalogue, the legs behind their ports, and the vocabulary. This is what a search reads.

It knows no store: how generations are built, opened and activated is in :mod:`knowledge_base.index.generations`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from knowledge_base.embedder.embedding import Vectors
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.index.questions import QuestionIndex
from knowledge_base.query.vocabulary import Vocabulary

NEVER_INDEXED = -1
"""Question count of a generation built before questions were indexed."""

EMBEDDED_KIND = "embedded"
"""Kind of the store that keeps everything in the generation's folder."""


class LexicalIndex(Protocol):
    """Scores passages by the words they share with a query.

    Every adapter returns scores above 0, best first, ties by passage id. A query without known words finds nothing.
    """

    def search(self, query: str, top_k: int, *, beside: str = "", among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` passage ids with their scores, restricted to ``among`` if given.

        Words of ``beside`` weigh :data:`~knowledge_base.index.fields.BESIDE`, words of the query 1.
        """
        ...

    def document_frequency(self, token: str) -> int:
        """Number of passages that contain a token."""
        ...

    def __len__(self) -> int:
        """Number of passages indexed."""
        ...


class VectorStore(Protocol):
    """Finds the passages whose vectors are nearest to a query's.

    Every adapter returns inner products (higher is nearer), best first, ties by passage id. Ids are unique.
    """

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors, (n, dimension) float32 with rows of unit length, one for each id."""
        ...

    def search(self, vector: Vectors, top_k: int, *, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` ids with their scores for a (dimension,) vector; nothing for a zero vector.

        ``among`` restricts the search to these ids, some thousands at most.
        """
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors by id; unknown ids are left out."""
        ...

    def __len__(self) -> int:
        """Number of vectors."""
        ...

    def close(self) -> None:
        """Release files; the store must not be used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from. ``author`` is who asked for it, "" for the command line."""

    generation: str
    embedder: str
    dimension: int
    tokeniser: str
    corpus_hash: str
    documents: int
    passages: int
    built: str
    author: str = ""
    store: str = EMBEDDED_KIND
    collection: str = ""
    """Name of its collections on a server; "" if its folder holds everything."""

    questions: int = NEVER_INDEXED
    """Ways of asking (问法) that its passages answer."""


@dataclass(frozen=True)
class Generation:
    """An opened generation."""

    manifest: Manifest
    catalogue: Catalogue
    lexical: LexicalIndex
    vectors: VectorStore
    questions: QuestionIndex = field(default_factory=QuestionIndex)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def close(self) -> None:
        """Release its files."""
        self.vectors.close()
