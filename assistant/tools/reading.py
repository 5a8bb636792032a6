"""From what someone writes to a calculator's inputs: which mentioned value is which input, over several turns.

The rules' files say which words stand by an input's value; the documents that were found say which calculator it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.errors import ToolInputRefused
from assistant.tools.inputs import missing_inputs, read_value
from assistant.tools.mentions import Mention, fold, read_mentions
from assistant.tools.result import SAID, Given, Value
from assistant.tools.rules import Input, Rule

_BEFORE, _AFTER = 8, 6
"""Characters before and after a value in which a word says what it is."""

_BREAKS = re.compile(r"[，。；！？,;!?\n]")
_NEGATIONS = "没不非未无"
_NUMERIC = frozenset({"money", "number", "count", "duration", "date", "month"})
_MONTHLY = ("", "month")

_KIND_OF: Mapping[str, str] = {"money": "money", "duration": "months", "date": "date"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for a calculator: inputs, what the last turn alone gave, and what is missing in the order to ask in."""

    rule: Rule
    given: Given
    new: frozenset[str]
    missing: tuple[Input, ...] = field(default=())

    @property
    def has_numbers(self) -> bool:
        """Whether the last turn gave a number, a day or a length of time: one that is needed, or any where nothing is missing."""
        needed = {name for group in self.rule.needs for name in group}
        counted = self.new & needed if self.missing else self.new
        return any(self.rule.inputs[name].kind in _NUMERIC for name in counted)


def read_numbers(rule: Rule, question: str, earlier: Sequence[str], today: dt.date, asked: str = "") -> Reading:
    """The inputs of a calculator in a question and in the user's turns before it; later turns win.

    Args:
        rule: the calculator that the documents found lead to.
        earlier: what the user wrote before and the question leans on, oldest first.
        today: completes days without a year.
        asked: the name of the input that was asked for last: a bare value in the question is its.
    """
    given: dict[str, Value] = {}
    for turn in earlier:
        _take_over(rule, given, read_turn(rule, turn, today))
    new = read_turn(rule, question, today, asked)
    _take_over(rule, given, new)
    names = frozenset(name for name in new if name in rule.inputs)
    return Reading(rule, given, names, tuple(missing_inputs(rule, given)))


def rules_for(rules: Mapping[str, Rule], slug: str, facts: Iterable[str]) -> list[Rule]:
    """The calculators that a document leads to: those that name it, then those whose facts a passage of a policy was written from."""
    named = [rule for rule in rules.values() if slug in rule.guides]
    return named or [rule for rule in rules.values() if set(rule.facts) & set(facts)]


def best_reading(readings: Iterable[Reading]) -> Reading | None:
    """The reading with numbers of which least is missing, then the one with most new inputs; None where none has numbers."""
    found = [reading for reading in readings if reading.has_numbers]
    return min(found, key=lambda r: (len(r.missing), -len(r.new)), default=None)


def _take_over(rule: Rule, given: dict[str, Value], new: Mapping[str, Value]) -> None:
    """Add what a turn gave; what it replaces goes: another way of giving the same, and how a length was said before."""
    for group in rule.needs:
        if len(group) > 1 and any(name in new for name in group) and rule.inputs[group[0]].kind == "duration":
            for name in group:
                given.pop(name, None)
    for name in new:
        given.pop(f"{name}{SAID}", None)
    given.update(new)


def read_turn(rule: Rule, text: str, today: dt.date, asked: str = "") -> dict[str, Value]:
    """The inputs that one turn gives."""
    folded, mentions = fold(text), list(read_mentions(text, today))
    given: dict[str, Value] = {}
    if asked in rule.inputs:
        _take_asked(rule.inputs[asked], folded, mentions, given, today)
    for name, mention in _assigned(rule, folded, mentions, given):
        _put(rule.inputs[name], mention, mentions, given)
    for name, value in _said_in_words(rule, folded):
        given.setdefault(name, value)
    return given


def _take_asked(asked: Input, text: str, mentions: list[Mention], given: dict[str, Value], today: dt.date) -> None:
    """A bare value is the one that was asked for."""
    fitting = [m for m in mentions if _fits(asked, m)]
    if len(fitting) == 1:
        _put(asked, fitting[0], mentions, given)
        mentions.remove(fitting[0])
    elif not mentions and asked.kind in _NUMERIC:
        try:
            given[asked.name] = read_value(asked, text.strip().rstrip("。元块"))
        except ToolInputRefused:
            return


def _assigned(rule: Rule, text: str, mentions: Sequence[Mention], given: Given) -> Iterator[tuple[str, Mention]]:
    """Inputs with their mentions: first those that a word stands nearest to, then what only one input can be."""
    pairs = [
        (distance, place, name, mention)
        for place, (name, asked) in enumerate(rule.inputs.items())
        if name not in given and _may_be_read(asked, text)
        for mention in mentions
        if _fits(asked, mention) and (distance := _distance(asked, mention, text)) is not None
    ]
    used: set[int] = set()
    named: set[str] = set()
    for _, _, name, mention in sorted(pairs, key=lambda pair: pair[:2]):
        if name not in named and id(mention) not in used:
            named.add(name)
            used.add(id(mention))
            yield name, mention
    for mention in mentions:
        if id(mention) in used:
            continue
        free = [a for n, a in rule.inputs.items() if n not in named and n not in given and not a.only_near and _may_be_read(a, text)]
        fitting = [a for a in free if _fits(a, mention) and not _is_kept_off(a, mention, text)]
        if len(fitting) == 1 or (fitting and mention.kind == "money"):
            named.add(fitting[0].name)
            used.add(id(mention))
            yield fitting[0].name, mention


def _may_be_read(asked: Input, text: str) -> bool:
    return not asked.requires or any(word in text for word in asked.requires)


def _fits(asked: Input, mention: Mention) -> bool:
    """Whether a mention is of an input's kind."""
    if asked.kind == "month":
        return mention.kind in ("date", "month") or (mention.kind == "year" and asked.year_is_enough)
    if asked.kind == "money":
        hourly = asked.name.startswith("hourly")
        return mention.kind == "money" and (mention.per == "hour" if hourly else mention.per in _MONTHLY or asked.name == "paid")
    if asked.kind in ("number", "count"):
        return mention.kind == asked.unit or (bool(asked.per_day) and mention.kind == "days")
    if asked.kind == "date" and asked.month_is_enough and mention.kind == "month":
        return True
    return mention.kind == _KIND_OF.get(asked.kind)


def _distance(asked: Input, mention: Mention, text: str) -> int | None:
    """Characters between a mention and the nearest word that names the input; None where there is none in the same clause."""
    near = _nearest(asked.near, mention, text)
    if near is None or _is_kept_off(asked, mention, text, near):
        return None
    return near


def _is_kept_off(asked: Input, mention: Mention, text: str, near: int | None = None) -> bool:
    """Whether a word stands by a mention that says that it is something else."""
    other = _nearest(asked.not_near, mention, text)
    return other is not None and (near is None or other <= near)


def _nearest(words: Iterable[str], mention: Mention, text: str) -> int | None:
    before = _BREAKS.split(text[max(0, mention.start - _BEFORE) : mention.start])[-1]
    after = _BREAKS.split(text[mention.end : mention.end + _AFTER])[0]
    gaps = [len(before) - before.rindex(w) - len(w) for w in words if w in before]
    gaps += [after.index(w) for w in words if w in after]
    gaps += [0 for w in words if w in mention.said]
    return min(gaps, default=None)


def _put(asked: Input, mention: Mention, mentions: Sequence[Mention], given: dict[str, Value]) -> None:
    """Put a mention's value under an input, as the input counts it; a value out of bounds is left out."""
    value: object = mention.value
    if mention.kind == "year":
        value = f"{mention.value}-01"
    elif asked.per_day:
        value = _hours_in_all(asked, mention, mentions)
    if value is None:
        return
    try:
        given[asked.name] = read_value(asked, value)
    except ToolInputRefused:
        return
    if (asked.kind == "duration" and not mention.exact) or (asked.kind == "date" and mention.kind == "month"):
        given[f"{asked.name}{SAID}"] = mention.said


def _hours_in_all(asked: Input, mention: Mention, mentions: Sequence[Mention]) -> Decimal | None:
    """Hours; days have so many each. Hours a day need a number of days, else they are not known."""
    number = Decimal(str(mention.value))
    if mention.kind == "days":
        hours_a_day = next((m.value for m in mentions if m.kind == "hours" and m.per == "day"), asked.per_day)
        return number * Decimal(str(hours_a_day))
    if mention.per != "day":
        return number
    days = [m.value for m in mentions if m.kind == "days"]
    return number * Decimal(str(days[0])) if len(days) == 1 else None


def _said_in_words(rule: Rule, text: str) -> Iterator[tuple[str, Value]]:
    """Choices, yes and counts that words give; a word after 没 or 不 says the contrary and is not read."""
    for name, asked in rule.inputs.items():
        if asked.kind == "choice":
            found = [(len(word), o.key) for o in asked.options for word in (*o.words, o.label, _short(o.label)) if _says(text, word)]
            if found:
                yield name, max(found)[1]
        elif asked.kind == "yes_no" and any(_says(text, word) for word in asked.words):
            yield name, True
        elif asked.kind == "count":
            counts = [value for word, value in asked.values.items() if word in text]
            if counts:
                yield name, max(counts)


def _short(label: str) -> str:
    return label.split("（")[0]


def _says(text: str, word: str) -> bool:
    place = text.find(word)
    return place >= 0 and (place == 0 or text[place - 1] not in _NEGATIONS or word[0] in _NEGATIONS)
