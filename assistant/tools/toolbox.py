"""The calculators with their rules, read once: list them, and work one out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import NotFound, ToolInputRefused
from assistant.tools.calculators import CALCULATORS
from assistant.tools.inputs import missing_inputs, read_inputs
from assistant.tools.result import Given, Result, Worksheet
from assistant.tools.rules import Input, Rule, load_rules
from knowledge_base.validity import HOME_REGION


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a calculation: a result, or what must still be asked for, in order."""

    given: Given
    result: Result | None = None
    missing: tuple[Input, ...] = ()


@dataclass(frozen=True)
class Toolbox:
    """Every calculator's rules by name, in the order in which they are shown."""

    rules: Mapping[str, Rule]

    @classmethod
    def load(cls) -> Toolbox:
        """The shipped calculators."""
        rules = load_rules()
        return cls({name: rules[name] for name in CALCULATORS})

    def rule(self, name: str) -> Rule:
        """The rules of a calculator.

        Raises:
            NotFound: there is no such calculator.
        """
        if name not in self.rules:
            raise NotFound(f"没有“{name}”这个计算。所有计算见 /v1/tools")
        return self.rules[name]

    def compute(self, name: str, values: Mapping[str, object], day: dt.date, region: str = HOME_REGION) -> Outcome:
        """The result for values as a caller sends them, by the rules of a day and a region.

        Raises:
            NotFound: there is no such calculator.
            ToolInputRefused: a value is not of its kind, out of bounds, or contradicts another.
        """
        return self.work_out(name, read_inputs(self.rule(name), values), day, region)

    def work_out(self, name: str, given: Given, day: dt.date, region: str = HOME_REGION) -> Outcome:
        """The result for typed inputs.

        Raises:
            NotFound: there is no such calculator.
            ToolInputRefused: a day comes before another that it must follow.
        """
        rule = self.rule(name)
        if missing := missing_inputs(rule, given):
            return Outcome(given, missing=tuple(missing))
        _check_order(rule, given)
        return Outcome(given, CALCULATORS[name](Worksheet(rule, given, day, region)))


_LATER = (("started", "ended"), ("started", "signed"))


def _check_order(rule: Rule, given: Given) -> None:
    for first, last in _LATER:
        earlier, later = given.get(first), given.get(last)
        if isinstance(earlier, dt.date) and isinstance(later, dt.date) and later < earlier:
            raise ToolInputRefused(f"“{rule.inputs[last].label}”（{later}）早于“{rule.inputs[first].label}”（{earlier}），请检查")
