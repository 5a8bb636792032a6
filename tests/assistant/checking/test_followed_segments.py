"""Similarity by character pairs, worked out by hand."""

from __future__ import annotations

from assistant.checking.similarity import alike, followed_segments, likeness, pairs


def test_pairs_do_not_cross_marks_and_mask_numbers() -> None:
    assert pairs("产假98天，难产") == {"产假", "假〇", "〇天", "难产"}


def test_texts_that_differ_only_in_figures_are_wholly_alike() -> None:
    assert alike("产假98天", "产假158天") == 1.0
    assert alike("产假98天", "补贴标准") == 0.0


def test_likeness_prepares_both_texts() -> None:
    assert likeness("產假 九十八天", "女职工享受产假98天") == 1.0


MATERNITY = "女职工生育享受98天产假"
MULTIPLE = "每多生育1个婴儿增加产假15天"
ADDRESS = "成都市天府大道一段"


def test_a_statement_follows_the_most_similar_segment() -> None:
    assert followed_segments("生育享受98天产假", [ADDRESS, MULTIPLE, MATERNITY]) == [MATERNITY]


def test_a_statement_of_two_rules_follows_both() -> None:
    both = "女职工生育享受98天产假，每多生育1个婴儿增加15天"

    assert followed_segments(both, [ADDRESS, MATERNITY, MULTIPLE]) == [MULTIPLE, MATERNITY]


def test_a_statement_that_shares_nothing_follows_nothing() -> None:
    assert followed_segments("送米送油", [MATERNITY, MULTIPLE]) == []
    assert followed_segments("送米送油", []) == []
