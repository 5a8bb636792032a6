"""Labelled panels in Markdown: each metric of each panel, with n, interval and origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.labelled.labels import PANEL_LABELS
from evals.labelled.metrics import LABEL_METRICS
from evals.labelled.running import DANGER
from evals.labelled.scoring import ScoredTurn
from evals.metrics.intervals import Estimate
from evals.origins import load_origins, origin_text


def render_labelled(scored: Sequence[ScoredTurn]) -> str:
    """A table a panel; metrics that ask about none of its turns are left out."""
    return "\n".join(_lines(scored)) + "\n"


def _lines(scored: Sequence[ScoredTurn]) -> Iterator[str]:
    origins = {**load_origins(DANGER.parent), **load_origins(PANEL_LABELS)}
    for panel in dict.fromkeys(t.panel for t in scored):
        turns = [t for t in scored if t.panel == panel]
        origin = origin_text(origins.get(panel.split(" ")[0]))
        yield from (f"## {panel}（{len(turns)} 轮，开发题）", "", "| 指标 | 值 | n | 题的来历 |", "|---|---:|---:|---|")
        for metric in LABEL_METRICS:
            estimate = metric.of(turns)
            if estimate.n:
                yield f"| {metric.label} | {_shown(estimate)} | {estimate.n} | {origin} |"
        yield ""


def _shown(estimate: Estimate) -> str:
    value, low, high = (100 * (part or 0) for part in (estimate.value, estimate.low, estimate.high))
    return f"{value:.1f}% [{low:.1f}, {high:.1f}]"
