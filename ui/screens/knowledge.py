"""「知识库」: the officer's desk. Her key opens it; it is kept in this tab alone and never stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType

import httpx
import streamlit as st

from ui.client import ClientError, RejectedError
from ui.components import show_error
from ui.markup import literal
from ui.officer.answers import draw_answers
from ui.officer.client import OfficerClient
from ui.officer.files import draw_files, draw_generations
from ui.officer.session import draw_what_was_told, let_in, let_out, officer
from ui.officer.upkeep import draw_changes, draw_upkeep
from ui.officer.words import draw_lexicon, draw_places
from ui.wording import say, word_for

SECTIONS: Mapping[str, Callable[[OfficerClient], None]] = MappingProxyType(
    {
        "files": draw_files,
        "versions": draw_generations,
        "upkeep": draw_upkeep,
        "answers": draw_answers,
        "lexicon": draw_lexicon,
        "places": draw_places,
        "changes": draw_changes,
    }
)


def render() -> None:
    """Draw the door, or the part of the desk that was chosen."""
    st.title(say("officer.title"), anchor=False)
    client = officer()
    if client is None:
        _draw_door()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="small" data-hook="officer">{escape(say("officer.inside", name=client.name))}</p>', width="stretch")
        st.button(say("officer.leave"), key="officer-leave", on_click=let_out)
    with st.container(key="desk"):
        section: str | None = st.segmented_control(
            say("officer.section"),
            list(SECTIONS),
            default="files",
            required=True,
            key="officer-section",
            format_func=lambda name: word_for("section", name),
            label_visibility="collapsed",
            persist_state="session",
        )
    draw_what_was_told()
    try:
        SECTIONS[section or "files"](client)
    except ClientError as exc:
        show_error(exc, key="retry")


def _draw_door() -> None:
    st.html(f'<p class="lead">{escape(say("officer.lead"))}</p>')
    with st.form("officer-door", enter_to_submit=True):
        name = st.text_input(say("officer.name"), key="officer-name", placeholder=say("officer.name_example"), max_chars=40)
        key = st.text_input(say("officer.key"), key="officer-key", type="password", autocomplete="off")
        opened = st.form_submit_button(say("officer.enter"), type="primary")
    if not opened:
        return
    if not name.strip() or not key.strip():
        st.warning(say("officer.both"))
    elif not key.isascii():  # a header takes nothing else
        st.error(say("officer.wrong"))
    else:
        try:
            let_in(key.strip(), name.strip())
        except RejectedError as exc:
            _draw_refusal(exc)
        except ClientError as exc:
            st.error(literal(str(exc)))
        else:
            st.rerun()


def _draw_refusal(error: RejectedError) -> None:
    if error.status == httpx.codes.UNAUTHORIZED:
        st.error(say("officer.wrong"))
    elif error.status == httpx.codes.FORBIDDEN:
        st.error(say("officer.closed"))
        st.code(say("officer.how"), language="bash")
    else:
        st.error(literal(str(error)))


if __name__ == "__main__":
    render()
