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
from knowledge_base.training.fitting import bar_for_false_alarms, calibration_error, fit_linear, fit_network, log_loss
from knowledge_base.training.likeness import Library, Probe
from knowledge_base.training.measures import auc
from knowledge_base.training.sources import Group

Floats = npt.NDArray[np.float32]
BEST = 8
"""Candidates of a question that the judge sees, as in the service."""
CLASSES = ("no", "yes")
DEVELOPMENT = ("asked_anew.jsonl", "near_miss.jsonl", "plain.jsonl")
OTHERS = 250
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
    probes = _part(probes_of(groups, writers)) + probes_of_others(data.others[:OTHERS])
    for folder in measures:
        for name in DEVELOPMENT:
            if (folder / name).exists():
                probes += probes_of_questions(groups, folder / name)
    rows = judged_rows(encoder, Library.of(encoder, groups), probes)
    blocks = [_block(probes[int(at)], int(at)) for at in rows.probes]
    head, left_out, losses = fit_judge(rows, blocks)
    bar = bar_for_false_alarms(left_out, rows.truths, 0.05)
    return replace(head, thresholds={"show": bar}), judge_figures(rows, left_out) | losses


def _part(probes: Sequence[Probe], most: int = 1500) -> list[Probe]:
    """All near misses and at most ``most`` ways of asking, drawn."""
    ways = [p for p in probes if p.sort == "way"]
    drawn = np.random.default_rng(0).permutation(len(ways))[:most]
    return [p for p in probes if p.sort != "way"] + [ways[int(at)] for at in drawn]


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
            both = first_score(table)
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


def first_score(likeness: Floats) -> Floats:
    """(n,) what candidates are chosen by, from (n, 5) likenesses: ways of asking, the three likest of them, and texts."""
    score: Floats = 0.4 * likeness[:, 0] + 0.3 * likeness[:, 1] + 0.3 * likeness[:, 2]
    return score


def fit_judge(rows: Judged, blocks: Sequence[str]) -> tuple[Head, Floats, dict[str, float]]:
    """The better of a logistic head and a small network, its probabilities for left-out rows, and the log loss of both."""
    labels = [CLASSES[int(truth)] for truth in rows.truths]
    fitted = {
        "logistic": fit_linear(rows.inputs, labels, blocks, CLASSES, strength=10.0, balanced=False),
        "network": fit_network(rows.inputs, labels, blocks, CLASSES),
    }
    losses = {name: log_loss(each.left_out[:, 1], rows.truths) for name, each in fitted.items()}
    best = fitted[min(losses, key=lambda name: losses[name])]
    return best.head, best.left_out[:, 1], {f"log_loss_{name}": round(loss, 4) for name, loss in losses.items()}


def judge_figures(rows: Judged, probabilities: Floats) -> dict[str, float]:
    """AUC of right candidates, by sort of question, against near misses' groups and the best candidates of unknown questions."""
    sorts = np.array(rows.sorts)
    missed = (sorts == "miss") & ~rows.truths
    figures = {"calibration_error": round(calibration_error(probabilities, rows.truths), 4), "n": float(len(rows.truths))}
    positives = {"way": rows.truths & (sorts == "way"), "question": rows.truths & (sorts == "question")}
    positives = {name: mine for name, mine in positives.items() if mine.any()}
    negatives: dict[str, list[float]] = {"near_miss": probabilities[missed].tolist()}
    for name in ("unknown", "other"):
        mine = np.array([s.startswith(name) for s in sorts])
        negatives[name] = [float(probabilities[mine & (rows.probes == p)].max()) for p in np.unique(rows.probes[mine])]
    for plus, mine in positives.items():
        figures[f"n_{plus}"] = float(mine.sum())
        for minus, values in negatives.items():
            if values:
                figures[f"auc_{plus}_{minus}"] = round(auc(probabilities[mine], values), 3)
                figures[f"n_{minus}"] = float(len(values))
    return figures
