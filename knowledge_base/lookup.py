"""Exact look-up: questions that name an instrument by title, short title or 文号, and perhaps a clause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_base.clauses import ClauseNumber, find_clauses
from knowledge_base.numerals import fold_numbers
from knowledge_base.text import normalise
from knowledge_base.types import Document

_PUNCTUATION = re.compile(r"[\s《》〈〉<>“”\"'()（）\[\]〔〕【】·,，、:：]")
_MIN_NAME = 3


@dataclass(frozen=True, slots=True)
class NamedClauses:
    """What a question names outright: documents (best first) and clauses; either may be empty."""

    doc_ids: tuple[str, ...] = ()
    clauses: tuple[ClauseNumber, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.doc_ids)


class TitleIndex:
    """Finds the instruments that a text names."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._names: dict[str, list[str]] = {}
        for document in documents:
            names = {document.title, *document.short_titles, document.doc_no}
            names |= {n.removeprefix("中华人民共和国") for n in names}
            for name in names:
                folded = _fold(name)
                if len(folded) >= _MIN_NAME:
                    self._names.setdefault(folded, []).append(document.doc_id)
        alternatives = sorted(self._names, key=lambda n: (-len(n), n))
        self._pattern = re.compile("|".join(map(re.escape, alternatives))) if alternatives else None

    def find(self, text: str) -> NamedClauses:
        """Documents whose name stands in the text, the longest name first, and the clauses the text names."""
        if self._pattern is None:
            return NamedClauses()
        found = sorted(self._pattern.findall(_fold(text)), key=lambda n: -len(n))
        doc_ids = dict.fromkeys(doc_id for name in found for doc_id in self._names[name])
        return NamedClauses(tuple(doc_ids), tuple(find_clauses(text)))


def _fold(text: str) -> str:
    return _PUNCTUATION.sub("", normalise(fold_numbers(text)))
