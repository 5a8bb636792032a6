"""Paired tests and agreement by tables worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.agreement import agreement, kappa
from evals.metrics.comparison import compare_outcomes, compare_values, holm


def outcomes(better: int, worse: int, same: int = 3) -> tuple[list[bool], list[bool]]:
    """Two runs in which so many questions got better and so many worse."""
    return [False] * better + [True] * worse + [True] * same, [True] * better + [False] * worse + [True] * same


@pytest.mark.parametrize(
    ("better", "worse", "p", "p_worse"),
    [
        # the sign test on the changed questions: heads of a fair coin
        (0, 0, 1.0, 1.0),
        (1, 0, 1.0, 1.0),
        (0, 1, 1.0, 1 / 2),
        (0, 5, 2 / 32, 1 / 32),
        (5, 0, 2 / 32, 1.0),
        (2, 2, 1.0, 11 / 16),
        (1, 4, 12 / 32, 6 / 32),
        (0, 7, 2 / 128, 1 / 128),
        (3, 9, 2 * 299 / 4096, 299 / 4096),  # C(12,9) + C(12,10) + C(12,11) + C(12,12) = 220 + 66 + 12 + 1
    ],
)
def test_mcnemars_exact_test_by_hand(better: int, worse: int, p: float, p_worse: float) -> None:
    change = compare_outcomes(*outcomes(better, worse))

    assert (change.better, change.worse, change.n) == (better, worse, better + worse + 3)
    assert change.p == pytest.approx(p)
    assert change.p_worse == pytest.approx(p_worse)
    assert change.difference.value == pytest.approx((better - worse) / (better + worse + 3))


@given(st.integers(0, 30), st.integers(0, 30))
def test_swapping_the_runs_keeps_p_and_turns_the_difference(better: int, worse: int) -> None:
    before, after = outcomes(better, worse)

    there, back = compare_outcomes(before, after), compare_outcomes(after, before)

    assert there.p == back.p
    assert there.difference.value == pytest.approx(-(back.difference.value or 0.0))


def test_no_question_in_common_compares_as_no_change() -> None:
    change = compare_outcomes([], [])

    assert (change.n, change.p, change.p_worse, change.difference.n) == (0, 1.0, 1.0, 0)


def test_runs_of_different_length_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare_outcomes([True], [True, False])


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        # differences 1, 2, 3, 4: rank sum 10, mean 5, variance 7.5, z = 1.8257
        ([10.0, 10.0, 10.0, 10.0], [11.0, 12.0, 13.0, 14.0], 0.0679),
        # differences 1, -2, 3, -4: rank sum of the positive 4, z = -.3651
        ([10.0, 10.0, 10.0, 10.0], [11.0, 8.0, 13.0, 6.0], 0.7150),
        # four times 5 ms: one tie of four, variance 7.5 - 60/48 = 6.25, z = 2
        ([10.0] * 4, [15.0] * 4, 0.0455),
        # the pair without a difference is left out
        ([10.0] * 5, [15.0, 15.0, 15.0, 15.0, 10.0], 0.0455),
    ],
)
def test_wilcoxons_signed_rank_test_by_hand(before: list[float], after: list[float], p: float) -> None:
    assert compare_values(before, after) == pytest.approx(p, abs=1e-4)
    assert compare_values(after, before) == pytest.approx(p, abs=1e-4)


@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        ({}, {}),
        ({"产假": 0.04}, {"产假": 0.04}),
        ({"产假": 0.01, "热线": 0.04}, {"产假": 0.02, "热线": 0.04}),
        ({"产假": 0.03, "热线": 0.03}, {"产假": 0.06, "热线": 0.06}),
        ({"产假": 0.5, "热线": 0.9}, {"产假": 1.0, "热线": 1.0}),  # never above 1
        ({"a": 0.005, "b": 0.011, "c": 0.02, "d": 0.04}, {"a": 0.02, "b": 0.033, "c": 0.04, "d": 0.04}),
        ({"a": 0.01, "b": 0.011, "c": 0.5}, {"a": 0.03, "b": 0.03, "c": 0.5}),  # never below a smaller one's
    ],
)
def test_holms_adjustment_by_hand(p_values: dict[str, float], adjusted: dict[str, float]) -> None:
    assert holm(p_values) == pytest.approx(adjusted)


def pairs(both: int, judge_only: int, person_only: int, neither: int) -> tuple[list[bool], list[bool]]:
    """What a judge and a person say, by the four cells of their table."""
    judged = [True] * (both + judge_only) + [False] * (person_only + neither)
    labelled = [True] * both + [False] * judge_only + [True] * person_only + [False] * neither
    return judged, labelled


@pytest.mark.parametrize(
    ("cells", "agreed", "beyond_chance"),
    [
        ((5, 0, 0, 5), 1.0, 1.0),
        ((0, 5, 5, 0), 0.0, -1.0),
        ((20, 5, 10, 15), 0.7, 0.4),  # Cohen's own example: chance .5 · .6 + .5 · .4 = .5
        ((45, 15, 25, 15), 0.6, 0.1304),  # chance .6 · .7 + .4 · .3 = .54
        ((25, 35, 5, 35), 0.6, 0.2593),  # the same agreement, chance .6 · .3 + .4 · .7 = .46
        ((4, 4, 4, 4), 0.5, 0.0),
        ((9, 1, 0, 0), 0.9, 0.0),  # the person says yes throughout but once; chance agrees as often
    ],
)
def test_agreement_and_kappa_by_hand(cells: tuple[int, int, int, int], agreed: float, beyond_chance: float) -> None:
    judged, labelled = pairs(*cells)

    assert agreement(judged, labelled).value == pytest.approx(agreed)
    assert kappa(judged, labelled).value == pytest.approx(beyond_chance, abs=1e-4)
