"""Similarity of two prepared texts, by the character pairs they share."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.checking.prepared import prepare

MIN_SIMILARITY_TO_BEST = 0.85
"""A segment at least this share as similar as the best one is followed, too."""

MIN_GAIN = 0.12
"""A less similar segment is followed if it adds at least this share of the statement's character pairs."""


def pairs(text: str, *, masked: bool = True) -> frozenset[str]:
    """Character pairs of a text; masked, every number is one mark, so that two figures do not tell texts apart."""
    if masked:
        text = re.sub(r"\d+(?:\.\d+)?", "〇", text)
    return frozenset(a + b for run in re.findall(r"[^\W_]+", text) for a, b in itertools.pairwise(run))


def containment(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the first set that the second holds, 0 to 1; 0 when the first is empty."""
    return len(first & second) / len(first) if first else 0.0


def dice(first: frozenset[str], second: frozenset[str]) -> float:
    """Dice coefficient, 0 to 1; 0 when either set is empty."""
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def likeness(statement: str, text: str) -> float:
    """Share of a statement's character pairs that the text holds, 0 to 1; neither need be prepared."""
    return containment(pairs(prepare(statement)), pairs(prepare(text)))


def alike(one: str, other: str) -> float:
    """Dice coefficient of two prepared texts, 0 to 1; numbers are masked."""
    return dice(pairs(one), pairs(other))


def followed_segments(statement: str, held: Sequence[str]) -> list[str]:
    """The source segments that a statement follows, most similar first; empty when none shares a character pair.

    These are the segments about as similar as the best one, and then any that add enough of what those lack.
    """
    wanted = pairs(statement)
    options = [(s, wanted & pairs(s)) for s in dict.fromkeys(held)]
    most = max((len(shared) for _, shared in options), default=0)
    if not most:
        return []
    options.sort(key=lambda o: -len(o[1]))
    chosen = [o for o in options if len(o[1]) >= MIN_SIMILARITY_TO_BEST * most]
    rest, left = options[len(chosen) :], wanted.difference(*(shared for _, shared in chosen))
    while rest:
        best = max(rest, key=lambda o: len(left & o[1]))
        if len(left & best[1]) < max(1, MIN_GAIN * len(wanted)):
            break
        chosen.append(best)
        rest.remove(best)
        left = left - best[1]
    return [text for text, _ in chosen]
