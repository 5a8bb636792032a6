"""The assistant over the shipped corpus, and the real service on a free loopback port."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from assistant_server import Service, serve

from assistant.answering import Assistant
from assistant.reader import Reader
from assistant.settings import Settings
from assistant.wiring import Parts, build

ADMIN_KEY = "管理密钥-试验"


@pytest.fixture(scope="session")
def shipped_parts(shipped_data_dir: Path) -> Iterator[Parts]:
    """The parts of a service over the shipped corpus; nothing may be ingested into them."""
    parts = build(Settings(data_dir=shipped_data_dir))
    yield parts
    parts.close()


@pytest.fixture(scope="session")
def shipped_assistant(shipped_parts: Parts) -> Assistant:
    """The assistant over the shipped corpus."""
    return shipped_parts.assistant


@pytest.fixture(scope="session")
def reader(shipped_parts: Parts) -> Reader:
    """The reader of the shipped corpus."""
    return shipped_parts.readers()


@pytest.fixture
def fresh_data_dir(shipped_data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of its own with the shipped corpus ingested, to be written to."""
    data_dir = tmp_path / "data"
    shutil.copytree(shipped_data_dir, data_dir)
    return data_dir


@pytest.fixture(scope="session")
def service(shipped_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service over the shipped corpus, without keys: for questions and reading."""
    data_dir = tmp_path_factory.mktemp("service") / "data"
    shutil.copytree(shipped_data_dir, data_dir)
    with serve(Settings(data_dir=data_dir)) as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    """A client of the service without keys."""
    with httpx.Client(base_url=service.url, timeout=30) as opened:
        yield opened


@pytest.fixture
def start(fresh_data_dir: Path) -> Iterator[Callable[..., Service]]:
    """Starts a service of its own over a copy of the shipped corpus; settings by keyword."""
    from contextlib import ExitStack

    with ExitStack() as running:

        def start_one(**settings: object) -> Service:
            return running.enter_context(serve(Settings.model_validate({"data_dir": fresh_data_dir, **settings})))

        yield start_one
