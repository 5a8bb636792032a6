"""What the whole suite shares: the hypothesis profile, the folder beside the repository, small corpora and an ingested one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus_builder import CorpusBuilder, write_small_corpus
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import Generation, IndexFolder
from knowledge_base.publishing.ingest import ingest

# No deadline: machines are shared and noisy. In CI the same examples every time, so that a red run can be repeated.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of statutes and questions that may be shared beside the repository."""
    path = Path(os.environ.get("ASSISTANT_SHARED_DIR") or Path(__file__).parents[1].parent / "shared")
    if not path.is_dir():
        pytest.skip("no shared folder: set ASSISTANT_SHARED_DIR or put shared/ beside the repository")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> CorpusBuilder:
    """An empty corpus in a folder of its own."""
    return CorpusBuilder(tmp_path / "corpus")


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small corpus; read only."""
    builder = CorpusBuilder(tmp_path_factory.mktemp("small") / "corpus")
    write_small_corpus(builder)
    return builder.root


@pytest.fixture(scope="session")
def small_data_dir(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the small corpus was ingested; read only."""
    data_dir = tmp_path_factory.mktemp("small-data")
    ingest(IndexFolder(data_dir), StaticEmbedder(), [small_corpus])
    return data_dir


@pytest.fixture(scope="session")
def shipped_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the shipped corpus was ingested; read only."""
    data_dir = tmp_path_factory.mktemp("shipped-data")
    ingest(IndexFolder(data_dir), StaticEmbedder())
    return data_dir


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Generation]]:
    """Opens the generation in use in a data folder, and closes it after the test."""
    generations: list[Generation] = []

    def open_data_dir(data_dir: Path) -> Generation:
        generations.append(IndexFolder(data_dir).open(StaticEmbedder()))
        return generations[-1]

    yield open_data_dir
    for generation in generations:
        generation.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; tests that need it are skipped where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium: install it with apt-get install chromium, or run make test where that is allowed")
    from playwright.sync_api import sync_playwright  # one for the whole run: two of them do not live in one thread

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()
