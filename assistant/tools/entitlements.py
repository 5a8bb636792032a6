"""What someone is entitled to in a situation: five plain questions at most, then every right, sum, deadline and paper that applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import NotFound, ToolInputRefused
from assistant.tools.calculators import CALCULATORS
from assistant.tools.deadlines import load_deadlines
from assistant.tools.letters import load_letters
from assistant.tools.proofs import wording_faults
from assistant.tools.rules import Option, Wording
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Source

FILE = Path(__file__).parent / "entitlements.yaml"
MOST_QUESTIONS = 5
UNSURE = "unsure"
"""The answer 不清楚: what depends on it is shown with its condition."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A plain question: one of its options, or a day where it has none."""

    name: str
    ask: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A right with its facts. ``when`` are the answers under which it applies, each by question; no question named means always.

    ``since`` and ``until`` bound the day of the situation. ``tool``, ``deadline`` and ``letter`` name what goes with it.
    """

    wording: Wording
    group: str
    when: Mapping[str, tuple[str, ...]]
    since: dt.date | None = None
    until: dt.date | None = None
    tool: str = ""
    deadline: str = ""
    letter: str = ""

    def applies(self, answers: Mapping[str, str], day: dt.date | None) -> bool:
        """Whether it applies: every question that matters was answered so, or not at all, or 不清楚."""
        if day is not None and ((self.since and day < self.since) or (self.until and day > self.until)):
            return False
        return all(answers.get(question, UNSURE) in (*wanted, UNSURE) for question, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation, its questions and everything that may apply in it. ``day`` is the name of the question for a day, or ""."""

    name: str
    title: str
    questions: tuple[Asked, ...]
    items: tuple[Entitlement, ...]
    day: str = ""


def load_situations(path: Path = FILE) -> dict[str, Situation]:
    """The shipped situations by name, in the order of the file."""
    written: dict[str, Any] = parse_yaml(path.read_text(encoding="utf-8"))
    return {name: _situation(name, **fields) for name, fields in written.items()}


def find_situation(situations: Mapping[str, Situation], name: str) -> Situation:
    """The situation with this name.

    Raises:
        NotFound: there is none.
    """
    if name not in situations:
        raise NotFound(f"没有“{name}”这种情况。所有情况见 /v1/entitlements")
    return situations[name]


def entitled_to(situation: Situation, answers: Mapping[str, str]) -> tuple[Entitlement, ...]:
    """Everything that applies, in the order of the file.

    Raises:
        ToolInputRefused: an answer is to no question, is none of its options, or is no day.
    """
    for name, answer in answers.items():
        _check(situation, name, answer)
    given = answers.get(situation.day, "") if situation.day else ""
    day = dt.date.fromisoformat(given) if given else None
    return tuple(item for item in situation.items if item.applies(answers, day))


def _check(situation: Situation, name: str, answer: str) -> None:
    asked = next((question for question in situation.questions if question.name == name), None)
    if asked is None:
        raise ToolInputRefused(f"“{situation.title}”没有“{name}”这个问题")
    keys = [option.key for option in asked.options]
    if keys and answer not in (*keys, UNSURE):
        raise ToolInputRefused(f"“{asked.ask}”只能回答：{'、'.join(keys)}、{UNSURE}")
    if not keys and answer:
        try:
            dt.date.fromisoformat(answer)
        except ValueError as exc:
            raise ToolInputRefused(f"“{asked.ask}”要写成日期，例如 2026-03-01") from exc


def situation_faults(situation: Situation, sources: Mapping[str, Source]) -> Iterator[str]:
    """What a situation says that its facts do not carry, and names of nothing."""
    known: Mapping[str, Mapping[str, object]] = {"tool": CALCULATORS, "deadline": load_deadlines(), "letter": load_letters()}
    questions = {asked.name: asked for asked in situation.questions}
    if len(questions) > MOST_QUESTIONS:
        yield f"{situation.name}：问题多于 {MOST_QUESTIONS} 个"
    for item in situation.items:
        yield from (f"{situation.name}：{fault}" for fault in wording_faults(item.wording, sources))
        if not item.wording.facts:
            yield f"{situation.name}：没有注来源：{item.wording.text[:24]}"
        for kind, names in known.items():
            if (name := getattr(item, kind)) and name not in names:
                yield f"{situation.name}：没有 {kind} {name}"
        for question, wanted in item.when.items():
            options = {option.key for option in questions[question].options} if question in questions else set()
            yield from (f"{situation.name}：{question} 没有 {key}" for key in wanted if key not in options)


def _situation(name: str, title: str, questions: Mapping[str, Any], items: Any, day: str = "") -> Situation:
    asked = tuple(_asked(key, **fields) for key, fields in questions.items())
    return Situation(name, title, asked, tuple(_item(**fields) for fields in items), day)


def _asked(name: str, ask: str, options: Mapping[str, str] | None = None) -> Asked:
    return Asked(name, ask, tuple(Option(key, label) for key, label in (options or {}).items()))


def _item(
    text: str, facts: Any, group: str, when: Mapping[str, Any] | None = None, since: str = "", until: str = "", **more: str
) -> Entitlement:
    wanted = {question: tuple(keys) if isinstance(keys, list) else (keys,) for question, keys in (when or {}).items()}
    begins, ends = (dt.date.fromisoformat(str(day)) if day else None for day in (since, until))
    return Entitlement(Wording(text, tuple(facts)), group, wanted, begins, ends, **more)
