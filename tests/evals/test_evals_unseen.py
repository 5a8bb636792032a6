"""What unseen writers wrote is kept out of the corpus' ways of asking and out of the training data."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import evals
from evals.making.shipped import corpus_documents
from evals.matching import fold_said
from evals.origins import load_origins
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


def line_of(name: str) -> str:
    """What the page says of a file."""
    lines = (UNSEEN / "README.md").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"| `{name}.jsonl` |"))


@pytest.mark.parametrize("name", ["ways_u1", "ways_u2", "ways_u3"])
def test_the_page_counts_ways_and_near_misses(name: str) -> None:
    rows = rows_of(UNSEEN / f"{name}.jsonl")
    misses = sum("near_miss" in row for row in rows)

    assert f"| {sum('text' in row for row in rows):,} ways of asking" in line_of(name)
    assert (f"and {misses} near misses" in line_of(name)) == bool(misses)


@pytest.mark.parametrize("name", ["danger_v2", "danger_v5"])
def test_the_page_counts_danger_and_look_alikes(name: str) -> None:
    grades = Counter(row["grade"] for row in rows_of(UNSEEN / f"{name}.jsonl"))

    told = f"| {grades['alarm'] + grades['check']} utterances of danger (`alarm` {grades['alarm']}, `check` {grades['check']})"
    assert f"{told} and {grades['none']} look-alikes" in line_of(name)
    assert set(grades) == {"alarm", "check", "none"}


def test_the_page_counts_routes() -> None:
    rows = rows_of(UNSEEN / "routes_v5.jsonl")
    counted = [f"`{route}` {n}" for route, n in Counter(row["route"] for row in rows).items()]

    assert f"| {len(rows)} turns" in line_of("routes_v5")
    assert [count for count in counted if count not in line_of("routes_v5")] == []


def test_every_file_has_its_line_and_its_origin() -> None:
    names = sorted(path.stem for path in UNSEEN.glob("*.jsonl"))

    assert sorted(load_origins(UNSEEN)) == names
    assert [name for name in names if not line_of(name)] == []


def test_150_new_guides_are_asked_for_and_exist() -> None:
    asked = {row["doc"] for row in rows_of(UNSEEN / "ways_u3.jsonl") if "text" in row}

    assert len(asked) == 150
    assert asked <= {document.slug for document in corpus_documents(CORPUS)}
