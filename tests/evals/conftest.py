"""What the tests of the evals share: the product over the shipped corpus, and what the evals know of that corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evals.judging import Judge
from evals.provenance import Provenance
from evals.targets import InProcessTarget
from knowledge_base import CORPUS


@pytest.fixture(scope="session")
def provenance() -> Provenance:
    return Provenance.load(CORPUS)


@pytest.fixture(scope="session")
def shipped_judge(provenance: Provenance) -> Judge:
    return Judge(provenance)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessTarget]:
    """The product over the shipped corpus; ask only."""
    target = InProcessTarget(tmp_path_factory.mktemp("evals-index"))
    yield target
    target.close()


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines to a file in the test's own folder."""

    def write(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write
