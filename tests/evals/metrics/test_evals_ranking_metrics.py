"""Ranking metrics by tables worked by hand: one relevant passage at each rank, several, graded ones."""

from __future__ import annotations

import math

import pytest
from evals_pieces import make_row
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.answers import retrieval_quality
from evals.metrics.ranking import MEASURES, score_queries, summarise_ranking

FILLER = [f"x{i}" for i in range(20)]


def ranked(rank: int | None) -> list[str]:
    """Twenty passages, with the relevant one at a rank."""
    return [*FILLER[: rank - 1], "gold", *FILLER[rank - 1 :]] if rank else FILLER


@pytest.mark.parametrize(
    ("rank", "success1", "success5", "success10", "recall", "mrr", "ndcg"),
    [
        (1, 1, 1, 1, 1, 1.0, 1.0),
        (2, 0, 1, 1, 1, 1 / 2, 1 / math.log2(3)),
        (3, 0, 1, 1, 1, 1 / 3, 1 / 2),  # log2(4) = 2
        (5, 0, 1, 1, 1, 1 / 5, 1 / math.log2(6)),
        (6, 0, 0, 1, 1, 1 / 6, 1 / math.log2(7)),
        (7, 0, 0, 1, 1, 1 / 7, 1 / 3),  # log2(8) = 3
        (10, 0, 0, 1, 1, 1 / 10, 1 / math.log2(11)),
        (11, 0, 0, 0, 0, 0.0, 0.0),  # past rank 10 nothing counts
        (None, 0, 0, 0, 0, 0.0, 0.0),
    ],
)
def test_one_relevant_passage_at_a_rank(
    rank: int | None, success1: int, success5: int, success10: int, recall: int, mrr: float, ndcg: float
) -> None:
    scores = score_queries({"q": {"gold": 1}}, {"q": ranked(rank)})

    assert {name: values["q"] for name, values in scores.items()} == pytest.approx(
        {
            "success@1": success1,
            "success@5": success5,
            "success@10": success10,
            "recall@10": recall,
            "MRR@10": mrr,
            "nDCG@10": ndcg,
        }
    )


@pytest.mark.parametrize(
    ("ranking", "recall", "mrr", "ndcg"),
    [
        # three relevant; the best order gains 1 + 1/log2(3) + 1/2 = 2.1309
        (["a", "b", "c"], 1.0, 1.0, 1.0),
        (["a", "x", "b"], 2 / 3, 1.0, 1.5 / 2.1309),
        (["x", "y", "a"], 1 / 3, 1 / 3, 0.5 / 2.1309),
        (["x", "a", "b", "c"], 1.0, 1 / 2, (0.6309 + 0.5 + 0.4307) / 2.1309),
        ([], 0.0, 0.0, 0.0),
    ],
)
def test_three_relevant_passages(ranking: list[str], recall: float, mrr: float, ndcg: float) -> None:
    scores = score_queries({"q": {"a": 1, "b": 1, "c": 1}}, {"q": ranking})

    assert scores["recall@10"]["q"] == pytest.approx(recall)
    assert scores["MRR@10"]["q"] == pytest.approx(mrr)
    assert scores["nDCG@10"]["q"] == pytest.approx(ndcg, abs=1e-4)


def test_a_passage_of_grade_zero_is_not_relevant() -> None:
    scores = score_queries({"q": {"bad": 0, "good": 1}}, {"q": ["bad", "good"]})

    assert (scores["success@1"]["q"], scores["MRR@10"]["q"]) == (0.0, 0.5)


def test_queries_without_anything_relevant_are_left_out_and_others_score_nothing() -> None:
    summary = summarise_ranking({"q1": {"a": 0}, "q2": {}}, {"q1": ["a"]})

    assert {estimate.n for estimate in summary.values()} == {0}
    assert set(summary) == set(MEASURES)


@given(st.permutations(["a", "b", "x", "y", "z"]))
def test_moving_a_relevant_passage_up_never_lowers_a_score(order: list[str]) -> None:
    judged = {"q": {"a": 1, "b": 1}}
    place = max(order.index("a"), order.index("b"))
    better = [*order]
    if place:
        better[place - 1], better[place] = better[place], better[place - 1]

    before, after = score_queries(judged, {"q": list(order)}), score_queries(judged, {"q": better})

    assert all(after[name]["q"] >= before[name]["q"] - 1e-12 for name in MEASURES)


@pytest.mark.parametrize(
    ("ranks", "relevant", "metric", "value"),
    [
        ((1,), 1, "nDCG@10", 1.0),
        ((3,), 1, "nDCG@10", 0.5),
        ((1,), 4, "recall@10", 0.25),  # three more passages hold the fact, below rank ten
        ((2, 3), 2, "success@1", 0.0),
        ((10,), 1, "MRR@10", 0.1),
        ((), 2, "success@5", 0.0),
    ],
)
def test_the_ranks_of_a_row_by_hand(ranks: tuple[int, ...], relevant: int, metric: str, value: float) -> None:
    assert retrieval_quality(metric)([make_row(ranks=ranks, relevant=relevant)]).value == pytest.approx(value)


def test_a_gold_fact_that_no_passage_holds_leaves_the_row_out() -> None:
    rows = [make_row("q1", ranks=(1,), relevant=1), make_row("q2", ranks=(), relevant=0)]

    assert retrieval_quality("success@1")(rows).n == 1
