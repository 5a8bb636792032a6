"""Files that were handed in and are not published yet: read, split for a preview, corrected by a person, answering nothing.

::

    DATA_DIR/drafts/
      d-0f3a…/           draft.json  and the file under its own name, with what was stated beside it

A file that cannot be read is kept as its reason alone, until it is dismissed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from knowledge_base.errors import LoadError
from knowledge_base.index.catalogue import Entry
from knowledge_base.loaders import document_from_bytes
from knowledge_base.loaders.stated import order_faults
from knowledge_base.publishing.ingest import CORPUS_ORIGIN, id_taken
from knowledge_base.publishing.uploads import Upload
from knowledge_base.splitting import split_document
from knowledge_base.text.normalise import normalise
from knowledge_base.types import Document, Passage

_MOST_NAME_BYTES = 120
_PASSED_OVER = frozenset({"readme", "catalog", "wanted"})
_UNSAFE = re.compile(r"[^\w .\-，、。：；！—…·“”‘’（）()《》〈〉〔〕【】\[\]&+＋]+")
_ID = re.compile(r"d-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was handed in. ``name`` is its own name, ``stored`` the one it is kept under; ``failure`` says why it cannot be read.

    ``stated`` is what a person corrected; ``document`` has it applied and is there unless the file failed.
    """

    draft_id: str
    name: str
    stored: str
    author: str
    created: str
    stated: Mapping[str, str]
    document: Document | None = None
    failure: str = ""

    def passages(self) -> list[Passage]:
        """How the document would be split."""
        return split_document(self.document) if self.document else []


@dataclass(frozen=True, slots=True)
class Standing:
    """What publishing a draft would do to the knowledge base.

    ``replaces`` is the document whose place it would take, ``same_title`` are others of its title, ``faults`` keep it from being
    published.
    """

    replaces: Document | None = None
    same_title: tuple[Document, ...] = ()
    faults: tuple[str, ...] = ()


_DRAFT = TypeAdapter(Draft)


class DraftFolder:
    """The folder that holds drafts."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "drafts"

    def add(self, data: bytes, name: str, *, author: str, created: str) -> Draft:
        """Keep a file as a draft, or, where it cannot be read, the reason. A draft of the same name is replaced."""
        stored = stored_name(name)
        draft = Draft(f"d-{uuid.uuid4().hex[:16]}", base_name(name) or stored, stored, author, created, {})
        try:
            draft = replace(draft, document=_sound(document_from_bytes(data, stored)))
        except LoadError as exc:
            draft = replace(draft, failure=str(exc))
        for earlier in self.all():
            if earlier.stored == stored:
                self.remove(earlier.draft_id)
        folder = self.path / draft.draft_id
        folder.mkdir(parents=True)
        if draft.document:
            (folder / stored).write_bytes(data)
        self._write(draft)
        return draft

    def all(self) -> list[Draft]:
        """Every draft, the newest first; one whose record was damaged is left out."""
        found = [draft for path in self.path.glob("d-*/draft.json") if (draft := _read(path))]
        return sorted(found, key=lambda d: (d.created, d.name), reverse=True)

    def get(self, draft_id: str) -> Draft | None:
        """The draft of an id."""
        return _read(self.path / draft_id / "draft.json") if _ID.fullmatch(draft_id) else None

    def file(self, draft: Draft) -> Path:
        """Where the file of a draft is."""
        return self.path / draft.draft_id / draft.stored

    def restate(self, draft: Draft, stated: Mapping[str, str]) -> Draft:
        """The draft with what a person corrects of it.

        Raises:
            LoadError: the draft's file cannot be read, or what is stated does not hold; the message says every reason.
        """
        if draft.failure:
            raise LoadError(f"{draft.name} 读不了，改不了它的信息：{draft.failure}")
        document = _sound(document_from_bytes(self.file(draft).read_bytes(), draft.stored, stated=stated))
        changed = replace(draft, stated=dict(stated), document=document)
        self._write(changed)
        return changed

    def remove(self, draft_id: str) -> None:
        """Drop a draft with its file."""
        shutil.rmtree(self.path / draft_id, ignore_errors=True)

    def upload(self, draft: Draft) -> Upload:
        """What is published of a draft: its file, and what was stated of it."""
        return Upload(self.file(draft).read_bytes(), draft.stated)

    def _write(self, draft: Draft) -> None:
        path = self.path / draft.draft_id / "draft.json"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(_DRAFT.dump_json(draft))
        fresh.replace(path)


def standing_of(draft: Draft, entries: Sequence[Entry], others: Sequence[Draft] = ()) -> Standing:
    """What publishing a draft would do, given the documents in use and the other drafts."""
    document = draft.document
    if document is None:
        return Standing(faults=(draft.failure,))
    faults = []
    replaces = None
    for entry in entries:
        if entry.document.slug == document.slug:
            replaces = entry.document
            if entry.origin == CORPUS_ORIGIN:
                faults.append(id_taken(document.slug, entry.document.title))
    for other in others:
        if other.document and other.draft_id != draft.draft_id and other.document.slug == document.slug:
            faults.append(f"编号“{document.slug}”与草稿 {other.name} 相同，请给其中一篇改编号")
    title = _bare(document.title)
    same = tuple(e.document for e in entries if _bare(e.document.title) == title and e.document.slug != document.slug)
    return Standing(None if faults else replaces, same, tuple(faults))


def stored_name(name: str) -> str:
    """A file name that any disk takes and no ingest passes over: no folders, no odd characters, short; one name, one file."""
    stem, dot, suffix = base_name(name).rpartition(".")
    stem, suffix = (stem, suffix.lower()) if dot else (suffix, "")
    safe = _UNSAFE.sub("_", stem).strip("_.")
    if safe != stem or len(safe.encode()) > _MOST_NAME_BYTES or safe.lower() in _PASSED_OVER:
        mark = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:8]
        safe = (safe.encode()[: _MOST_NAME_BYTES - 9].decode("utf-8", "ignore") or "文档") + f"-{mark}"
    return f"{safe}.{suffix}" if suffix else safe


def base_name(name: str) -> str:
    """A file's own name, without the folders that a browser or a system puts before it."""
    return re.split(r"[\\/]", name)[-1].strip(". ")


def _sound(document: Document) -> Document:
    if faults := list(order_faults(document.issued, document.effective, document.expires)):
        raise LoadError("；".join(faults))
    return document


def _bare(title: str) -> str:
    return re.sub(r"[《》\s]", "", normalise(title))


def _read(path: Path) -> Draft | None:
    try:
        return _DRAFT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
