"""From what a caller sends to typed inputs, what is still missing, and the JSON schema that describes both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from assistant.errors import ToolInputRefused
from assistant.tools.result import Given, Value
from assistant.tools.rules import Input, Rule
from knowledge_base.text.numerals import fold_numbers

EARLIEST, LATEST = dt.date(1930, 1, 1), dt.date(2099, 12, 31)
"""Days that are taken; anything else is a slip."""

_DURATION = re.compile(r"(?:(\d+)年)?(?:零|又)?(?:(\d+)个?月)?")
_MONTHS_OF_HALF_A_YEAR = 6
_TRUE, _FALSE = ("true", "是", "1", "yes"), ("false", "否", "0", "no")


def read_inputs(rule: Rule, values: Mapping[str, object]) -> dict[str, Value]:
    """The given inputs, typed and within their bounds; empty ones are left out.

    Raises:
        ToolInputRefused: a name is unknown, or a value is not of its kind or out of bounds. The message says what to write.
    """
    unknown = sorted(set(values) - set(rule.inputs))
    if unknown:
        raise ToolInputRefused(f"没有“{'、'.join(unknown)}”这一项。可以填：{'、'.join(rule.inputs)}")
    given: dict[str, Value] = {}
    for name, value in values.items():
        if value is not None and value != "":
            given[name] = read_value(rule.inputs[name], value)
    return given


def missing_inputs(rule: Rule, given: Given) -> list[Input]:
    """What must still be asked for, in the order to ask in: the first of every group of which nothing is given."""
    return [rule.inputs[group[0]] for group in rule.needs if not any(name in given for name in group)]


def read_value(asked: Input, value: object) -> Value:
    """One value, typed.

    Raises:
        ToolInputRefused: it is not of its kind or out of bounds.
    """
    return _READERS[asked.kind](asked, value)


def _number(asked: Input, value: object) -> Decimal:
    try:
        number = Decimal(str(value).strip()) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ToolInputRefused(f"“{asked.label}”要写成数字，例如 {asked.example or '4000'}")
    return _bounded(asked, number)


def _count(asked: Input, value: object) -> int:
    number = _number(asked, value)
    if number != number.to_integral_value():
        raise ToolInputRefused(f"“{asked.label}”要写成整数")
    return int(number)


def _duration(asked: Input, value: object) -> int:
    if isinstance(value, str) and not value.strip().isdigit():
        months = months_of(value)
        if months is None:
            raise ToolInputRefused(f"“{asked.label}”要写成几年几个月，例如 8年3个月，或者月数 99")
        return int(_bounded(asked, Decimal(months)))
    return _count(asked, value)


def months_of(text: str) -> int | None:
    """Months of a length of time such as 8年3个月, 三年半, 半年; None where it is none."""
    folded = fold_numbers(text.strip().replace("一年半", "1年6个月")).replace(" ", "")
    folded = folded.replace("年半", f"年{_MONTHS_OF_HALF_A_YEAR}个月").replace("半年", f"{_MONTHS_OF_HALF_A_YEAR}个月")
    match = _DURATION.fullmatch(folded)
    if match is None or not any(match.groups()):
        return None
    return 12 * int(match.group(1) or 0) + int(match.group(2) or 0)


def _date(asked: Input, value: object) -> dt.date:
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError as exc:
        raise ToolInputRefused(f"“{asked.label}”要写成日期，例如 2026-03-01") from exc
    return _in_time(asked, day)


def _month(asked: Input, value: object) -> dt.date:
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    try:
        day = dt.date.fromisoformat(f"{text[:7]}-01")
        if len(text) > len("1976-05"):
            dt.date.fromisoformat(text)
    except ValueError as exc:
        raise ToolInputRefused(f"“{asked.label}”要写成年月，例如 1976-05") from exc
    return _in_time(asked, day)


def _in_time(asked: Input, day: dt.date) -> dt.date:
    if not EARLIEST <= day <= LATEST:
        raise ToolInputRefused(f"“{asked.label}”写的是{day.isoformat()}，应在{EARLIEST.isoformat()}到{LATEST.isoformat()}之间")
    return day


def _choice(asked: Input, value: object) -> str:
    text = str(value).strip()
    for option in asked.options:
        if text in (option.key, option.label):
            return option.key
    raise ToolInputRefused(f"“{asked.label}”只能选：{'、'.join(f'{o.key}（{o.label}）' for o in asked.options)}")


def _yes(asked: Input, value: object) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ToolInputRefused(f"“{asked.label}”只能写是或否（true 或 false）")


def _text(asked: Input, value: object) -> str:
    text = str(value).strip()
    if asked.most is not None and len(text) > asked.most:
        raise ToolInputRefused(f"“{asked.label}”太长了，请缩短到 {asked.most} 字以内")
    return text


def _bounded(asked: Input, number: Decimal) -> Decimal:
    if (asked.least is not None and number < asked.least) or (asked.most is not None and number > asked.most):
        raise ToolInputRefused(f"“{asked.label}”写的是{number}，应在{asked.least}到{asked.most}之间")
    return number


_READERS: Mapping[str, Callable[[Input, object], Value]] = {
    "money": _number,
    "number": _number,
    "count": _count,
    "duration": _duration,
    "date": _date,
    "month": _month,
    "choice": _choice,
    "yes_no": _yes,
    "text": _text,
}

_SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "money": {"type": "number"},
    "number": {"type": "number"},
    "count": {"type": "integer"},
    "duration": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    "date": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"},
    "choice": {"type": "string"},
    "yes_no": {"type": "boolean"},
    "text": {"type": "string"},
}


def json_schema(rule: Rule) -> dict[str, object]:
    """The JSON schema of a calculator's inputs, with its example. Groups of which one must be given are ``anyOf`` under ``allOf``."""
    properties = {name: _property(asked) for name, asked in rule.inputs.items()}
    schema: dict[str, object] = {"type": "object", "additionalProperties": False, "properties": properties}
    if required := [group[0] for group in rule.needs if len(group) == 1]:
        schema["required"] = required
    if either := [_either(group) for group in rule.needs if len(group) > 1]:
        schema["allOf"] = either
    return {**schema, "examples": [dict(rule.example)]}


def _either(group: Sequence[str]) -> dict[str, object]:
    return {"anyOf": [{"required": [name]} for name in group]}


def _property(asked: Input) -> dict[str, object]:
    described: dict[str, object] = {"title": asked.label, "description": asked.help or asked.ask, **_SCHEMAS[asked.kind]}
    if asked.options:
        described["enum"] = [option.key for option in asked.options]
    if asked.kind in ("money", "number", "count"):
        for name, bound in (("minimum", asked.least), ("maximum", asked.most)):
            if bound is not None:
                described[name] = float(bound)
    if asked.kind == "text" and asked.most is not None:
        described["maxLength"] = int(asked.most)
    return described
