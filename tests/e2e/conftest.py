"""The whole product as ``make run`` starts it, and a browser to use it with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from launched_product import EVALUATOR_KEY, PICTURES, Launched, launched, open_page
from playwright.sync_api import Browser, Page, expect

expect.set_options(timeout=20_000)  # machines are shared; what is there at once is seen at once all the same


@pytest.fixture
def launch(tmp_path: Path, shipped_data_dir: Path) -> Callable[..., Any]:
    """Starts a launcher with a data folder of this test: ``with launch() as running``.

    The folder is empty, so that the launcher builds its index first, unless ``built`` puts one there.
    """

    def start(*, ports: tuple[int, int] | None = None, built: bool = False) -> Any:
        if built:
            shutil.copytree(shipped_data_dir, tmp_path / "data")
        return launched(tmp_path, ports=ports)

    return start


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, shipped_data_dir: Path) -> Iterator[Launched]:
    """The product over an index that is there already, started once for all browser tests of a worker."""
    folder = tmp_path_factory.mktemp("e2e")
    shutil.copytree(shipped_data_dir, folder / "data")
    with launched(folder, more={"ASSISTANT_EVALUATOR_KEY": EVALUATOR_KEY}) as product:
        product.wait_ready()
        yield product


@pytest.fixture
def phone(browser: Browser, running: Launched) -> Iterator[Page]:
    """The pages on a phone, 390 pixels wide."""
    page = open_page(browser, running.page, 390, 844)
    yield page
    page.close()


@pytest.fixture
def desktop(browser: Browser, running: Launched) -> Iterator[Page]:
    """The pages on a desktop."""
    page = open_page(browser, running.page, 1280, 900)
    yield page
    page.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go, to be looked at by a person."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES
