"""「算一算」: choose what to work out, fill in the numbers, read the result."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.tool_schemas import InputOut, ToolOut
from ui.affairs.client import affairs_client
from ui.affairs.forms import draw_inputs
from ui.affairs.pick import pick
from ui.affairs.results import draw_result
from ui.client import ClientError
from ui.components import show_error
from ui.markup import element_key, literal
from ui.wording import say


def draw_calculators() -> None:
    """Draw the calculators, then the chosen one's form and result."""
    try:
        tools = affairs_client().tools().items
    except ClientError as exc:
        show_error(exc, key="tools-retry")
        return
    chosen = pick(tools, "tool")
    if chosen is not None:
        _draw_form(chosen)


def _draw_form(tool: ToolOut) -> None:
    st.html(f'<p class="lead">{escape(tool.about)}</p>')
    first, more = _split(tool)
    values = draw_inputs(first, tool.name)
    if more:
        with st.expander(say("affairs.detail"), icon=":material/tune:"):
            values |= draw_inputs(more, tool.name)
    key = element_key("compute", tool.name)
    if st.button(say("affairs.compute"), key=key, type="primary", width="stretch"):
        st.session_state[f"{key}-asked"] = True
    if st.session_state.get(f"{key}-asked"):
        _draw_answer(tool, values)


def _split(tool: ToolOut) -> tuple[list[InputOut], list[InputOut]]:
    """What is asked for first, and what may be added: the example of a calculator names what matters most."""
    first = [asked for asked in tool.inputs if asked.required or asked.name in tool.example]
    return first, [asked for asked in tool.inputs if asked not in first]


def _draw_answer(tool: ToolOut, values: dict[str, object]) -> None:
    try:
        answer = affairs_client().compute(tool.name, values)
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    if answer.result is None:
        st.info(literal(_missing(answer.missing)))
        return
    draw_result(answer.result)


def _missing(missing: Sequence[InputOut]) -> str:
    return say("affairs.missing", ask=missing[0].ask)
