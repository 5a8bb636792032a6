"""The port of fusion: hits of several legs in, one score a passage out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Hits = Sequence[tuple[str, float]]
"""Passage ids with their scores, best first."""

CANDIDATES = 60
"""Hits that each leg contributes. Not tuned; the weights of :class:`WeightedSpans` were fitted with it."""


class Leg(StrEnum):
    """A way of finding passages. A further leg is one more member, which strategies learn to weigh."""

    LEXICAL = "lexical"
    DENSE = "dense"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class LegHits:
    """What one leg found. ``covers`` says whether the leg could have found a passage at all.

    The questions leg covers only passages with ways of asking (问法); a strategy should not count its silence against the others.
    """

    hits: Hits
    covers: Callable[[str], bool] = lambda _: True


class FusionStrategy(Protocol):
    """Combines the legs' hits. Implementations are pure: equal hits give equal scores."""

    @property
    def candidates(self) -> int:
        """Hits the strategy wants from each leg, at least 1."""
        ...

    def fuse(self, legs: Mapping[Leg, LegHits]) -> dict[str, float]:
        """Scores (0–1, higher is better) of every passage that some leg found, by passage id.

        A leg that did not run may be missing or have no hits. Raises nothing; no hits give no scores.
        """
        ...
