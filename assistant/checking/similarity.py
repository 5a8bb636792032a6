"""Similarity of two prepared texts, by the character pairs they share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checking.prepared import prepare
from knowledge_base.text.similarity import character_pairs, containment, dice

MIN_SIMILARITY_TO_BEST = 0.85
"""A segment at least this share as similar as the best one is followed, too."""

MIN_GAIN = 0.12
"""A less similar segment is followed if it adds at least this share of the statement's character pairs."""


def pairs(text: str) -> frozenset[str]:
    """Character pairs of a text in which every number is one mark, so that two figures do not tell texts apart."""
    return character_pairs(re.sub(r"\d+(?:\.\d+)?", "〇", text))


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
