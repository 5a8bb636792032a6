"""Batches of the encoder's training: what is read together and what may not be pushed apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge_base.training.labelled import Labelled
from knowledge_base.training.sources import Group, Pair, Way

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Mix:
    """How many of each a step reads."""

    groups: int = 36
    ways: int = 2
    near: float = 0.5
    """Part of a step's groups that are drawn from the neighbours of the others."""
    pairs: int = 6
    others: int = 6
    labelled: Mapping[str, int] = field(default_factory=lambda: {"danger": 18, "route": 12, "turn": 8})


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of a step. ``groups[i]`` is the number of the group that text i belongs to, NOWHERE where it belongs to none.

    ``general`` marks texts of other fields. ``labelled`` are the texts of each head with the numbers of their classes.
    """

    texts: tuple[str, ...]
    text_kinds: tuple[str, ...]
    groups: npt.NDArray[np.int64]
    general: npt.NDArray[np.bool_]
    labelled: Mapping[str, tuple[tuple[str, ...], npt.NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Task:
    """What a head is trained on beside the encoder: its classes, the ordinary one first, and labelled texts."""

    classes: tuple[str, ...]
    rows: tuple[Labelled, ...]

    def by_class(self) -> list[list[str]]:
        """Texts of each class."""
        return [[row.text for row in self.rows if row.label == name] for name in self.classes]


class Sampler:
    """Draws the batches of a training run; the same seed gives the same batches.

    Args:
        neighbours: (groups, k) numbers of the groups whose titles and ways lie nearest, by the base's vectors.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        pairs: Sequence[Pair],
        others: Sequence[str],
        tasks: Mapping[str, Task],
        neighbours: npt.NDArray[np.int64],
        mix: Mix,
        seed: int,
    ) -> None:
        self._groups = groups
        self._pairs = pairs
        self._others = others
        self._tasks = {name: task.by_class() for name, task in tasks.items()}
        self._neighbours = neighbours
        self._mix = mix
        self._rng = np.random.default_rng(seed)
        self._number = {name: at for at, g in enumerate(groups) for name in (g.key, *g.names)}
        weights = np.array([min(len(g.ways), 24) for g in groups], dtype=np.float64)
        self._weights = weights / weights.sum()
        self.apart = shared_facts(groups)

    def draw(self) -> Batch:
        """The next batch."""
        rng, mix = self._rng, self._mix
        chosen = self._choose()
        texts: list[tuple[str, str, int, bool]] = []
        for at in chosen:
            group = self._groups[at]
            for way in _draw_ways(group.ways, mix.ways, rng):
                texts.append((way, "query", at, False))
            if rng.random() < 0.4:
                texts.append((group.title, "query", at, False))
            else:
                texts.append((group.targets[int(rng.integers(len(group.targets)))], "passage", at, False))
            if group.misses and rng.random() < 0.8:
                miss = group.misses[int(rng.integers(len(group.misses)))]
                texts.append((miss.text, "query", self._number.get(miss.belongs, NOWHERE), False))
        if self._pairs:
            for number, at in enumerate(rng.choice(len(self._pairs), mix.pairs, replace=False)):
                pair = self._pairs[int(at)]
                texts.append((pair.question, "query", len(self._groups) + number, True))
                texts.append((pair.passage, "passage", len(self._groups) + number, True))
        if self._others:
            texts += [(self._others[int(at)], "query", NOWHERE, True) for at in rng.choice(len(self._others), mix.others, replace=False)]
        return Batch(
            tuple(t for t, _, _, _ in texts),
            tuple(k for _, k, _, _ in texts),
            np.array([g for _, _, g, _ in texts], dtype=np.int64),
            np.array([x for _, _, _, x in texts], dtype=bool),
            {name: self._draw_labelled(rows, mix.labelled.get(name, 0)) for name, rows in self._tasks.items()},
        )

    def _choose(self) -> list[int]:
        """Numbers of the step's groups: some at random, for the rest neighbours of those or the home of one of their near misses."""
        rng, mix = self._rng, self._mix
        first = max(1, round(mix.groups * (1 - mix.near)))
        chosen = [int(i) for i in rng.choice(len(self._groups), min(first, len(self._groups)), replace=False, p=self._weights)]
        taken = set(chosen)
        for at in list(chosen):
            if len(chosen) >= mix.groups:
                break
            homes = [h for m in self._groups[at].misses if (h := self._number.get(m.belongs)) is not None]
            near = homes if homes and rng.random() < 0.5 else [int(n) for n in self._neighbours[at]]
            other = near[int(rng.integers(len(near)))]
            if other not in taken:
                taken.add(other)
                chosen.append(other)
        return chosen

    def _draw_labelled(self, rows: Sequence[Sequence[str]], count: int) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
        """Texts of a head: four in ten of its first class, the others alike often."""
        texts: list[str] = []
        classes: list[int] = []
        for _ in range(count):
            at = 0 if self._rng.random() < 0.4 else 1 + int(self._rng.integers(len(rows) - 1))
            at = at if rows[at] else 0
            texts.append(rows[at][int(self._rng.integers(len(rows[at])))])
            classes.append(at)
        return tuple(texts), np.array(classes, dtype=np.int64)


def shared_facts(groups: Sequence[Group]) -> npt.NDArray[np.bool_]:
    """(groups, groups) of pairs that may both be right for a question: they share a name or half of their facts."""
    out = np.zeros((len(groups), len(groups)), dtype=bool)
    holders: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        for fact in group.facts:
            holders.setdefault(fact, []).append(at)
    for at, group in enumerate(groups):
        for other in {o for fact in group.facts for o in holders[fact]} - {at}:
            both = len(group.facts & groups[other].facts)
            out[at, other] = both * 2 >= min(len(group.facts), len(groups[other].facts))
    names: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        for name in {group.key, *group.names}:
            names.setdefault(name, []).append(at)
    for at_same in names.values():
        for a in at_same:
            for b in at_same:
                out[a, b] = a != b
    return np.asarray(out | out.T)


def positives_and_negatives(
    groups: npt.NDArray[np.int64], apart: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(n, n) pairs of texts that belong together, and pairs that do not; pairs that are neither may both be right.

    Args:
        groups: number of each text's group, NOWHERE for none; numbers past ``apart`` are groups by themselves.
        apart: (groups, groups) of pairs of groups that may both be right for one question.
    """
    same = (groups[:, None] == groups[None, :]) & (groups[:, None] != NOWHERE)
    inside = (groups >= 0) & (groups < len(apart))
    clipped = np.where(inside, groups, 0)
    unsure = apart[clipped[:, None], clipped[None, :]] & inside[:, None] & inside[None, :]
    itself = np.eye(len(groups), dtype=bool)
    return same & ~itself, ~same & ~unsure & ~itself


def _draw_ways(ways: Sequence[Way], count: int, rng: np.random.Generator) -> list[str]:
    """Ways of different voices where there are some, a story first in half of the draws."""
    if len(ways) <= count:
        return [w.text for w in ways]
    stories = [w for w in ways if w.voice == "story"]
    drawn: list[Way] = []
    if stories and rng.random() < 0.6:
        drawn.append(stories[int(rng.integers(len(stories)))])
    while len(drawn) < count:
        way = ways[int(rng.integers(len(ways)))]
        if way not in drawn:
            drawn.append(way)
    return [w.text for w in drawn]
