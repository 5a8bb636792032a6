"""The client that all pages share."""

from __future__ import annotations

import streamlit as st

from ui.client import Client
from ui.settings import UiSettings


def current_client() -> Client:
    """The client for the API that the settings name."""
    settings = UiSettings()
    return _client_for(settings.base_url, settings.api_key)


@st.cache_resource(show_spinner=False)
def _client_for(base_url: str, api_key: str) -> Client:
    return Client(base_url, api_key)
