"""Everything the reader can do, opened once from the shipped files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge_base.reader.encoder import WEIGHTS, Encoder
from knowledge_base.reader.heads import load_heads
from knowledge_base.reader.judge import Judge
from knowledge_base.reader.kept import KnownVectors
from knowledge_base.reader.notices import Noticer
from knowledge_base.reader.turns import TurnReader


@dataclass(frozen=True, slots=True)
class Reader:
    """The encoder and what reads from its vectors."""

    encoder: Encoder
    known: KnownVectors
    judge: Judge
    noticer: Noticer
    turns: TurnReader

    @classmethod
    def open(cls, folder: Path = WEIGHTS) -> Reader:
        """The reader whose files lie in a folder; takes a fraction of a second.

        Raises:
            ModelFilesError: a file is missing, cannot be read, or belongs to another model.
        """
        encoder = Encoder.open(folder)
        heads = load_heads(folder)
        return cls(encoder, KnownVectors.open(encoder, folder), Judge(heads), Noticer(encoder, heads), TurnReader(encoder, heads))
