"""Agreement of a judge with people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.metrics.intervals import NOTHING, Estimate, share, statistic


def agreement(judged: Sequence[bool], labelled: Sequence[bool]) -> Estimate:
    """Share of items on which a judge and a person say the same."""
    return share([a == b for a, b in zip(judged, labelled, strict=True)])


def kappa(judged: Sequence[bool], labelled: Sequence[bool]) -> Estimate:
    """Cohen's kappa: agreement beyond chance, 1 for full, 0 for none beyond chance.

    Source: Cohen, Educational and Psychological Measurement 1960. Where chance alone agrees fully (both say one thing throughout) it is 1.
    """
    if not judged:
        return NOTHING
    codes = [2 * int(a) + int(b) for a, b in zip(judged, labelled, strict=True)]

    def of(sample: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        first, second = sample >= 2, sample % 2 == 1
        observed = (first == second).mean(axis=-1)
        p, q = first.mean(axis=-1), second.mean(axis=-1)
        chance = p * q + (1 - p) * (1 - q)
        return np.where(chance >= 1, 1.0, (observed - chance) / np.where(chance >= 1, 1.0, 1 - chance))

    return statistic(codes, of)
