"""The default fusion strategy: a weighted mean in which the dense leg counts more when word scores are flat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from knowledge_base.search.fusion.base import CANDIDATES, Hits, Leg, LegHits


@dataclass(frozen=True, slots=True)
class WeightedSpans:
    """Weighted mean of the legs' scores, each first brought to 0–1; a passage that a leg did not find has 0 there.

    Lexical scores are divided by the best one. Similarities of vectors are stretched: their level says little, so the span from
    the hit at rank ``candidates`` (or the last) to the best becomes 0–1. The lexical leg has weight 1 beside the weights below.

    The weights were fitted with ``python -m evals.benchmarks.embedder``: those of the dense leg on the first half of each task's queries,
    that of the questions leg on the development questions. Section Fusion of ``embedder/README.md`` says what other values gave.
    """

    dense_weight: float = 0.06
    """Weight of the dense leg when the best lexical hit stands out."""

    flat_weight: float = 45.0
    """Further weight of the dense leg when lexical scores do not fall at all …"""

    flat_power: int = 6
    """… and the power of their flatness (0–1) by which that weight shrinks."""

    questions_weight: float = 0.3
    """Weight of the questions leg, if it found anything."""

    candidates: int = CANDIDATES

    def __post_init__(self) -> None:
        """Check the weights.

        Raises:
            ValueError: a weight is negative or not finite, or ``candidates`` is below 1.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{field.name} must be a finite number from 0 up, not {value}")
        if self.candidates < 1:
            raise ValueError(f"candidates must be at least 1, not {self.candidates}")

    def fuse(self, legs: Mapping[Leg, LegHits]) -> dict[str, float]:
        """Scores of every passage found.

        For a passage without ways of asking (问法), the similarity of its text stands in for that of its questions.
        """
        nothing = LegHits(())
        lexical, dense, questions = (legs.get(leg, nothing) for leg in (Leg.LEXICAL, Leg.DENSE, Leg.QUESTIONS))
        words = {i: score / lexical.hits[0][1] for i, score in lexical.hits}
        texts, asked = self._spread(dense.hits), self._spread(questions.hits)
        words_weight = 1.0 if words else 0.0
        texts_weight = (self.weight_of_dense(lexical.hits) if words else 1.0) if texts else 0.0
        asked_weight = self.questions_weight if asked else 0.0
        total = words_weight + texts_weight + asked_weight

        def score_of(passage_id: str) -> float:
            text = texts.get(passage_id, 0.0)
            question = asked.get(passage_id, 0.0) if questions.covers(passage_id) else text
            return (words_weight * words.get(passage_id, 0.0) + texts_weight * text + asked_weight * question) / total if total else 0.0

        return {passage_id: score_of(passage_id) for passage_id in words | texts | asked}

    def weight_of_dense(self, lexical: Hits) -> float:
        """Weight of the dense leg beside these lexical hits, best first.

        A query that quotes a passage makes that passage stand out, and words suffice. If every passage has the query's words, lexical
        scores hardly fall from rank to rank, and similarity decides.
        """
        flatness = lexical[self.candidates - 1][1] / lexical[0][1] if len(lexical) >= self.candidates else 0.0
        return self.dense_weight + self.flat_weight * flatness**self.flat_power

    def _spread(self, hits: Hits) -> dict[str, float]:
        """Similarities brought to 0–1; hits at or below 0 are dropped."""
        hits = [(i, score) for i, score in hits if score > 0]
        if not hits:
            return {}
        best, lowest = hits[0][1], hits[min(self.candidates, len(hits)) - 1][1] if len(hits) > 1 else 0.0
        span = best - lowest
        return {i: max(0.0, (score - lowest) / span) if span > 0 else 1.0 for i, score in hits}
