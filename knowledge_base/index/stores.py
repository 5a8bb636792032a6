"""Where the lexical and the dense leg of a generation are kept: the port :class:`IndexStore` and its adapters, chosen by one setting.

::

    embedded               vectors (Chroma) and words (tantivy) in the generation's folder
    chroma://host:8000     vectors on a Chroma server, words in the folder
    milvus://host:19530    both on a Milvus server or cluster
    milvus:FILE.db         both in Milvus Lite, for one process at a time

On a server each generation has its own collections, named after the index folder they belong to. The catalogue and the
pointer to the generation in use stay in the folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from knowledge_base.errors import VectorStoreError
from knowledge_base.index.collections import stale_collections
from knowledge_base.index.fields import LexicalEntry
from knowledge_base.index.generation import EMBEDDED_KIND, LexicalIndex, VectorStore
from knowledge_base.index.lexical import TantivyIndex
from knowledge_base.index.vectors import ChromaServer, ChromaStore

_LEXICAL, _VECTORS = "lexical", "vectors"  # subfolders of a generation's folder


class IndexStore(Protocol):
    """Writes, opens and drops the legs of generations.

    ``folder`` is the generation's folder on disk and ``name`` the name of its collections on a server; an adapter uses what it needs.
    Every method but ``close`` raises StoreUnavailable when a server does not answer.
    """

    @property
    def kind(self) -> str:
        """Name stored in the manifest; a generation of another kind cannot be opened."""
        ...

    def write_words(self, folder: Path, name: str, entries: Iterable[LexicalEntry]) -> None:
        """Write the lexical leg."""
        ...

    def write_vectors(self, folder: Path, name: str, dimension: int) -> VectorStore:
        """An empty dense leg; the caller fills and closes it."""
        ...

    def open_words(self, folder: Path, name: str) -> LexicalIndex:
        """The lexical leg of a written generation."""
        ...

    def open_vectors(self, folder: Path, name: str) -> VectorStore:
        """The dense leg of a written generation."""
        ...

    def sweep(self, owner: str, keep: Collection[str]) -> None:
        """Drop an owner's collections, except those to keep."""
        ...

    def check(self) -> None:
        """Check that the server answers."""
        ...

    def close(self) -> None:
        """Disconnect. The next use connects again."""
        ...


class EmbeddedStore:
    """Chroma and tantivy in the generation's folder: the default, for one machine with one writing process."""

    @property
    def kind(self) -> str:
        """embedded."""
        return EMBEDDED_KIND

    def write_words(self, folder: Path, name: str, entries: Iterable[LexicalEntry]) -> None:
        """Write the lexical leg."""
        TantivyIndex.build(folder / _LEXICAL, entries)

    def write_vectors(self, folder: Path, name: str, dimension: int) -> VectorStore:
        """An empty dense leg."""
        return ChromaStore(folder / _VECTORS)

    def open_words(self, folder: Path, name: str) -> LexicalIndex:
        """The lexical leg."""
        return TantivyIndex(folder / _LEXICAL)

    def open_vectors(self, folder: Path, name: str) -> VectorStore:
        """The dense leg."""
        return ChromaStore(folder / _VECTORS)

    def sweep(self, owner: str, keep: Collection[str]) -> None:
        """Nothing to do: a generation's data goes with its folder."""

    def check(self) -> None:
        """Nothing to do: there is no server."""

    def close(self) -> None:
        """Nothing to do: there is no connection."""


class ChromaServerIndexStore(EmbeddedStore):
    """Vectors on a Chroma server; the lexical leg stays in the folder."""

    def __init__(self, server: ChromaServer) -> None:
        self._server = server

    @property
    def kind(self) -> str:
        """chroma."""
        return "chroma"

    def write_vectors(self, folder: Path, name: str, dimension: int) -> VectorStore:
        """An empty collection."""
        return self._server.create(name)

    def open_vectors(self, folder: Path, name: str) -> VectorStore:
        """The collection."""
        return self._server.open(name)

    def sweep(self, owner: str, keep: Collection[str]) -> None:
        """Drop stale collections."""
        for name in stale_collections(self._server.names(), owner, keep):
            self._server.drop(name)

    def check(self) -> None:
        """Check that the server answers."""
        self._server.check()

    def close(self) -> None:
        """Disconnect."""
        self._server.close()


EMBEDDED = EmbeddedStore()


def _chroma(address: str) -> IndexStore:
    parts = urlsplit(address)
    if not parts.hostname or parts.path or parts.username:
        raise ValueError(address)
    return ChromaServerIndexStore(ChromaServer(parts.hostname, parts.port or 8000))


def _milvus(address: str) -> IndexStore:
    from knowledge_base.index.milvus import Milvus, MilvusConnection  # optional: the default store needs no pymilvus

    if not address.startswith("milvus://"):
        path = Path(address.removeprefix("milvus:"))
        if path.suffix != ".db":
            raise ValueError(address)
        return Milvus(MilvusConnection.to_file(path))
    parts = urlsplit(address)
    if not parts.hostname or parts.path:
        raise ValueError(address)
    return Milvus(
        MilvusConnection.to_server(parts.hostname, parts.port or 19530, unquote(parts.username or ""), unquote(parts.password or ""))
    )


STORES: Mapping[str, Callable[[str], IndexStore]] = {"embedded": lambda _: EMBEDDED, "chroma": _chroma, "milvus": _milvus}
"""Opens a store, by the scheme of its address."""


def build_store(address: str) -> IndexStore:
    """The store for an address. Does not connect yet.

    Raises:
        VectorStoreError: the address has none of the forms above, or needs a package that is not installed.
    """
    try:
        return STORES[address.partition(":")[0]](address)
    except (KeyError, ValueError) as exc:
        shown = re.sub(r"//.*@", "//…@", address)  # the address may contain a password
        raise VectorStoreError(
            f"ASSISTANT_STORE={shown} 看不懂。请写成 embedded、chroma://主机:8000、milvus://主机:19530 或 milvus:文件.db"
        ) from exc
    except ImportError as exc:
        raise VectorStoreError(
            f"ASSISTANT_STORE 用 Milvus 要先装 pymilvus（{exc}）。请运行 .venv/bin/python -m pip install --no-deps -r requirements-dev.lock"
        ) from exc
