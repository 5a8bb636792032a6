"""Files that people added over HTTP: written, taken into a new generation, and as they were before wherever that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.embedder.embedding import Embedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.loaders.stated import read_stated, write_stated
from knowledge_base.publishing.ingest import IngestReport, Progress, amend


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's bytes, and what a person states about the document in it."""

    data: bytes
    stated: Mapping[str, str] = field(default_factory=dict)


def publish(
    folder: IndexFolder,
    embedder: Embedder,
    uploads: Path,
    files: Mapping[str, Upload],
    *,
    remove: Iterable[str] = (),
    author: str = "",
    progress: Progress = lambda *_: None,
) -> IngestReport:
    """Keep files, by the names they are stored under, and switch to a generation that holds them and not the documents to remove.

    A file that fails is not kept; the one that was there under its name is.

    Raises:
        IngestError: no generation could be made; the folder of uploads is as it was.
    """
    gone = set(remove)
    doomed = _files_of(folder, embedder, uploads, gone) if gone else []
    with _written(uploads, files) as (paths, put_back):
        report = amend(folder, embedder, uploads, paths, remove=gone, author=author, progress=progress)
        for failure in report.failures:
            put_back(Path(failure.path).name)
    for path in doomed:
        if path.name not in files:
            path.unlink(missing_ok=True)
            write_stated(path, {})
    return report


@contextmanager
def _written(uploads: Path, files: Mapping[str, Upload]) -> Iterator[tuple[Sequence[Path], _PutBack]]:
    """The files where they are to be; whatever the block raises, everything is as before."""
    uploads.mkdir(parents=True, exist_ok=True)
    before = {name: _kept(uploads / name) for name in files}
    put_back = _PutBack(uploads, before)
    try:
        for name, upload in files.items():
            (uploads / name).write_bytes(upload.data)
            write_stated(uploads / name, upload.stated)
        yield [uploads / name for name in files], put_back
    except BaseException:
        for name in files:
            put_back(name)
        raise


@dataclass(frozen=True, slots=True)
class _PutBack:
    """Makes a file what it was."""

    uploads: Path
    before: Mapping[str, Upload | None]

    def __call__(self, name: str) -> None:
        """Restore a file of this name, or remove it where there was none."""
        earlier = self.before.get(name)
        if earlier is None:
            (self.uploads / name).unlink(missing_ok=True)
        else:
            (self.uploads / name).write_bytes(earlier.data)
        write_stated(self.uploads / name, earlier.stated if earlier else {})


def _kept(path: Path) -> Upload | None:
    return Upload(path.read_bytes(), read_stated(path)) if path.exists() else None


def _files_of(folder: IndexFolder, embedder: Embedder, uploads: Path, doc_ids: set[str]) -> list[Path]:
    """The uploaded files that documents of the generation in use were read from."""
    generation = folder.open(embedder)
    try:
        entries = [generation.catalogue.entries[i] for i in doc_ids if i in generation.catalogue.entries]
    finally:
        generation.close()
    return [uploads / e.path for e in entries if Path(e.origin) == uploads.resolve()]
