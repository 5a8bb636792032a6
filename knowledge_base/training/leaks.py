"""Keep measures out of training: texts that repeat a question of a measure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

NEAR = 0.7
"""Jaccard of character trigrams from which two questions count as the same; the evals' check of leaks uses it too."""
_WORDS = re.compile(r"\W+")


class Known:
    """Questions that may not be trained on."""

    def __init__(self, questions: Iterable[str]) -> None:
        self._grams = [_trigrams(q) for q in questions]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for at, grams in enumerate(self._grams):
            for gram in grams:
                self._holders[gram].append(at)

    def repeats(self, text: str) -> bool:
        """Whether a text is one of the questions, or nearly."""
        grams = _trigrams(text)
        shared: dict[int, int] = defaultdict(int)
        for gram in grams:
            for at in self._holders.get(gram, ()):
                shared[at] += 1
        return any(both / (len(grams) + len(self._grams[at]) - both) >= NEAR for at, both in shared.items())


def _trigrams(text: str) -> frozenset[str]:
    plain = f"  {_WORDS.sub('', text.lower())}  "
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))
