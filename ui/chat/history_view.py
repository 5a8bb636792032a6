"""Earlier conversations of this browser: found again, named, opened, erased."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.schemas import MAX_TITLE_CHARACTERS
from ui.browser_memory import forget, remember, remembered
from ui.chat.session import TALK, Talk, go_to_talk
from ui.client import ClientError, NotFoundError
from ui.connection import current_client
from ui.markup import element_key, literal
from ui.wording import say

MOST_TITLE_CHARACTERS = 40

NOT_DONE = "not-done"
"""Key of the session's word on what could not be done to a conversation; the page shows it once."""

_NAME = "rename-name"


def keep_in_history(talk: Talk) -> None:
    """Keep the id of the conversation on the screen in this browser, under its name or else its first question."""
    first = next((message.content for message in talk.messages if message.role == "user"), "")
    if talk.conversation_id and first:
        title = talk.title or remembered("talks").get(talk.conversation_id) or " ".join(first.split())[:MOST_TITLE_CHARACTERS]
        remember("talks", talk.conversation_id, title)


def draw_history(talk: Talk) -> None:
    """The other conversations of this browser, the newest first; nothing while there are none."""
    others = [(talk_id, title) for talk_id, title in reversed(list(remembered("talks").items())) if talk_id != talk.conversation_id]
    if not others:
        return
    with st.expander(say("ask.history", count=len(others)), key="history", icon=":material/history:"):
        st.html(f'<p class="small">{escape(say("ask.history_note"))}</p>')
        for talk_id, title in others:
            _draw_entry(talk_id, title)


def _draw_entry(talk_id: str, title: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(literal(title), key=element_key("talk", talk_id), type="tertiary", on_click=go_to_talk, args=(talk_id,))
        named = {"title": literal(title)}
        if st.button(
            say("ask.history_rename"),
            key=element_key("rename", talk_id),
            help=say("ask.history_rename_named", **named),
            icon=":material/edit:",
            type="tertiary",
        ):
            open_renaming(talk_id, title)
        st.button(
            say("ask.history_erase"),
            key=element_key("erase", talk_id),
            help=say("ask.history_erase_named", **named),
            icon=":material/delete:",
            type="tertiary",
            on_click=_erase,
            args=(talk_id,),
        )


def open_renaming(talk_id: str, title: str) -> None:
    """Ask over the page for a name; it is kept in the store and in this browser."""
    st.dialog(say("ask.rename_title"))(_draw_renaming)(talk_id, title)


def _draw_renaming(talk_id: str, title: str) -> None:
    with st.form(f"rename-{talk_id}", border=False):
        st.text_input(say("ask.rename_name"), value=title, key=_NAME, max_chars=MAX_TITLE_CHARACTERS)
        if st.form_submit_button(say("ask.rename_save"), key="rename-save", type="primary", on_click=_rename, args=(talk_id,)):
            st.rerun()


def _rename(talk_id: str) -> None:
    name = " ".join(str(st.session_state.get(_NAME) or "").split())
    if not name:
        st.session_state[NOT_DONE] = say("ask.rename_empty")
        return
    try:
        current_client().rename_conversation(talk_id, name)
    except ClientError as exc:
        st.session_state[NOT_DONE] = str(exc)
        return
    talk: Talk | None = st.session_state.get(TALK)
    if talk is not None and talk.conversation_id == talk_id:
        talk.title = name
    remember("talks", talk_id, name)


def _erase(talk_id: str) -> None:
    try:
        current_client().delete_conversation(talk_id)
    except NotFoundError:
        pass  # gone already, which is what was wanted
    except ClientError as exc:
        st.session_state[NOT_DONE] = str(exc)
        return
    forget("talks", talk_id)
