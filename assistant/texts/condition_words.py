"""Words of ``condition_words.yaml``: what a statement must keep of its source, and how two rules are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.texts.phrases import Phrases

_HELD_BACK = ("bounds", "negation", "must", "may", "exclusive")
"""Kinds of words that say on what condition, not what about."""


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """Negations, bounds, duties, exceptions and places, as patterns."""

    patterns: Mapping[str, re.Pattern[str]]
    """By kind: negation, prohibition, upper, lower, bounds, must, may, exclusive, exception."""
    bound_before: Mapping[str, re.Pattern[str]]
    """By kind of bound, upper or lower: its words at the end of the text before a figure."""
    bound_after: Mapping[str, re.Pattern[str]]
    """By kind of bound: its words after a figure; up to two characters of an unknown unit may come first (5000人次以上)."""
    not_negation: re.Pattern[str]
    """Words that only look like negations."""
    plain: frozenset[str]
    """Characters that plain speech adds."""
    places: tuple[str, ...]
    standing: re.Pattern[str]
    """The words that we put before a rule that is not in force here."""

    @classmethod
    def of(cls, written: dict[str, Any], phrases: Phrases) -> ConditionWords:
        """The words of a file, and of ``phrases`` those that say whether a rule is in force."""
        bounds: Mapping[str, Mapping[str, str]] = written["bounds"]
        plainly = {kind: written[kind] for kind in ("negation", "prohibition", "exclusive", "exception")} | written["modality"]
        anywhere = {kind: side["anywhere"] for kind, side in bounds.items()}
        anywhere["bounds"] = "|".join(anywhere.values())
        return cls(
            patterns={kind: re.compile(pattern) for kind, pattern in plainly.items()}
            | {kind: _longest_first(pattern) for kind, pattern in anywhere.items()},
            bound_before={kind: re.compile(rf"(?:{side['before']})[每约为到了]?$") for kind, side in bounds.items()},
            bound_after={kind: re.compile(rf"[\u4e00-\u9fff]{{0,2}}?(?:{side['after']})") for kind, side in bounds.items()},
            not_negation=any_of(tuple(written["not_negation"].split())),
            plain=frozenset("".join(written["plain"].split())),
            places=tuple(written["places"].split()),
            standing=_standing((phrases.status_expired, phrases.status_draft, phrases.status_not_yet, phrases.status_elsewhere)),
        )

    def __getitem__(self, kind: str) -> re.Pattern[str]:
        return self.patterns[kind]

    def strip(self, text: str) -> str:
        """The text without its negations, bounds and words of duty: what remains shows which stretches say the same."""
        text = self.not_negation.sub("", text)
        for kind in _HELD_BACK:
            text = self[kind].sub("", text)
        return text


@dataclass(frozen=True, slots=True)
class Bound:
    """Words before or after a figure that say which values it takes in: ``up_to``, ``below``, ``from`` or ``above``."""

    kind: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class DisagreementWords:
    """Words by which two rules in force are compared."""

    adds: re.Pattern[str]
    bounds: tuple[Bound, ...]
    bounded: re.Pattern[str]
    """A figure with the words that bound it."""
    of_condition: tuple[re.Pattern[str], ...]
    """Words of bounds and of duty, without which sentences are compared."""

    @classmethod
    def of(cls, written: dict[str, Any], conditions: ConditionWords) -> DisagreementWords:
        """The words of a file."""
        sides: Mapping[str, Mapping[str, str]] = written["takes_in"]
        before, after = ("|".join(side[key] for side in sides.values()) for key in ("before", "after"))
        return cls(
            re.compile(written["adds"]),
            tuple(Bound(kind, re.compile(f"(?:{side['before']})$"), re.compile(side["after"])) for kind, side in sides.items()),
            re.compile(
                rf"(?:{before})?\d+(?:\.\d+)?[\u4e00-\u9fff%]{{0,2}}?(?:{after})|(?:{before})\d+(?:\.\d+)?(?:周岁|[\u4e00-\u9fff%])"
            ),
            tuple(conditions[kind] for kind in ("bounds", "must", "may")),
        )


@lru_cache(maxsize=8)  # the terms of a lexicon are a pattern of 30 kB
def any_of(options: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that matches any of the words, longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(options, key=len, reverse=True)))


def _longest_first(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(alternatives.split("|"), key=len, reverse=True)))


def _standing(phrases: Sequence[str]) -> re.Pattern[str]:
    ours = "|".join(re.escape(p).replace(re.escape("{region}"), "[^】，]{2,12}") for p in phrases)
    return re.compile(rf"^\s*(?:[-*+]\s*)?(?:{ours})")
