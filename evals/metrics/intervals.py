"""Values with their uncertainty: an estimate is never given without n and a 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z95 = 1.959964
RESAMPLES = 2000
"""Bootstrap resamples; 2000 keep the interval's own error under a tenth of its width (Efron and Tibshirani 1993, ch. 14)."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value over n units with its 95 % interval. ``value`` is None when there is nothing to measure (n = 0)."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "—（n=0）"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]（n={self.n}）"


NOTHING = Estimate(None, 0)


def share(outcomes: Sequence[bool]) -> Estimate:
    """Share of true outcomes with Wilson's score interval.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927. Unlike a bootstrap it
    keeps a width when all outcomes are alike: 20 of 20 gives [0.839, 1]. No outcomes give an estimate without a value.
    """
    n = len(outcomes)
    if not n:
        return NOTHING
    p = sum(outcomes) / n
    middle = p + Z95**2 / (2 * n)
    half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
    scale = 1 + Z95**2 / n
    return Estimate(p, n, max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def mean(values: Sequence[float], *, seed: int = 0) -> Estimate:
    """Mean with a percentile bootstrap interval over the values; no values give an estimate without a value.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13. Alike values give an interval of no width.
    """
    return statistic(values, lambda sample: sample.mean(axis=-1), seed=seed)


def quantile(values: Sequence[float], q: float, *, seed: int = 0) -> Estimate:
    """The ``q`` quantile (0 to 1; linear between order statistics) with a percentile bootstrap interval."""
    return statistic(values, lambda sample: np.quantile(sample, q, axis=-1), seed=seed)


def statistic(values: Sequence[float], of: Callable[[Floats], Floats], *, seed: int = 0) -> Estimate:
    """A statistic along the last axis of (…, n) arrays, with a percentile bootstrap interval."""
    n = len(values)
    if not n:
        return NOTHING
    data = np.asarray(values, dtype=np.float64)
    rows = np.random.default_rng(seed).integers(0, n, size=(RESAMPLES, n), dtype=np.int32)
    low, high = np.quantile(of(data[rows]), [0.025, 0.975])
    return Estimate(float(of(data)), n, float(low), float(high))


def ratio(numerators: Sequence[float], denominators: Sequence[float], *, seed: int = 0) -> Estimate:
    """Sum of numerators over sum of denominators, both counted a unit, with a bootstrap interval over the units.

    For precision and recall: units are questions, n counts those with a denominator above 0.
    """
    pairs = [(a, b) for a, b in zip(numerators, denominators, strict=True) if b > 0]
    if not pairs:
        return NOTHING
    data = np.asarray(pairs, dtype=np.float64)
    rows = np.random.default_rng(seed).integers(0, len(pairs), size=(RESAMPLES, len(pairs)), dtype=np.int32)
    sums = data[rows].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / sums[:, 1], [0.025, 0.975])
    return Estimate(float(data[:, 0].sum() / data[:, 1].sum()), len(pairs), float(low), float(high))
