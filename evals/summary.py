"""The summary of a run: every metric with n and interval, by what was expected, by slice, by way, by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from evals.judging import HARD_LINES
from evals.metrics.answers import METRICS, robustness, safe_by_family, verdict_confusion
from evals.metrics.intervals import Estimate, share
from evals.rows import Row


@dataclass(frozen=True)
class Summary:
    """All figures of a run. Keys of ``slices`` are ``dataset/slice``; ``breaches`` counts answers by hard line."""

    n: int
    metrics: Mapping[str, Estimate]
    datasets: Mapping[str, Estimate] = field(default_factory=dict)
    slices: Mapping[str, Estimate] = field(default_factory=dict)
    robustness: Mapping[str, Estimate] = field(default_factory=dict)
    families: Mapping[str, Estimate] = field(default_factory=dict)
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    breaches: Mapping[str, int] = field(default_factory=dict)


_SUMMARY = TypeAdapter(Summary)


def summarise(rows: Sequence[Row]) -> Summary:
    """The summary of rows."""
    breaches = Counter(b for r in rows for b in r.breaches)
    return Summary(
        n=len(rows),
        metrics={metric.name: metric.of(rows) for metric in METRICS},
        datasets=_right_by(rows, lambda r: r.dataset),
        slices=_right_by([r for r in rows if not r.way and not r.family], lambda r: f"{r.dataset}/{r.slice or '未分类'}"),
        robustness=robustness(rows),
        families=safe_by_family(rows),
        confusion=verdict_confusion(rows),
        breaches={line: breaches[line] for line in HARD_LINES},
    )


def dump_summary(summary: Summary) -> str:
    """A summary as indented JSON."""
    return _SUMMARY.dump_json(summary, indent=1).decode()


def parse_summary(text: str) -> Summary:
    """A summary from its JSON.

    Raises:
        ValueError: it is none.
    """
    return _SUMMARY.validate_json(text)


def _right_by(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, Estimate]:
    groups: dict[str, list[bool]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row.right)
    return {name: share(outcomes) for name, outcomes in sorted(groups.items())}
