"""What the routes work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.api.metrics import Metrics
from assistant.api.tool_state import Tools
from assistant.desk.publishing import Publisher
from assistant.storage.conversations import ConversationStore
from assistant.wiring import Parts
from knowledge_base.publishing.drafts import DraftFolder
from knowledge_base.types import Source


@dataclass(frozen=True)
class State:
    """The parts of the service, the store of conversations, the sources, the counters, what publishes drafts, and the tools."""

    parts: Parts
    store: ConversationStore
    sources: Mapping[str, Source]
    metrics: Metrics
    drafts: DraftFolder
    publisher: Publisher
    tools: Tools


def _state(request: Request) -> State:
    state: State = request.app.state.parts
    return state


Stated = Annotated[State, Depends(_state)]
"""A route's parameter of this type is given the application's state."""
