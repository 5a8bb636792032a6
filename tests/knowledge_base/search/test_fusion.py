"""Three legs' hits to one ranking: pure, so worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.search.fusion import ASKED_WEIGHT, CANDIDATES, DENSE_WEIGHT, FLAT_WEIGHT, dense_weight, fuse_hits

Hits = list[tuple[str, float]]


def falling(best: float, last: float, count: int = CANDIDATES) -> Hits:
    """Hits w0, w1, … whose scores fall evenly from best to last."""
    return [(f"w{n}", best + (last - best) * n / (count - 1)) for n in range(count)]


def first(scores: dict[str, float]) -> str:
    return min(scores, key=lambda i: (-scores[i], i))


def test_where_a_hit_stands_out_words_decide() -> None:
    lexical = falling(20.0, 2.0)

    assert dense_weight(lexical) == pytest.approx(DENSE_WEIGHT, rel=1e-3)
    assert first(fuse_hits(lexical, [("near", 0.9), ("w0", 0.2)])) == "w0"


def test_where_words_score_alike_likeness_decides() -> None:
    lexical = falling(20.0, 18.0)

    assert dense_weight(lexical) == pytest.approx(DENSE_WEIGHT + FLAT_WEIGHT * 0.9**6)
    assert first(fuse_hits(lexical, [("near", 0.9), ("w0", 0.2)])) == "near"


def test_few_hits_are_not_flat() -> None:
    assert dense_weight([("a", 3.0)]) == DENSE_WEIGHT
    assert dense_weight(falling(20.0, 19.0, CANDIDATES - 1)) == DENSE_WEIGHT


def test_scores_by_hand() -> None:
    fused = fuse_hits([("a", 8.0), ("b", 4.0)], [("b", 0.7), ("c", 0.5), ("a", 0.3)])

    # words: a 1, b 0.5; likeness: b 1, c 0.5, a 0
    total = 1 + DENSE_WEIGHT
    assert fused == pytest.approx({"a": 1 / total, "b": (0.5 + DENSE_WEIGHT) / total, "c": 0.5 * DENSE_WEIGHT / total})


def test_questions_that_passages_answer_weigh_beside_both_and_the_text_stands_in_where_none_is_known() -> None:
    words, texts, questions = [("a", 8.0), ("b", 4.0)], [("b", 0.7), ("c", 0.5), ("a", 0.3)], [("a", 0.9), ("d", 0.5)]

    fused = fuse_hits(words, texts, questions, is_asked=lambda i: i in "ad")

    # questions: a 1, d 0; b and c have none, so that their texts' likeness counts: 1 and 0.5
    total = 1 + DENSE_WEIGHT + ASKED_WEIGHT
    assert fused == pytest.approx(
        {
            "a": (1 + ASKED_WEIGHT) / total,
            "b": (0.5 + DENSE_WEIGHT + ASKED_WEIGHT) / total,
            "c": (0.5 * DENSE_WEIGHT + 0.5 * ASKED_WEIGHT) / total,
            "d": 0.0,
        }
    )


def test_one_leg_alone_gives_its_own_order() -> None:
    assert fuse_hits([("a", 8.0), ("b", 4.0)], []) == {"a": 1.0, "b": 0.5}
    assert fuse_hits([("a", 8.0), ("b", 4.0)], [("c", -0.1)]) == {"a": 1.0, "b": 0.5}
    assert fuse_hits([], [("a", 0.6), ("b", 0.2)]) == {"a": 1.0, "b": 0.0}
    assert fuse_hits([], [("a", 0.6)]) == {"a": 1.0}
    assert fuse_hits([], [], [("a", 0.6), ("b", 0.2)]) == {"a": 1.0, "b": 0.0}
    assert fuse_hits([], []) == {}


scores = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(0.01, 50.0), max_size=80)


@given(words=scores, likeness=scores, questions=scores)
def test_scores_lie_between_nought_and_one_and_no_hit_is_lost(
    words: dict[str, float], likeness: dict[str, float], questions: dict[str, float]
) -> None:
    legs = [sorted(leg.items(), key=lambda hit: -hit[1]) for leg in (words, likeness, questions)]

    fused = fuse_hits(*legs, is_asked=questions.__contains__)

    assert set(fused) == set(words) | set(likeness) | set(questions)
    assert all(0.0 <= score <= 1.0 + 1e-9 for score in fused.values())


@given(words=scores, likeness=scores, questions=scores)
def test_a_passage_that_leads_every_leg_comes_first(
    words: dict[str, float], likeness: dict[str, float], questions: dict[str, float]
) -> None:
    legs = [[("best", 60.0), *sorted(leg.items(), key=lambda hit: -hit[1])] for leg in (words, likeness, questions)]

    assert first(fuse_hits(*legs)) == "best"
