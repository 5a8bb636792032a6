"""The words by which a question is understood, compiled once. Each class is one YAML file of this folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer: how a question asks for it, and what an answer of the kind holds."""

    name: str
    ask: re.Pattern[str]
    given: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Words for time (``time_words.yaml``). The patterns ``asks_today`` and ``asks_past`` are wider than ``now`` and ``earlier``.

    The narrow pair chooses the day whose rules answer a question. The wide pair only weighs candidates and what they lack.
    """

    relative: Mapping[str, int]
    now: re.Pattern[str]
    earlier: re.Pattern[str]
    after_year: re.Pattern[str]
    after_relative_year: re.Pattern[str]
    asks_today: re.Pattern[str]
    asks_past: re.Pattern[str]

    @classmethod
    def of(cls, written: dict[str, Any]) -> TimeWords:
        """The words of a file."""
        patterns = {key: re.compile(written[key]) for key in ("now", "earlier", "after_year", "asks_today", "asks_past")}
        after_relative = re.compile(written["after_year"].removeprefix("(?:年)?"))
        return cls(relative={k: int(v) for k, v in written["relative"].items()}, after_relative_year=after_relative, **patterns)


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Words that say what a question is after (``question_words.yaml``)."""

    stop: frozenset[str]
    answer_kinds: tuple[AnswerKind, ...]
    asking: re.Pattern[str]
    """Words that ask: 多少, 谁, 哪里, 怎么, 几家 …"""
    measured: re.Pattern[str]
    """What is counted, in its first group."""
    same_measures: Mapping[str, str]
    any_measure: frozenset[str]
    """Words that count anything."""
    general: frozenset[str]
    meaning: re.Pattern[str]
    defines: str
    """What follows a word in a text that defines it."""
    function_characters: frozenset[str]
    surnames: frozenset[str]
    home_cities: frozenset[str]
    nation: tuple[str, ...]
    home_places: frozenset[str]
    relative_years: Mapping[str, int]
    time: TimeWords

    @classmethod
    def of(cls, written: dict[str, Any], time: TimeWords) -> QuestionWords:
        """The words of a file."""
        kinds = written["answer_kinds"].items()
        same = dict(written["same_measures"])
        return cls(
            stop=frozenset(written["stop"].split()),
            answer_kinds=tuple(AnswerKind(name, re.compile(rule["ask"]), re.compile(rule["given"])) for name, rule in kinds),
            asking=re.compile(written["asking"]),
            measured=re.compile(written["measured"]),
            any_measure=frozenset(same.pop("any")),
            same_measures=same,
            general=frozenset(written["general"].split()),
            meaning=re.compile(written["meaning"]),
            defines=written["defines"],
            function_characters=frozenset(written["function_characters"]),
            surnames=frozenset(written["surnames"]),
            home_cities=frozenset(written["home_cities"]),
            nation=tuple(written["nation"]),
            home_places=frozenset(written["home_places"]),
            relative_years=written["relative_years"],
            time=time,
        )

    def given(self, kind: str, measures: tuple[str, ...] = ()) -> re.Pattern[str]:
        """What an answer of a kind holds; a count also holds the thing that is counted."""
        given = next(answer.given for answer in self.answer_kinds if answer.name == kind)
        if kind != "count" or not measures or self.any_measure.intersection(measures):
            return given
        counted = "|".join(self.same_measures.get(m, m) for m in measures)
        return re.compile(rf"(?:\d|[一两])[余多万亿]*\s*(?:{counted})")


@dataclass(frozen=True, slots=True)
class HeardWords:
    """Words for figures that the user heard somewhere (``premises.yaml``)."""

    heard: re.Pattern[str]
    units: Mapping[str, tuple[str, float]]
    """Unit to its measure and to the factor that turns it into the measure's smallest unit."""
    figure: re.Pattern[str]
    """A number and its unit."""

    @classmethod
    def of(cls, written: dict[str, Any]) -> HeardWords:
        """The words of a file."""
        units = {unit: (measure, float(factor)) for measure, of in written["measures"].items() for unit, factor in of.items()}
        any_unit = "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True))
        return cls(re.compile(written["heard"]), units, re.compile(rf"(\d+(?:\.\d+)?)\s*({any_unit})"))


@dataclass(frozen=True, slots=True)
class ContrastWords:
    """Words that set two things beside each other (``contrasts.yaml``)."""

    asks: re.Pattern[str]
    not_sides: re.Pattern[str]
    joins: re.Pattern[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    pronouns: re.Pattern[str]
    nationwide: re.Pattern[str]
    changed: re.Pattern[str]
    evaluating: re.Pattern[str]
    verb_tail: re.Pattern[str]
    told_apart: re.Pattern[str]
    how: Mapping[str, str]

    @classmethod
    def of(cls, written: dict[str, Any]) -> ContrastWords:
        """The words of a file."""
        as_written = ("asks", "not_sides", "joins", "pronouns", "nationwide", "changed", "evaluating", "verb_tail", "told_apart")
        return cls(
            lead=re.compile(rf"^(?:{written['lead']})+"),
            tail=re.compile(rf"(?:{written['tail']})"),
            how=written["how"],
            **{key: re.compile(written[key]) for key in as_written},
        )


@dataclass(frozen=True, slots=True)
class LengthWords:
    """Words that ask for a short answer (``brevity.yaml``)."""

    short: re.Pattern[str]
    short_sentences: int
    sentences: re.Pattern[str]
    several: int

    @classmethod
    def of(cls, written: dict[str, Any]) -> LengthWords:
        """The words of a file."""
        return cls(re.compile(written["short"]), int(written["short_sentences"]), re.compile(written["sentences"]), int(written["several"]))


@dataclass(frozen=True, slots=True)
class SameQuestions:
    """Words that do not tell two questions apart (``same_questions.yaml``)."""

    particles: re.Pattern[str]
    dropped: re.Pattern[str]
    synonyms: Mapping[str, str]
    any_synonym: re.Pattern[str]

    @classmethod
    def of(cls, written: dict[str, Any]) -> SameQuestions:
        """The words of a file."""
        return cls(
            re.compile(f"[{written['particles']}]+$"),
            _any_of((*written["polite"], *written["dropped"])),
            written["same"],
            _any_of(written["same"]),
        )


def _any_of(words: Any) -> re.Pattern[str]:
    """A pattern of any of the words, the longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
