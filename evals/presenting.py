"""Runs as they go over the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assistant.wire.evaluation_schemas import (
    CitedOut,
    ConfusionRow,
    EstimateOut,
    GroupChangeOut,
    GroupOut,
    MetricChangeOut,
    MetricOut,
    PairOut,
    RemarkOut,
    RowOut,
    RowSummary,
    RunComparisonOut,
    RunOut,
    RunSummary,
)
from evals.comparing import Comparison
from evals.metrics.answers import METRICS, TIMINGS
from evals.metrics.intervals import Estimate
from evals.origins import mixed_origin, origin_text
from evals.remarks import Remark, fairness
from evals.rows import Row
from evals.run_folder import Run

MOST_PAIRS = 200
"""Questions of a comparison that are sent for each direction; the counts hold all of them."""


def present_estimate(estimate: Estimate) -> EstimateOut:
    """An estimate."""
    return EstimateOut(value=estimate.value, n=estimate.n, low=estimate.low, high=estimate.high)


def present_run(listed: RunSummary, run: Run, remarks: Sequence[Remark]) -> RunOut:
    """The figures of a run."""
    summary, config = run.summary, run.config
    grouped = {**summary.datasets, **summary.slices}
    target = {name: str(value) for name, value in config.target.items()}
    return RunOut(
        **listed.model_dump(),
        system=config.system,
        asked_on=config.asked_on,
        commit=config.commit,
        dirty=config.dirty,
        settings={**target, **{f"dataset {name}": digest[:12] for name, digest in config.datasets.items()}},
        origin=mixed_origin(config.origin_of(name) for name in config.datasets),
        origins={name: origin_text(config.origin_of(name)) for name in summary.datasets},
        metrics=[
            MetricOut(
                name=m.name,
                label=m.label,
                percent=m.name not in TIMINGS,
                higher=m.higher,
                estimate=present_estimate(summary.metrics[m.name]),
            )
            for m in METRICS
            if m.name in summary.metrics and summary.metrics[m.name].n
        ],
        breaches=dict(summary.breaches),
        groups=_groups(grouped),
        robustness=_groups({f"way:{name}": estimate for name, estimate in summary.robustness.items()}),
        families=_groups({f"family:{name}": estimate for name, estimate in summary.families.items()}),
        confusion=[ConfusionRow(expected=e, verdicts=dict(counts)) for e, counts in summary.confusion.items()],
        fairness=present_estimate(fairness(remarks)),
        remarks=len(remarks),
    )


def group_of(row: Row) -> str:
    """The narrowest group that a row belongs to, as the figures name it."""
    if row.way:
        return f"way:{row.way}"
    if row.family:
        return f"family:{row.family}"
    return f"{row.dataset}/{row.slice or '未分类'}"


def select_rows(
    rows: Sequence[Row], remarked: Mapping[str, int], *, wrong: bool, noted: bool, group: str, expected: str, verdict: str, words: str
) -> Iterator[tuple[int, Row]]:
    """Rows that fit every condition given, each with its number (from 1); ``group`` may be a dataset too."""
    for number, row in enumerate(rows, 1):
        fits = (
            (not wrong or not row.right or bool(row.breaches))
            and (not noted or row.sample_id in remarked)
            and group in ("", row.dataset, group_of(row))
            and expected in ("", row.expected)
            and verdict in ("", verdict_of(row))
            and (not words or words in row.text or words in row.answer or words == row.sample_id)
        )
        if fits:
            yield number, row


def verdict_of(row: Row) -> str:
    """The verdict of a row; an error counts as the verdict ``error``."""
    return "error" if row.error else row.verdict


def remarks_by_sample(remarks: Sequence[Remark]) -> Counter[str]:
    """Number of remarks by sample."""
    return Counter(r.sample_id for r in remarks)


def present_row_summary(number: int, row: Row, remarks: int = 0) -> RowSummary:
    """A row in a list."""
    return RowSummary(
        number=number,
        sample_id=row.sample_id,
        group=group_of(row),
        text=row.text,
        expected=row.expected,
        verdict=verdict_of(row),
        right=row.right,
        why=list(row.why),
        breaches=list(row.breaches),
        remarks=remarks,
    )


def present_row(number: int, row: Row, remarks: Sequence[Remark]) -> RowOut:
    """A row in full, with what was said of it."""
    said = [r for r in remarks if r.sample_id == row.sample_id]
    return RowOut(
        **present_row_summary(number, row, len(said)).model_dump(),
        answer=row.answer,
        cited=[
            CitedOut(
                marker=c.marker,
                title=c.title,
                clause=c.clause,
                status=c.status,
                quote=c.quote,
                source_ids=list(c.source_ids),
                stale=c.stale,
            )
            for c in row.cited
        ],
        nearest=list(row.nearest),
        referrals=list(row.referrals),
        faults=list(row.faults),
        gold_facts=list(row.gold_facts),
        gold_clauses=list(row.gold_clauses),
        ms=row.ms,
        as_of=row.as_of,
        error=row.error,
        said=[present_remark(r) for r in said],
    )


def present_remark(remark: Remark) -> RemarkOut:
    """A remark."""
    return RemarkOut(
        author=remark.author,
        created=remark.created,
        fair=remark.fair.value if remark.fair else None,
        faithful=remark.faithful,
        plain=remark.plain,
        note=remark.note,
    )


def present_comparison(
    before: RunSummary, after: RunSummary, rows: tuple[Sequence[Row], Sequence[Row]], found: Comparison
) -> RunComparisonOut:
    """Two runs side by side; ``rows`` are those of both, in the order of their files."""
    places = [{id(row): number for number, row in enumerate(side, 1)} for side in rows]

    def pairs(chosen: Sequence[tuple[Row, Row]]) -> list[PairOut]:
        return [
            PairOut(before=present_row_summary(places[0][id(a)], a), after=present_row_summary(places[1][id(b)], b))
            for a, b in chosen[:MOST_PAIRS]
        ]

    return RunComparisonOut(
        before=before,
        after=after,
        shared=found.shared,
        only_before=found.only_before,
        only_after=found.only_after,
        better=found.right.better,
        worse=found.right.worse,
        difference=present_estimate(found.right.difference),
        p=found.right.p,
        latency_p=found.latency_p,
        metrics=[
            MetricChangeOut(
                name=m.name,
                label=m.label,
                percent=m.name not in TIMINGS,
                higher=m.higher,
                before=present_estimate(m.before),
                after=present_estimate(m.after),
            )
            for m in found.metrics
            if m.before.n or m.after.n
        ],
        groups=[GroupChangeOut(key=name, better=c.better, worse=c.worse, p=p) for name, c, p in found.slices if c.better or c.worse],
        better_pairs=pairs(found.better),
        worse_pairs=pairs(found.worse),
    )


def _groups(estimates: Mapping[str, Estimate]) -> list[GroupOut]:
    return [GroupOut(key=key, right=present_estimate(estimate)) for key, estimate in estimates.items()]
