"""From a day to the last day: when it is too late, how it is counted, and how many days are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.errors import NotFound
from assistant.tools.proofs import wording_faults
from assistant.tools.rules import Wording
from assistant.tools.values import add_months, add_workdays
from knowledge_base.text.numerals import figures
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Source
from knowledge_base.validity import NATIONWIDE

FILE = Path(__file__).parent / "deadlines.yaml"

YOURS, THEIRS = "you", "they"
"""Whose deadline it is: the user must act, or the other side must."""

_HOURS_A_DAY = 24
_UNITS = {"years": "年", "months": "个月", "days": "日", "workdays": "个工作日", "hours": "小时"}
_ADD: Mapping[str, Callable[[dt.date, int], dt.date]] = {
    "years": lambda day, count: add_months(day, 12 * count),
    "months": add_months,
    "days": lambda day, count: day + dt.timedelta(days=count),
    "workdays": add_workdays,
    "hours": lambda day, count: day + dt.timedelta(days=count // _HOURS_A_DAY),
}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time and the part of a fact's statement that gives it; ``sum`` are figures of that part that make it up."""

    value: int
    unit: str
    fact: str
    says: str
    sum: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """In words: 1年, 30日, 5个工作日."""
        return f"{self.value}{_UNITS[self.unit]}"

    def after(self, day: dt.date) -> dt.date:
        """The last day; the first day is not counted."""
        return _ADD[self.unit](day, self.value)

    def before(self, day: dt.date) -> dt.date:
        """The day that lies this long before another. Only for months and years.

        Raises:
            ValueError: it is counted in days.
        """
        months = {"years": 12 * self.value, "months": self.value}.get(self.unit)
        if months is None:
            raise ValueError(f"{self.unit} are not counted backwards")
        return add_months(day, -months)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One rule that sets a last day. ``begins`` says in words from which day it is counted; ``before`` counts backwards from it."""

    name: str
    title: str
    group: str
    who: str
    begins: str
    length: Length
    longest: Length | None = None
    region: str = NATIONWIDE
    before: bool = False
    notes: tuple[Wording, ...] = ()
    guides: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of every fact that it rests on."""
        lengths = [self.length, *((self.longest,) if self.longest else ())]
        return tuple(dict.fromkeys((*(x.fact for x in lengths), *(fact for note in self.notes for fact in note.facts))))


@dataclass(frozen=True, slots=True)
class LastDay:
    """A deadline from a given day: its last day, the last day where it may be prolonged, days left, and how it was counted.

    ``left`` is negative once the last day is past.
    """

    deadline: Deadline
    start: dt.date
    last: dt.date
    longest: dt.date | None
    left: int
    counted: tuple[str, ...]


def load_deadlines(path: Path = FILE) -> dict[str, Deadline]:
    """The shipped deadlines by name, in the order of the file."""
    written: dict[str, Any] = parse_yaml(path.read_text(encoding="utf-8"))
    return {name: _deadline(name, **fields) for name, fields in written.items()}


def find_deadline(deadlines: Mapping[str, Deadline], name: str) -> Deadline:
    """The deadline with this name.

    Raises:
        NotFound: there is none.
    """
    if name not in deadlines:
        raise NotFound(f"没有“{name}”这个期限。所有期限见 /v1/deadlines")
    return deadlines[name]


def last_day_of(deadline: Deadline, start: dt.date, today: dt.date, words: Mapping[str, str]) -> LastDay:
    """The last day of a deadline counted from ``start``. ``words`` are the sentences that say how (``words.yaml``)."""
    length = deadline.length
    last = length.before(start) if deadline.before else length.after(start)
    longest = deadline.longest.after(start) if deadline.longest else None
    counted = [words["backwards" if deadline.before else "counted"].format(begins=deadline.begins, length=length.words)]
    counted.append(words[length.unit])
    if last.weekday() >= 5 and length.unit != "workdays" and not deadline.before:
        counted.append(words["weekend"])
    return LastDay(deadline, start, last, longest, (last - today).days, tuple(counted))


def deadline_faults(deadline: Deadline, sources: Mapping[str, Source]) -> Iterator[str]:
    """What a deadline says that its facts do not carry."""
    for length in (deadline.length, deadline.longest):
        if length is not None:
            yield from (f"{deadline.name}：{fault}" for fault in _length_faults(length, sources))
    for note in deadline.notes:
        yield from (f"{deadline.name}：{fault}" for fault in wording_faults(note, sources))


def _length_faults(length: Length, sources: Mapping[str, Source]) -> Iterator[str]:
    source = sources.get(length.fact)
    if source is None:
        yield f"没有来源 {length.fact}"
        return
    if length.says not in source.statement:
        yield f"“{length.says}”不在 {length.fact} 里"
    stated = {Decimal(figure) for figure in figures(length.says)}
    parts = length.sum or (length.value,)
    if not {Decimal(part) for part in parts} <= stated or sum(parts) != length.value:
        yield f"{length.value} 不在“{length.says}”里"


def _deadline(name: str, title: str, group: str, who: str, length: Mapping[str, Any], **more: Any) -> Deadline:
    longest = more.pop("longest", None)
    return Deadline(
        name,
        title,
        group,
        who,
        more.pop("from"),
        _length(**length),
        _length(**longest) if longest else None,
        notes=tuple(Wording(note["text"], tuple(note["facts"])) for note in more.pop("notes", ())),
        guides=tuple(more.pop("guides", ())),
        **more,
    )


def _length(value: int, unit: str, fact: str, says: str, sum: tuple[int, ...] = ()) -> Length:
    if unit not in _UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    return Length(value, unit, fact, says, tuple(sum))
