"""How a turn belongs to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge_base.reader.encoder import Floats, ReadsQuestions
from knowledge_base.reader.heads import Head

NEW = "new"


@dataclass(frozen=True, slots=True)
class TurnReading:
    """``reading`` is elliptic (那二胎呢), addition (我在成都), pointer (第二个呢), correction (不是，我问的是…) or new.

    ``probability`` is that of the reading; ``readings`` holds all.
    """

    reading: str
    probability: float
    readings: Mapping[str, float]

    @property
    def joins(self) -> bool:
        """Whether the turn is read together with the one before: that is likelier than a new topic."""
        return self.readings[NEW] < 0.5


class TurnReader:
    """Judges a turn against the question before it; needs the head turn."""

    def __init__(self, encoder: ReadsQuestions, heads: Mapping[str, Head]) -> None:
        self._encoder = encoder
        self._head = heads["turn"]

    def read(self, before: str, turn: str) -> TurnReading:
        """How a turn belongs to the user's question before it, as that was understood."""
        rows = [self._encoder.question(text) for text in (before, turn, joined_pair(before, turn))]
        readings = self._head.by_class(pair_features(*rows))
        reading = max(readings, key=lambda name: readings[name])
        return TurnReading(reading, readings[reading], readings)


def joined_pair(before: str, turn: str) -> str:
    """Both turns as one text."""
    return f"{before}。{turn}"


def pair_features(before: Floats, turn: Floats, joined: Floats) -> Floats:
    """(5 d + 3,) inputs of the head from three (d,) vectors."""
    likeness = np.array([before @ turn, turn @ joined, before @ joined], dtype=np.float32)
    return np.concatenate([before, turn, np.abs(before - turn), before * turn, turn - joined, likeness * 10]).astype(np.float32)
