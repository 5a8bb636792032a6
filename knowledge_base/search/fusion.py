"""Hits of several legs to one score a passage.

Pure functions. How the constants were chosen stands in the built-in embedder's model card (``embedder/README.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Hits = Sequence[tuple[str, float]]
"""Passage ids with their scores, best first."""

CANDIDATES = 60
"""Passages that each leg brings to the fusion."""

DENSE_WEIGHT = 0.06
"""Weight of the dense leg beside the lexical one where words decide."""

FLAT_WEIGHT = 45.0
FLAT_POWER = 6
"""What is added to it where they do not: FLAT_WEIGHT times this power of the lexical score at rank CANDIDATES over the best one's."""

ASKED_WEIGHT = 0.3
"""Weight of the questions that passages are known to answer, where any are known."""


def fuse_hits(lexical: Hits, dense: Hits, asked: Hits = (), *, is_asked: Callable[[str], bool] = lambda _: True) -> dict[str, float]:
    """Scores (0–1) by passage id of the legs' hits: their weighted mean, 0 in a leg that did not find it.

    Lexical scores are divided by the best. Of the likeness of vectors, whose level says little, the span from the hit at rank
    :data:`CANDIDATES`, or the last, to the best is brought to 0–1. :func:`dense_weight` tells how much the dense leg counts.

    Args:
        lexical: passages that share words with the question.
        dense: passages whose text is like it.
        asked: passages that are known to answer a question like it.
        is_asked: whether any question is known that a passage answers; of others the likeness of the text stands in for it.
    """
    found = {i: score / lexical[0][1] for i, score in lexical}
    near, known = _spread(dense), _spread(asked)
    by_words = 1.0 if found else 0.0
    by_text = (dense_weight(lexical) if found else 1.0) if near else 0.0
    by_questions = ASKED_WEIGHT if known else 0.0
    total = by_words + by_text + by_questions

    def score_of(passage_id: str) -> float:
        likeness = near.get(passage_id, 0.0)
        answers = known.get(passage_id, 0.0) if is_asked(passage_id) else likeness
        return (by_words * found.get(passage_id, 0.0) + by_text * likeness + by_questions * answers) / total

    return {passage_id: score_of(passage_id) for passage_id in found | near | known}


def dense_weight(lexical: Hits) -> float:
    """Weight of the dense leg beside lexical hits, best first, whose own weight is 1.

    A question that quotes its passage makes that stand out and needs no likeness; of one whose words stand everywhere the
    lexical scores hardly fall from rank to rank, and likeness decides.
    """
    flatness = lexical[CANDIDATES - 1][1] / lexical[0][1] if len(lexical) >= CANDIDATES else 0.0
    return DENSE_WEIGHT + FLAT_WEIGHT * flatness**FLAT_POWER


def _spread(hits: Hits) -> dict[str, float]:
    """Likeness brought to 0–1; what is not alike at all is left out."""
    hits = [(i, score) for i, score in hits if score > 0]
    if not hits:
        return {}
    best, lowest = hits[0][1], hits[min(CANDIDATES, len(hits)) - 1][1] if len(hits) > 1 else 0.0
    span = best - lowest
    return {i: max(0.0, (score - lowest) / span) if span > 0 else 1.0 for i, score in hits}
