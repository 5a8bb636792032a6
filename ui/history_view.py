"""Earlier conversations of this browser: found again, opened, erased."""

from __future__ import annotations

from html import escape

import streamlit as st

from ui.browser_memory import forget, remember, remembered
from ui.client import ClientError, NotFoundError
from ui.markup import element_key, literal
from ui.session import Talk, current_client, go_to_talk
from ui.wording import say

MOST_TITLE_CHARACTERS = 40

_NOT_ERASED = "history-not-erased"


def keep_in_history(talk: Talk) -> None:
    """Keep the id and the first question of the conversation on the screen in this browser."""
    first = next((message.content for message in talk.messages if message.role == "user"), "")
    if talk.conversation_id and first:
        remember("talks", talk.conversation_id, " ".join(first.split())[:MOST_TITLE_CHARACTERS])


def draw_history(talk: Talk) -> None:
    """The other conversations of this browser, the newest first; nothing while there are none."""
    others = [(talk_id, title) for talk_id, title in reversed(list(remembered("talks").items())) if talk_id != talk.conversation_id]
    if not others:
        return
    with st.expander(say("ask.history", count=len(others)), key="history", icon=":material/history:"):
        st.html(f'<p class="small">{escape(say("ask.history_note"))}</p>')
        if not_erased := st.session_state.pop(_NOT_ERASED, ""):
            st.error(literal(not_erased))
        for talk_id, title in others:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(literal(title), key=element_key("talk", talk_id), type="tertiary", on_click=go_to_talk, args=(talk_id,))
                st.button(
                    say("ask.history_erase"),
                    key=element_key("erase", talk_id),
                    help=say("ask.history_erase_named", title=literal(title)),
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_erase,
                    args=(talk_id,),
                )


def _erase(talk_id: str) -> None:
    try:
        current_client().delete_conversation(talk_id)
    except NotFoundError:
        pass  # gone already, which is what was wanted
    except ClientError as exc:
        st.session_state[_NOT_ERASED] = str(exc)
        return
    forget("talks", talk_id)
