"""What the whole suite shares: markers, the hypothesis profile, small corpora, indexes made once a run, and the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus_builder import CorpusBuilder, write_small_corpus
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import Generation, IndexFolder
from knowledge_base.publishing.ingest import ingest

# No deadline: machines are shared and noisy. In CI the same examples every time, so that a red run can be repeated.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


TESTS = Path(__file__).parent

SERVER_FIXTURES = frozenset({"service", "start", "running", "small_admin", "officer", "postgresql", "server"})
"""Fixtures behind which a service listens. The fake API of tests/ui is none: it is a thread that answers from a table."""

SERVER_FILES = (
    "architecture/test_imports.py",
    "assistant/api/test_api_questions.py",
    "assistant/test_command_line.py",
    "contracts/test_index_stores.py",
    "contracts/test_vector_store_contract.py",
    "evals/test_evals_commands.py",
    "evals/test_evals_retrieval.py",
    "evals/test_evals_service.py",
    "knowledge_base/loaders/test_loaders.py",
)
"""Files whose tests start processes of their own."""

SLOW_FILES = (
    "assistant/checking/test_statement_mutations.py",
    "evals/test_evals_baselines.py",
    "evals/test_evals_panel_sabotage.py",
    "evals/test_evals_sabotage.py",
)

LONG_FILES = (
    "evals/test_evals_panel_sabotage.py",
    "evals/test_evals_sabotage.py",
    "e2e/test_accessibility.py",
    "contracts/test_index_stores.py",
    "knowledge_base/index/test_generations.py",
    "assistant/checking/test_statement_mutations.py",
    "assistant/composing/test_independent_model.py",
    "e2e/test_launcher.py",
    "e2e/test_readers.py",
    "assistant/test_command_line.py",
)
"""Files that take longest, the longest first: a worker takes a whole file, and one that begins late ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a browser, a server or takes long, so that ``make test-fast`` leaves it out, and put long files first."""
    order = {name: place for place, name in enumerate(LONG_FILES)}
    files = {item: item.path.relative_to(TESTS).as_posix() for item in items if item.path.is_relative_to(TESTS)}
    for item, file in files.items():
        names = set(getattr(item, "fixturenames", ()))
        if "browser" in names:
            item.add_marker("browser")
        if file.startswith("e2e/") or file in SERVER_FILES or names & SERVER_FIXTURES:
            item.add_marker("server")
        if file in SLOW_FILES:
            item.add_marker("slow")
    items.sort(key=lambda item: order.get(files.get(item, ""), len(order)))


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker of a run makes with ``make``. It is shared: copy it, and leave it as it is."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            unfinished = folder.with_name(f"{name}.part")
            shutil.rmtree(unfinished, ignore_errors=True)  # of a worker that died
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


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
    """A data folder into which the shipped corpus was ingested; read only. One worker ingests, the others copy."""
    made = made_once(tmp_path_factory, "shipped-index", lambda folder: ingest(IndexFolder(folder), StaticEmbedder()))
    data_dir = tmp_path_factory.mktemp("shipped-data") / "data"
    shutil.copytree(made, data_dir)
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
