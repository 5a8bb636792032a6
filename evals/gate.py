"""The gate: a run against the committed baseline. It fails on a crossed hard line and on a drop beyond chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evals.comparing import pair_rows
from evals.metrics.answers import METRICS, TIMINGS, robustness
from evals.metrics.comparison import compare_outcomes
from evals.metrics.intervals import Estimate, share
from evals.rows import Row
from evals.summary import summarise

ALPHA = 0.01
"""Chance at which a paired loss is taken for real. The product is deterministic: any loss is one, this bounds how small a loss may pass."""


@dataclass(frozen=True, slots=True)
class GateLine:
    """One line of the gate's table. ``baseline`` is a bound in words; ``reason`` says why it failed, "" when it holds."""

    name: str
    baseline: str
    now: str
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the line is kept."""
        return not self.reason


@dataclass(frozen=True)
class GateReport:
    """Every line of the gate, and the questions that were right in the baseline and no longer are."""

    lines: tuple[GateLine, ...]
    lost: tuple[Row, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every line holds."""
        return all(line.holds for line in self.lines)


def judge_gate(rows: Sequence[Row], baseline: Sequence[Row], more: Iterable[GateLine] = ()) -> GateReport:
    """The gate's verdict on a run, given the baseline's rows; ``more`` are lines of other measurements, which count as much.

    Only questions that stand in both, with the same text and label, are compared; hard lines hold for every row.
    Without a shared question the gate fails: there is nothing to vouch for the run.
    """
    pairs = pair_rows(baseline, rows)
    old, new = [a for a, _ in pairs], [b for _, b in pairs]
    lines = [
        *_hard_lines(rows),
        GateLine("与基线相同的题", "≥ 1", str(len(pairs)), "" if pairs else "没有一题与基线相同，请运行 python -m evals baseline"),
        *_metric_lines(old, new),
        *_dataset_lines(pairs),
        *_robustness_lines(old, new),
        *more,
    ]
    return GateReport(tuple(lines), tuple(b for a, b in pairs if a.right and not b.right))


def _hard_lines(rows: Sequence[Row]) -> Iterator[GateLine]:
    for name, count in summarise(rows).breaches.items():
        crossed = [r.sample_id for r in rows if name in r.breaches]
        yield GateLine(f"硬线：{name}", "0", str(count), f"越线：{'、'.join(crossed[:5])}" if count else "")
    failed = [r for r in rows if r.error]
    yield GateLine("硬线：出错", "0", str(len(failed)), f"{failed[0].sample_id}：{failed[0].error[:80]}" if failed else "")


def _metric_lines(old: Sequence[Row], new: Sequence[Row]) -> Iterator[GateLine]:
    for metric in METRICS:
        if metric.name not in TIMINGS:
            yield bounded(metric.label, metric.of(old), metric.of(new), higher=metric.higher)


def _dataset_lines(pairs: Sequence[tuple[Row, Row]]) -> Iterator[GateLine]:
    groups: dict[str, list[tuple[Row, Row]]] = {"全部": list(pairs)}
    for pair in pairs:
        groups.setdefault(pair[1].dataset, []).append(pair)
    for name, group in groups.items():
        before, after = [a.right for a, _ in group], [b.right for _, b in group]
        if not group:
            continue
        change = compare_outcomes(before, after)
        line = bounded(f"{name} 答对", share(before), share(after), higher=True)
        if line.holds and change.p_worse < ALPHA:
            line = GateLine(
                line.name, line.baseline, line.now, f"逐题变差：丢 {change.worse}，得 {change.better}（p={change.p_worse:.4f}）"
            )
        yield line


def _robustness_lines(old: Sequence[Row], new: Sequence[Row]) -> Iterator[GateLine]:
    after = robustness(new)
    for way, estimate in robustness(old).items():
        if way in after:
            yield bounded(f"换说法掉分：{way}", estimate, after[way], higher=False)


def bounded(name: str, before: Estimate, after: Estimate, *, higher: bool) -> GateLine:
    """A line that fails when a value leaves the baseline's interval on the bad side."""
    if before.value is None or before.low is None or before.high is None:
        return GateLine(name, "—", str(after))
    if after.value is None:
        return GateLine(name, str(before), str(after), "量不到了")
    slack = 1e-9  # rounding of sums in another order
    if higher and after.value < before.low - slack:
        return GateLine(name, str(before), str(after), f"低于基线区间下限 {before.low:.3f}")
    if not higher and after.value > before.high + slack:
        return GateLine(name, str(before), str(after), f"高于基线区间上限 {before.high:.3f}")
    return GateLine(name, str(before), str(after))
