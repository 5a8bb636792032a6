"""The cheapest path through a lattice of words, worked by hand."""

from __future__ import annotations

import pytest

from knowledge_base.query.lattice import Edge, cheapest_path, join_pieces, join_words, stretches


def flat_cost(edge: Edge, before: str) -> float:
    return (edge.flat or 0.0) + edge.cost


def words(path: list[Edge]) -> list[str]:
    return [edge.word for edge in path]


def test_the_cheapest_words_win() -> None:
    edges = [Edge(0, 1, "产", flat=3.0), Edge(1, 2, "价", flat=3.0), Edge(0, 2, "产假", cost=1.0, flat=4.0)]

    assert words(cheapest_path("产价", edges, flat_cost)) == ["产假"]
    assert words(cheapest_path("产价", edges[:2], flat_cost)) == ["产", "价"]


def test_a_word_may_cost_less_after_another() -> None:
    edges = [Edge(0, 1, "产"), Edge(1, 2, "价"), Edge(1, 2, "假")]

    path = cheapest_path("产价", edges, lambda edge, before: 0.5 if (before, edge.word) == ("产", "假") else 1.0)

    assert words(path) == ["产", "假"]


def test_marks_cost_nothing_and_separate_words_but_a_space_does_not() -> None:
    before: list[str] = []

    def cost(edge: Edge, word: str) -> float:
        before.append(word)
        return 0.0

    edges = [Edge(0, 1, "产"), Edge(2, 3, "假")]
    cheapest_path("产，假", edges, cost)
    cheapest_path("产 假", edges, cost)

    assert before[2] == ""
    assert before[-1] == "产"


def test_no_path_over_a_letter_without_a_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        cheapest_path("产", [], flat_cost)


def test_edges_over_one_latin_run_stay_together() -> None:
    path = [Edge(0, 4, "产"), Edge(4, 7, "假"), Edge(7, 8, "多")]

    assert [words(stretch) for stretch in stretches("chanjia多", path)] == [["产", "假"], ["多"]]


def test_latin_words_are_joined_with_a_space_and_chinese_ones_without() -> None:
    assert join_words([Edge(0, 1, "产"), Edge(1, 2, "假"), Edge(2, 4, "ai"), Edge(4, 6, "app")]) == "产假ai app"


def test_a_space_beside_a_corrected_piece_is_dropped() -> None:
    assert join_pieces([("产假", True), (" ", False), ("多少天", False)]) == "产假多少天"
    assert join_pieces([("产假", False), (" ", False), ("多少天", False)]) == "产假 多少天"
