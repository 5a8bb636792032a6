"""A local API for the client and the pages, on a free loopback port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ui_fake_api import FakeApi, serve

from ui.client import Client


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    """The local API; the settings name its address."""
    fake = FakeApi()
    server = serve(fake)
    monkeypatch.setenv("ASSISTANT_API_URL", fake.url)
    yield fake
    fake.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(api: FakeApi) -> Iterator[Client]:
    """A client of the local API."""
    opened = Client(api.url)
    yield opened
    opened.close()
