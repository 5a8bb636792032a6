"""Vectors of one encoder kept in a file, so that a text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Kind
from knowledge_base.reader.kept import Digested

Floats = npt.NDArray[np.float32]


class CachedEncoder:
    """An encoder that remembers. The file belongs to one encoder: delete it when the encoder changes."""

    def __init__(self, encoder: Digested, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self._known: dict[str, npt.NDArray[np.float16]] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                self._known = dict(zip((str(k) for k in stored["keys"]), stored["vectors"], strict=True))

    @property
    def digest(self) -> str:
        """That of the encoder."""
        return self._encoder.digest

    def encode(self, texts: Sequence[str], kind: Kind) -> Floats:
        """(n, d) float32 rows of unit length up to half precision, in the order of the texts; (0, d) for no text."""
        if not texts:
            return self._encoder.encode(texts, kind)
        new = [t for t in dict.fromkeys(texts) if f"{kind}|{t}" not in self._known]
        if new:
            rows = self._encoder.encode(new, kind).astype(np.float16)
            self._known |= {f"{kind}|{text}": row for text, row in zip(new, rows, strict=True)}
        return np.stack([self._known[f"{kind}|{t}"] for t in texts]).astype(np.float32)

    def save(self) -> None:
        """Write the file, unless nothing is known."""
        if not self._known:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._path, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
