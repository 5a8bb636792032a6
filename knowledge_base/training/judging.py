"""Train and measure the judge on questions of writers whose words the candidates do not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Encodes
from knowledge_base.reader.heads import Head
from knowledge_base.reader.judge import features_of
from knowledge_base.training import sources
from knowledge_base.training.batches import NOWHERE, shared_facts
from knowledge_base.training.data import Data
from knowledge_base.training.fitting import bar_for_false_alarms, calibration_error, fit_linear
from knowledge_base.training.likeness import Library, Probe
from knowledge_base.training.measures import auc
from knowledge_base.training.sources import Group

Floats = npt.NDArray[np.float32]
BEST = 8
"""Candidates of a question that the judge sees, as in the service."""
CLASSES = ("no", "yes")
DEVELOPMENT = ("asked_anew.jsonl", "near_miss.jsonl", "plain.jsonl")
OTHERS = 400
"""Questions of other fields that the judge learns to answer nothing for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows of the judge: inputs, whether the candidate answers, the probe each belongs to and why it is there."""

    inputs: Floats
    truths: npt.NDArray[np.bool_]
    probes: npt.NDArray[np.int64]
    sorts: tuple[str, ...]


def fit(encoder: Encodes, data: Data, measures: Sequence[Path], writers: Sequence[str]) -> tuple[Head, dict[str, float]]:
    """The judge and its figures on left-out blocks.

    Args:
        measures: folders whose ``asked_anew``, ``near_miss`` and ``plain`` are development questions.
        writers: whose ways and near misses the encoder was not trained on.
    """
    groups = data.groups
    probes = probes_of(groups, writers) + probes_of_others(data.others[:OTHERS])
    for folder in measures:
        for name in DEVELOPMENT:
            if (folder / name).exists():
                probes += probes_of_questions(groups, folder / name)
    rows = judged_rows(encoder, Library.of(encoder, groups), probes)
    blocks = [_block(probes[int(at)], int(at)) for at in rows.probes]
    head, left_out = fit_judge(rows, blocks)
    bar = bar_for_false_alarms(left_out, rows.truths, 0.05)
    return replace(head, thresholds={"show": bar}), judge_figures(rows, left_out)


def _block(probe: Probe, number: int) -> str:
    """Rows of one group's questions stay together; others by tens."""
    return f"{probe.sort}/{probe.home}" if probe.home != NOWHERE else f"{probe.sort}/{number // 10}"


def probes_of(groups: Sequence[Group], writers: Sequence[str]) -> list[Probe]:
    """Ways of asking and near misses of the writers whose names begin with one of ``writers``."""
    apart = shared_facts(groups)
    number = {name: at for at, g in enumerate(groups) for name in (g.key, *g.names)}
    probes = []
    for at, group in enumerate(groups):
        unsure = frozenset(np.flatnonzero(apart[at]).tolist())
        for way in group.ways:
            if way.writer.startswith(tuple(writers)):
                probes.append(Probe(way.text, at, way.writer, frozenset({at}), unsure, "way", way.voice))
        for miss in group.misses:
            if miss.writer.startswith(tuple(writers)):
                home = number.get(miss.belongs, NOWHERE)
                right = frozenset({home} if home != NOWHERE else ())
                also = frozenset(np.flatnonzero(apart[home]).tolist()) - {at} if home != NOWHERE else frozenset[int]()
                probes.append(Probe(miss.text, at, miss.writer, right, also, "miss"))
    return probes


def probes_of_questions(groups: Sequence[Group], path: Path) -> list[Probe]:
    """Labelled questions: the groups that hold a gold fact are right; where the answer should be that there is none, none is."""
    probes = []
    for row in sources.read_jsonl(path):
        if row.get("history"):
            continue
        gold = frozenset(row.get("gold_facts") or ())
        right = frozenset(at for at, g in enumerate(groups) if g.facts & gold)
        if right or row.get("expected") == "abstain":
            first = frozenset(at for at in right if "#" in groups[at].key) or right
            probes.append(Probe(str(row["text"]), NOWHERE, "", first, right - first, "question" if right else "unknown"))
    return probes


def probes_of_others(texts: Sequence[str]) -> list[Probe]:
    """Questions that nobody here answers."""
    return [Probe(text, NOWHERE, "", frozenset(), frozenset(), "other") for text in texts]


def judged_rows(encoder: Encodes, library: Library, probes: Sequence[Probe]) -> Judged:
    """Rows of the best candidates of every probe, of the right ones, and of the group that a near miss stands beside."""
    vectors = encoder.encode([p.text for p in probes], "query")
    inputs, truths, owners, sorts = [], [], [], []
    for begin in range(0, len(probes), 256):
        part = probes[begin : begin + 256]
        likeness = library.likeness(vectors[begin : begin + 256], part)
        for row, probe in enumerate(part):
            table = likeness[row]
            both = (table[:, 0] + table[:, 2]) / 2
            both[list(probe.unsure)] = -2
            first = np.argsort(-both, kind="stable")[:BEST].tolist()
            extra = [at for at in (*probe.right, *((probe.home,) if probe.sort == "miss" else ())) if at not in first]
            seen = first + extra
            features = features_of(table[seen])
            for at, candidate in enumerate(seen):
                inputs.append(features[at])
                truths.append(candidate in probe.right)
                owners.append(begin + row)
                own = candidate in probe.right or (probe.sort == "miss" and candidate == probe.home)
                sorts.append(probe.sort if own else f"{probe.sort}-wrong")
    return Judged(np.array(inputs), np.array(truths), np.array(owners), tuple(sorts))


def fit_judge(rows: Judged, blocks: Sequence[str]) -> tuple[Head, Floats]:
    """The judge and its probabilities for rows whose block was left out."""
    labels = [CLASSES[int(truth)] for truth in rows.truths]
    fitted = fit_linear(rows.inputs, labels, blocks, CLASSES, strength=10.0, balanced=False)
    return fitted.head, fitted.left_out[:, 1]


def judge_figures(rows: Judged, probabilities: Floats) -> dict[str, float]:
    """AUC of right candidates against near misses' groups, and of each question's best candidate against that of unknown ones."""
    sorts = np.array(rows.sorts)
    right = rows.truths & np.isin(sorts, ("way", "question", "miss"))
    missed = (sorts == "miss") & ~rows.truths
    figures = {"calibration_error": round(calibration_error(probabilities, rows.truths), 4), "n": float(len(rows.truths))}
    if missed.any() and right.any():
        figures |= {"auc_near_miss": round(auc(probabilities[right], probabilities[missed]), 3), "n_near_miss": float(missed.sum())}
    for name in ("unknown", "other"):
        mine = np.array([s.startswith(name) for s in sorts])
        if mine.any() and right.any():
            best = [float(probabilities[mine & (rows.probes == p)].max()) for p in np.unique(rows.probes[mine])]
            figures |= {f"auc_{name}": round(auc(probabilities[right], best), 3), f"n_{name}": float(len(best))}
    return figures
