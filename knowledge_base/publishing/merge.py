"""Which documents the next generation holds: files read into entries, then merged with the entries of the generation in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge_base.errors import LoadError
from knowledge_base.index.catalogue import Entry
from knowledge_base.loaders import iter_documents
from knowledge_base.publishing.report import Failure, Progress
from knowledge_base.types import Document
from knowledge_base.validity import first_day, last_day

CORPUS_ORIGIN = "corpus"
"""Origin of the shipped documents."""


@dataclass(frozen=True, slots=True)
class IngestTask:
    """What an ingest has to do: which files to read, which documents to drop, and who asked for it."""

    roots: Mapping[str, Path]
    """Folder or file to read, by origin."""

    files: Sequence[Path] = ()
    """Read only these files below the single root; ignored when ``origins`` are given."""

    origins: frozenset[str] = frozenset()
    """Origins that are read completely: an earlier document of theirs that is not found again is dropped."""

    remove: frozenset[str] = frozenset()
    rebuild: bool = False
    author: str = ""


@dataclass(frozen=True, slots=True)
class LoadedFiles:
    """What reading the files gave. ``unreadable`` is the (origin, path below it) of each file that failed."""

    entries: list[Entry]
    failures: list[Failure]
    unreadable: set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """The documents of the next generation by id. ``named`` are the ids that this ingest read from files."""

    entries: dict[str, Entry]
    named: set[str]


def load_files(task: IngestTask, old: Mapping[str, Entry], progress: Progress) -> LoadedFiles:
    """Read a task's files. Unless the task is a rebuild, unchanged files are not parsed again."""
    remembered: dict[str, Document] = {} if task.rebuild else {e.digest: e.document for e in old.values() if e.digest}
    shipped = {e.document.slug: e for e in old.values() if e.origin == CORPUS_ORIGIN}
    entries: dict[str, Entry] = {}
    failures: list[Failure] = []
    unreadable: set[tuple[str, str]] = set()
    for origin, root in task.roots.items():
        documents = iter_documents([root], remembered) if task.origins else iter_documents(task.files, remembered, root=root)
        for count, (path, outcome) in enumerate(documents, 1):
            relative = path.name if path == root else str(path.relative_to(root))
            kept = _kept(outcome, entries, {} if origin == CORPUS_ORIGIN else shipped)
            if isinstance(kept, str):
                failures.append(Failure(str(path), kept))
                unreadable.add((origin, relative))
            else:
                entries[kept.slug] = Entry(kept, origin, relative)
            progress("读取文件", count, len(task.files))
    digests = {document.doc_id: digest for digest, document in remembered.items()}
    return LoadedFiles([replace(e, digest=digests[e.document.doc_id]) for e in entries.values()], failures, unreadable)


def _kept(outcome: Document | LoadError, entries: Mapping[str, Entry], shipped: Mapping[str, Entry]) -> Document | str:
    """The document that a file holds, or why none is kept."""
    if isinstance(outcome, LoadError):
        return str(outcome)
    return "；".join(_faults(outcome, entries, shipped)) or outcome


def merge_entries(task: IngestTask, old: Mapping[str, Entry], loaded: LoadedFiles) -> Merged:
    """The loaded documents, and the old ones that stay.

    Old documents of other origins stay. Those of an origin that is read completely stay only if their file could not be read this time.
    """
    by_slug: dict[str, Entry] = {}
    for entry in old.values():
        stays = entry.origin not in task.origins or (entry.origin, entry.path) in loaded.unreadable
        if entry.document.doc_id not in task.remove and stays:
            by_slug[entry.document.slug] = entry
    named = set()
    for entry in loaded.entries:
        if entry.document.doc_id not in task.remove:
            by_slug[entry.document.slug] = entry
            named.add(entry.document.doc_id)
    return Merged({e.document.doc_id: e for _, e in sorted(by_slug.items())}, named)


def displaced_by_corpus(old: Mapping[str, Entry], corpus: Sequence[Entry]) -> Iterator[Failure]:
    """Documents of other origins whose id the shipped corpus now uses."""
    shipped = {e.document.slug: e.document.title for e in corpus}
    for entry in old.values():
        if entry.origin != CORPUS_ORIGIN and entry.document.slug in shipped:
            yield Failure(entry.path, id_taken(entry.document.slug, shipped[entry.document.slug]))


def id_taken(slug: str, title: str) -> str:
    """Message for a document whose id belongs to a shipped one."""
    return f"编号（id）“{slug}”是随程序附带的《{title}》在用的，不能用它替换那一篇。请改成另一个编号再导入"


def _faults(document: Document, entries: Mapping[str, Entry], shipped: Mapping[str, Entry]) -> Iterator[str]:
    """Why a readable document cannot be kept."""
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
