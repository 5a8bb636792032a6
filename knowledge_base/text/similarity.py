"""How alike two texts are: the one home of string similarity.

- Jaccard similarity of character trigrams (:func:`shingles`, :func:`jaccard`, :class:`Known`) says whether two questions are the same.
  It keeps the questions of the evals out of the ways of asking (问法) and out of the embedder's training data.
  Source: Broder, "On the resemblance and containment of documents", 1997.
- Character pairs (:func:`character_pairs`) compare sentences: :func:`dice` treats both alike, :func:`containment` asks how much of the
  first is in the second. Source: Dice, "Measures of the amount of ecologic association between species", 1945.
- :func:`long_tokens` are what the lexical index knows of a text; :func:`containment` of them says how much one text says of another.
- :func:`closest_spelling` compares letters by edit distance.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence, Set

from rapidfuzz import fuzz, process

from knowledge_base.text.normalise import normalise, tokens
from knowledge_base.text.numerals import fold_numbers

SHINGLE = 3
"""Characters of a shingle."""

NEAR = 0.7
"""Jaccard similarity from which two questions count as the same. 四川现在产假一共多少天 and 四川现在产假多少天 give 0.45."""

_MARKS = re.compile(r"[^\u4e00-\u9fffa-z0-9]")
_RUN = re.compile(r"[^\W_]+")


class Known:
    """Texts to compare others with."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._held = [shingles(t) for t in texts]
        self._holders: dict[str, set[int]] = {}
        for number, held in enumerate(self._held):
            for shingle in held:
                self._holders.setdefault(shingle, set()).add(number)

    def nearest(self, text: str) -> tuple[int, float]:
        """Index of the most similar known text and its similarity, 0 to 1; the last among equals; (0, 0.0) if none shares a trigram."""
        own = shingles(text)
        near = {n for s in own for n in self._holders.get(s, ())}
        best = max(((jaccard(own, self._held[n]), n) for n in near), default=(0.0, 0))
        return best[1], best[0]


def shingles(text: str) -> frozenset[str]:
    """Character trigrams of a normalised text without marks; a shorter text is one shingle, an empty one has none."""
    bare = _MARKS.sub("", normalise(fold_numbers(text)))
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1))) if bare else frozenset()


def jaccard(first: Set[str], second: Set[str]) -> float:
    """Shared share of all elements, 0 to 1; 0 if both are empty."""
    union = first | second
    return len(first & second) / len(union) if union else 0.0


def character_pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters within the words and numbers of a text, as it is written."""
    return frozenset(a + b for run in _RUN.findall(text) for a, b in itertools.pairwise(run))


def long_tokens(text: str) -> frozenset[str]:
    """Tokens of two and more characters, folded: pairs of Chinese characters, words and figures."""
    return frozenset(token for token in tokens(text) if len(token) > 1)


def dice(first: Set[str], second: Set[str]) -> float:
    """Twice the shared elements over the elements of both, 0 to 1; 0 if either is empty."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def containment(part: Set[str], whole: Set[str]) -> float:
    """Share of the first's elements that the second has, 0 to 1; 0 if the first is empty."""
    return len(part & whole) / len(part) if part else 0.0


def closest_spelling(letters: str, candidates: Sequence[str], least: float) -> tuple[int, float] | None:
    """Index of the candidate closest in letters and its similarity, 0 to 100; None if none reaches ``least``. The first among equals.

    The similarity is normalised indel distance: 100 * (1 - insertions and deletions / letters of both).
    """
    nearest = process.extractOne(letters, candidates, scorer=fuzz.ratio, score_cutoff=least)
    return None if nearest is None else (nearest[2], nearest[1])
