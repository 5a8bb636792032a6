"""The questions leg: finds passages by the questions (问法) they answer, compared with the query as vectors.

A passage of several statements resembles none of them as a whole, but one of its questions may be nearly the query. Questions are
written by people, some thousands at most: they need no graph and are in one file of a generation, whatever its store.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np

from knowledge_base.embedder.embedding import Vectors
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.exact import best_rows, inner_products


class QuestionIndex:
    """Vectors of the passages' questions; a passage scores as its nearest question does. Immutable."""

    def __init__(self, questions: Mapping[str, Vectors] | None = None) -> None:
        """Take the questions' vectors by passage id: (n, dimension) float32, rows of unit length, n at least 1."""
        held = dict(sorted((questions or {}).items()))
        self._passages = list(held)
        self._counts = [len(rows) for rows in held.values()]
        self._rows: Vectors = np.concatenate(list(held.values())) if held else np.zeros((0, 0), np.float32)
        self._starts = np.cumsum([0, *self._counts])
        self._row_of = {passage_id: n for n, passage_id in enumerate(self._passages)}

    def save(self, path: Path) -> None:
        """Write a file that :meth:`load` reads."""
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
        """The best ``top_k`` passages with the score of their nearest question, ties by id, restricted to ``among`` if given."""
        if not self._passages or top_k < 1 or not np.any(vector):
            return []
        nearest = np.maximum.reduceat(inner_products(self._rows, vector), self._starts[:-1])
        if among is None:
            return [(self._passages[n], float(nearest[n])) for n in best_rows(nearest, top_k)]
        places = np.sort(np.fromiter((self._row_of[i] for i in among if i in self._row_of), np.intp))
        return [(self._passages[places[n]], float(nearest[places[n]])) for n in best_rows(nearest[places], top_k)]

    def get(self, passage_ids: Iterable[str]) -> Mapping[str, Vectors]:
        """Vectors of each passage's questions, in order; passages without questions are left out."""
        places = {i: self._row_of[i] for i in passage_ids if i in self._row_of}
        return {i: self._rows[self._starts[n] : self._starts[n + 1]] for i, n in places.items()}

    def __contains__(self, passage_id: str) -> bool:
        """Whether a passage has questions."""
        return passage_id in self._row_of

    def __len__(self) -> int:
        """Number of questions."""
        return len(self._rows)
