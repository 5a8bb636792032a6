"""The rules' files (``rules/*.yaml``): constants with their facts and dates, what a calculator asks for, and its words.

A constant is a list of variants. A variant holds for a stretch of time, a region and, where there is one, a key (a level, a class,
a city); ``says`` is the part of its fact's statement that gives the value, so that :mod:`assistant.tools.proofs` can prove it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge_base.text.yaml import parse_yaml
from knowledge_base.validity import NATIONWIDE, first_day, last_day

FOLDER = Path(__file__).parent / "rules"

KINDS = ("money", "number", "count", "duration", "date", "month", "choice", "yes_no", "text")
"""Kinds of input: an amount in 元, a number, a whole number, a length of time in months, a day, a month, one of some options, yes or no."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One value of a constant, where and from when to when it holds (both days included)."""

    value: Decimal
    fact: str
    says: str
    key: str = ""
    region: str = NATIONWIDE
    begins: dt.date | None = None
    ends: dt.date | None = None
    dated: str = ""
    """The part of the fact's statement that states ``begins`` or ``ends``, where its fields do not."""

    def holds(self, day: dt.date, region: str, key: str) -> bool:
        """Whether it is the rule on a day, in a region, for a key."""
        begun = self.begins is None or self.begins <= day
        ended = self.ends is not None and self.ends < day
        here = self.region == NATIONWIDE or region.startswith(self.region)
        return self.key == key and begun and not ended and here


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from; ``words`` are what people say for it."""

    key: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """Something that a calculator asks for.

    ``near`` are words that stand by its value in a sentence; ``only_near`` is true where a bare value never counts.
    ``least`` and ``most`` bound numbers (元, months, pieces). ``unit`` is the kind of mention that gives a number or count, ``per_day``
    how many of them a day has. ``words`` say yes, ``values`` are words with their number (双胞胎: 2). No value counts that stands
    nearer to one of ``not_near``.
    """

    name: str
    kind: str
    label: str
    ask: str
    least: Decimal | None = None
    most: Decimal | None = None
    options: tuple[Option, ...] = ()
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Words of which the text must hold one."""
    only_near: bool = False
    words: tuple[str, ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    per_day: int = 0
    year_is_enough: bool = False
    """Of a month: whether a year alone decides."""
    month_is_enough: bool = False
    """Of a day: whether a month is taken as its first day, which the result then says."""
    example: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with places to fill in, and the facts that it rests on."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that a calculator is made of but its arithmetic.

    ``needs`` are groups of inputs; one of each group must be given. ``guides`` are the documents that lead to the calculator in a
    conversation; ``facts`` are those that its result always names.
    """

    name: str
    title: str
    group: str
    about: str
    guides: tuple[str, ...]
    facts: tuple[str, ...]
    inputs: Mapping[str, Input]
    needs: tuple[tuple[str, ...], ...]
    constants: Mapping[str, tuple[Variant, ...]]
    wordings: Mapping[str, Wording]
    example: Mapping[str, object]

    def variant(self, name: str, day: dt.date, region: str = NATIONWIDE, key: str = "") -> Variant | None:
        """The variant of a constant that holds; the last one written where several do, None where none does.

        Raises:
            KeyError: there is no such constant.
        """
        return next((v for v in reversed(self.constants[name]) if v.holds(day, region, key)), None)


def load_rules(folder: Path = FOLDER) -> dict[str, Rule]:
    """The rules of a folder by name, in the order of their files' names."""
    return {path.stem: read_rule(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))}


def read_rule(name: str, text: str) -> Rule:
    """A rule from its file.

    Raises:
        KeyError, TypeError, ValueError: the file lacks something, or has something that nothing reads.
    """
    written: dict[str, Any] = parse_yaml(text)
    inputs = {key: _input(key, **value) for key, value in written.pop("inputs").items()}
    constants = {key: tuple(_variant(**v) for v in values) for key, values in written.pop("constants", {}).items()}
    wordings = {key: _wording(value) for key, value in written.pop("says").items()}
    needs = tuple(tuple(group) if isinstance(group, list) else (group,) for group in written.pop("needs"))
    unknown = {need for group in needs for need in group} - set(inputs)
    if unknown:
        raise ValueError(f"{name}: needs names no input: {sorted(unknown)}")
    guides, facts = tuple(written.pop("guides")), tuple(written.pop("facts"))
    return Rule(name=name, guides=guides, facts=facts, inputs=inputs, needs=needs, constants=constants, wordings=wordings, **written)


def _input(name: str, kind: str, label: str, ask: str, options: Mapping[str, Any] | None = None, **more: Any) -> Input:
    if kind not in KINDS:
        raise ValueError(f"{name}: unknown kind {kind!r}")
    chosen = tuple(_option(key, value) for key, value in (options or {}).items())
    for bound in ("least", "most"):
        if bound in more:
            more[bound] = Decimal(str(more[bound]))
    for words in ("near", "not_near", "words", "requires"):
        more[words] = tuple(more.get(words, ()))
    return Input(name, kind, label, ask, options=chosen, **more)


def _option(key: str, value: str | Mapping[str, Any]) -> Option:
    if isinstance(value, str):
        return Option(str(key), value)
    return Option(str(key), value["label"], tuple(value.get("words", ())))


def _variant(value: object, fact: str, says: str, **more: Any) -> Variant:
    begins, ends = str(more.pop("from", "")), str(more.pop("until", ""))
    return Variant(
        Decimal(str(value)),
        fact,
        says,
        key=str(more.pop("key", "")),
        begins=first_day(begins) if begins else None,
        ends=last_day(ends) if ends else None,
        **more,
    )


def _wording(value: str | Mapping[str, Any]) -> Wording:
    if isinstance(value, str):
        return Wording(value)
    return Wording(value["text"], tuple(value.get("facts", ())))
