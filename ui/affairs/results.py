"""A result on the screen: the sentence with the figure, how it comes about, what would change it, its clauses to open, print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.schemas import QuoteOut
from assistant.wire.tool_schemas import LineOut, ResultOut, ToolSource
from ui.browser_actions import action_html, actions_html
from ui.components import named, open_passage
from ui.markup import element_key, literal
from ui.wording import say


def draw_result(result: ResultOut) -> None:
    """Draw a calculation."""
    looks = "good" if result.found else "warn"
    badge = f'<span class="badge {looks}">{escape(say("affairs.found" if result.found else "affairs.not_found"))}</span>'
    st.html(f'<div data-hook="result" role="status">{badge}<p class="figure">{escape(result.first.text)}</p></div>')
    draw_lines("affairs.steps", result.steps, numbered=True)
    draw_lines("affairs.unknown", result.unknown)
    with st.expander(say("affairs.more"), icon=":material/info:"):
        draw_lines("affairs.assumptions", result.assumptions)
        draw_lines("affairs.changes", result.changes)
    draw_sources(result.sources, f"tool-{result.tool}")
    draw_end(result.official)


def draw_lines(heading: str, lines: Sequence[LineOut], *, numbered: bool = False) -> None:
    """Draw a list under its heading; nothing where it is empty. A line names its sources by their numbers."""
    if not lines:
        return
    items = "".join(f"<li>{escape(line.text)}{numbers_html(line.sources)}</li>" for line in lines)
    tag = "ol" if numbered else "ul"
    st.html(f'<p class="part">{escape(say(heading))}</p><{tag} class="lines">{items}</{tag}>')


def numbers_html(sources: Sequence[int]) -> str:
    """The numbers of a line's sources, as the list below numbers them."""
    numbers = "、".join(str(place + 1) for place in sources)
    return f'<sup class="number">{numbers}</sup>' if numbers else ""


def draw_sources(sources: Sequence[ToolSource], place: str) -> None:
    """Draw a button for every clause; it opens the passage with the words marked."""
    if not sources:
        return
    with st.expander(say("affairs.sources", count=len(sources)), icon=":material/menu_book:"):
        for number, source in enumerate(sources, 1):
            label = f"{number}. {named(source.title, source.clause)}"
            if st.button(literal(label), key=element_key(place, "source", number), width="stretch"):
                open_passage(source.passage_id, as_quote(source))


def as_quote(source: ToolSource) -> QuoteOut:
    """A clause as a quote that can be opened."""
    return QuoteOut.model_validate(source.model_dump())


def draw_end(official: str) -> None:
    """Draw that the official text decides, and a button to print."""
    st.html(f'<p class="official">{escape(official)}</p>{actions_html(action_html("print", say("affairs.print")))}')
