"""Generations on disk: an index is built beside the one in use, verified, and switched to in one step.

::

    DATA_DIR/index/
      CURRENT            name of the generation in use
      g000007/           manifest.json  catalogue.sqlite  lexical/  vectors/  questions.npz  vocabulary.json  served
      g000006/           one before, kept to go back to
      building-…/        one being written, or left by a killed process; swept by the next ingest
      OWNER              what this folder's collections on a server begin with

A generation is never changed after the switch, so that several processes may read it; ``served`` says that it was switched to.
Where its two legs are kept is the store's matter (:mod:`knowledge_base.index.stores`); on a server they are collections that its
manifest names.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from knowledge_base.embedder.embedding import Embedder
from knowledge_base.errors import IndexMismatch, IndexUnavailable, StoreUnavailable, VectorStoreError
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.index.lexical import LexicalIndex
from knowledge_base.index.questions import QuestionIndex
from knowledge_base.index.stores import EMBEDDED, IndexStore, collection_name
from knowledge_base.index.vectors import VectorStore
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.text.normalise import TOKENISER_VERSION

logger = logging.getLogger(__name__)

VOCABULARY = "vocabulary.json"
"""Name of a generation's file of words."""

QUESTIONS = "questions.npz"
"""Name of a generation's file of the questions that its passages answer."""

KEPT_GENERATIONS = 3
"""Generations that stay on disk, the one in use among them: what a bad publication is taken back to."""


NEVER_INDEXED = -1
"""Number of questions of a generation that was built before they were indexed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from, written beside it; ``author`` is who asked for it, "" for the command line."""

    generation: str
    embedder: str
    dimension: int
    tokeniser: str
    corpus_hash: str
    documents: int
    passages: int
    built: str
    author: str = ""
    store: str = EMBEDDED.kind
    collection: str = ""
    """Name of its collections on a server; "" where its folder holds all of it."""

    questions: int = NEVER_INDEXED
    """Questions (问法) that its passages are known to answer."""


@dataclass(frozen=True)
class Generation:
    """An opened generation: the catalogue, the three legs of retrieval and the words that questions are read with."""

    manifest: Manifest
    catalogue: Catalogue
    lexical: LexicalIndex
    vectors: VectorStore
    questions: QuestionIndex = field(default_factory=QuestionIndex)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def close(self) -> None:
        """Let go of its files."""
        self.vectors.close()


class IndexFolder:
    """The folder that holds the generations."""

    def __init__(self, data_dir: Path, store: IndexStore = EMBEDDED) -> None:
        self.path = data_dir / "index"
        self.store = store

    @property
    def lock_path(self) -> Path:
        """File that the one writing process holds locked."""
        return self.path / "ingest.lock"

    def current(self) -> str | None:
        """Name of the generation in use; None before the first."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name or None

    def manifest(self, name: str) -> Manifest:
        """Manifest of a generation.

        Raises:
            IndexUnavailable: it is missing or unreadable.
        """
        try:
            return Manifest(**json.loads((self.path / name / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as exc:
            raise IndexUnavailable(f"索引 {name} 的说明文件读不了：{exc}。请运行 assistant ingest --rebuild") from exc

    def open(self, embedder: Embedder) -> Generation:
        """The generation in use.

        Raises:
            IndexUnavailable: nothing was ingested yet, or its files are damaged.
            IndexMismatch: it was built with another embedder, tokeniser or store than those in force.
            StoreUnavailable: the server that holds it does not answer.
        """
        name = self.current()
        if name is None:
            raise IndexUnavailable("知识库还没有建好。请先运行 assistant ingest")
        return self.open_named(name, embedder)

    def open_named(self, name: str, embedder: Embedder) -> Generation:
        """A generation, in use or not.

        Raises:
            IndexUnavailable: there is none of this name, or its files are damaged.
            IndexMismatch: as for :meth:`open`.
        """
        manifest = self.manifest(name)
        if manifest.embedder != embedder.fingerprint:
            raise IndexMismatch(
                f"索引 {name} 用的向量模型是 {manifest.embedder}，现在设置的是 {embedder.fingerprint}，两者不能混用。"
                "请运行 assistant ingest --rebuild 重建索引（make run 会自己重建，文档不会丢），或改回原来的 ASSISTANT_EMBEDDER"
            )
        if manifest.tokeniser != TOKENISER_VERSION:
            raise IndexMismatch(
                f"索引 {name} 的分词版本是 {manifest.tokeniser}，程序的是 {TOKENISER_VERSION}。请运行 assistant ingest --rebuild"
            )
        if manifest.store != self.store.kind:
            raise IndexMismatch(
                f"索引 {name} 建在 {manifest.store} 里，现在设置的是 {self.store.kind}。请运行 assistant ingest --rebuild 重建索引，"
                "或改回原来的 ASSISTANT_STORE"
            )
        return open_whole(self.path / name, manifest, self.store)

    def owner(self) -> str:
        """What tells this folder's collections on a server from those of others; made at the first call."""
        path = self.path / "OWNER"
        if not path.exists():
            fresh = self.path / "OWNER.new"
            fresh.write_text(uuid.uuid4().hex[:12], encoding="utf-8")
            fresh.replace(path)
        return path.read_text(encoding="utf-8")

    def new_collection(self) -> str:
        """A name for the collections of the next generation, never used before; "" where its folder holds all of it."""
        if self.store.kind == EMBEDDED.kind:
            return ""
        return collection_name(self.owner(), self.next_name(), uuid.uuid4().hex[:8])

    def sweep(self) -> None:
        """Drop from the server what no generation on disk names: of generations that are gone, and of killed builds.

        A server that cannot do it now is asked again by the next ingest.
        """
        if self.store.kind == EMBEDDED.kind:
            return
        try:
            self.store.sweep(self.owner(), {self.manifest(name).collection for name in self.generations()})
        except (VectorStoreError, IndexUnavailable) as exc:
            logger.warning("old collections are left on the server: %s", exc)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A fresh folder to build in; removed when the block fails. Call with the lock held."""
        self.path.mkdir(parents=True, exist_ok=True)
        for left in self.path.glob("building-*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of its own each time: Chroma keeps a broken client for a path on which it once failed.
        folder = self.path / f"building-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        self.sweep()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def next_name(self) -> str:
        """Name for the next generation."""
        numbers = [int(p.name[1:]) for p in self.path.glob("g[0-9]*") if p.name[1:].isdigit()]
        return f"g{max(numbers, default=0) + 1:06d}"

    def publish(self, built: Path, manifest: Manifest) -> None:
        """Switch to a built folder: rename, then replace the pointer in one step, then drop all but it, the one before and the newest.

        What killed processes left is dropped too: generations that were never switched to, or only half removed.
        """
        before = self.current()
        (built / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
        _sync_tree(built)
        built.rename(self.path / manifest.generation)
        self.point_to(manifest.generation)
        kept = list(dict.fromkeys(name for name in (manifest.generation, before, *reversed(self.served())) if name))[:KEPT_GENERATIONS]
        for old in self.path.glob("g[0-9]*"):
            if old.name not in kept:
                shutil.rmtree(old, ignore_errors=True)
        self.sweep()

    def point_to(self, name: str) -> None:
        """Make a generation the one in use."""
        pointer = self.path / "CURRENT.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.path / "CURRENT")
        (self.path / name / "served").touch()

    def served(self) -> list[str]:
        """Names of the whole generations that are or were in use, oldest first: those that can be gone back to."""
        current = self.current()
        return [name for name in self.generations() if name == current or (self.path / name / "served").exists()]

    def generations(self) -> list[str]:
        """Names of the whole generations on disk, oldest first."""
        return sorted(p.parent.name for p in self.path.glob("g[0-9]*/manifest.json"))


def open_generation(folder: Path, manifest: Manifest, store: IndexStore = EMBEDDED) -> Generation:
    """Open the parts of a generation. One built before there were vocabularies or indexed questions has none of them."""
    vocabulary = folder / VOCABULARY
    return Generation(
        manifest=manifest,
        catalogue=Catalogue(folder / "catalogue.sqlite"),
        lexical=store.open_words(folder, manifest.collection),
        vectors=store.open_vectors(folder, manifest.collection),
        questions=QuestionIndex.load(folder / QUESTIONS) if manifest.questions != NEVER_INDEXED else QuestionIndex(),
        vocabulary=Vocabulary.load(vocabulary) if vocabulary.exists() else Vocabulary(),
    )


def open_whole(folder: Path, manifest: Manifest, store: IndexStore = EMBEDDED) -> Generation:
    """Open a generation whose parts hold what its manifest says.

    Raises:
        IndexUnavailable: a part is missing, damaged or not whole.
        StoreUnavailable: the server that holds it does not answer.
    """
    try:
        generation = open_generation(folder, manifest, store)
        counts = (generation.catalogue.passage_count, len(generation.lexical), len(generation.vectors))
    except StoreUnavailable:
        raise
    except (sqlite3.DatabaseError, VectorStoreError) as exc:
        raise IndexUnavailable(f"索引 {manifest.generation} 的文件坏了，请运行 assistant ingest --rebuild（{exc}）") from exc
    if set(counts) != {manifest.passages}:
        generation.close()
        raise IndexUnavailable(
            f"索引 {manifest.generation} 应有 {manifest.passages} 段，目录、词汇、向量里却是 {counts}。请运行 assistant ingest --rebuild"
        )
    if manifest.questions not in (NEVER_INDEXED, len(generation.questions)):
        generation.close()
        held = len(generation.questions)
        raise IndexUnavailable(
            f"索引 {manifest.generation} 应有 {manifest.questions} 个问法，却是 {held} 个。请运行 assistant ingest --rebuild"
        )
    return generation


class LiveIndex:
    """The generation in use, reopened when another process has switched to a new one.

    The generation before stays open until the next switch, for requests that still read it.
    """

    def __init__(self, folder: IndexFolder, embedder: Embedder, opener: Callable[[Embedder], Generation] | None = None) -> None:
        self.folder = folder
        self.embedder = embedder
        self._open = opener or folder.open
        self._lock = threading.Lock()
        self._generation: Generation | None = None
        self._before: Generation | None = None

    def get(self) -> Generation:
        """The generation in use now.

        Raises:
            IndexUnavailable: see :meth:`IndexFolder.open`.
        """
        generation = self._generation
        if generation is not None and self.folder.current() == generation.manifest.generation:
            return generation
        with self._lock:
            current = self.folder.current()
            if self._before is not None and current == self._before.manifest.generation:
                # Gone back to: it is open still, and Chroma shares one client among those who open a folder twice.
                self._before, self._generation = self._generation, self._before
            elif self._generation is None or current != self._generation.manifest.generation:
                opened = self._open(self.embedder)
                if self._before is not None:
                    self._before.close()
                self._before, self._generation = self._generation, opened
                logger.info("opened generation %s with %d passages", opened.manifest.generation, opened.manifest.passages)
            assert self._generation is not None  # opened above, or before
            return self._generation

    def close(self) -> None:
        """Let go of every open generation."""
        with self._lock:
            for generation in (self._before, self._generation):
                if generation is not None:
                    generation.close()
            self._before = self._generation = None


def _sync_tree(folder: Path) -> None:
    """Push a folder's files to disk, so that the pointer never names files that a power cut can lose."""
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
