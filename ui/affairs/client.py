"""The tools' part of the API as typed calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from assistant.wire.tool_schemas import (
    DeadlineList,
    Entitlements,
    LastDayOut,
    LetterFormat,
    LetterList,
    LetterPreview,
    SituationList,
    ToolAnswer,
    ToolList,
)
from ui.client import Client, identifier, read_as
from ui.settings import UiSettings


class AffairsClient(Client):
    """An API with its tools. Safe to share between threads."""

    def tools(self) -> ToolList:
        """Every calculator."""
        return self._get(ToolList, "/v1/tools")

    def compute(self, name: str, inputs: Mapping[str, object]) -> ToolAnswer:
        """The result of a calculation, or what is still missing."""
        return read_as(ToolAnswer, self._send("POST", f"/v1/tools/{identifier(name)}", json={"inputs": dict(inputs)}))

    def deadlines(self) -> DeadlineList:
        """Every deadline."""
        return self._get(DeadlineList, "/v1/deadlines")

    def last_day(self, name: str, start: date) -> LastDayOut:
        """The last day of a deadline."""
        return self._get(LastDayOut, f"/v1/deadlines/{identifier(name)}", {"start": start.isoformat()})

    def calendar(self, name: str, start: date) -> bytes:
        """The last day as a file for a calendar."""
        return self._send("GET", f"/v1/deadlines/{identifier(name)}/calendar", parameters={"start": start.isoformat()}).content

    def letters(self) -> LetterList:
        """Every form."""
        return self._get(LetterList, "/v1/letters")

    def preview(self, name: str, fields: Mapping[str, str]) -> LetterPreview:
        """A letter as it will be printed."""
        return read_as(LetterPreview, self._send("POST", f"/v1/letters/{identifier(name)}", json={"fields": dict(fields)}))

    def letter_file(self, name: str, fields: Mapping[str, str], kind: LetterFormat) -> bytes:
        """A letter as a file."""
        path = f"/v1/letters/{identifier(name)}/file"
        return self._send("POST", path, parameters={"format": kind}, json={"fields": dict(fields)}).content

    def situations(self) -> SituationList:
        """Every situation with its questions."""
        return self._get(SituationList, "/v1/entitlements")

    def entitlements(self, name: str, answers: Mapping[str, str]) -> Entitlements:
        """Everything that applies to the answers."""
        return read_as(Entitlements, self._send("POST", f"/v1/entitlements/{identifier(name)}", json={"answers": dict(answers)}))


def affairs_client() -> AffairsClient:
    """The client for the API that the settings name."""
    settings = UiSettings()
    return _client_for(settings.base_url, settings.api_key)


@st.cache_resource(show_spinner=False)
def _client_for(base_url: str, api_key: str) -> AffairsClient:
    return AffairsClient(base_url, api_key)
