"""Suites: which samples of which datasets are asked, and by which targets."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evals.errors import DatasetError
from evals.samples import DATASETS, Dataset, Sample, load_named

LABELLED_ON = dt.date(2026, 11, 22)
"""The date for which undated questions are labelled, and on which they are asked, so that a run can be repeated next year."""

POISON = DATASETS / "poisoned_documents"
"""Documents with hidden orders, ingested beside the corpus for the dataset ``poisoned``."""

_POISONED = "poisoned"
_SEED = 20261122


@dataclass(frozen=True, slots=True)
class Suite:
    """Names of datasets; ``limits`` bounds how many samples of one are drawn, evenly over its slices, ways and families."""

    name: str
    datasets: tuple[str, ...]
    limits: Mapping[str, int] = field(default_factory=dict)


_ALL = (
    "dev",
    "plain",
    "near_miss",
    "clauses",
    "multi_turn",
    "time_place",
    "routing",
    "lawful_or_not",
    "red_team",
    "poisoned",
    "perturbations",
)

SUITES: Mapping[str, Suite] = {
    suite.name: suite
    for suite in (
        Suite(
            "gate",
            _ALL,
            {"clauses": 150, "perturbations": 360},
        ),
        Suite("full", (*_ALL, "asked_anew", "held_out")),
        Suite("held-out", ("held_out",)),
        Suite("dev", ("dev",)),
        Suite("red-team", ("red_team", "poisoned")),
        Suite("baselines", ("dev", "clauses", "time_place"), {"clauses": 100}),
    )
}


@dataclass(frozen=True)
class Plan:
    """What a run asks: the datasets it draws on, samples for the plain index and those for the index with poisoned documents.

    ``asked_on`` is the date that stands in undated samples.
    """

    suite: str
    datasets: tuple[Dataset, ...]
    samples: tuple[Sample, ...]
    poisoned: tuple[Sample, ...] = ()
    asked_on: dt.date = LABELLED_ON

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.samples) + len(self.poisoned)


def plan_suite(name: str, *, folder: Path = DATASETS, asked_on: dt.date = LABELLED_ON) -> Plan:
    """The plan of a suite: samples drawn by a fixed seed, undated ones asked on one date.

    Raises:
        DatasetError: there is no such suite, or a dataset breaks its schema.
    """
    if name not in SUITES:
        raise DatasetError(f"没有叫 {name} 的评测集。可用的是 {'、'.join(SUITES)}")
    suite = SUITES[name]
    datasets = load_named(suite.datasets, folder)
    drawn = [replace(s, as_of=s.as_of or asked_on) for d in datasets for s in draw(d.samples, suite.limits.get(d.name, 0))]
    return Plan(
        name,
        datasets,
        tuple(s for s in drawn if s.dataset != _POISONED),
        tuple(s for s in drawn if s.dataset == _POISONED),
        asked_on,
    )


def plan_dataset(dataset: Dataset, *, asked_on: dt.date = LABELLED_ON) -> Plan:
    """The plan of one dataset of an evaluator's own, whole."""
    return Plan(dataset.name, (dataset,), tuple(replace(s, as_of=s.as_of or asked_on) for s in dataset.samples), asked_on=asked_on)


def draw(samples: Sequence[Sample], limit: int) -> list[Sample]:
    """At most ``limit`` samples (0: all), in their order, drawn round-robin over slice, way and family by a fixed seed."""
    if not limit or len(samples) <= limit:
        return list(samples)
    groups: dict[tuple[str, str, str], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.slice, sample.way, sample.family), []).append(sample)
    chance = random.Random(_SEED)
    for group in groups.values():
        chance.shuffle(group)
    chosen: set[str] = set()
    while len(chosen) < limit:
        for group in groups.values():
            if group and len(chosen) < limit:
                chosen.add(group.pop().sample_id)
    return [s for s in samples if s.sample_id in chosen]
