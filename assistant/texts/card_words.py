"""What cards say, which questions ask for them, and how a text states a field (``cards.yaml``), compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a text states a field: by the words of a heading and of a statement."""

    key: str
    label: str
    heading: re.Pattern[str]
    said: re.Pattern[str]
    strict: bool = False
    """The statement itself must say it; a heading alone is not enough."""
    editorial: bool = False
    """The editors' remarks (编者小结) count."""
    particulars: bool = False
    """The dates of the document say it; statements do so only where it has none."""

    def weight(self, text: str, heading: str) -> int:
        """How well a statement states the field: 0 not at all, 1 to 3."""
        said = bool(self.said.search(text))
        under = bool(self.heading.search(heading))
        if not said and (self.strict or not under):
            return 0
        return 2 * said + under


@dataclass(frozen=True, slots=True)
class ChecklistWords:
    """Words of the checklist card."""

    asks: re.Pattern[str]
    about: re.Pattern[str]
    certificate: re.Pattern[str]
    title: str
    subsidy_fields: tuple[FieldRule, ...]
    certificate_fields: tuple[FieldRule, ...]


@dataclass(frozen=True, slots=True)
class PathWords:
    """Words of the learning-path card. Patterns by the name of an occupation, a goal or a level."""

    asks: re.Pattern[str]
    outright: re.Pattern[str]
    title: str
    time: str
    occupations: Mapping[str, re.Pattern[str]]
    goals: Mapping[str, re.Pattern[str]]
    levels: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class StudioWords:
    """Words of the studios card."""

    asks: re.Pattern[str]
    title: str
    note: str
    sectors: Mapping[str, re.Pattern[str]]
    technologies: re.Pattern[str]
    fields: tuple[FieldRule, ...]


@dataclass(frozen=True, slots=True)
class ComparisonWords:
    """Words of the comparison card; a title for each basis of a comparison."""

    titles: Mapping[str, str]
    said: str
    fields: tuple[FieldRule, ...]


@dataclass(frozen=True, slots=True)
class CardWords:
    """All of ``cards.yaml``."""

    checklist: ChecklistWords
    path: PathWords
    studios: StudioWords
    comparison: ComparisonWords

    @classmethod
    def of(cls, written: dict[str, Any]) -> CardWords:
        """The words of a file."""
        checklist, path, studios, comparison = (written[key] for key in ("checklist", "path", "studios", "comparison"))
        return cls(
            ChecklistWords(
                re.compile(checklist["asks"]),
                re.compile(checklist["about"]),
                re.compile(checklist["certificate"]),
                checklist["title"],
                _fields(checklist["subsidy_fields"]),
                _fields(checklist["certificate_fields"]),
            ),
            PathWords(
                re.compile(path["asks"]),
                re.compile(path["outright"]),
                path["title"],
                path["time"],
                _patterns(path["occupations"], re.IGNORECASE),
                _patterns(path["goals"], re.IGNORECASE),
                _patterns(path["levels"], re.IGNORECASE),
            ),
            StudioWords(
                re.compile(studios["asks"]),
                studios["title"],
                studios["note"],
                _patterns(studios["sectors"]),
                re.compile(studios["technologies"], re.IGNORECASE),
                _fields(studios["fields"]),
            ),
            ComparisonWords(
                {basis: comparison[f"title_{basis}"] for basis in ("time", "place", "things")},
                comparison["said"],
                _fields(comparison["fields"]),
            ),
        )


def _patterns(written: Mapping[str, str], flags: re.RegexFlag = re.NOFLAG) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, flags) for name, pattern in written.items()}


def _fields(written: Mapping[str, Mapping[str, Any]]) -> tuple[FieldRule, ...]:
    """The field rules of a card, in the order shown."""
    return tuple(
        FieldRule(
            key,
            rule["label"],
            re.compile(rule["heading"]),
            re.compile(rule["said"]),
            bool(rule.get("strict")),
            bool(rule.get("editorial")),
            bool(rule.get("particulars")),
        )
        for key, rule in written.items()
    )
