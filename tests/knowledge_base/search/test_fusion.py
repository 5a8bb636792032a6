"""The legs' hits to one ranking: pure, so worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.search.fusion import CANDIDATES, DEFAULT_FUSION, Leg, LegHits, WeightedSpans

Hits = list[tuple[str, float]]

FUSION = WeightedSpans()
DENSE, QUESTIONS = FUSION.dense_weight, FUSION.questions_weight


def fuse(
    lexical: Sequence[tuple[str, float]],
    dense: Sequence[tuple[str, float]] = (),
    questions: Sequence[tuple[str, float]] = (),
    covers: Callable[[str], bool] = lambda _: True,
) -> dict[str, float]:
    return FUSION.fuse({Leg.LEXICAL: LegHits(lexical), Leg.DENSE: LegHits(dense), Leg.QUESTIONS: LegHits(questions, covers)})


def falling(best: float, last: float, count: int = CANDIDATES) -> Hits:
    """Hits w0, w1, … whose scores fall evenly from best to last."""
    return [(f"w{n}", best + (last - best) * n / (count - 1)) for n in range(count)]


def first(scores: dict[str, float]) -> str:
    return min(scores, key=lambda i: (-scores[i], i))


def test_words_decide_if_one_hit_stands_out() -> None:
    lexical = falling(20.0, 2.0)

    assert FUSION.weight_of_dense(lexical) == pytest.approx(DENSE, rel=1e-3)
    assert first(fuse(lexical, [("near", 0.9), ("w0", 0.2)])) == "w0"


def test_similarity_decides_if_word_scores_are_flat() -> None:
    lexical = falling(20.0, 18.0)

    assert FUSION.weight_of_dense(lexical) == pytest.approx(DENSE + FUSION.flat_weight * 0.9**6)
    assert first(fuse(lexical, [("near", 0.9), ("w0", 0.2)])) == "near"


def test_few_hits_are_not_flat() -> None:
    assert FUSION.weight_of_dense([("a", 3.0)]) == DENSE
    assert FUSION.weight_of_dense(falling(20.0, 19.0, CANDIDATES - 1)) == DENSE


def test_scores_by_hand() -> None:
    fused = fuse([("a", 8.0), ("b", 4.0)], [("b", 0.7), ("c", 0.5), ("a", 0.3)])

    # words: a 1, b 0.5; texts: b 1, c 0.5, a 0
    total = 1 + DENSE
    assert fused == pytest.approx({"a": 1 / total, "b": (0.5 + DENSE) / total, "c": 0.5 * DENSE / total})


def test_the_questions_leg_counts_too_and_the_text_stands_in_for_passages_without_questions() -> None:
    words, texts, questions = [("a", 8.0), ("b", 4.0)], [("b", 0.7), ("c", 0.5), ("a", 0.3)], [("a", 0.9), ("d", 0.5)]

    fused = fuse(words, texts, questions, covers=lambda i: i in "ad")

    # questions: a 1, d 0; b and c have none, so that their texts count instead: 1 and 0.5
    total = 1 + DENSE + QUESTIONS
    assert fused == pytest.approx(
        {
            "a": (1 + QUESTIONS) / total,
            "b": (0.5 + DENSE + QUESTIONS) / total,
            "c": (0.5 * DENSE + 0.5 * QUESTIONS) / total,
            "d": 0.0,
        }
    )


def test_one_leg_alone_gives_its_own_order() -> None:
    assert fuse([("a", 8.0), ("b", 4.0)], []) == {"a": 1.0, "b": 0.5}
    assert fuse([("a", 8.0), ("b", 4.0)], [("c", -0.1)]) == {"a": 1.0, "b": 0.5}
    assert fuse([], [("a", 0.6), ("b", 0.2)]) == {"a": 1.0, "b": 0.0}
    assert fuse([], [("a", 0.6)]) == {"a": 1.0}
    assert fuse([], [], [("a", 0.6), ("b", 0.2)]) == {"a": 1.0, "b": 0.0}


def test_no_legs_and_no_hits_give_no_scores() -> None:
    assert FUSION.fuse({}) == {}
    assert fuse([], []) == {}


def test_a_leg_of_weight_nought_finds_its_passages_without_scoring_them() -> None:
    fused = WeightedSpans(questions_weight=0).fuse({Leg.QUESTIONS: LegHits([("a", 0.6)])})

    assert fused == {"a": 0.0}


@pytest.mark.parametrize("name", ["dense_weight", "flat_weight", "flat_power", "questions_weight", "candidates"])
@pytest.mark.parametrize("value", [-1, math.inf, math.nan])
def test_a_weight_that_makes_no_sense_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        WeightedSpans(**{name: value})


def test_no_candidates_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="candidates"):
        WeightedSpans(candidates=0)


def test_the_weights_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        FUSION.dense_weight = 1.0  # type: ignore[misc]


def test_the_default_has_the_fitted_weights() -> None:
    assert WeightedSpans(dense_weight=0.06, flat_weight=45.0, flat_power=6, questions_weight=0.3, candidates=60) == DEFAULT_FUSION


scores = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.floats(0.01, 50.0), max_size=80)


@given(words=scores, texts=scores, questions=scores)
def test_scores_lie_between_nought_and_one_and_no_hit_is_lost(
    words: dict[str, float], texts: dict[str, float], questions: dict[str, float]
) -> None:
    legs = [sorted(leg.items(), key=lambda hit: -hit[1]) for leg in (words, texts, questions)]

    fused = fuse(*legs, covers=questions.__contains__)

    assert set(fused) == set(words) | set(texts) | set(questions)
    assert all(0.0 <= score <= 1.0 + 1e-9 for score in fused.values())


@given(words=scores, texts=scores, questions=scores)
def test_a_passage_that_leads_every_leg_comes_first(words: dict[str, float], texts: dict[str, float], questions: dict[str, float]) -> None:
    legs = [[("best", 60.0), *sorted(leg.items(), key=lambda hit: -hit[1])] for leg in (words, texts, questions)]

    assert first(fuse(*legs)) == "best"
