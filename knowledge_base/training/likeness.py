"""Likeness of many questions to all groups at once, with the question's own writer left out of its group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Encodes
from knowledge_base.reader.judge import TOP
from knowledge_base.training.sources import Group

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to judge groups for.

    ``home`` is the group whose ways by ``writer`` are left out, so that a writer never meets her own words; NOWHERE for none.
    ``right`` are groups that answer it and ``unsure`` groups that may; all others do not.
    """

    text: str
    home: int
    writer: str
    right: frozenset[int]
    unsure: frozenset[int] = frozenset()
    sort: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Vectors of all groups: rows sorted by group, with the text and writer of each."""

    rows: Floats
    owners: npt.NDArray[np.int64]
    texts: tuple[str, ...]
    writers: tuple[str, ...]

    @classmethod
    def of(cls, encoder: Encodes, kind: str, entries: Sequence[tuple[int, str, str]], width: int) -> Shelf:
        """The shelf of entries of group, text and writer."""
        ordered = sorted(entries, key=lambda entry: entry[0])
        unique = list(dict.fromkeys(text for _, text, _ in ordered))
        encoded = encoder.encode(unique, "query" if kind == "query" else "passage") if unique else np.zeros((0, width), dtype=np.float32)
        place = {text: at for at, text in enumerate(unique)}
        rows = encoded[[place[text] for _, text, _ in ordered]]
        owners = np.array([owner for owner, _, _ in ordered], dtype=np.int64)
        return cls(rows, owners, tuple(t for _, t, _ in ordered), tuple(w for _, _, w in ordered))


@dataclass(frozen=True, slots=True)
class Library:
    """Ways of asking with titles, texts and near misses of all groups."""

    asks: Shelf
    texts: Shelf
    misses: Shelf
    count: int

    @classmethod
    def of(cls, encoder: Encodes, groups: Sequence[Group], width: int = 384) -> Library:
        """The library of all groups."""
        asks = [(at, g.title, "") for at, g in enumerate(groups)]
        asks += [(at, w.text, w.writer) for at, g in enumerate(groups) for w in g.ways]
        texts = [(at, text, "") for at, g in enumerate(groups) for text in g.targets]
        misses = [(at, m.text, m.writer) for at, g in enumerate(groups) for m in g.misses]
        return cls(
            Shelf.of(encoder, "query", asks, width),
            Shelf.of(encoder, "passage", texts, width),
            Shelf.of(encoder, "query", misses, width),
            len(groups),
        )

    def likeness(self, vectors: Floats, probes: Sequence[Probe]) -> Floats:
        """(probes, groups, 5) columns as ``knowledge_base.reader.judge.features_of`` wants them."""
        out = np.zeros((len(probes), self.count, 5), dtype=np.float32)
        asks = _masked(vectors @ self.asks.rows.T, self.asks, probes)
        texts = vectors @ self.texts.rows.T
        misses = _masked(vectors @ self.misses.rows.T, self.misses, probes)
        for group, part in _parts(self.asks.owners):
            mine = np.sort(asks[:, part], axis=1)[:, ::-1]
            out[:, group, 0] = mine[:, 0]
            best = np.where(mine[:, :TOP] > -1, mine[:, :TOP], 0)
            out[:, group, 1] = best.sum(1) / np.maximum((mine[:, :TOP] > -1).sum(1), 1)
            out[:, group, 4] = 1
        for group, part in _parts(self.texts.owners):
            out[:, group, 2] = texts[:, part].max(1)
        for group, part in _parts(self.misses.owners):
            out[:, group, 3] = np.maximum(misses[:, part].max(1), 0)
        return out


def _masked(scores: Floats, shelf: Shelf, probes: Sequence[Probe]) -> Floats:
    """Scores with the probe's own text, and her other words in her own group, at -1."""
    places: dict[str, list[int]] = {}
    for at, text in enumerate(shelf.texts):
        places.setdefault(text, []).append(at)
    homes: dict[tuple[int, str], list[int]] = {}
    for at, (owner, writer) in enumerate(zip(shelf.owners.tolist(), shelf.writers, strict=True)):
        homes.setdefault((owner, writer), []).append(at)
    for row, probe in enumerate(probes):
        hidden = places.get(probe.text, []) + (homes.get((probe.home, probe.writer), []) if probe.writer else [])
        scores[row, hidden] = -1.0
    return scores


def _parts(owners: npt.NDArray[np.int64]) -> list[tuple[int, slice]]:
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    ends = [*starts[1:].tolist(), len(owners)]
    return [(int(owners[a]), slice(int(a), int(b))) for a, b in zip(starts, ends, strict=True)]
