"""Questions to passages by the questions (问法) that these are known to answer: as vectors, each compared with what is asked.

A passage of several statements is like none of them as a whole; one of its questions may be nearly the one that is asked. They are
written by people, some thousands at most, so that they need no graph and lie in one file of a generation, whatever store it uses.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np

from knowledge_base.embedder.embedding import Vectors
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.exact import best_rows, likeness


class QuestionIndex:
    """The questions of passages as vectors: a passage is as near as the nearest of its questions. Immutable."""

    def __init__(self, questions: Mapping[str, Vectors] | None = None) -> None:
        """Hold questions: (n, dimension) float32 rows of unit length, n at least 1, by passage id."""
        held = dict(sorted((questions or {}).items()))
        self._passages = list(held)
        self._counts = [len(rows) for rows in held.values()]
        self._rows: Vectors = np.concatenate(list(held.values())) if held else np.zeros((0, 0), np.float32)
        self._starts = np.cumsum([0, *self._counts])
        self._place = {passage_id: n for n, passage_id in enumerate(self._passages)}

    def save(self, path: Path) -> None:
        """Write it to a file that :meth:`load` reads."""
        with path.open("wb") as file:
            np.savez(file, passages=np.array(self._passages, np.str_), counts=np.array(self._counts, np.int64), rows=self._rows)

    @classmethod
    def load(cls, path: Path) -> QuestionIndex:
        """Read a file that :meth:`save` wrote.

        Raises:
            IndexUnavailable: it is missing or damaged.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
                pieces = np.split(held["rows"], np.cumsum(held["counts"])[:-1]) if len(held["counts"]) else []
                return cls(dict(zip(map(str, held["passages"]), pieces, strict=True)))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as exc:
            raise IndexUnavailable(f"问法索引 {path} 读不了：{exc}。请运行 assistant ingest --rebuild") from exc

    def search(self, vector: Vectors, top_k: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The best ``top_k`` passages with the score of their nearest question, ties by id, of those in ``among`` if given."""
        if not self._passages or top_k < 1 or not np.any(vector):
            return []
        nearest = np.maximum.reduceat(likeness(self._rows, vector), self._starts[:-1])
        if among is None:
            return [(self._passages[n], float(nearest[n])) for n in best_rows(nearest, top_k)]
        places = np.sort(np.fromiter((self._place[i] for i in among if i in self._place), np.intp))
        return [(self._passages[places[n]], float(nearest[places[n]])) for n in best_rows(nearest[places], top_k)]

    def get(self, passage_ids: Iterable[str]) -> Mapping[str, Vectors]:
        """Vectors of the questions of passages, in their order, of those of the passages that have any."""
        places = {i: self._place[i] for i in passage_ids if i in self._place}
        return {i: self._rows[self._starts[n] : self._starts[n + 1]] for i, n in places.items()}

    def __contains__(self, passage_id: str) -> bool:
        """Whether any question is known that a passage answers."""
        return passage_id in self._place

    def __len__(self) -> int:
        """Number of questions."""
        return len(self._rows)
