"""No question of the evals stands in the corpus' ways of asking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evals.errors import DatasetError
from evals.leaks import find_leaks, find_trained, load_allowed, unexcused
from evals.making.shipped import corpus_documents
from evals.samples import DATASETS, Expected, Sample, load_named
from knowledge_base import CORPUS
from knowledge_base.text.similarity import Known, jaccard, shingles
from knowledge_base.training.embedder_training import corpus_pairs
from knowledge_base.types import Document, Kind, WaysOfAsking

DOCUMENT = Document("d1", "chanjia", Kind.TRAINING, "产假", "正文", asks=(WaysOfAsking(0, ("四川现在产假多少天？", "生娃儿能耍好久")),))


def asked(text: str, **fields: str) -> Sample:
    return Sample("q1", text, Expected.ANSWER, **fields)  # type: ignore[arg-type]


def test_likeness_by_hand() -> None:
    # 产假多少 {产假多, 假多少} against 产假多少天 {产假多, 假多少, 多少天}
    assert jaccard(shingles("产假多少？"), shingles("产假多少天")) == pytest.approx(2 / 3)
    assert jaccard(shingles(""), shingles("")) == 0.0
    assert shingles("产假") == {"产假"}


@pytest.mark.parametrize("text", ["四川现在产假多少天", "四川現在產假多少天？", "四川，现在产假多少天呢"])
def test_a_question_that_repeats_a_way_of_asking_is_a_leak(text: str) -> None:
    (leak,) = find_leaks([asked(text)], [DOCUMENT])

    assert (leak.document, leak.ask) == ("chanjia", "四川现在产假多少天？")
    assert leak.likeness >= 0.7


def test_a_question_on_the_same_thing_in_other_words_is_none() -> None:
    assert find_leaks([asked("成都女职工生孩子可以休息几个月"), asked("四川现在产假一共有多少天")], [DOCUMENT]) == []


def test_what_is_let_pass_needs_a_reason_and_covers_its_perturbations(write_lines: Callable[..., Path]) -> None:
    leaks = find_leaks([asked("四川现在产假多少天", parent="P1")], [DOCUMENT])

    assert unexcused(leaks, {}) == leaks
    assert unexcused(leaks, {"P1": "碰巧"}) == []
    with pytest.raises(DatasetError, match="没有写原因"):
        load_allowed(write_lines("a.yaml", "P1:"))


def test_no_shipped_question_leaks() -> None:
    samples = [s for d in load_named(()) for s in d.samples]

    found = unexcused(find_leaks(samples, corpus_documents(CORPUS)), load_allowed(DATASETS / "allowed_leaks.yaml"))

    assert [(x.sample.sample_id, x.sample.text, x.document, x.ask) for x in found] == []


def test_a_training_query_that_repeats_a_question_is_found() -> None:
    samples = [asked("四川现在产假多少天？")]

    assert find_trained(samples, ["四川現在產假多少天", "成都哪里学直播", "四川现在产假多少天吗"]) == [
        "四川現在產假多少天",
        "四川现在产假多少天吗",
    ]
    assert find_trained(samples, []) == find_trained([], ["产假"]) == []


def test_no_way_of_asking_that_the_embedder_learns_from_repeats_a_question(small_corpus: Path) -> None:
    pairs = corpus_pairs(np.random.default_rng(1), Known(["产假有多少天"]), small_corpus)

    learnt = " ".join(p.query + p.passage for p in pairs)
    assert "生娃儿能耍好久" in learnt
    assert "产假有多少天" not in learnt
