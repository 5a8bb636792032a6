"""Paired tests between two runs over the same samples."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.intervals import Estimate, mean


@dataclass(frozen=True, slots=True)
class PairedChange:
    """What changed from one run to the other over n shared samples. ``p`` is two-sided, ``p_worse`` one-sided."""

    n: int
    better: int
    worse: int
    difference: Estimate
    p: float
    p_worse: float


def compare_outcomes(before: Sequence[bool], after: Sequence[bool]) -> PairedChange:
    """McNemar's exact test: of the samples whose outcome changed, is better or worse more than chance?

    Source: McNemar, Psychometrika 1947; the exact form is the sign test on changed pairs. No changed pair gives p = 1.
    The difference is after minus before.
    """
    pairs = list(zip(before, after, strict=True))
    better = sum(new and not old for old, new in pairs)
    worse = sum(old and not new for old, new in pairs)
    changed = better + worse
    p = min(1.0, 2 * min(_at_least(worse, changed), _at_least(better, changed)))
    difference = mean([float(new) - float(old) for old, new in pairs])
    return PairedChange(len(pairs), better, worse, difference, p, _at_least(worse, changed))


def compare_values(before: Sequence[float], after: Sequence[float]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test on paired values (latencies); 1 when nothing differs or there is nothing.

    Pairs without a difference are left out; by the normal approximation, corrected for ties. From some twenty pairs on it is close.
    Source: Wilcoxon, Biometrics Bulletin 1945.
    """
    differences = np.array([b - a for a, b in zip(before, after, strict=True) if a != b], dtype=np.float64)
    n = len(differences)
    if not n:
        return 1.0
    _, place, alike = np.unique(np.abs(differences), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(alike) - (alike - 1) / 2)[place]
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((alike**3 - alike).sum()) / 48
    z = (float(ranks[differences > 0].sum()) - n * (n + 1) / 4) / math.sqrt(variance)
    return math.erfc(abs(z) / math.sqrt(2))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p values adjusted for looking at many slices. Source: Holm, Scandinavian Journal of Statistics 1979."""
    adjusted: dict[str, float] = {}
    running = 0.0
    for position, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        running = max(running, min(1.0, p * (len(p_values) - position)))
        adjusted[name] = running
    return adjusted


def _at_least(successes: int, trials: int) -> float:
    """Chance of that many heads or more in tosses of a fair coin; 1 without a toss."""
    ways: int = sum(math.comb(trials, k) for k in range(successes, trials + 1))
    return ways / (1 << trials)
