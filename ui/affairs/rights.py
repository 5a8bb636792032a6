"""「我能享受什么」: plain questions, then every right, sum, deadline and paper that applies."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.tool_schemas import EntitlementOut, InputOut, QuestionOut, SituationOut
from ui.affairs.client import affairs_client
from ui.affairs.forms import choose, draw_input
from ui.affairs.results import draw_end, draw_sources, numbers_html
from ui.client import ClientError
from ui.components import show_error
from ui.markup import element_key, literal
from ui.wording import say, word_for

AFFAIRS_PAGE = "screens/affairs.py"


def draw_rights() -> None:
    """Draw the situations, the questions of the chosen one, and what applies."""
    try:
        situations = affairs_client().situations().items
    except ClientError as exc:
        show_error(exc, key="situations-retry")
        return
    named = {situation.name: situation for situation in situations}
    chosen: str | None = st.pills(
        say("affairs.situation"), list(named), format_func=lambda name: literal(named[name].title), key="situation"
    )
    if chosen is None:
        st.info(say("affairs.choose"))
        return
    _draw_situation(named[chosen])


def _draw_situation(situation: SituationOut) -> None:
    answers = {asked.name: _answer(situation, asked) for asked in situation.questions}
    try:
        found = affairs_client().entitlements(situation.name, {name: answer for name, answer in answers.items() if answer})
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    st.html(f'<h2 class="title" data-hook="rights" role="status">{escape(say("affairs.applies", count=len(found.items)))}</h2>')
    for group in dict.fromkeys(item.group for item in found.items):
        st.html(f'<p class="part">{escape(group)}</p>')
        for number, item in enumerate(found.items):
            if item.group == group:
                _draw_item(item, number)
    draw_sources(found.sources, f"rights-{situation.name}")
    draw_end(found.official)


def _answer(situation: SituationOut, asked: QuestionOut) -> str:
    key = element_key("answer", situation.name, asked.name)
    if asked.options:
        return choose(asked.ask, asked.options, key)
    return str(draw_input(InputOut(name=asked.name, kind="date", label=asked.ask, ask=asked.ask), key) or "")


def _draw_item(item: EntitlementOut, number: int) -> None:
    st.html(f'<p class="right">{escape(item.text)}{numbers_html(item.sources)}</p>')
    links = [(kind, name) for kind, name in (("tool", item.tool), ("deadline", item.deadline), ("letter", item.letter)) if name]
    if links:
        with st.container(horizontal=True, gap="small", key=element_key("links", number)):
            for kind, name in links:
                st.page_link(AFFAIRS_PAGE, label=word_for("affairs_link", kind), query_params={"tab": kind, kind: name}, width="content")
