"""Vectors that are known already: those of the shipped corpus come with the weights, others are encoded once and remembered."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import WEIGHTS, Encoder, Encodes, Floats, Kind
from knowledge_base.reader.errors import ModelFilesError

KEPT = "kept.npz"
_LEVELS = 127


class KnownVectors:
    """An encoder that knows many texts by heart. Safe to use from many threads at once.

    A kept vector has eight bits a number; it agrees with the encoder's own to a cosine of .999.
    """

    def __init__(self, encoder: Encoder, keys: npt.NDArray[np.uint64] | None = None, rows: npt.NDArray[np.int8] | None = None) -> None:
        """Take sorted keys and the row of each, (n, d)."""
        self._encoder = encoder
        self._keys = np.zeros(0, np.uint64) if keys is None else keys
        self._rows = np.zeros((0, encoder.dimension), np.int8) if rows is None else rows
        self._learnt: dict[int, Floats] = {}
        self._remembered = 0

    @classmethod
    def open(cls, encoder: Encoder, folder: Path = WEIGHTS) -> KnownVectors:
        """The vectors kept in a folder; none where it has no such file, or that of another encoder.

        Raises:
            ModelFilesError: the file is damaged.
        """
        return cls(encoder, *_read(folder / KEPT, encoder))

    def recall(self, path: Path) -> None:
        """Learn what :meth:`remember` wrote; nothing where the file is missing, damaged, or of another encoder."""
        try:
            keys, rows = _read(path, self._encoder)
        except ModelFilesError:
            return  # the texts are encoded again
        for key, row in zip(keys.tolist(), _unit(rows), strict=True):
            self._learnt.setdefault(key, row)
        self._remembered = len(keys)

    def remember(self, path: Path) -> None:
        """Write what was encoded beside the kept vectors, where there is anything new."""
        learnt = dict(sorted(self._learnt.copy().items()))  # a copy is made at once, while other threads may learn
        if len(learnt) == self._remembered:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        _write(fresh, self._encoder.digest, np.array(list(learnt), dtype=np.uint64), np.stack(list(learnt.values())))
        fresh.replace(path)
        self._remembered = len(learnt)

    def encode(self, texts: Sequence[str], kind: Kind) -> Floats:
        """(n, d) float32 rows of unit length, in the order of the texts; (0, d) for no text."""
        out = np.zeros((len(texts), self._encoder.dimension), dtype=np.float32)
        if not texts:
            return out
        keys = np.array([key_of(text, kind) for text in texts], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self._keys, keys), max(0, len(self._keys) - 1))
        kept = self._keys[places] == keys if len(self._keys) else np.zeros(len(keys), dtype=bool)
        if kept.any():
            out[kept] = _unit(self._rows[places[kept]])
        new = [at for at in np.flatnonzero(~kept).tolist() if int(keys[at]) not in self._learnt]
        for at, row in zip(new, self._encoder.encode([texts[at] for at in new], kind), strict=True):
            self._learnt[int(keys[at])] = row
        for at in np.flatnonzero(~kept).tolist():
            out[at] = self._learnt[int(keys[at])]
        return out

    def share_known(self, texts: Iterable[tuple[str, Kind]]) -> float:
        """Share of texts, 0 to 1, that are kept in the file; 1 for no text."""
        keys = {key_of(text, kind) for text, kind in texts}
        return float(np.isin(np.array(sorted(keys), dtype=np.uint64), self._keys).mean()) if keys else 1.0


def key_of(text: str, kind: Kind) -> int:
    """A number of 64 bits that stands for a text of a kind."""
    return int.from_bytes(hashlib.blake2b(f"{kind}|{text}".encode(), digest_size=8).digest(), "little")


class Digested(Encodes, Protocol):
    """An encoder that says which weights it has."""

    @property
    def digest(self) -> str:
        """Says which weights these are."""


def save_kept(texts: Iterable[tuple[str, Kind]], encoder: Digested, folder: Path = WEIGHTS) -> int:
    """Encode texts and keep their vectors in the folder; how many."""
    of_kind: dict[Kind, list[str]] = {}
    for text, kind in dict.fromkeys(texts):
        of_kind.setdefault(kind, []).append(text)
    keys = [key_of(text, kind) for kind, each in of_kind.items() for text in each]
    rows = np.concatenate([encoder.encode(each, kind) for kind, each in of_kind.items()])
    order = np.argsort(np.array(keys, dtype=np.uint64))
    _write(folder / KEPT, encoder.digest, np.array(keys, dtype=np.uint64)[order], rows[order])
    return len(keys)


def _unit(rows: npt.NDArray[np.int8]) -> Floats:
    floats = rows.astype(np.float32)
    unit: Floats = floats / np.linalg.norm(floats, axis=1, keepdims=True)
    return unit


def _read(path: Path, encoder: Encoder) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int8]]:
    nothing = np.zeros(0, np.uint64), np.zeros((0, encoder.dimension), np.int8)
    if not path.exists():
        return nothing
    try:
        with np.load(path, allow_pickle=False) as stored:
            return (stored["keys"], stored["rows"]) if str(stored["encoder"]) == encoder.digest else nothing
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as exc:
        raise ModelFilesError(f"{path} cannot be read: {exc}; install the package anew") from exc


def _write(path: Path, digest: str, keys: npt.NDArray[np.uint64], rows: Floats) -> None:
    scaled = np.rint(rows / np.abs(rows).max(axis=1, keepdims=True) * _LEVELS).astype(np.int8)
    with path.open("wb") as out:
        np.savez(out, encoder=np.array(digest), keys=keys, rows=scaled)
