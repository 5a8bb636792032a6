"""Asking aloud: through a transcription service when the API has one, otherwise through the browser's own dictation."""

from __future__ import annotations

import hashlib
from html import escape

import streamlit as st

from ui.browser_actions import action_html, actions_html
from ui.chat.session import ask
from ui.client import Client, ClientError
from ui.connection import current_client
from ui.markup import literal
from ui.wording import say

ASKED_AGAIN_SECONDS = 300
"""How long it is taken as known whether there is a transcription service."""

_HEARD, _RECORDING = "voice-heard", "voice"


def draw_voice_input() -> None:
    """Draw the microphone; what was heard is shown before it is asked, since a machine mishears dialect."""
    if not _can_transcribe(current_client()):
        st.html(actions_html(action_html("dictate", say("ask.dictate"))))
        return
    # A widget of its own for each recording: asking clears it.
    key = f"{_RECORDING}-{st.session_state.get(_RECORDING, 0)}"
    recording = st.audio_input(say("ask.speak"), key=key)
    if recording is None:
        return
    try:
        heard = _heard(recording.getvalue())
    except ClientError as exc:
        st.warning(literal(str(exc)))
        return
    if not heard:
        st.warning(say("actions.not_heard"))
        return
    st.html(f'<p class="small" role="status">{escape(say("ask.heard"))}</p>')
    with st.container(horizontal=True, gap="small"):
        st.button(literal(heard), key="ask-heard", icon=":material/send:", type="primary", on_click=_ask_heard, args=(heard,))
        st.button(say("ask.speak_again"), key="speak-again", icon=":material/mic:", on_click=_clear)


def _heard(recording: bytes) -> str:
    """What is said; a recording is sent once, however often the page is drawn."""
    fingerprint = hashlib.sha256(recording).hexdigest()
    known: tuple[str, str] | None = st.session_state.get(_HEARD)
    if known is None or known[0] != fingerprint:
        known = (fingerprint, current_client().transcribe(recording, "recording.wav"))
        st.session_state[_HEARD] = known
    return known[1]


def _ask_heard(heard: str) -> None:
    _clear()
    ask(heard)


def _clear() -> None:
    st.session_state.pop(_HEARD, None)
    st.session_state[_RECORDING] = int(st.session_state.get(_RECORDING, 0)) + 1


def _can_transcribe(client: Client) -> bool:
    try:
        return _known_to_transcribe(client.base_url, client)
    except ClientError:
        return False  # the browser's own dictation needs no service


@st.cache_data(ttl=ASKED_AGAIN_SECONDS, show_spinner=False)
def _known_to_transcribe(base_url: str, _client: Client) -> bool:
    """``base_url`` names the cache entry; Streamlit leaves arguments with an underscore out of its key."""
    return _client.features().transcription
