"""Uploaded files: written, ingested into a new generation, and restored to what they were if that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.embedder.embedding import Embedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.loaders.stated import read_stated, write_stated
from knowledge_base.publishing.ingest import amend
from knowledge_base.publishing.report import IngestReport, Progress


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's bytes, and what an officer states about its document."""

    data: bytes
    stated: Mapping[str, str] = field(default_factory=dict)


def apply_uploads(
    folder: IndexFolder,
    embedder: Embedder,
    uploads: Path,
    files: Mapping[str, Upload],
    *,
    remove: Iterable[str] = (),
    author: str = "",
    progress: Progress = lambda *_: None,
) -> IngestReport:
    """Store files under their names, and activate a generation with their documents and without those to remove.

    If a file cannot be read, the earlier file of its name is restored.

    Raises:
        IngestError: no generation could be built; the uploads folder is unchanged.
    """
    gone = set(remove)
    doomed = _files_of(folder, embedder, uploads, gone) if gone else []
    with _written(uploads, files) as (paths, restore):
        report = amend(folder, embedder, uploads, paths, remove=gone, author=author, progress=progress)
        for failure in report.failures:
            restore(Path(failure.path).name)
    for path in doomed:
        if path.name not in files:
            path.unlink(missing_ok=True)
            write_stated(path, {})
    return report


@contextmanager
def _written(uploads: Path, files: Mapping[str, Upload]) -> Iterator[tuple[Sequence[Path], _Restore]]:
    """Write the files; if the block raises, restore what was there before."""
    uploads.mkdir(parents=True, exist_ok=True)
    before = {name: _stored(uploads / name) for name in files}
    restore = _Restore(uploads, before)
    try:
        for name, upload in files.items():
            (uploads / name).write_bytes(upload.data)
            write_stated(uploads / name, upload.stated)
        yield [uploads / name for name in files], restore
    except BaseException:
        for name in files:
            restore(name)
        raise


@dataclass(frozen=True, slots=True)
class _Restore:
    """Restores files to what they were."""

    uploads: Path
    before: Mapping[str, Upload | None]

    def __call__(self, name: str) -> None:
        """Restore the file of a name, or remove it if there was none."""
        earlier = self.before.get(name)
        if earlier is None:
            (self.uploads / name).unlink(missing_ok=True)
        else:
            (self.uploads / name).write_bytes(earlier.data)
        write_stated(self.uploads / name, earlier.stated if earlier else {})


def _stored(path: Path) -> Upload | None:
    return Upload(path.read_bytes(), read_stated(path)) if path.exists() else None


def _files_of(folder: IndexFolder, embedder: Embedder, uploads: Path, doc_ids: set[str]) -> list[Path]:
    """The uploaded files of these documents of the generation in use."""
    generation = folder.open(embedder)
    try:
        entries = [generation.catalogue.entries[i] for i in doc_ids if i in generation.catalogue.entries]
    finally:
        generation.close()
    return [uploads / e.path for e in entries if Path(e.origin) == uploads.resolve()]
