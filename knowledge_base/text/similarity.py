"""Whether two questions are one: Jaccard similarity of their character trigrams.

Source: Broder, "On the resemblance and containment of documents", 1997. Keeps questions of the evals out of the ways of asking
(问法) and out of what the embedder is trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers

SHINGLE = 3
NEAR = 0.7
"""Likeness from which two questions count as one. 四川现在产假一共多少天 against 四川现在产假多少天 gives 0.58."""

_MARKS = re.compile(r"[^\u4e00-\u9fffa-z0-9]")


class Known:
    """Texts that others are compared with."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._held = [shingles(t) for t in texts]
        self._holders: dict[str, set[int]] = {}
        for number, held in enumerate(self._held):
            for shingle in held:
                self._holders.setdefault(shingle, set()).add(number)

    def nearest(self, text: str) -> tuple[int, float]:
        """Place of the likest known text and its likeness, 0 to 1; (0, 0.0) when none shares a trigram. Of equals the last."""
        own = shingles(text)
        near = {n for s in own for n in self._holders.get(s, ())}
        best = max(((likeness(own, self._held[n]), n) for n in near), default=(0.0, 0))
        return best[1], best[0]


def shingles(text: str) -> frozenset[str]:
    """Character trigrams of a text without marks; a shorter text is one shingle."""
    bare = _MARKS.sub("", normalise(fold_numbers(text)))
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1))) if bare else frozenset()


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard similarity, 0 to 1; 0 when both are empty."""
    union = first | second
    return len(first & second) / len(union) if union else 0.0
