"""Documents and passages of one generation, in one SQLite file that is written once and then only read."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from knowledge_base.errors import IndexUnavailable
from knowledge_base.types import Document, Passage

_DOCUMENT = TypeAdapter(Document)
_PASSAGE = TypeAdapter(Passage)

_SCHEMA = """
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, path TEXT NOT NULL, data TEXT NOT NULL,
    digest TEXT NOT NULL);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents, ordinal INTEGER NOT NULL, vector_key TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (doc_id, ordinal);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with where it came from: the origin that an ingest named, the path below it, and the digest of the file."""

    document: Document
    origin: str
    path: str
    digest: str = ""


class Catalogue:
    """Read access to the documents and passages of a generation. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open a catalogue written by :meth:`build`.

        Raises:
            IndexUnavailable: there is no such file.
        """
        if not path.is_file():
            raise IndexUnavailable(f"找不到文档目录库 {path}。请运行 assistant ingest")
        self._path = path
        self._local = threading.local()

    @classmethod
    def build(cls, path: Path, items: Iterable[tuple[Entry, Sequence[tuple[Passage, str]]]]) -> Catalogue:
        """Write entries, each with its passages and their vector keys, into a new file and open it."""
        connection = sqlite3.connect(path)
        try:
            connection.executescript(_SCHEMA)
            for entry, passages in items:
                document = entry.document
                data = _DOCUMENT.dump_json(document).decode()
                connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                    (document.doc_id, document.slug, entry.origin, entry.path, data, entry.digest),
                )
                connection.executemany(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                    [(p.passage_id, p.doc_id, p.ordinal, key, _PASSAGE.dump_json(p).decode()) for p, key in passages],
                )
            connection.commit()
        finally:
            connection.close()
        return cls(path)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every document with its origin, by doc_id, in the order of slugs."""
        columns = {row[1] for row in self._rows("PRAGMA table_info(documents)")}
        digest = "digest" if "digest" in columns else "''"  # generations written before files had digests
        rows = self._rows(f"SELECT doc_id, origin, path, data, {digest} FROM documents ORDER BY slug")
        return {doc_id: Entry(_DOCUMENT.validate_json(data), origin, path, digest) for doc_id, origin, path, data, digest in rows}

    def document(self, doc_id: str) -> Document:
        """The document of an id.

        Raises:
            KeyError: there is none.
        """
        return self.entries[doc_id].document

    def passage(self, passage_id: str) -> Passage:
        """The passage of an id.

        Raises:
            KeyError: there is none.
        """
        for (data,) in self._rows("SELECT data FROM passages WHERE passage_id = ?", (passage_id,)):
            return _PASSAGE.validate_json(data)
        raise KeyError(passage_id)

    def passages_of(self, doc_id: str) -> list[Passage]:
        """Passages of a document in reading order; empty for an unknown id."""
        rows = self._rows("SELECT data FROM passages WHERE doc_id = ? ORDER BY ordinal", (doc_id,))
        return [_PASSAGE.validate_json(data) for (data,) in rows]

    def passages(self) -> Iterator[Passage]:
        """Every passage, document by document."""
        for (data,) in self._rows("SELECT data FROM passages ORDER BY doc_id, ordinal"):
            yield _PASSAGE.validate_json(data)

    def vector_keys(self) -> dict[str, str]:
        """Passage id by vector key: which stored vector serves a text again."""
        return {row[0]: row[1] for row in self._rows("SELECT vector_key, passage_id FROM passages")}

    def passage_counts(self) -> dict[str, int]:
        """Number of passages by doc_id."""
        return {doc_id: int(n) for doc_id, n in self._rows("SELECT doc_id, count(*) FROM passages GROUP BY doc_id")}

    @cached_property
    def passage_count(self) -> int:
        """Number of passages."""
        return int(next(iter(self._rows("SELECT count(*) FROM passages")))[0])

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[str, ...]]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Immutable: no lock file is written beside a generation that several processes read.
            connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            self._local.connection = connection
        yield from connection.execute(sql, parameters)
