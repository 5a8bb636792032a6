"""The gate on labelled panels: a drop of relevance, recall, follow-ups, honesty or danger recall against the committed baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from evals.gate import ALPHA, GateLine, bounded
from evals.labelled.metrics import GATED, LABEL_METRICS, LabelMetric
from evals.labelled.scoring import ScoredTurn
from evals.metrics.comparison import PairedChange, compare_outcomes

Pairs = Sequence[tuple[ScoredTurn, ScoredTurn]]

_GOODNESS: Mapping[str, Callable[[ScoredTurn], float | None]] = {
    "answer_relevance": lambda t: _number(t.first),
    "followup_success": lambda t: _number(t.first) if t.followup else None,
    "irrelevant_statements": lambda t: -float(t.irrelevant) if t.statements else None,
    "factual_recall": lambda t: t.points_said / t.points if t.points else None,
    "no_contradiction": lambda t: None if t.contradicted is None else float(not t.contradicted),
    "danger_recall": lambda t: _number(t.helped),
    "danger_false_alarm": lambda t: None if t.alarmed is None else float(not t.alarmed),
    "honest_lack": lambda t: _number(t.honest),
}
"""How good one turn is by the metric of that name; None where the metric does not ask about it.

A turn is worse by irrelevant statements when it shows more of them, however many others stand beside them.
"""


def panel_lines(now: Sequence[ScoredTurn], baseline: Sequence[ScoredTurn]) -> Iterator[GateLine]:
    """Lines of the gate: hard lines of every turn, then each metric of each panel, over the turns that labels decide both
    there and in the baseline.

    A metric fails when it leaves the baseline's interval, or when so many turns got worse that chance is out of the question
    (sign test, one-sided, :data:`evals.gate.ALPHA`).
    """
    crossed = [t for t in now if t.breaches]
    failed = [t for t in now if t.error]
    yield GateLine("评读题硬线", "0", str(len(crossed)), f"{_place(crossed[0])}：{'、'.join(crossed[0].breaches)}" if crossed else "")
    yield GateLine("评读题出错", "0", str(len(failed)), f"{_place(failed[0])}：{failed[0].error[:80]}" if failed else "")
    pairs = pair_turns(baseline, now)
    missing = "" if pairs else "没有一轮与基线相同，请运行 python -m evals baseline --panels"
    yield GateLine("评读题与基线相同", "≥ 1", str(len(pairs)), missing)
    by_panel: dict[str, list[tuple[ScoredTurn, ScoredTurn]]] = {}
    for pair in pairs:
        by_panel.setdefault(pair[1].panel, []).append(pair)
    for panel, many in by_panel.items():
        for metric in LABEL_METRICS:
            if metric.name in GATED:
                yield from _metric_line(panel, metric, many)


def pair_turns(before: Sequence[ScoredTurn], after: Sequence[ScoredTurn]) -> list[tuple[ScoredTurn, ScoredTurn]]:
    """Turns of the same panel, place and text in both."""
    earlier = {(t.key, t.text): t for t in before}
    return [(earlier[key], t) for t in after if (key := (t.key, t.text)) in earlier]


def change_of(name: str, pairs: Pairs) -> PairedChange:
    """How many turns got better and worse by a metric, over the turns that it asks about in both."""
    good = _GOODNESS[name]
    values = [(good(a), good(b)) for a, b in pairs]
    both = [(a, b) for a, b in values if a is not None and b is not None]
    return compare_outcomes([a >= b for a, b in both], [b >= a for a, b in both])


def _metric_line(panel: str, metric: LabelMetric, pairs: Pairs) -> Iterator[GateLine]:
    good = _GOODNESS[metric.name]
    decided = [(a, b) for a, b in pairs if good(a) is not None and good(b) is not None]
    if not decided:
        return
    before, after = metric.of([a for a, _ in decided]), metric.of([b for _, b in decided])
    name = f"{panel} {metric.label}"
    line = bounded(name, before, after, higher=metric.higher)
    change = change_of(metric.name, decided)
    if line.holds and change.p_worse < ALPHA:
        line = GateLine(name, line.baseline, line.now, f"逐轮变差：{change.worse} 轮差了，{change.better} 轮好了（p={change.p_worse:.4f}）")
    yield line


def _number(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _place(turn: ScoredTurn) -> str:
    return f"{turn.panel} {turn.conversation} 第 {turn.turn} 轮"
