"""Readings: what a question may be about, each one thing that an answer can serve, found by likeness of meaning.

A guide and a lesson are one reading each; of other documents each passage is one. A reading is found by the ways
of asking it (问法), by its texts, and told from its near misses (不是).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Encodes, Floats
from knowledge_base.reader.judge import TOP
from knowledge_base.types import Document, Kind, Passage

NEAREST = 40
"""Readings with the likest way of asking, and as many with the likest text, that are compared in full."""
NEAREST_READ = 8
"""Readings that are judged for a question, beside those of what the search found."""
LONGEST_TEXT = 400
"""Characters of a text that are read."""
FIRST_SHARE, THREE_SHARE, TEXT_SHARE = 0.4, 0.3, 0.3
"""What readings are ranked by: the likest way of asking, the mean of the likest three, the likest text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that an answer can serve.

    ``lead`` is the passage that answers first; ``asks`` begins with its name; ``texts`` is what it says, each as one text;
    ``misses`` are questions that sound alike and belong elsewhere.
    """

    lead: Passage
    document: Document
    asks: tuple[str, ...]
    texts: tuple[str, ...]
    misses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its title, with the section's where it is one passage."""
        return self.asks[0]


@dataclass(frozen=True, slots=True)
class Read:
    """A reading with how like it is to a question; likenesses are cosines, from -1 to 1.

    ``asked`` is of its ways of asking, ``said`` of its likest text, ``missed`` how much liker its likest near miss is than its ways of
    asking, 0 or more, and ``behind`` how far it lies behind the likest reading, 0 or more.
    """

    reading: Reading
    asked: float
    said: float
    missed: float
    behind: float


def is_whole(document: Document) -> bool:
    """Whether a document is one reading: a guide or a lesson serves one need."""
    return document.kind is Kind.GUIDE or document.form == "lesson"


def readings_of(document: Document, passages: Sequence[Passage]) -> Iterator[Reading]:
    """The readings of a document, from its passages in reading order."""
    if not passages:
        return
    if is_whole(document):
        lead = passages[0]
        first = statements_of(lead)[:1]
        asks = (document.title, *(q for p in passages for q in p.questions))
        texts = (
            f"{document.title}。{first[0]}" if first else document.title,
            f"{document.title}\n{''.join(statements_of(lead))}"[:LONGEST_TEXT],
        )
        misses = (m.text for m in document.near_misses)
        yield Reading(lead, document, _unique(asks), _unique(texts), _unique(misses))
        return
    for passage, following in zip(passages, [*passages[1:], None], strict=True):
        heading = passage.heading_path[-1] if passage.heading_path else passage.clause
        name = f"{document.title} {heading}".strip()
        said = [text for text in statements_of(passage) if len(text) > 5]
        whole = f"{document.title}\n{heading}\n{''.join(said) or passage.text}"[:LONGEST_TEXT]
        end = following.start if following else len(document.text) + 1
        misses = (m.text for m in document.near_misses if passage.start <= m.start < end)
        yield Reading(passage, document, _unique((name, *passage.questions)), _unique((*said, whole)), _unique(misses))


def statements_of(passage: Passage) -> list[str]:
    """The statements of a passage, each on one line."""
    return [" ".join(passage.text[s.start : s.end].split()) for s in passage.statements]


class ReadingIndex:
    """The readings of a knowledge base as vectors. Immutable; safe to use from many threads at once."""

    def __init__(self, readings: Iterable[Reading], vectors: Encodes) -> None:
        """Take readings; their texts are encoded with ``vectors``."""
        self.readings = tuple(readings)
        self._asks = _Shelf.of([r.asks for r in self.readings], vectors, "query")
        self._texts = _Shelf.of([r.texts for r in self.readings], vectors, "passage")
        self._misses = _Shelf.of([r.misses for r in self.readings], vectors, "query")
        self._place = {r.lead.passage_id: at for at, r in enumerate(self.readings)}
        self._whole = {r.document.doc_id: at for at, r in enumerate(self.readings) if is_whole(r.document)}

    def __len__(self) -> int:
        """Number of readings."""
        return len(self.readings)

    def place_of(self, passage: Passage) -> int | None:
        """The place of the reading that a passage belongs to; None where there is none."""
        return self._whole.get(passage.doc_id, self._place.get(passage.passage_id))

    def read(self, question: Floats, among: Iterable[int] = ()) -> tuple[Read, ...]:
        """The readings likest to a question, the likest first, and those of ``among`` at their places.

        Args:
            question: (d,) vector of the question, encoded as a query.
            among: places of readings that are compared whatever their likeness.
        """
        if not self.readings:
            return ()
        asks, texts, misses = (shelf.likest(question) for shelf in (self._asks, self._texts, self._misses))
        wanted = frozenset(among)
        places = np.unique(np.array([*_first(asks), *_first(texts), *wanted], dtype=np.intp))
        three = np.array([self._asks.mean_of_best(question, at) for at in places], dtype=np.float32)
        asked = (FIRST_SHARE * asks[places] + THREE_SHARE * three) / (FIRST_SHARE + THREE_SHARE)
        score = (1 - TEXT_SHARE) * asked + TEXT_SHARE * texts[places]
        order = [int(at) for at in np.argsort(-score, kind="stable")]
        seen = [at for rank, at in enumerate(order) if rank < NEAREST_READ or int(places[at]) in wanted]
        best = float(score.max())
        return tuple(
            Read(
                self.readings[int(places[at])],
                float(asked[at]),
                float(texts[places[at]]),
                max(0.0, float(misses[places[at]] - asked[at])),
                best - float(score[at]),
            )
            for at in seen
        )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Rows of all readings one after the other: those of reading n are rows[starts[n] : starts[n + 1]]."""

    rows: Floats
    starts: npt.NDArray[np.intp]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], vectors: Encodes, kind: str) -> _Shelf:
        flat = [text for each in texts for text in each]
        rows = vectors.encode(flat, "query" if kind == "query" else "passage")
        return cls(rows, np.cumsum([0, *map(len, texts)]))

    def likest(self, question: Floats) -> Floats:
        """(readings,) likeness of each reading's likest row; -1 for a reading without rows."""
        out = np.full(len(self.starts) - 1, -1.0, dtype=np.float32)
        held = np.flatnonzero(np.diff(self.starts))
        if len(held):
            likeness = np.vecdot(self.rows, question)  # a matrix product would start threads, which cost more on a busy machine
            out[held] = np.maximum.reduceat(likeness, self.starts[held])
        return out

    def mean_of_best(self, question: Floats, at: int) -> float:
        """Mean likeness of a reading's likest rows, at most :data:`TOP` of them."""
        scores = self.rows[self.starts[at] : self.starts[at + 1]] @ question
        return float(np.sort(scores)[-TOP:].mean())


def _first(likeness: Floats) -> npt.NDArray[np.intp]:
    """Places of the :data:`NEAREST` greatest."""
    return np.argpartition(-likeness, min(NEAREST, len(likeness)) - 1)[:NEAREST]


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
