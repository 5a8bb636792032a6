"""What the evals themselves know of the shipped corpus: the wording of each source and the standing of each fact.

It is read from the files beside the product, never from the index under test, so that a damaged index cannot vouch for itself.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evals.errors import DatasetError
from evals.matching import fold_said
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.errors import LoadError
from knowledge_base.loaders import iter_documents
from knowledge_base.text.numerals import figures
from knowledge_base.types import Document, Kind, Source, Status
from knowledge_base.validity import status_of

NOT_CURRENT = frozenset({Status.EXPIRED, Status.DRAFT, Status.NOT_YET, Status.ELSEWHERE})
"""Standings that must be said whenever such a document is quoted."""


_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)）])\s*")
_STANDING = re.compile(r"^【[^】]*】")


@dataclass(frozen=True, slots=True)
class _Held:
    """A statement of a shipped document, also folded for comparison, and its sources."""

    text: str
    folded: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    """Sources by id, and the documents that each source's statements stand in."""

    sources: Mapping[str, Source]
    documents: Mapping[str, tuple[Document, ...]]

    @classmethod
    def load(cls, corpus: Path) -> Provenance:
        """Read a corpus folder.

        Raises:
            DatasetError: a document of it cannot be read.
            CorpusError: its list of sources is malformed.
        """
        documents: dict[str, list[Document]] = {}
        for path, loaded in iter_documents([corpus]):
            if isinstance(loaded, LoadError):
                raise DatasetError(f"{path} 读不了：{loaded}")
            for source_id in dict.fromkeys(i for s in loaded.statements for i in s.source_ids):
                documents.setdefault(source_id, []).append(loaded)
        return cls(load_sources(corpus / "sources.jsonl"), {i: tuple(d) for i, d in documents.items()})

    def traced(self, sentence: str, source_ids: Iterable[str], *, verbatim: bool) -> bool:
        """Whether a sentence that names sources says what the shipped corpus and those sources say.

        A sentence that stands in a shipped statement of one of the sources is traced if that statement's figures stand in its own
        sources. Any other is not, if it should be ``verbatim``; written prose needs its figures in the sources it names.
        A sentence that names no source of the shipped corpus is not ours to judge.
        """
        known = [i for i in source_ids if i in self.sources]
        if not known:
            return True
        said = _bare(sentence)
        for held in (s for i in known for s in self._statements.get(i, ())):
            if said in held.folded or held.folded in said:
                return not figures(held.text) - figures(self._ground(held.source_ids))
        return not verbatim and not figures(sentence) - figures(self._ground(known))

    def _ground(self, source_ids: Iterable[str]) -> str:
        known = [self.sources[i] for i in source_ids if i in self.sources]
        return " ".join(" ".join((s.statement, s.title, s.publisher, s.date, *s.details.values())) for s in known)

    @cached_property
    def _statements(self) -> Mapping[str, tuple[_Held, ...]]:
        """Statements of the shipped documents by the sources that they name."""
        by_source: dict[str, list[_Held]] = {}
        for document in {d.doc_id: d for held in self.documents.values() for d in held}.values():
            for statement in document.statements:
                text = document.text[statement.start : statement.end]
                held = _Held(text, _bare(text), statement.source_ids)
                for source_id in statement.source_ids:
                    by_source.setdefault(source_id, []).append(held)
        return {i: tuple(s) for i, s in by_source.items()}

    def standing(self, source_ids: Iterable[str], as_of: dt.date, region: str) -> Status | None:
        """Standing of quoted facts on a date in a region, None when nothing here decides it.

        A fact that also stands in a current document, or in training material, is current.
        """
        holders = [d for i in source_ids for d in self.documents.get(i, ())]
        if not holders or any(d.kind is not Kind.POLICY for d in holders):
            return None
        standings = [status_of(d, as_of, region) for d in holders]
        return next((s for s in standings if s not in NOT_CURRENT), standings[0])


def _bare(text: str) -> str:
    """A sentence for comparison: without list mark and the words of standing (【已失效】) that an answer puts before it."""
    return fold_said(_STANDING.sub("", _LIST_MARK.sub("", text))).rstrip("。；")
