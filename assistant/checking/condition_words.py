"""The words of ``texts/condition_words.yaml`` as patterns: negations, bounds, duties, exceptions, places."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.texts.wording import load_texts


@lru_cache(maxsize=16)
def words(kind: str) -> re.Pattern[str]:
    """The pattern of a kind: negation, prohibition, upper, lower, bounds, must, may, exclusive or exception."""
    held = load_texts("condition_words")
    if kind == "bounds":
        both = "|".join(side["anywhere"] for side in held["bounds"].values())
        return re.compile("|".join(sorted(both.split("|"), key=len, reverse=True)))
    if kind in ("upper", "lower"):
        return re.compile("|".join(sorted(held["bounds"][kind]["anywhere"].split("|"), key=len, reverse=True)))
    return re.compile(held["modality"][kind] if kind in held["modality"] else held[kind])


@lru_cache(maxsize=1)
def plain() -> frozenset[str]:
    """Characters that plain speech puts in."""
    return frozenset("".join(str(load_texts("condition_words")["plain"]).split()))


@lru_cache(maxsize=1)
def places() -> tuple[str, ...]:
    """Names of places."""
    return tuple(str(load_texts("condition_words")["places"]).split())


@lru_cache(maxsize=1)
def not_negation() -> re.Pattern[str]:
    """Words that only look like negations."""
    return any_of(tuple(str(load_texts("condition_words")["not_negation"]).split()))


@lru_cache(maxsize=8)
def any_of(options: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern of any of the words, the longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(options, key=len, reverse=True)))
