"""Estimates worked by hand: Wilson's interval, the bootstrap, ratios of sums, quantiles, and how an estimate reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.intervals import NOTHING, Estimate, mean, quantile, ratio, share


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # z = 1.96, so z² = 3.8416; bounds = (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)
        (0, 1, 0.0, 0.7935),
        (1, 1, 0.2065, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (20, 20, 0.8389, 1.0),
        (50, 100, 0.4038, 0.5962),
        (99, 100, 0.9455, 0.9982),
        (0, 1000, 0.0, 0.0038),
    ],
)
def test_wilsons_interval_by_hand(right: int, n: int, low: float, high: float) -> None:
    estimate = share([True] * right + [False] * (n - right))

    assert (estimate.value, estimate.n) == (right / n, n)
    assert estimate.low == pytest.approx(low, abs=5e-4)
    assert estimate.high == pytest.approx(high, abs=5e-4)


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilsons_interval_of_the_complement_is_the_mirror_image(right: int, wrong: int) -> None:
    one, other = share([True] * right + [False] * wrong), share([False] * right + [True] * wrong)

    assert one.low is not None
    assert other.high is not None
    assert one.low == pytest.approx(1 - other.high)


@given(st.integers(1, 30))
def test_more_questions_of_the_same_share_narrow_the_interval(n: int) -> None:
    few, many = share([True] * n + [False] * n), share([True] * 4 * n + [False] * 4 * n)

    assert few.low is not None
    assert many.low is not None
    assert many.low > few.low


@pytest.mark.parametrize("values", [[3.0], [7.0] * 5])
def test_values_that_are_alike_leave_the_bootstrap_no_width(values: list[float]) -> None:
    estimate = mean(values)

    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (values[0], values[0], values[0], len(values))


def test_the_bootstrap_gives_the_same_bounds_for_the_same_seed_and_others_for_another() -> None:
    values = [0.1, 0.4, 0.45, 0.9, 1.0, 0.2]

    assert mean(values) == mean(values)
    assert mean(values, seed=1) != mean(values, seed=2)
    assert mean(values, seed=1).value == mean(values, seed=2).value


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([10.0, 20.0, 30.0, 40.0], 0.0, 10.0),
        ([10.0, 20.0, 30.0, 40.0], 0.25, 17.5),  # position .75 of three steps
        ([10.0, 20.0, 30.0, 40.0], 0.5, 25.0),
        ([10.0, 20.0, 30.0, 40.0], 1.0, 40.0),
        ([40.0, 10.0, 30.0, 20.0], 0.95, 38.5),  # position 2.85: 30 + .85 · 10
        ([5.0], 0.95, 5.0),
    ],
)
def test_a_quantile_by_hand(values: list[float], q: float, expected: float) -> None:
    assert quantile(values, q).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("numerators", "denominators", "value", "n"),
    [
        ([1, 2], [2, 4], 0.5, 2),
        ([0, 0], [1, 3], 0.0, 2),
        ([3, 1], [3, 9], 4 / 12, 2),  # of sums: the mean of the two ratios would be 5/9
        ([1, 5], [1, 0], 1.0, 1),  # a question without a denominator is left out, its numerator too
    ],
)
def test_a_ratio_weighs_units_by_their_denominator(numerators: list[float], denominators: list[float], value: float, n: int) -> None:
    estimate = ratio(numerators, denominators)

    assert (estimate.value, estimate.n) == (pytest.approx(value), n)
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low <= value <= estimate.high


def test_a_ratio_needs_as_many_numerators_as_denominators() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1], [1, 2])


@pytest.mark.parametrize("empty", [share([]), mean([]), quantile([], 0.5), ratio([], [])])
def test_nothing_to_measure_has_no_value_and_no_bounds(empty: Estimate) -> None:
    assert empty == NOTHING
    assert (empty.value, empty.n, empty.low, empty.high) == (None, 0, None, None)


@pytest.mark.parametrize(
    ("estimate", "read"),
    [
        (Estimate(0.5, 4, 0.25, 0.75), "0.500 [0.250, 0.750]（n=4）"),
        (Estimate(12.3456, 7, 10.0, 15.0), "12.346 [10.000, 15.000]（n=7）"),
        (NOTHING, "—（n=0）"),
    ],
)
def test_an_estimate_reads_with_its_interval_and_n(estimate: Estimate, read: str) -> None:
    assert str(estimate) == read
