"""The real service in a thread: uvicorn on a free loopback port, and what its streams say."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import APIRouter
from httpx_sse import connect_sse

from assistant.api import create_app
from assistant.settings import Settings
from assistant.storage.conversations import ConversationStore
from assistant.wiring import Parts, build


@dataclass(frozen=True)
class Service:
    """A running service: its address, its parts and its store."""

    url: str
    parts: Parts
    store: ConversationStore


@contextmanager
def serve(settings: Settings, refit: Callable[[Parts], Parts] = lambda parts: parts, more: Sequence[APIRouter] = ()) -> Iterator[Service]:
    """A service until the block ends; ``refit`` may exchange one of its parts for a fake, ``more`` are routes of other packages."""
    parts = refit(build(settings))
    store = parts.open_store()
    server = uvicorn.Server(uvicorn.Config(create_app(parts, store, more), log_config=None, access_log=False, timeout_graceful_shutdown=5))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="service")
        thread.start()
        try:
            yield Service(f"http://127.0.0.1:{listening.getsockname()[1]}", parts, store)
        finally:
            server.should_exit = True
            thread.join(20)
            store.close()
    assert not thread.is_alive()


def stream(client: httpx.Client, body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Events of a streamed answer, each with its data."""
    with connect_sse(client, "POST", "/v1/ask/stream", json=body) as source:
        source.response.raise_for_status()
        return [(event.event, json.loads(event.data)) for event in source.iter_sse()]
