"""The HTML report: tables, plots and the worst answers in full, in one file that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.comparing import Comparison, compare_rows
from evals.judging import HARD_LINES
from evals.metrics.answers import METRICS, TIMINGS
from evals.metrics.intervals import Estimate
from evals.origins import mixed_origin, origin_text
from evals.report.panel_opening import PanelOpening
from evals.report.plots import can_draw, plot_confusion, plot_estimates, plot_latency, plot_tradeoff
from evals.rows import Row
from evals.run_folder import Run
from evals.summary import Summary

WORST = 20
SYSTEM_METRICS = (
    "right",
    "answer_right",
    "abstain_right",
    "refer_right",
    "gold_cited",
    "false_refusal",
    "superseded_as_current",
    "success@1",
    "success@5",
    "nDCG@10",
    "ms_p50",
)
"""Metrics of the table that compares systems."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a name and the estimates in its columns."""

    label: str
    estimates: tuple[Estimate, ...]
    percent: bool = True


def worst_rows(rows: Sequence[Row], most: int = WORST) -> list[Row]:
    """The worst answers first: errors, crossed hard lines, broken citations, then wrong ones by the number of reasons."""
    bad = [r for r in rows if r.error or r.breaches or r.faults or not r.right]
    return sorted(bad, key=lambda r: (not r.error, -len(r.breaches), -len(r.faults), -len(r.why), bool(r.way or r.family), r.sample_id))[
        :most
    ]


def metric_lines(*summaries: Summary) -> list[Line]:
    """Metrics as lines, a column a summary; those that nowhere apply are left out."""
    lines = [Line(m.label, tuple(s.metrics[m.name] for s in summaries), m.name not in TIMINGS) for m in METRICS]
    return [line for line in lines if any(e.n for e in line.estimates)]


def system_lines(systems: Mapping[str, Summary]) -> list[Line]:
    """The systems' table, a line a metric."""
    names = {m.name: m.label for m in METRICS}
    return [Line(names[name], tuple(s.metrics[name] for s in systems.values()), name not in TIMINGS) for name in SYSTEM_METRICS]


def render_page(
    run: Run, *, systems: Mapping[str, Summary] | None = None, before: Run | None = None, panel: PanelOpening | None = None
) -> str:
    """The report of a run; it opens with ``panel``, has the table of ``systems``, and tells what changed since ``before``."""
    summary = run.summary
    comparison: Comparison | None = compare_rows(before.rows, run.rows) if before else None
    template = _environment().get_template("page.html.j2")
    return template.render(
        run=run,
        panel=panel,
        summary=summary,
        lines=metric_lines(summary),
        origin=mixed_origin(run.config.origin_of(name) for name in run.config.datasets),
        origins={name: origin_text(run.config.origin_of(name)) for name in summary.datasets},
        breaches=[(line, summary.breaches.get(line, 0)) for line in HARD_LINES],
        systems=list(systems or {}),
        system_lines=system_lines(systems) if systems else [],
        comparison=comparison,
        before=before,
        plots=_plots(run) if can_draw() else {},
        worst=worst_rows(run.rows),
    )


def show(estimate: Estimate, percent: bool = True) -> str:
    """An estimate for a table cell: value and interval; n stands in its own line."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "—"
    if percent:
        return f"{100 * estimate.value:.1f}% [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]"
    return f"{estimate.value:.1f} [{estimate.low:.1f}, {estimate.high:.1f}]"


def _plots(run: Run) -> dict[str, Markup]:
    """The plots by name; an empty one has nothing to show."""
    summary = run.summary
    plain = [r for r in run.rows if not r.way and not r.family]
    return {
        "slices": Markup(plot_estimates(summary.slices, "答对的份额与 95% 区间")),
        "datasets": Markup(plot_estimates(summary.datasets, "答对的份额与 95% 区间")),
        "robustness": Markup(plot_estimates(summary.robustness, "换说法掉的份额（0 是不掉）", low=-0.2, high=0.6)),
        "families": Markup(plot_estimates(summary.families, "没有得逞的份额与 95% 区间")),
        "confusion": Markup(plot_confusion(run.rows)),
        "tradeoff": Markup(plot_tradeoff(plain)),
        "latency": Markup(plot_latency(run.rows)),
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["show"] = show
    return environment
