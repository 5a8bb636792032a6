"""What unseen writers wrote is kept out of the corpus' ways of asking and out of the training data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.making.shipped import corpus_documents
from evals.matching import fold_said
from knowledge_base import CORPUS, training

UNSEEN = Path(evals.__file__).parent / "unseen"
TRAINED_ON = Path(training.__file__).parent / "data"
_WORDS = ("text", "near_miss", "before", "turn")


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def texts_of(folder: Path) -> dict[str, str]:
    """Texts of all files of a folder: the folded text, and the text as it was written."""
    files = sorted(folder.rglob("*.jsonl"))
    return {fold_said(row[key]): row[key] for path in files for row in rows_of(path) for key in _WORDS if key in row}


@pytest.fixture(scope="module")
def unseen() -> dict[str, str]:
    texts = texts_of(UNSEEN)
    assert len(texts) > 2000
    return texts


def test_no_text_of_an_unseen_writer_is_a_way_of_asking_of_the_corpus(unseen: dict[str, str]) -> None:
    asks = {fold_said(q): d.slug for d in corpus_documents(CORPUS) for a in d.asks for q in a.questions}

    assert asks
    assert [(unseen[text], asks[text]) for text in unseen if text in asks] == []


def test_no_text_of_an_unseen_writer_is_in_the_training_data(unseen: dict[str, str]) -> None:
    trained = texts_of(TRAINED_ON)

    assert trained
    assert [unseen[text] for text in unseen if text in trained] == []


def test_texts_are_compared_folded(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "產假 ９８天"}), encoding="utf-8")

    assert fold_said("产假98天") in texts_of(tmp_path)


def test_the_page_counts_what_is_there() -> None:
    ways, more, danger = (rows_of(UNSEEN / f"{name}.jsonl") for name in ("ways_u1", "ways_u2", "danger_v2"))
    page = (UNSEEN / "README.md").read_text(encoding="utf-8")
    grades = [row["grade"] for row in danger]

    assert f"{sum('text' in row for row in ways):,} ways" in page
    assert f"{len(more):,} ways" in page
    assert f"{sum('near_miss' in row for row in ways)} near misses" in page
    assert f"(`alarm` {grades.count('alarm')}, `check` {grades.count('check')}) and {grades.count('none')} look-alikes" in page
