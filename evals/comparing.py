"""Two runs side by side: what got better, what got worse, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.answers import METRICS
from evals.metrics.comparison import PairedChange, compare_outcomes, compare_values, holm
from evals.metrics.intervals import Estimate
from evals.rows import Row


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A metric in both runs, over the samples they share."""

    name: str
    label: str
    higher: bool
    before: Estimate
    after: Estimate


@dataclass(frozen=True)
class Comparison:
    """Run B against run A over their shared samples (same id and text). ``slices`` carry p values adjusted by Holm."""

    shared: int
    only_before: int
    only_after: int
    metrics: tuple[MetricChange, ...]
    right: PairedChange
    slices: tuple[tuple[str, PairedChange, float], ...]
    latency_p: float
    better: tuple[tuple[Row, Row], ...]
    worse: tuple[tuple[Row, Row], ...]


def pair_rows(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Rows of the same question in both runs: id, text and what is expected are alike."""
    earlier = {(r.sample_id, r.text, r.expected): r for r in before}
    return [(earlier[key], r) for r in after if (key := (r.sample_id, r.text, r.expected)) in earlier]


def _change(pairs: Sequence[tuple[Row, Row]]) -> PairedChange:
    return compare_outcomes([before.right for before, _ in pairs], [after.right for _, after in pairs])


def _slices(pairs: Sequence[tuple[Row, Row]]) -> tuple[tuple[str, PairedChange, float], ...]:
    """The change in each slice with its adjusted p, the surest first."""
    groups: dict[str, list[tuple[Row, Row]]] = {}
    for pair in pairs:
        row = pair[1]
        groups.setdefault(f"{row.dataset}/{row.way or row.family or row.slice}", []).append(pair)
    changes = {name: _change(group) for name, group in groups.items()}
    adjusted = holm({name: change.p for name, change in changes.items()})
    return tuple((name, changes[name], adjusted[name]) for name in sorted(changes, key=lambda n: (changes[n].p, n)))


def _latency_p(pairs: Sequence[tuple[Row, Row]]) -> float:
    timed = [(before.ms, after.ms) for before, after in pairs if before.ms is not None and after.ms is not None]
    return compare_values([before for before, _ in timed], [after for _, after in timed])


def compare_rows(before: Sequence[Row], after: Sequence[Row]) -> Comparison:
    """Compare two runs question by question."""
    pairs = pair_rows(before, after)
    old, new = [a for a, _ in pairs], [b for _, b in pairs]
    return Comparison(
        shared=len(pairs),
        only_before=len(before) - len(pairs),
        only_after=len(after) - len(pairs),
        metrics=tuple(MetricChange(m.name, m.label, m.higher, m.of(old), m.of(new)) for m in METRICS),
        right=_change(pairs),
        slices=_slices(pairs),
        latency_p=_latency_p(pairs),
        better=tuple(p for p in pairs if p[1].right and not p[0].right),
        worse=tuple(p for p in pairs if p[0].right and not p[1].right),
    )
