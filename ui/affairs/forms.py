"""Fields to fill in, one a line, large enough for a thumb; what is not filled in is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from assistant.wire.tool_schemas import InputOut, OptionOut
from ui.markup import element_key, literal
from ui.wording import say

FIRST_DAY, LAST_DAY = date(1930, 1, 1), date(2099, 12, 31)
_WHOLE = frozenset({"count"})


def draw_inputs(inputs: Sequence[InputOut], place: str) -> dict[str, object]:
    """Draw a field for each input; the values that were given, by name."""
    values = {asked.name: draw_input(asked, element_key(place, asked.name)) for asked in inputs}
    return {name: value for name, value in values.items() if value not in (None, "")}


def draw_input(asked: InputOut, key: str) -> object:
    """Draw one field; its value as the API takes it, None where nothing was given."""
    return _DRAW[asked.kind](asked, key)


def _number(asked: InputOut, key: str) -> object:
    whole = asked.kind in _WHOLE
    return st.number_input(
        literal(asked.label),
        min_value=_bound(asked.least, whole),
        max_value=_bound(asked.most, whole),
        value=None,
        step=1 if whole else 1.0,
        format=None if whole else "%.10g",
        placeholder=_example(asked),
        key=key,
    )


def _bound(bound: float | None, whole: bool) -> int | float | None:
    return int(bound) if whole and bound is not None else bound


def _example(asked: InputOut) -> str:
    return say("affairs.example", example=asked.example) if asked.example else ""


def _text(asked: InputOut, key: str) -> object:
    most = int(asked.most) if asked.most and asked.kind == "text" else None
    if asked.lines > 1:
        height = 30 + 26 * asked.lines
        return st.text_area(
            literal(asked.label), key=key, placeholder=_example(asked), max_chars=most, help=asked.help or None, height=height
        )
    return st.text_input(literal(asked.label), key=key, placeholder=_example(asked), max_chars=most, help=asked.help or None)


def _date(asked: InputOut, key: str) -> object:
    given = st.date_input(literal(asked.label), value=None, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", key=key)
    return given.isoformat() if isinstance(given, date) else None


def _choice(asked: InputOut, key: str) -> object:
    return choose(asked.label, asked.options, key)


def choose(label: str, options: Sequence[OptionOut], key: str) -> str:
    """Draw options to tap; the key of the chosen one, "" while none is."""
    labels = {option.key: option.label for option in options}
    chosen: str | None = st.pills(literal(label), list(labels), format_func=lambda option: literal(labels[option]), key=key)
    return chosen or ""


def _yes_no(asked: InputOut, key: str) -> object:
    said: str | None = st.pills(
        literal(asked.label), ["yes", "no"], format_func=lambda option: say("affairs.is" if option == "yes" else "affairs.is_not"), key=key
    )
    return None if said is None else said == "yes"


_DRAW: Mapping[str, Callable[[InputOut, str], object]] = {
    "money": _number,
    "number": _number,
    "count": _number,
    "duration": _text,
    "month": _text,
    "text": _text,
    "date": _date,
    "choice": _choice,
    "yes_no": _yes_no,
}
