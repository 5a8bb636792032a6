"""The words of ``texts/condition_words.yaml`` as patterns: negations, bounds, duties, exceptions, places."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.texts.wording import load_texts


@lru_cache(maxsize=16)
def words(kind: str) -> re.Pattern[str]:
    """The pattern of one kind: negation, prohibition, upper, lower, bounds, must, may, exclusive or exception."""
    held = load_texts("condition_words")
    if kind == "bounds":
        return _longest_first("|".join(side["anywhere"] for side in held["bounds"].values()))
    if kind in ("upper", "lower"):
        return _longest_first(held["bounds"][kind]["anywhere"])
    return re.compile(held["modality"][kind] if kind in held["modality"] else held[kind])


@lru_cache(maxsize=2)
def bound_before(kind: str) -> re.Pattern[str]:
    """The words of an upper or lower bound at the end of the text before a figure."""
    return re.compile(rf"(?:{load_texts('condition_words')['bounds'][kind]['before']})[每约为到了]?$")


@lru_cache(maxsize=2)
def bound_after(kind: str) -> re.Pattern[str]:
    """The words of an upper or lower bound after a figure; up to two characters of an unknown unit may come first (5000人次以上)."""
    return re.compile(rf"[\u4e00-\u9fff]{{0,2}}?(?:{load_texts('condition_words')['bounds'][kind]['after']})")


@lru_cache(maxsize=1)
def plain() -> frozenset[str]:
    """Characters that plain speech adds."""
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
    """A pattern that matches any of the words, longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(options, key=len, reverse=True)))


def without_condition_words(text: str) -> str:
    """The text without its negations, bounds and words of duty: what remains to tell which stretches say the same."""
    text = not_negation().sub("", text)
    for kind in ("bounds", "negation", "must", "may", "exclusive"):
        text = words(kind).sub("", text)
    return text


def _longest_first(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(alternatives.split("|"), key=len, reverse=True)))
