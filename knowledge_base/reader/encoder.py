"""The encoder: texts to vectors whose cosine says how alike in meaning they are.

It runs an ONNX file with onnxruntime and a tokenizer file with tokenizers. Every text is run by itself on one thread, so that
its vector never depends on the texts beside it; many texts are spread over threads.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.errors import ModelFilesError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]

WEIGHTS = Path(__file__).parent / "weights"
PREFIX: dict[Kind, str] = {"query": "query: ", "passage": "passage: "}
"""What the model wants before a text. Source: arXiv 2402.05672."""
LONGEST: dict[Kind, int] = {"query": 64, "passage": 128}
"""Pieces of a text that are read; the rest is cut."""
RECENT = 256
"""Questions whose vectors are remembered: several heads read each turn, and a conversation's turns come again."""
FEW = 4
"""Texts up to which one thread is quicker than handing them out."""


class Encodes(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str], kind: Kind) -> Floats:
        """(n, d) float32 rows of unit length, in the order of the texts; (0, d) for no text."""


class ReadsQuestions(Protocol):
    """Anything that turns a question into a vector."""

    def question(self, text: str) -> Floats:
        """(d,) float32 vector of unit length."""


class Encoder:
    """Turns texts into vectors; safe to use from many threads at once."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, digest: str = "") -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.digest = digest
        """Says which weights these are."""
        self.dimension = int(session.get_outputs()[0].shape[-1])
        self._turn = lru_cache(maxsize=RECENT)(lambda text: self._encode(text, "query"))

    @classmethod
    def open(cls, folder: Path = WEIGHTS) -> Encoder:
        """The encoder whose ``encoder.onnx`` and ``tokenizer.json`` lie in a folder.

        Raises:
            ModelFilesError: a file is missing or cannot be read.
        """
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        model, pieces = folder / "encoder.onnx", folder / "tokenizer.json"
        if missing := [p.name for p in (model, pieces) if not p.exists()]:
            raise ModelFilesError(f"{folder} lacks {' and '.join(missing)}; install the package anew, or train the reader")
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(pieces))
        except Exception as exc:
            raise ModelFilesError(f"a file of the model in {folder} cannot be read: {exc}") from exc
        return cls(session, tokenizer, hashlib.sha256(model.read_bytes()).hexdigest()[:16])

    def question(self, text: str) -> Floats:
        """(d,) vector of a question; the last few are remembered."""
        return self._turn(text)

    def encode(self, texts: Sequence[str], kind: Kind) -> Floats:
        """(n, d) float32 rows of unit length, in the order of the texts; (0, d) for no text."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if len(texts) <= FEW:
            for row, text in enumerate(texts):
                out[row] = self._encode(text, kind)
            return out
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as threads:
            for row, vector in enumerate(threads.map(lambda text: self._encode(text, kind), texts)):
                out[row] = vector
        return out

    def encode_together(self, texts: Sequence[str], kind: Kind, batch: int = 16) -> Floats:
        """The same rows up to rounding, in less time for many texts: texts of like length are run together on one thread.

        Activations are rounded to eight bits by the largest of a batch, so a row depends slightly on the texts beside it.
        """
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        pieces = [self.pieces(text, kind) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        for begin in range(0, len(order), batch):
            part = order[begin : begin + batch]
            longest = len(pieces[part[-1]])
            ids = np.ones((len(part), longest), dtype=np.int64)  # 1 is <pad>
            mask = np.zeros_like(ids)
            for row, at in enumerate(part):
                ids[row, : len(pieces[at])] = pieces[at]
                mask[row, : len(pieces[at])] = 1
            out[part] = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return out

    def pieces(self, text: str, kind: Kind) -> list[int]:
        """Ids of the pieces that are read of a text, with the marks at both ends."""
        ids = self._tokenizer.encode(PREFIX[kind] + text).ids
        return ids if len(ids) <= LONGEST[kind] else [*ids[: LONGEST[kind] - 1], ids[-1]]

    def _encode(self, text: str, kind: Kind) -> Floats:
        ids = np.array([self.pieces(text, kind)], dtype=np.int64)
        vectors: list[Floats] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        vector: Floats = vectors[0][0]
        return vector
