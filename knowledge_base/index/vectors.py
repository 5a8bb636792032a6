"""The dense leg on Chroma, embedded and as a server.

Only ids and vectors are kept here. Text, titles and filters are in the catalogue: metadata in Chroma makes a filtered query
forty times slower (122 ms against 3 ms at 50,000 vectors).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.config import Settings
from chromadb.errors import ChromaError

from knowledge_base.embedder.embedding import Vectors
from knowledge_base.errors import StoreUnavailable, VectorStoreError
from knowledge_base.index.exact import ExactVectors

_COLLECTION = "passages"
_ADVICE = "请确认它在运行（chroma run），ASSISTANT_STORE 的地址没有写错"
_INNER_PRODUCT: CreateCollectionConfiguration = {"hnsw": {"space": "ip", "ef_construction": 400, "ef_search": 1000}}
"""The fusion scales by the hit at rank 60, so that hit must be exact. Over 1,148 documents, 200 and 400 changed scores of
4 of 277 queries, though never the order of the best five; these values change none. Speed was not measured again."""

EXACT_UP_TO = 20_000
"""Search exactly, in memory, when an embedded store holds at most this many vectors; otherwise search Chroma's graph.

20,000 vectors of 256 dimensions take 0.5 ms exactly and 1.7 ms by the graph; 4,000 take 0.08 ms and 1 ms.
"""

_MAX_SUBSETS = 4  # filtered subsets of the vectors that are kept in memory
_BATCH = 2000
_TIMEOUT_SECONDS = 60.0  # for an answer of a Chroma server; writing a batch takes longest


class _ChromaCollection:
    """One collection of ids and vectors: what embedded Chroma and its server have in common."""

    _collection: ChromaCollection
    _exact_up_to = 0

    def __init__(self) -> None:
        self._count: int | None = None  # counting takes Chroma 1 ms, and a generation never changes
        self._exact: ExactVectors | None = None
        self._subsets: dict[frozenset[str], ExactVectors] = {}
        self._lock = threading.Lock()

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Add vectors in batches."""
        try:
            for start in range(0, len(ids), _BATCH):
                with _translated("向量写入失败"):
                    self._collection.add(ids=list(ids[start : start + _BATCH]), embeddings=vectors[start : start + _BATCH])
        finally:
            self._count = self._exact = None
            self._subsets.clear()

    def search(self, vector: Vectors, top_k: int, *, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Nearest neighbours by inner product: exactly among few vectors, by Chroma's HNSW graph among many."""
        count = len(self)
        if not count or top_k < 1 or not np.any(vector) or (among is not None and not among):
            return []
        if count <= self._exact_up_to:
            return self._all().search(vector, top_k, among)
        if among is not None:
            return self._some(frozenset(among)).search(vector, top_k)
        with _translated("向量检索失败"):
            found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=min(top_k, count), include=["distances"])
        distances = found["distances"]
        assert distances is not None  # requested by include
        hits = zip(found["ids"][0], (1.0 - d for d in distances[0]), strict=True)
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def get(self, ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Vectors by id; unknown ids are left out."""
        vectors: dict[str, Vectors] = {}
        for start in range(0, len(ids), _BATCH):
            with _translated("向量读取失败"):
                batch = self._collection.get(ids=list(ids[start : start + _BATCH]), include=["embeddings"])
            embeddings = batch["embeddings"]
            assert embeddings is not None  # requested by include
            vectors.update(zip(batch["ids"], np.asarray(embeddings, dtype=np.float32), strict=True))
        return vectors

    def __len__(self) -> int:
        """Number of vectors."""
        if self._count is None:
            with _translated("向量库读取失败"):
                self._count = int(self._collection.count())
        return self._count

    def _some(self, ids: frozenset[str]) -> ExactVectors:
        """Vectors of some ids in memory, kept for the next search with the same filter."""
        with self._lock:
            some = self._subsets.get(ids)
        if some is None:
            some = ExactVectors(self.get(list(ids)))
            with self._lock:
                while len(self._subsets) >= _MAX_SUBSETS:
                    del self._subsets[next(iter(self._subsets))]
                self._subsets[ids] = some
        return some

    def _all(self) -> ExactVectors:
        with self._lock:
            if self._exact is None:
                with _translated("向量读取失败"):
                    held = self._collection.get(include=["embeddings"])
                embeddings = held["embeddings"]
                assert embeddings is not None  # requested by include
                self._exact = ExactVectors(dict(zip(held["ids"], np.asarray(embeddings, dtype=np.float32), strict=True)))
            return self._exact


class ChromaStore(_ChromaCollection):
    """Chroma embedded in this process, in a folder of its own.

    One process writes the folder once; afterwards it is only read. Chroma is not safe with several writing processes.
    """

    def __init__(self, folder: Path, exact_up_to: int = EXACT_UP_TO) -> None:
        """Open the store in a folder, or create it.

        Raises:
            VectorStoreError: the folder is no Chroma store of this version, or is not writable.
        """
        super().__init__()
        self._exact_up_to = exact_up_to
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(_COLLECTION, embedding_function=None, configuration=_INNER_PRODUCT)
        except (ChromaError, ValueError, OSError, AttributeError) as exc:  # AttributeError: Chroma cached a client that failed
            raise VectorStoreError(f"向量库 {folder} 打不开：{exc}。请运行 assistant ingest --rebuild") from exc

    def close(self) -> None:
        """Stop Chroma's threads and close its files."""
        _close(self._client)


class ChromaServerStore(_ChromaCollection):
    """A collection on a Chroma server. Several processes may read it while another one writes a new collection."""

    def __init__(self, collection: ChromaCollection) -> None:
        super().__init__()
        self._collection = collection

    def close(self) -> None:
        """Nothing to do: the connection belongs to :class:`ChromaServer`."""


class ChromaServer:
    """The connection to a Chroma server (``chroma run``), opened at first use."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._lock = threading.Lock()
        self._connected: ClientAPI | None = None

    def create(self, name: str) -> ChromaServerStore:
        """A new, empty collection."""
        with self._reporting("建不了集合"):
            return ChromaServerStore(self._client().create_collection(name, embedding_function=None, configuration=_INNER_PRODUCT))

    def open(self, name: str) -> ChromaServerStore:
        """The collection with a name.

        Raises:
            VectorStoreError: there is none.
        """
        with self._reporting(f"集合 {name} 打不开，请运行 assistant ingest --rebuild"):
            return ChromaServerStore(self._client().get_collection(name, embedding_function=None))

    def names(self) -> list[str]:
        """Names of all collections on the server."""
        with self._reporting("列不出集合"):
            return [c.name for c in self._client().list_collections()]

    def drop(self, name: str) -> None:
        """Remove a collection."""
        with self._reporting("删不了集合"):
            self._client().delete_collection(name)

    def check(self) -> None:
        """Check that the server answers.

        Raises:
            StoreUnavailable: it does not.
        """
        with self._reporting("没有回应"):
            self._client().heartbeat()

    def close(self) -> None:
        """Disconnect; the next use connects again."""
        with self._lock:
            if self._connected is not None:
                _close(self._connected)
                for session in _sessions(self._connected):
                    session.close()
                self._connected = None

    def _reporting(self, what: str) -> AbstractContextManager[None]:
        return _translated(f"Chroma 服务器 {self._host}:{self._port} {what}")

    def _client(self) -> ClientAPI:
        with self._lock:
            if self._connected is None:
                try:
                    self._connected = chromadb.HttpClient(host=self._host, port=self._port, settings=Settings(anonymized_telemetry=False))
                except ValueError as exc:  # what Chroma raises when it cannot connect
                    raise StoreUnavailable(f"连不上 Chroma 服务器 {self._host}:{self._port}：{exc}。{_ADVICE}") from exc
                for session in _sessions(self._connected):
                    session.timeout = httpx.Timeout(_TIMEOUT_SECONDS)
            return self._connected


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Translate Chroma's errors into ours."""
    try:
        yield
    except httpx.TransportError as exc:
        raise StoreUnavailable(f"{what}：连不上 Chroma 服务器（{exc}）。{_ADVICE}") from exc
    except (ChromaError, ValueError, OSError) as exc:
        raise VectorStoreError(f"{what}：{exc}") from exc


def _sessions(client: ClientAPI) -> list[httpx.Client]:
    """The HTTP sessions of a client and its admin client. Chroma neither closes them nor sets a timeout."""
    servers = (getattr(c, "_server", None) for c in (client, getattr(client, "_admin_client", None)))
    found = (getattr(server, "_session", None) for server in servers)
    return [session for session in found if isinstance(session, httpx.Client)]


def _close(client: ClientAPI) -> None:
    close = getattr(client, "close", None)  # exists since Chroma 1.5, but not in its types
    if close is not None:
        close()
