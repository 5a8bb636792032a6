"""Fit the heads danger, who, now, route and turn on the shipped encoder's vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Encodes
from knowledge_base.reader.heads import Head
from knowledge_base.reader.notices import joined_turns
from knowledge_base.reader.turns import joined_pair, pair_features
from knowledge_base.training import labelled
from knowledge_base.training.data import Data
from knowledge_base.training.fitting import Fitted, Network, bar_for_false_alarms, fit_linear, fit_network
from knowledge_base.training.labelled import Labelled
from knowledge_base.training.measures import auc

Floats = npt.NDArray[np.float32]
FALSE_ROUTES = {"out_of_scope": 0.025}
"""Part of turns in scope that a route may catch; a refusal is worse than a missed one, so the others get less."""
FALSE_ROUTE = 0.01
DANGER_NETWORK = Network(hidden=64, penalty=3.0, rate=1e-3, rounds=15)
"""Of those tried, the best on writers left out in turn (V1, V3, V4): recall .74 at 5 % false alarms; linear .69 (n 6,837)."""
ALARMS = {"ordinary": 0.005, "alike": 0.03}
"""Part of ordinary questions, and of turns written to sound like danger, that may raise an alarm."""
CHECKS = {"ordinary": 0.015, "alike": 0.08}
"""The same for a gentle check beside the answer."""


@dataclass(frozen=True, slots=True)
class FittedHeads:
    """Heads by name and figures on left-out blocks by name."""

    heads: dict[str, Head]
    figures: dict[str, dict[str, float]]


def fit_heads(encoder: Encodes, data: Data) -> FittedHeads:
    """All heads but the judge, with bars chosen on left-out blocks."""
    heads: dict[str, Head] = {}
    figures: dict[str, dict[str, float]] = {}
    danger_rows = labelled.danger_rows(data.danger, data.groups)
    dangerous = np.array([row.label != "none" for row in danger_rows])
    danger = fit_danger(encoder, danger_rows, dangerous)
    probability = 1.0 - danger.left_out[:, 0]
    ordinary = np.array([row.block.startswith("ways/") for row in danger_rows])
    sides = {"ordinary": ordinary, "alike": ~ordinary & ~dangerous}
    bars = danger_bars(probability, sides)
    heads["danger"] = replace(danger.head, thresholds=bars)
    figures["danger"] = danger_figures(probability, dangerous, bars) | {
        f"{name}_{side}_false": round(float((probability[rows] >= bars[name]).mean()), 3) for name in bars for side, rows in sides.items()
    }
    figures["danger"]["auc_alike"] = round(auc(probability[dangerous], probability[sides["alike"]]), 3)
    told = [row for row in data.danger if row.danger != "none"]
    for name, classes, label in (
        ("who", labelled.WHO, lambda row: labelled.who_of(row.who)),
        ("now", tuple(sorted({row.now for row in told})), lambda row: row.now),
    ):
        rows = [Labelled(joined_turns(r.history, r.text), label(r), f"{r.writer}/{n // 50}") for n, r in enumerate(told)]
        fitted = _fit(encoder, rows, classes)
        heads[name] = fitted.head
        figures[name] = {"right": _right(fitted.left_out, rows, classes), "n": float(len(rows))}
    route_rows = labelled.route_rows(data.groups, data.danger, data.others)
    route = _fit(encoder, route_rows, labelled.ROUTES)
    heads["route"] = replace(route.head, thresholds=route_bars(route.left_out, route_rows))
    figures["route"] = route_figures(route.left_out, route_rows, heads["route"])
    turn_rows = labelled.turn_rows(data.groups, data.danger)
    turn = fit_linear(
        turn_features(encoder, [(before, text) for before, text, _, _ in turn_rows]),
        [reading for _, _, reading, _ in turn_rows],
        [block for _, _, _, block in turn_rows],
        labelled.READINGS,
        strength=3.0,
    )
    heads["turn"] = turn.head
    said = turn.left_out.argmax(1)
    truth = np.array([labelled.READINGS.index(reading) for _, _, reading, _ in turn_rows])
    figures["turn"] = {
        "right": round(float((said == truth).mean()), 3),
        "new_or_not": round(float(((said == 0) == (truth == 0)).mean()), 3),
        "n": float(len(truth)),
    }
    return FittedHeads(heads, figures)


def danger_bars(probability: Floats, sides: Mapping[str, npt.NDArray[np.bool_]]) -> dict[str, float]:
    """The lowest bars of alarm and check that no side passes more often than it may; ``sides`` says which rows without danger are whose."""
    return {
        name: max(float(np.quantile(probability[rows], 1.0 - parts[side])) for side, rows in sides.items() if rows.any())
        for name, parts in (("alarm", ALARMS), ("check", CHECKS))
    }


def turn_features(encoder: Encodes, pairs: Sequence[tuple[str, str]]) -> Floats:
    """(n, …) inputs of the head turn."""
    texts = list(dict.fromkeys([t for pair in pairs for t in (*pair, joined_pair(*pair))]))
    place = {text: at for at, text in enumerate(texts)}
    rows = encoder.encode(texts, "query")
    return np.stack([pair_features(rows[place[b]], rows[place[t]], rows[place[joined_pair(b, t)]]) for b, t in pairs])


def danger_figures(probability: Floats, dangerous: npt.NDArray[np.bool_], bars: dict[str, float]) -> dict[str, float]:
    """Recall and false alarms at both bars."""
    alarm, check = probability >= bars["alarm"], probability >= bars["check"]
    return {
        "alarm_recall": round(float(alarm[dangerous].mean()), 3),
        "alarm_false": round(float(alarm[~dangerous].mean()), 3),
        "check_recall": round(float(check[dangerous].mean()), 3),
        "check_false": round(float(check[~dangerous].mean()), 3),
        "n_danger": float(dangerous.sum()),
        "n_none": float((~dangerous).sum()),
    }


def route_bars(left_out: Floats, rows: Sequence[Labelled]) -> dict[str, float]:
    """For every route but in_scope the bar that few turns in scope pass, at least one half."""
    in_scope = np.array([row.label == labelled.ROUTES[0] for row in rows])
    bars = {}
    for at, name in enumerate(labelled.ROUTES[1:], 1):
        bars[name] = max(0.5, bar_for_false_alarms(left_out[:, at], ~in_scope, FALSE_ROUTES.get(name, FALSE_ROUTE)))
    return bars


def route_figures(left_out: Floats, rows: Sequence[Labelled], head: Head) -> dict[str, float]:
    """Recall of every route and the part of turns in scope that any bar catches."""
    bars = np.array([head.thresholds.get(name, 2.0) for name in labelled.ROUTES])
    over = np.where(left_out >= bars, left_out, 0)
    said = np.where(over.max(1) > 0, over.argmax(1), 0)
    figures: dict[str, float] = {}
    for at, name in enumerate(labelled.ROUTES):
        mine = np.array([row.label == name for row in rows])
        figures[name] = round(float((said[mine] == at).mean()), 3)
        figures[f"n_{name}"] = float(mine.sum())
    return figures


def _fit(encoder: Encodes, rows: Sequence[Labelled], classes: tuple[str, ...]) -> Fitted:
    vectors = encoder.encode([row.text for row in rows], "query")
    return fit_linear(vectors, [row.label for row in rows], [row.block for row in rows], classes)


def fit_danger(encoder: Encodes, rows: Sequence[Labelled], dangerous: npt.NDArray[np.bool_]) -> Fitted:
    """The better of a linear head and a small network, by how well it tells danger on left-out blocks."""
    vectors = encoder.encode([row.text for row in rows], "query")
    labels, blocks = [row.label for row in rows], [row.block for row in rows]
    fitted = (fit_linear(vectors, labels, blocks, labelled.KINDS), fit_network(vectors, labels, blocks, labelled.KINDS, DANGER_NETWORK))
    return max(fitted, key=lambda each: auc(1.0 - each.left_out[dangerous, 0], 1.0 - each.left_out[~dangerous, 0]))


def _right(left_out: Floats, rows: Sequence[Labelled], classes: tuple[str, ...]) -> float:
    said = left_out.argmax(1)
    return round(float(np.mean([classes[int(s)] == row.label for s, row in zip(said, rows, strict=True)])), 3)
