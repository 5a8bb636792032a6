"""Agreement of a judge with people."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from evals.metrics.intervals import NOTHING, Estimate, Floats, share, statistic


def agreement(judged: Sequence[bool], labelled: Sequence[bool]) -> Estimate:
    """Share of items on which a judge and a person say the same."""
    return share([a == b for a, b in zip(judged, labelled, strict=True)])


def kappa(judged: Sequence[Hashable], labelled: Sequence[Hashable]) -> Estimate:
    """Cohen's kappa over any number of categories: agreement beyond chance, 1 for full, 0 for none beyond chance.

    Source: Cohen, Educational and Psychological Measurement 1960. Where chance alone agrees fully (both say one thing throughout) it is 1.
    """
    if not judged:
        return NOTHING
    names = sorted({*judged, *labelled}, key=str)
    places = {name: place for place, name in enumerate(names)}
    size = len(names)
    codes = [size * places[a] + places[b] for a, b in zip(judged, labelled, strict=True)]

    def of(sample: Floats) -> Floats:
        first, second = sample // size, sample % size
        observed = (first == second).mean(axis=-1)
        chance = np.sum([(first == c).mean(axis=-1) * (second == c).mean(axis=-1) for c in range(size)], axis=0)
        sure = chance >= 1 - 1e-12
        return np.asarray(np.where(sure, 1.0, (observed - chance) / np.where(sure, 1.0, 1 - chance)))

    return statistic(codes, of)
