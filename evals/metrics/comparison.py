"""Paired tests between two runs over the same samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats  # type: ignore[import-untyped]  # scipy ships no types

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
    p = float(stats.binomtest(worse, changed, 0.5).pvalue) if changed else 1.0
    p_worse = float(stats.binomtest(worse, changed, 0.5, alternative="greater").pvalue) if changed else 1.0
    return PairedChange(len(pairs), better, worse, mean([float(new) - float(old) for old, new in pairs]), p, p_worse)


def compare_values(before: Sequence[float], after: Sequence[float]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test on paired values (latencies); 1 when nothing differs or there is nothing."""
    differences = [b - a for a, b in zip(before, after, strict=True)]
    if not any(differences):
        return 1.0
    return float(stats.wilcoxon(differences).pvalue)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p values adjusted for looking at many slices. Source: Holm, Scandinavian Journal of Statistics 1979."""
    adjusted: dict[str, float] = {}
    running = 0.0
    for position, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        running = max(running, min(1.0, p * (len(p_values) - position)))
        adjusted[name] = running
    return adjusted
