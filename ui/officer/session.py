"""What one tab keeps of the officer: her key and name, in this session alone, and what is to be said after the next run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from ui.client import ClientError
from ui.markup import literal
from ui.officer.client import OfficerClient
from ui.settings import UiSettings

_OFFICER, _SAID = "officer", "officer-said"

Tone = Literal["good", "bad", "note"]


def officer() -> OfficerClient | None:
    """The client of whoever opened the door in this tab; None before."""
    known: OfficerClient | None = st.session_state.get(_OFFICER)
    return known


def let_in(key: str, name: str) -> OfficerClient:
    """Keep a key once the API has taken it.

    Raises:
        ClientError: it has not, or cannot be asked.
    """
    client = OfficerClient(UiSettings().base_url, key, name)
    client.generations()
    st.session_state[_OFFICER] = client
    return client


def let_out() -> None:
    """Forget the key."""
    st.session_state.pop(_OFFICER, None)


def tell(text: str, tone: Tone = "good") -> None:
    """Say something at the top of the page in the next run."""
    st.session_state.setdefault(_SAID, []).append((tone, text))


def draw_what_was_told() -> None:
    """Say what was to be said, once."""
    show = {"good": st.success, "bad": st.error, "note": st.warning}
    for tone, text in st.session_state.pop(_SAID, []):
        show[tone](literal(text))


def attempt(act: Callable[[], object], done: str = "") -> bool:
    """Do something that the API may refuse, and say how it went; whether it went well."""
    try:
        act()
    except ClientError as exc:
        tell(str(exc), "bad")
        return False
    if done:
        tell(done)
    return True


def attempting(act: Callable[[], object], done: str = "") -> Callable[[], None]:
    """What a button does: :func:`attempt`, for a click."""

    def clicked() -> None:
        attempt(act, done)

    return clicked
