"""Questions that passages are known to answer: the nearest of a passage's counts, and what is saved is what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.embedder.embedding import HashingEmbedder, Vectors
from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.exact import ExactVectors, best_rows
from knowledge_base.index.questions import QuestionIndex

EMBEDDER = HashingEmbedder(64)
QUESTIONS = {
    "b.1": ("产假有多少天", "生娃儿能耍好久"),
    "a.2": ("培训补贴怎么领",),
    "a.10": ("产假有多少天",),
}


def vector(text: str) -> Vectors:
    return EMBEDDER.embed_queries([text])[0]


@pytest.fixture
def index() -> QuestionIndex:
    return QuestionIndex({i: EMBEDDER.embed_queries(asks) for i, asks in QUESTIONS.items()})


def test_a_passage_is_as_near_as_its_nearest_question_and_ties_go_by_id(index: QuestionIndex) -> None:
    hits = index.search(vector("产假有多少天"), 3)

    assert [i for i, _ in hits] == ["a.10", "b.1", "a.2"]
    assert [s for _, s in hits[:2]] == pytest.approx([1.0, 1.0])
    assert index.search(vector("生娃儿能耍好久"), 1)[0] == ("b.1", pytest.approx(1.0))


def test_only_passages_among_those_given_are_found(index: QuestionIndex) -> None:
    assert [i for i, _ in index.search(vector("产假有多少天"), 5, among={"b.1", "a.2", "nicht-da"})] == ["b.1", "a.2"]
    assert index.search(vector("产假有多少天"), 5, among=()) == []


@pytest.mark.parametrize("top_k", [0, -1])
def test_asking_for_none_gives_none(index: QuestionIndex, top_k: int) -> None:
    assert index.search(vector("产假"), top_k) == []


def test_a_question_without_words_and_an_index_without_questions_find_nothing(index: QuestionIndex, tmp_path: Path) -> None:
    empty = QuestionIndex()
    empty.save(tmp_path / "questions.npz")

    assert index.search(np.zeros(64, np.float32), 3) == []
    for each in (empty, QuestionIndex.load(tmp_path / "questions.npz")):
        assert each.search(vector("产假"), 3) == []
        assert len(each) == 0


def test_what_is_saved_is_what_is_read(index: QuestionIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "questions.npz")

    again = QuestionIndex.load(tmp_path / "questions.npz")

    assert (len(again), "b.1" in again, "c.1" in again) == (4, True, False)
    assert again.search(vector("产假补贴"), 3) == index.search(vector("产假补贴"), 3)
    np.testing.assert_array_equal(again.get(["b.1", "c.1"])["b.1"], EMBEDDER.embed_queries(QUESTIONS["b.1"]))


@pytest.mark.parametrize("damage", [None, b"", b"garbage", "cut"])
def test_a_file_that_is_missing_or_damaged_is_refused_with_advice(index: QuestionIndex, tmp_path: Path, damage: bytes | str | None) -> None:
    path = tmp_path / "questions.npz"
    if damage == "cut":
        index.save(path)
        path.write_bytes(path.read_bytes()[:-200])
    elif isinstance(damage, bytes):
        path.write_bytes(damage)

    with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
        QuestionIndex.load(path)


@given(scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=30), top_k=st.integers(1, 40))
def test_the_best_rows_are_the_highest_scores_and_equal_ones_keep_their_order(scores: list[float], top_k: int) -> None:
    rows = best_rows(np.array(scores, np.float32), top_k)

    assert rows.tolist() == sorted(range(len(scores)), key=lambda n: (-scores[n], n))[:top_k]


def test_vectors_in_memory_are_found_among_those_given() -> None:
    vectors = ExactVectors({i: vector(text) for i, text in (("b", "产假"), ("c", "产假"), ("a", "产假多少天"))})

    assert [i for i, _ in vectors.search(vector("产假"), 2)] == ["b", "c"]
    assert [i for i, _ in vectors.search(vector("产假"), 2, among={"c", "a", "x"})] == ["c", "a"]
    assert ExactVectors({}).search(vector("产假"), 2) == []
