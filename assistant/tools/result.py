"""What a calculator gives: the sentence with the figure, how it was worked out, and what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assistant.tools.rules import Rule, Wording
from assistant.tools.values import date_words, duration
from assistant.tools.words import load_words
from knowledge_base.validity import HOME_REGION

SAID = "_said"
"""Suffix of an input that holds a length of time as it was said, where that is not exact (「八年多」)."""

Value = Decimal | int | str | bool | dt.date
Given = Mapping[str, Value]
"""Inputs as they were read: Decimal for money and numbers, int for counts and lengths of time in months."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a result and the facts that it rests on."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result; ``value`` is a number as text, or an ISO date where ``unit`` is "date"."""

    name: str
    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Result:
    """A calculation. ``found`` is false where the documents do not hold what it needs; ``first`` then says so.

    ``facts`` are the ids of everything that it rests on: those of the first sentence and the steps come first.
    """

    calculator: str
    title: str
    found: bool
    first: Line
    figures: tuple[Figure, ...]
    steps: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    changes: tuple[Line, ...]
    unknown: tuple[Line, ...]
    facts: tuple[str, ...]


class Worksheet:
    """A calculation under way: gives constants, collects lines, and remembers which facts gave constants."""

    def __init__(self, rule: Rule, given: Given, day: dt.date, region: str = HOME_REGION) -> None:
        self.rule, self.given, self.day, self.region = rule, given, day, region
        self._facts: list[str] = []
        self._figures: list[Figure] = []
        self._lines: dict[str, list[Line]] = {"step": [], "assume": [], "change": [], "unknown": []}
        for name, said in given.items():
            if name.endswith(SAID):
                self._lines["assume"].append(Line(_not_exact(str(said), given[name.removesuffix(SAID)])))

    def constant(self, name: str, key: str = "", day: dt.date | None = None) -> Decimal | None:
        """The value of a constant on a day (the worksheet's own by default); None where no fact gives one."""
        variant = self.rule.variant(name, day or self.day, self.region, key)
        if variant is None:
            return None
        self._use(variant.fact)
        return variant.value

    def fixed(self, name: str, key: str = "", day: dt.date | None = None) -> Decimal:
        """The value of a constant that holds on every day that inputs may name.

        Raises:
            LookupError: no variant holds.
        """
        value = self.constant(name, key, day)
        if value is None:
            raise LookupError(f"{self.rule.name}: no variant of {name} holds on {day or self.day} in {self.region} for {key!r}")
        return value

    def band(self, name: str, value: Decimal | int) -> str:
        """The key of the highest band that a value reaches; "short" below the first."""
        reached = [v for v in self.rule.constants[name] if v.value <= value]
        for variant in self.rule.constants[name]:
            self._use(variant.fact)
        return max(reached, key=lambda v: v.value).key if reached else "short"

    def begins(self, name: str) -> dt.date:
        """The first day of the newest variant of a constant.

        Raises:
            LookupError: no variant states one.
        """
        for variant in reversed(self.rule.constants[name]):
            if variant.begins:
                self._use(variant.fact)
                return variant.begins
        raise LookupError(f"{self.rule.name}: {name} states no first day")

    def step(self, wording: str, **values: object) -> None:
        """Add a line of the calculation."""
        self._add("step", wording, values)

    def assume(self, wording: str, **values: object) -> None:
        """Add what the calculation takes for granted."""
        self._add("assume", wording, values)

    def change(self, wording: str, **values: object) -> None:
        """Add what would make the result another one."""
        self._add("change", wording, values)

    def unknown(self, wording: str, **values: object) -> None:
        """Add what the documents do not hold."""
        self._add("unknown", wording, values)

    def figure(self, name: str, label: str, value: Decimal | int | dt.date, unit: str) -> None:
        """Add a figure for programs to read."""
        text = value.isoformat() if isinstance(value, dt.date) else f"{Decimal(value):f}"
        self._figures.append(Figure(name, label, text, unit))

    def done(self, wording: str, values: Mapping[str, object] | None = None, *, found: bool = True, **more: object) -> Result:
        """The result, its first sentence filled in."""
        first = self._line(wording, {**(values or {}), **more})
        told = [fact for part in ("step", "assume", "unknown", "change") for line in self._lines[part] for fact in line.facts]
        in_steps = len([fact for line in self._lines["step"] for fact in line.facts])
        facts = tuple(dict.fromkeys((*first.facts, *told[:in_steps], *self._facts, *told[in_steps:], *self.rule.facts)))
        return Result(
            self.rule.name,
            self.rule.title,
            found,
            first,
            tuple(self._figures),
            tuple(self._lines["step"]),
            tuple(self._lines["assume"]),
            tuple(self._lines["change"]),
            tuple(self._lines["unknown"]),
            facts,
        )

    def _add(self, part: str, name: str, values: Mapping[str, object]) -> None:
        self._lines[part].append(self._line(name, values))

    def _line(self, name: str, values: Mapping[str, object]) -> Line:
        wording: Wording = self.rule.wordings[name]
        return Line(wording.text.format(**values), wording.facts)

    def _use(self, fact: str) -> None:
        if fact not in self._facts:
            self._facts.append(fact)


def _not_exact(said: str, taken: Value) -> str:
    """What a value that was not given exactly is taken for."""
    words = load_words()
    if isinstance(taken, dt.date):
        return words["first_of_month"].format(said=said, day=date_words(taken))
    return words["rounded"].format(said=said, months=duration(int(str(taken))))
