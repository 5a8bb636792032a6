"""How likely a candidate answers a question, calibrated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.reader.encoder import Floats
from knowledge_base.reader.heads import Head

TOP = 3
FEATURES = (
    "likest way of asking",
    "mean of the three likest ways of asking",
    "likest text",
    "mean of both",
    "has ways of asking",
    "likest near miss",
    "way of asking over near miss",
    "lead over the next candidate",
    "distance to the best candidate",
    "spread of the candidates",
)
"""What the head reads, in order."""
_LEAST = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may answer, as vectors of the encoder; each is (n, d) and may be empty.

    Args:
        asks: ways of asking that it answers, encoded as queries; a guide's or a section's 问法 and its title.
        texts: what it says, encoded as passages; for a statement the statement alone, for a guide its answer.
        misses: questions that sound alike and belong elsewhere (不是), encoded as queries.
    """

    asks: Floats
    texts: Floats
    misses: Floats


class Judge:
    """Says how likely each candidate answers a question; needs the head judge, whose classes are no and yes."""

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self.head = heads["judge"]

    @property
    def bar(self) -> float:
        """The probability from which an answer may be shown, chosen on questions of left-out writers."""
        return self.head.thresholds["show"]

    def probabilities(self, question: Floats, candidates: Sequence[Candidate]) -> Floats:
        """(n,) probability, from 0 to 1, that each candidate answers; empty without candidates.

        The candidates are judged beside each other: hand in all that retrieval found for the question, not one at a time.

        Args:
            question: (d,) vector of the question, encoded as a query.
        """
        if not candidates:
            return np.zeros(0, dtype=np.float32)
        return self.head.probabilities(judge_features(question, candidates))[:, 1]


def judge_features(question: Floats, candidates: Sequence[Candidate]) -> Floats:
    """(n, len(FEATURES)) float32 inputs of the head."""
    likeness = np.array([_likeness(question, candidate) for candidate in candidates], dtype=np.float32)
    return features_of(likeness)


def features_of(likeness: Floats) -> Floats:
    """(n, len(FEATURES)) inputs from the (n, 5) likenesses of candidates of one question.

    The columns are the likest way of asking, the mean of the three likest, the likest text, the likest near miss, and 1 where the
    candidate has ways of asking.
    """
    asks, three, texts, misses, has = likeness.T
    both = np.where(has > 0, (asks + texts) / 2, texts)
    order = np.sort(both)[::-1]
    best = order[0]
    second = order[1] if len(order) > 1 else _LEAST
    lead = np.where(both >= best, both - second, both - best)
    spread = np.full_like(both, best - float(np.mean(order[: min(len(order), 10)])))
    return np.stack([asks, three, texts, both, has, misses, asks - misses, lead, best - both, spread], axis=1).astype(np.float32)


def _likeness(question: Floats, candidate: Candidate) -> tuple[float, float, float, float, float]:
    asks = np.sort(candidate.asks @ question)[::-1] if len(candidate.asks) else np.zeros(0, dtype=np.float32)
    texts = float((candidate.texts @ question).max()) if len(candidate.texts) else _LEAST
    misses = float((candidate.misses @ question).max()) if len(candidate.misses) else _LEAST
    if not len(asks):
        return texts, texts, texts, misses, 0.0
    return float(asks[0]), float(asks[:TOP].mean()), texts if len(candidate.texts) else float(asks[0]), misses, 1.0
