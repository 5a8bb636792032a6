"""Where the two legs of a generation are kept: the port :class:`IndexStore` and its adapters, chosen by one setting.

::

    embedded               vectors (Chroma) and words (tantivy) in the generation's folder
    chroma://host:8000     vectors on a Chroma server, words in the folder
    milvus://host:19530    both on a Milvus server or cluster
    milvus:FILE.db         both in Milvus Lite, one process at a time

A server keeps a generation in collections of its own, named after the index folder that they belong to. The catalogue and
the pointer to the generation in use stay in the folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from knowledge_base.errors import VectorStoreError
from knowledge_base.index.lexical import LexicalEntry, LexicalIndex, TantivyIndex
from knowledge_base.index.vectors import ChromaServer, ChromaStore, VectorStore

_LEXICAL, _VECTORS = "lexical", "vectors"  # folders within a generation's
_OWNED = "wwda_{owner}_"


class IndexStore(Protocol):
    """Writes, opens and drops the two legs of generations.

    ``folder`` is the generation's folder on disk, ``name`` the name of its collections on a server (:func:`collection_name`);
    an adapter uses what it needs. Every method but ``close`` raises StoreUnavailable when a server does not answer.
    """

    @property
    def kind(self) -> str:
        """What the manifest remembers: generations of another kind cannot be opened."""
        ...

    def write_words(self, folder: Path, name: str, entries: Iterable[LexicalEntry]) -> None:
        """Write the lexical leg."""
        ...

    def write_vectors(self, folder: Path, name: str, dimension: int) -> VectorStore:
        """An empty dense leg, to be filled and closed."""
        ...

    def open_words(self, folder: Path, name: str) -> LexicalIndex:
        """The lexical leg that was written."""
        ...

    def open_vectors(self, folder: Path, name: str) -> VectorStore:
        """The dense leg that was written."""
        ...

    def sweep(self, owner: str, keep: Collection[str]) -> None:
        """Drop an owner's collections whose names are not among those to keep."""
        ...

    def check(self) -> None:
        """Ask for a sign of life."""
        ...

    def close(self) -> None:
        """Hang up. The next use connects again."""
        ...


def collection_name(owner: str, generation: str, chance: str) -> str:
    """Name of a generation's collections: letters, digits and underscores, as every server takes them."""
    return f"{_OWNED.format(owner=owner)}{generation}_{chance}"


def left_behind(names: Iterable[str], owner: str, keep: Collection[str]) -> list[str]:
    """Collections of an owner that begin with none of the names to keep. Those of others are never among them."""
    owned = _OWNED.format(owner=owner)
    return [n for n in names if n.startswith(owned) and not any(k and n.startswith(k) for k in keep)]


class EmbeddedStore:
    """Chroma and tantivy in the generation's folder: the default, on one machine with one process that writes."""

    @property
    def kind(self) -> str:
        """embedded."""
        return "embedded"

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
        """Nothing: what is dropped goes with its folder."""

    def check(self) -> None:
        """Nothing: there is no server."""

    def close(self) -> None:
        """Nothing: there is no connection."""


class ChromaServerIndexStore(EmbeddedStore):
    """Vectors on a Chroma server; words stay in the folder."""

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
        """Drop what no generation needs."""
        for name in left_behind(self._server.names(), owner, keep):
            self._server.drop(name)

    def check(self) -> None:
        """Ask the server for a sign of life."""
        self._server.check()

    def close(self) -> None:
        """Hang up."""
        self._server.close()


EMBEDDED = EmbeddedStore()


def _chroma(address: str) -> IndexStore:
    parts = urlsplit(address)
    if not parts.hostname or parts.path or parts.username:
        raise ValueError(address)
    return ChromaServerIndexStore(ChromaServer(parts.hostname, parts.port or 8000))


def _milvus(address: str) -> IndexStore:
    from knowledge_base.index.milvus import Milvus, MilvusConnection  # an extra: the default path does without

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
"""How an address begins, to what opens it."""


def build_store(address: str) -> IndexStore:
    """The store of an address. Connects to nothing yet.

    Raises:
        VectorStoreError: the address is none of the forms above, or needs a package that is not installed.
    """
    try:
        return STORES[address.partition(":")[0]](address)
    except (KeyError, ValueError) as exc:
        shown = re.sub(r"//.*@", "//…@", address)  # a password may stand before the host
        raise VectorStoreError(
            f"ASSISTANT_STORE={shown} 看不懂。请写成 embedded、chroma://主机:8000、milvus://主机:19530 或 milvus:文件.db"
        ) from exc
    except ImportError as exc:
        raise VectorStoreError(
            f"ASSISTANT_STORE 用 Milvus 要先装 pymilvus（{exc}）。请运行 .venv/bin/python -m pip install --no-deps -r requirements-dev.lock"
        ) from exc
