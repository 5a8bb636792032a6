"""Vectors to passages: the port :class:`VectorStore` and its adapter on embedded Chroma.

Only ids and vectors are kept here. Text, titles and filters live in the catalogue: metadata in Chroma makes a filtered query
forty times slower (122 ms against 3 ms at 50k vectors).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.errors import ChromaError

from knowledge_base.embedding import Vectors
from knowledge_base.errors import VectorStoreError

_COLLECTION = "passages"
_BATCH = 2000


class VectorStore(Protocol):
    """Finds the passages whose vectors lie nearest to a query's.

    Adapters give inner products (higher is nearer), best first, ties by passage id; ids are unique.
    """

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors, (n, dimension) float32 with rows of unit length, one an id."""
        ...

    def search(self, vector: Vectors, top_k: int) -> list[tuple[str, float]]:
        """The best ``top_k`` ids with their scores for a (dimension,) vector; nothing for a zero vector."""
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors by id, of those of the ids that are there."""
        ...

    def __len__(self) -> int:
        """Number of vectors held."""
        ...

    def close(self) -> None:
        """Let go of files; the store may not be used afterwards."""
        ...


class ChromaStore:
    """Chroma embedded in this process, in a folder of its own.

    One process writes the folder, once; afterwards it is only read. Chroma is not safe when several processes write.
    """

    def __init__(self, folder: Path) -> None:
        """Open the folder's store, or make it.

        Raises:
            VectorStoreError: the folder is not a Chroma store of this version, or cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._count: int | None = None  # counting takes Chroma a millisecond, and a generation does not change
        try:
            self._client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "ip"}}
            )
        except (ChromaError, ValueError, OSError, AttributeError) as exc:  # AttributeError: Chroma kept a client that failed before
            raise VectorStoreError(f"向量库 {folder} 打不开：{exc}。请运行 assistant ingest --rebuild") from exc

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors in batches."""
        try:
            for start in range(0, len(ids), _BATCH):
                self._collection.add(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])
        except (ChromaError, ValueError, OSError) as exc:
            raise VectorStoreError(f"向量写入失败：{exc}") from exc
        finally:
            self._count = None

    def search(self, vector: Vectors, top_k: int) -> list[tuple[str, float]]:
        """Nearest neighbours by inner product over Chroma's HNSW graph."""
        count = len(self)
        if not count or top_k < 1 or not np.any(vector):
            return []
        try:
            found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=min(top_k, count), include=["distances"])
        except (ChromaError, ValueError) as exc:
            raise VectorStoreError(f"向量检索失败：{exc}") from exc
        distances = found["distances"]
        assert distances is not None  # asked for in include
        hits = zip(found["ids"][0], (1.0 - d for d in distances[0]), strict=True)
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors by id, of those of the ids that are there."""
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(ids), _BATCH):
            try:
                batch = self._collection.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
            except (ChromaError, ValueError) as exc:
                raise VectorStoreError(f"向量读取失败：{exc}") from exc
            embeddings = batch["embeddings"]
            assert embeddings is not None  # asked for in include
            vectors.update(zip(batch["ids"], np.asarray(embeddings, dtype=np.float32), strict=True))
        return vectors

    def __len__(self) -> int:
        """Number of vectors held."""
        if self._count is None:
            try:
                self._count = int(self._collection.count())
            except (ChromaError, ValueError) as exc:
                raise VectorStoreError(f"向量库读取失败：{exc}") from exc
        return self._count

    def close(self) -> None:
        """Stop Chroma's threads and close its files."""
        close = getattr(self._client, "close", None)  # there since 1.5, not yet in the interface's types
        if close is not None:
            close()
