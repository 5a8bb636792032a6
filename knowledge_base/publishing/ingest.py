"""Files to a new generation of the index, with a report of what changed.

Documents of origins that an ingest does not name are carried over. An unchanged document keeps its id, its passages and
their vectors. A file that can no longer be read keeps its last good version.
"""

from __future__ import annotations

import errno
import logging
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import Embedder
from knowledge_base.errors import IndexUnavailable, IngestError, StoreUnavailable, VectorStoreError
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.index.generation import NEVER_INDEXED, Generation, Manifest
from knowledge_base.index.generations import IndexFolder, open_whole
from knowledge_base.publishing.build import build_generation
from knowledge_base.publishing.merge import CORPUS_ORIGIN, IngestTask, displaced_by_corpus, load_files, merge_entries
from knowledge_base.publishing.report import IngestReport, Progress
from knowledge_base.text.normalise import TOKENISER_VERSION

logger = logging.getLogger(__name__)

MIN_FREE_BYTES = 200_000_000
"""Free disk space that an ingest requires before it starts."""


def ingest(
    folder: IndexFolder,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    *,
    remove: Iterable[str] = (),
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
) -> IngestReport:
    """Read the shipped corpus, or the given files and folders, and activate a new generation if anything changed.

    Args:
        folder: where generations live.
        embedder: makes the vectors; a generation of another embedder is embedded again.
        paths: files or folders; the shipped corpus when empty.
        remove: ids of documents to drop.
        rebuild: build even if nothing changed.
        progress: called as the ingest advances.

    Raises:
        IngestError: another ingest is running, the disk is full, or the new generation failed its verification.
    """
    roots = {str(p.resolve()): p for p in paths} or {CORPUS_ORIGIN: CORPUS}
    return _run(folder, embedder, IngestTask(roots, (), frozenset(roots), frozenset(remove), rebuild), progress)


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
    """Add some files of a folder, drop some documents, and carry everything else over from the generation in use.

    Unlike :func:`ingest` it does not read the folder's other files: after a roll-back they may be newer than the generation in use.

    Raises:
        IngestError: as :func:`ingest`.
    """
    task = IngestTask({str(root.resolve()): root}, tuple(files), remove=frozenset(remove), author=author)
    return _run(folder, embedder, task, progress)


def roll_back(folder: IndexFolder, embedder: Embedder, name: str) -> Manifest:
    """Activate an earlier generation that is still kept, after checking that it opens.

    Raises:
        IngestError: it is not kept, is already in use, or an ingest is running.
        IndexUnavailable: it is damaged, or was built with settings other than the current ones.
    """
    try:
        with FileLock(folder.lock_path, timeout=0):
            if name == folder.current():
                raise IngestError(f"{name} 正在使用，不用回退")
            if name not in folder.served():
                raise IngestError(f"没有留着版本 {name}，回退不了。能回退的有：{'、'.join(folder.served()) or '没有'}")
            generation = folder.open_named(name, embedder)
            generation.close()
            folder.activate(name)
            return generation.manifest
    except Timeout as exc:
        raise IngestError("另一次发布正在进行。请等它结束再回退") from exc


def _run(folder: IndexFolder, embedder: Embedder, task: IngestTask, progress: Progress) -> IngestReport:
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


def _run_locked(folder: IndexFolder, embedder: Embedder, task: IngestTask, progress: Progress, begun: float) -> IngestReport:
    previous = _open_previous(folder)
    old = dict(previous.catalogue.entries) if previous else _readable_entries(folder)
    try:
        loaded = load_files(task, old, progress)
        merged = merge_entries(task, old, loaded)
        failures = list(loaded.failures)
        if CORPUS_ORIGIN in task.origins:
            failures += displaced_by_corpus(old, loaded.entries)
        added = merged.entries.keys() - old.keys()
        removed = old.keys() - merged.entries.keys()
        reusable = previous if previous is not None and _built_with(previous, embedder) else None
        if reusable is not None and _is_complete(reusable) and not (added or removed or task.rebuild):
            manifest = reusable.manifest
        else:
            manifest = build_generation(folder, embedder, merged.entries, reusable, progress, task.author)
    finally:
        if previous:
            previous.close()
    return IngestReport(
        added=len(added),
        unchanged=len(merged.named & old.keys()),
        removed=len(removed),
        failed=len(failures),
        passages=manifest.passages,
        seconds=round(time.monotonic() - begun, 3),
        generation=manifest.generation,
        failures=tuple(failures),
        updated=len({merged.entries[i].document.slug for i in added} & {old[i].document.slug for i in removed}),
    )


def _built_with(generation: Generation, embedder: Embedder) -> bool:
    """Whether a generation's vectors and words can be used with this embedder and tokeniser."""
    manifest = generation.manifest
    return (manifest.embedder, manifest.tokeniser) == (embedder.fingerprint, TOKENISER_VERSION)


def _is_complete(generation: Generation) -> bool:
    """Whether it has a vocabulary and a questions leg, which early generations lack."""
    has_vocabulary = bool(generation.vocabulary.counts) or not generation.manifest.passages
    return has_vocabulary and generation.manifest.questions != NEVER_INDEXED


def _open_previous(folder: IndexFolder) -> Generation | None:
    name = folder.current()
    if name is None:
        return None
    try:
        manifest = folder.manifest(name)
        if manifest.store != folder.store.kind:
            logger.info("generation %s is in store %s; rebuilding in %s", name, manifest.store, folder.store.kind)
            return None
        generation = open_whole(folder.path / name, manifest, folder.store)
        _ = generation.catalogue.entries
    except (IndexUnavailable, sqlite3.DatabaseError, ValueError) as exc:
        logger.warning("cannot read generation %s, rebuilding: %s", name, exc)
        return None
    return generation


def _readable_entries(folder: IndexFolder) -> dict[str, Entry]:
    """Entries of the first generation with a readable catalogue, so that a damaged index loses no documents.

    The generation in use is tried first, then the others from the newest.
    """
    for name in dict.fromkeys((folder.current(), *reversed(folder.generations()))):
        if name is None:
            continue
        try:
            return dict(Catalogue(folder.path / name / "catalogue.sqlite").entries)
        except (IndexUnavailable, sqlite3.DatabaseError, ValueError):
            continue
    return {}
