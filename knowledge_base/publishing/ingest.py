"""Files to a new generation of the index, with a report of what changed.

Documents of origins that an ingest does not name are carried over; an unchanged document keeps its id, its passages and
their vectors; a file that cannot be read any more keeps its last good version.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import logging
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import Embedder, Vectors
from knowledge_base.errors import IndexUnavailable, KnowledgeBaseError, LoadError, StoreUnavailable, VectorStoreError
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.index.generations import (
    NEVER_INDEXED,
    QUESTIONS,
    VOCABULARY,
    Generation,
    IndexFolder,
    Manifest,
    open_generation,
    open_whole,
)
from knowledge_base.index.lexical import LexicalEntry
from knowledge_base.index.questions import QuestionIndex
from knowledge_base.index.stores import IndexStore
from knowledge_base.index.vectors import VectorStore
from knowledge_base.loaders import iter_documents
from knowledge_base.query.vocabulary import ASKED, Vocabulary
from knowledge_base.splitting import split_document
from knowledge_base.text.normalise import TOKENISER_VERSION
from knowledge_base.types import Document, Passage
from knowledge_base.validity import first_day, last_day

logger = logging.getLogger(__name__)

CORPUS_ORIGIN = "corpus"
MIN_FREE_BYTES = 200_000_000
_EMBED_BATCH = 500
_MOST_TEXT = 2_000_000  # characters of which a vocabulary is made: beyond them it hardly grows

Progress = Callable[[str, int, int], None]
"""Called with a stage's name in Chinese, how much of it is done and how much there is."""


class IngestError(KnowledgeBaseError):
    """A new generation could not be built; the one in use goes on serving."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read as a document."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. Counts are of documents but for ``passages``, which counts all that the index now holds.

    ``updated`` of those added took the place of a former text, which counts as removed.
    """

    added: int
    unchanged: int
    removed: int
    failed: int
    passages: int
    seconds: float
    generation: str
    failures: tuple[Failure, ...]
    updated: int = 0


@dataclass(frozen=True, slots=True)
class _Task:
    """What an ingest is to do: which files to read, whose earlier documents they replace, what else goes, and who asked."""

    roots: Mapping[str, Path]
    files: Sequence[Path] = ()
    """Only these files below the one root; all when empty and the task names origins."""

    origins: frozenset[str] = frozenset()
    """Origins that are read whole: an earlier document of theirs that was not met is gone."""

    remove: frozenset[str] = frozenset()
    rebuild: bool = False
    author: str = ""


def ingest(
    folder: IndexFolder,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    *,
    remove: Iterable[str] = (),
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
) -> IngestReport:
    """Take in the shipped corpus, or the given files and folders, and switch to a new generation if anything changed.

    Args:
        folder: where generations live.
        embedder: makes the vectors; a generation of another embedder is embedded anew.
        paths: files or folders; the shipped corpus when empty.
        remove: ids of documents to take out.
        rebuild: build even when nothing changed.
        progress: told how far it is.

    Raises:
        IngestError: another ingest is running, the disk is full, or the new generation failed its verification.
    """
    roots = {str(p.resolve()): p for p in paths} or {CORPUS_ORIGIN: CORPUS}
    return _run(folder, embedder, _Task(roots, (), frozenset(roots), frozenset(remove), rebuild), progress)


def amend(
    folder: IndexFolder,
    embedder: Embedder,
    root: Path,
    files: Sequence[Path],
    *,
    remove: Iterable[str] = (),
    author: str = "",
    progress: Progress = lambda *_: None,
) -> IngestReport:
    """Take in some files of a folder, take out some documents, carry everything else over from the generation in use.

    Unlike :func:`ingest` it asks nothing of the folder's other files: after a generation was gone back to, they may be newer than it.

    Raises:
        IngestError: as :func:`ingest`.
    """
    return _run(folder, embedder, _Task({str(root.resolve()): root}, tuple(files), remove=frozenset(remove), author=author), progress)


def roll_back(folder: IndexFolder, embedder: Embedder, name: str) -> Manifest:
    """Switch to an earlier generation that is still kept, once it was opened whole.

    Raises:
        IngestError: it is not kept, is the one in use already, or an ingest is running.
        IndexUnavailable: it is damaged, or was built with other settings than those in force.
    """
    try:
        with FileLock(folder.lock_path, timeout=0):
            if name == folder.current():
                raise IngestError(f"{name} 正在使用，不用回退")
            if name not in folder.served():
                raise IngestError(f"没有留着版本 {name}，回退不了。能回退的有：{'、'.join(folder.served()) or '没有'}")
            generation = folder.open_named(name, embedder)
            generation.close()
            folder.point_to(name)
            return generation.manifest
    except Timeout as exc:
        raise IngestError("另一次发布正在进行。请等它结束再回退") from exc


def _run(folder: IndexFolder, embedder: Embedder, task: _Task, progress: Progress) -> IngestReport:
    begun = time.monotonic()
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise IngestError(f"建不了文件夹 {folder.path}：{exc.strerror}。请检查 ASSISTANT_DATA_DIR") from exc
    free = shutil.disk_usage(folder.path).free
    if free < MIN_FREE_BYTES:
        raise IngestError(f"磁盘空间不足：{folder.path} 只剩 {free // 1_000_000} MB，至少要 {MIN_FREE_BYTES // 1_000_000} MB。请清理后再试")
    try:
        with FileLock(folder.lock_path, timeout=0):
            return _run_locked(folder, embedder, task, progress, begun)
    except Timeout as exc:
        raise IngestError("另一个 assistant ingest 正在运行。请等它结束再试") from exc
    except StoreUnavailable as exc:
        raise IngestError(f"{exc}。新索引没有建成，原来的仍在使用") from exc
    except (OSError, sqlite3.Error, VectorStoreError, IndexUnavailable) as exc:
        if _disk_is_full(exc):
            raise IngestError(f"磁盘写满了，新索引没有建成，原来的仍在使用。请清理 {folder.path} 所在磁盘后再试") from exc
        raise IngestError(f"写索引时出错：{exc}。原来的索引仍在使用") from exc


def _disk_is_full(exc: Exception) -> bool:
    if isinstance(exc, OSError):
        return exc.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or "No space left" in str(exc) or "disk is full" in str(exc)


def _run_locked(folder: IndexFolder, embedder: Embedder, task: _Task, progress: Progress, begun: float) -> IngestReport:
    previous = _open_previous(folder)
    old = dict(previous.catalogue.entries) if previous else _entries_that_can_be_read(folder)
    try:
        loaded, failures, unreadable = _load(
            task, old, {} if task.rebuild else {e.digest: e.document for e in old.values() if e.digest}, progress
        )
        entries, named = _merge(old, loaded, task.origins, unreadable, task.remove)
        if CORPUS_ORIGIN in task.origins:
            failures += _pushed_out(old, loaded)
        added = {doc_id for doc_id in entries if doc_id not in old}
        removed = {doc_id for doc_id in old if doc_id not in entries}
        fits = previous is not None and (previous.manifest.embedder, previous.manifest.tokeniser) == (
            embedder.fingerprint,
            TOKENISER_VERSION,
        )
        if previous is not None and fits and _has_every_part(previous) and not (added or removed or task.rebuild):
            manifest = previous.manifest
        else:
            manifest = _build(folder, embedder, entries, previous if fits else None, progress, task.author)
    finally:
        if previous:
            previous.close()
    return IngestReport(
        added=len(added),
        unchanged=sum(1 for doc_id in named if doc_id in old),
        removed=len(removed),
        failed=len(failures),
        passages=manifest.passages,
        seconds=round(time.monotonic() - begun, 3),
        generation=manifest.generation,
        failures=tuple(failures),
        updated=len({entries[i].document.slug for i in added} & {old[i].document.slug for i in removed}),
    )


def _has_every_part(generation: Generation) -> bool:
    """Whether it was built since there are vocabularies and indexed questions."""
    worded = bool(generation.vocabulary.counts) or not generation.manifest.passages
    return worded and generation.manifest.questions != NEVER_INDEXED


def _open_previous(folder: IndexFolder) -> Generation | None:
    name = folder.current()
    if name is None:
        return None
    try:
        manifest = folder.manifest(name)
        if manifest.store != folder.store.kind:
            logger.info("generation %s is kept in %s and is built anew in %s", name, manifest.store, folder.store.kind)
            return None
        generation = open_whole(folder.path / name, manifest, folder.store)
        _ = generation.catalogue.entries
    except (IndexUnavailable, sqlite3.DatabaseError, ValueError) as exc:
        logger.warning("generation %s cannot be read and is built anew: %s", name, exc)
        return None
    return generation


def _entries_that_can_be_read(folder: IndexFolder) -> dict[str, Entry]:
    """Entries of the newest generation whose catalogue can be read, the one in use first: no document is lost with an index."""
    for name in dict.fromkeys((folder.current(), *reversed(folder.generations()))):
        if name is None:
            continue
        try:
            return dict(Catalogue(folder.path / name / "catalogue.sqlite").entries)
        except (IndexUnavailable, sqlite3.DatabaseError, ValueError):
            continue
    return {}


def _load(
    task: _Task, old: Mapping[str, Entry], remembered: dict[str, Document], progress: Progress
) -> tuple[list[Entry], list[Failure], set[tuple[str, str]]]:
    """Entries, failures, and the (origin, path below it) of what failed. Documents of files that did not change are remembered."""
    shipped = {e.document.slug: e for e in old.values() if e.origin == CORPUS_ORIGIN}
    entries: dict[str, Entry] = {}
    failures: list[Failure] = []
    unreadable: set[tuple[str, str]] = set()
    for origin, root in task.roots.items():
        documents = iter_documents([root], remembered) if task.origins else iter_documents(task.files, remembered, root=root)
        for count, (path, outcome) in enumerate(documents, 1):
            relative = path.name if path == root else str(path.relative_to(root))
            if isinstance(outcome, LoadError):
                reason = str(outcome)
            else:
                reason = "；".join(_faults(outcome, entries, {} if origin == CORPUS_ORIGIN else shipped))
            if isinstance(outcome, LoadError) or reason:
                failures.append(Failure(str(path), reason))
                unreadable.add((origin, relative))
            else:
                entries[outcome.slug] = Entry(outcome, origin, relative)
            progress("读取文件", count, len(task.files))
    digests = {document.doc_id: digest for digest, document in remembered.items()}
    return [replace(e, digest=digests[e.document.doc_id]) for e in entries.values()], failures, unreadable


def _faults(document: Document, entries: Mapping[str, Entry], shipped: Mapping[str, Entry]) -> Iterator[str]:
    """Why a document that could be read cannot be kept."""
    if document.slug in shipped:
        yield id_taken(document.slug, shipped[document.slug].document.title)
    if document.slug in entries:
        yield f"文件头的 id“{document.slug}”与 {entries[document.slug].path} 重复。请改成另一个 id 再导入"
    for name in ("issued", "effective", "expires"):
        date = getattr(document, name)
        try:
            _ = date and (first_day(date), last_day(date))
        except ValueError:
            yield f"文件头的 {name}“{date}”不是日期。请写成 2025-11-28、2025-11 或 2025，没有载明就留空"


def id_taken(slug: str, title: str) -> str:
    """What to tell whoever brings a document under the id of a shipped one."""
    return f"编号（id）“{slug}”是随程序附带的《{title}》在用的，不能用它替换那一篇。请改成另一个编号再导入"


def _pushed_out(old: Mapping[str, Entry], loaded: Sequence[Entry]) -> Iterator[Failure]:
    """Documents of others whose id the shipped corpus has taken."""
    shipped = {e.document.slug: e.document.title for e in loaded}
    for entry in old.values():
        if entry.origin != CORPUS_ORIGIN and entry.document.slug in shipped:
            yield Failure(entry.path, id_taken(entry.document.slug, shipped[entry.document.slug]))


def _merge(
    old: Mapping[str, Entry],
    loaded: Sequence[Entry],
    origins: frozenset[str],
    unreadable: set[tuple[str, str]],
    remove: frozenset[str],
) -> tuple[dict[str, Entry], set[str]]:
    """Documents of the next generation by id, and the ids of those that this ingest named.

    An old document of a named origin stays only where its file could not be read this time.
    """
    by_slug: dict[str, Entry] = {}
    for entry in old.values():
        stays = entry.origin not in origins or (entry.origin, entry.path) in unreadable
        if entry.document.doc_id not in remove and stays:
            by_slug[entry.document.slug] = entry
    named = set()
    for entry in loaded:
        if entry.document.doc_id not in remove:
            by_slug[entry.document.slug] = entry
            named.add(entry.document.doc_id)
    return {e.document.doc_id: e for _, e in sorted(by_slug.items())}, named


def _build(
    folder: IndexFolder, embedder: Embedder, entries: Mapping[str, Entry], previous: Generation | None, progress: Progress, author: str
) -> Manifest:
    with folder.building() as building:
        split: list[tuple[Entry, list[tuple[Passage, str]]]] = []
        for count, entry in enumerate(entries.values(), 1):
            split.append((entry, [(p, _vector_key(entry.document, p)) for p in split_document(entry.document)]))
            progress("切分条款", count, len(entries))
        collection = folder.new_collection()
        catalogue = Catalogue.build(building / "catalogue.sqlite", split)
        pairs = [(entry.document, passage, key) for entry, passages in split for passage, key in passages]
        known = _KnownVectors.of(previous, pairs)
        progress("建词汇索引", 0, len(pairs))
        with ThreadPoolExecutor(1, "words") as beside:  # words are counted here, vectors mostly by libraries: each has a core
            words = beside.submit(_write_words, folder.store, building, collection, pairs)
            questions = _write_vectors(folder.store, building, collection, embedder, pairs, known, progress)
            words.result()
        manifest = Manifest(
            generation=folder.next_name(),
            embedder=embedder.fingerprint,
            dimension=embedder.dimension,
            tokeniser=TOKENISER_VERSION,
            corpus_hash=hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest(),
            documents=len(entries),
            passages=catalogue.passage_count,
            built=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            author=author,
            store=folder.store.kind,
            collection=collection,
            questions=len(questions),
        )
        _verify(building, manifest, embedder, folder.store)
        folder.publish(building, manifest)
    progress("完成", len(pairs), len(pairs))
    return manifest


def _write_words(store: IndexStore, building: Path, collection: str, pairs: Sequence[tuple[Document, Passage, str]]) -> None:
    """The lexical leg, and the words that questions are read with."""
    try:
        store.write_words(building, collection, (lexical_entry(document, passage) for document, passage, _ in pairs))
    except ValueError as exc:  # what tantivy raises when it cannot write
        raise IndexUnavailable(f"词汇索引写不了：{exc}") from exc
    Vocabulary.of(_worded(pairs)).save(building / VOCABULARY)


def _write_vectors(
    store: IndexStore,
    building: Path,
    collection: str,
    embedder: Embedder,
    pairs: Sequence[tuple[Document, Passage, str]],
    known: _KnownVectors,
    progress: Progress,
) -> QuestionIndex:
    """The dense leg, and the questions that passages answer."""
    vectors = store.write_vectors(building, collection, embedder.dimension)
    try:
        _fill(vectors, embedder, pairs, known, progress)
    finally:
        vectors.close()
    questions = _embed_questions(embedder, pairs, known)
    questions.save(building / QUESTIONS)
    return questions


def _worded(pairs: Sequence[tuple[Document, Passage, str]]) -> Iterator[tuple[str, int]]:
    """Texts of which a vocabulary is made, each with what a use in it counts; of a large corpus every so-many-th passage."""
    seen = set()
    step = 1 + sum(len(passage.text) for _, passage, _ in pairs) // _MOST_TEXT
    for document, passage, _ in pairs[::step]:
        if document.doc_id not in seen:
            seen.add(document.doc_id)
            yield "\n".join((document.title, *document.short_titles, document.doc_no, document.issuer)), ASKED
        yield "\n".join((*passage.heading_path, *passage.questions)), ASKED
        yield passage.text, 1


@dataclass(frozen=True, slots=True)
class _KnownVectors:
    """What the generation before embedded of the same texts: by vector key, the passage's vector and those of its questions."""

    passages: Mapping[str, Vectors]
    questions: Mapping[str, Vectors]

    @classmethod
    def of(cls, previous: Generation | None, pairs: Sequence[tuple[Document, Passage, str]]) -> _KnownVectors:
        """Vectors of a generation for the passages of another that have the same texts."""
        if previous is None:
            return cls({}, {})
        ids = previous.catalogue.vector_keys()
        wanted = {key: ids[key] for _, _, key in pairs if key in ids}
        vectors, questions = previous.vectors.get(list(wanted.values())), previous.questions.get(wanted.values())
        return cls(
            {key: vectors[passage_id] for key, passage_id in wanted.items() if passage_id in vectors},
            {key: questions[passage_id] for key, passage_id in wanted.items() if passage_id in questions},
        )


def _fill(
    store: VectorStore, embedder: Embedder, pairs: Sequence[tuple[Document, Passage, str]], known: _KnownVectors, progress: Progress
) -> None:
    def rows_of(batch: Sequence[tuple[Document, Passage, str]]) -> Vectors:
        new = [(document, passage) for document, passage, key in batch if key not in known.passages]
        embedded = iter(embedder.embed_passages([embedding_text(d, p) for d, p in new]))
        return np.asarray([known.passages[key] if key in known.passages else next(embedded) for _, _, key in batch], dtype=np.float32)

    starts = range(0, len(pairs), _EMBED_BATCH)
    with ThreadPoolExecutor(1, "embedding") as ahead:  # the next batch is embedded while the store takes in this one
        following = [ahead.submit(rows_of, pairs[:_EMBED_BATCH])]
        for start in starts:
            rows = following.pop().result()
            end = start + _EMBED_BATCH
            if end < len(pairs):
                following.append(ahead.submit(rows_of, pairs[end : end + _EMBED_BATCH]))
            store.add([p.passage_id for _, p, _ in pairs[start:end]], rows)
            progress("建向量索引", min(end, len(pairs)), len(pairs))


def _embed_questions(embedder: Embedder, pairs: Sequence[tuple[Document, Passage, str]], known: _KnownVectors) -> QuestionIndex:
    """Questions are embedded as such: with the prompt of a question, where a model has one."""
    held = {p.passage_id: known.questions[key] for _, p, key in pairs if key in known.questions}
    for start in range(0, len(pairs), _EMBED_BATCH):
        new = [p for _, p, _ in pairs[start : start + _EMBED_BATCH] if p.questions and p.passage_id not in held]
        rows = iter(embedder.embed_queries([question for passage in new for question in passage.questions]))
        held |= {p.passage_id: np.array([next(rows) for _ in p.questions]) for p in new}
    return QuestionIndex(held)


def _verify(building: Path, manifest: Manifest, embedder: Embedder, store: IndexStore) -> None:
    """Counts agree over the three parts, and a passage is found by its own words in both legs."""
    generation = open_generation(building, manifest, store)
    try:
        counts = (generation.catalogue.passage_count, len(generation.lexical), len(generation.vectors))
        if len(set(counts)) != 1:
            raise IngestError(f"新索引数目对不上（目录、词汇、向量）：{counts}，没有启用。请再运行一次 assistant ingest")
        sample = next(generation.catalogue.passages(), None)
        if sample is None:
            return
        text = embedding_text(generation.catalogue.document(sample.doc_id), sample)
        by_words = {i for i, _ in generation.lexical.search(text, 20)}
        by_vector = {i for i, _ in generation.vectors.search(embedder.embed_passages([text])[0], 20)}
        if sample.passage_id not in by_words or (by_vector and sample.passage_id not in by_vector):
            raise IngestError(f"新索引找不到自己的段落 {sample.passage_id}，没有启用。请再运行一次 assistant ingest --rebuild")
    finally:
        generation.close()


def head_of(document: Document, passage: Passage) -> str:
    """Title, other names, 文号 and headings of a passage: what it is known by."""
    return " ".join(dict.fromkeys((document.title, *document.short_titles, document.doc_no, *passage.heading_path, passage.clause)))


def lexical_entry(document: Document, passage: Passage) -> LexicalEntry:
    """What the lexical leg holds of a passage."""
    return LexicalEntry(passage.passage_id, passage.text, head_of(document, passage), " ".join(passage.questions))


def embedding_text(document: Document, passage: Passage) -> str:
    """What the dense leg holds of a passage."""
    return "\n".join(filter(None, (head_of(document, passage), " ".join(passage.questions), passage.text)))


def _vector_key(document: Document, passage: Passage) -> str:
    return hashlib.sha256(embedding_text(document, passage).encode()).hexdigest()[:32]
