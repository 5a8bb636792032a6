"""Markdown for a pull request: the figures, the weakest slices, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evals.comparing import Comparison
from evals.gate import GateReport
from evals.metrics.intervals import Estimate
from evals.origins import mixed_origin, origin_text
from evals.report.page import metric_lines, show, system_lines
from evals.report.panel_opening import PanelOpening, opening_lines
from evals.run_folder import Run
from evals.summary import Summary

_WEAKEST = 8


def render_markdown(
    run: Run,
    *,
    systems: Mapping[str, Summary] | None = None,
    comparison: Comparison | None = None,
    panel: PanelOpening | None = None,
) -> str:
    """The summary of a run; it opens with ``panel``."""
    opening = [*opening_lines(panel), ""] if panel else []
    return "\n".join([*opening, *_run_lines(run, systems or {}, comparison)]) + "\n"


def render_gate(report: GateReport) -> str:
    """The gate's table, failing lines first."""
    lines = [f"## 质量门：{'通过' if report.passed else '没有通过'}", "", "| | 项目 | 基线 | 现在 | 原因 |", "|---|---|---|---|---|"]
    for line in sorted(report.lines, key=lambda item: item.holds):
        lines.append(f"| {'✓' if line.holds else '✗'} | {line.name} | {line.baseline} | {line.now} | {line.reason} |")
    if report.lost:
        lines += ["", f"基线答对、现在答错的 {len(report.lost)} 题：", ""]
        lines += [f"- {r.sample_id} {_flat(r.text)}：{r.verdict or 'error'}，{'；'.join(r.why)}" for r in report.lost[:30]]
    return "\n".join(lines) + "\n"


def render_systems(systems: Mapping[str, Summary]) -> str:
    """The systems' table."""
    return "\n".join(_system_table(systems)) + "\n"


def render_comparison(before: Run, after: Run, comparison: Comparison) -> str:
    """What changed from one run to another."""
    return "\n".join([f"# {before.name} → {after.name}", "", *_comparison_lines(comparison)]) + "\n"


def _run_lines(run: Run, systems: Mapping[str, Summary], comparison: Comparison | None) -> Iterator[str]:
    summary, config = run.summary, run.config
    yield f"# 评测 {config.suite}：{config.system}"
    yield ""
    commit = f"`{config.commit[:10]}`" if config.commit else "（无）"
    yield f"{summary.n} 题，问答日期 {config.asked_on}，提交 {commit}{'（有未提交的改动）' if config.dirty else ''}。方括号里是 95% 区间。"
    yield ""
    yield "硬线：" + "，".join(f"{name} {count}" for name, count in summary.breaches.items()) + "。"
    yield ""
    origin = mixed_origin(config.origin_of(name) for name in config.datasets)
    yield from ("| 指标 | 值 | n | 题的来历 |", "|---|---:|---:|---|")
    for line in metric_lines(summary):
        yield f"| {line.label} | {show(line.estimates[0], line.percent)} | {line.estimates[0].n} | {origin} |"
    yield from ("", "## 最弱的切片", "", "| 切片 | 答对 | n |", "|---|---:|---:|")
    yield from _table(sorted(summary.slices.items(), key=lambda item: (item[1].high or 0, item[0]))[:_WEAKEST])
    yield from ("", "## 题集", "", "| 题集 | 值 | n | 题的来历 |", "|---|---:|---:|---|")
    for name, estimate in summary.datasets.items():
        yield f"| {name} | {show(estimate)} | {estimate.n} | {origin_text(config.origin_of(name))} |"
    for title, estimates in (("换说法掉分", summary.robustness), ("红队：没有得逞", summary.families)):
        if estimates:
            yield from ("", f"## {title}", "", f"| {title} | 值 | n |", "|---|---:|---:|")
            yield from _table(list(estimates.items()))
    if systems:
        yield from ("", "## 与别的做法比", "")
        yield from _system_table(systems)
    if comparison:
        yield from ("", "## 与上一次比", "")
        yield from _comparison_lines(comparison)


def _table(items: Sequence[tuple[str, Estimate]]) -> Iterator[str]:
    for name, estimate in items:
        yield f"| {name} | {show(estimate)} | {estimate.n} |"


def _system_table(systems: Mapping[str, Summary]) -> Iterator[str]:
    yield "| 指标（n） | " + " | ".join(systems) + " |"
    yield "|---" + "|---:" * len(systems) + "|"
    for line in system_lines(systems):
        yield f"| {line.label}（{line.estimates[-1].n}） | " + " | ".join(show(e, line.percent) for e in line.estimates) + " |"


def _comparison_lines(comparison: Comparison) -> Iterator[str]:
    change = comparison.right
    yield (
        f"共有 {comparison.shared} 题（只在前面的 {comparison.only_before}，只在后面的 {comparison.only_after}）："
        f"变好 {change.better}，变差 {change.worse}，差 {change.difference}，McNemar p={change.p:.4f}；"
        f"时延 Wilcoxon p={comparison.latency_p:.4f}。"
    )
    yield from ("", "| 指标 | 前 | 后 |", "|---|---:|---:|")
    for metric in comparison.metrics:
        if metric.before.n or metric.after.n:
            percent = not metric.name.startswith("ms_")
            yield f"| {metric.label} | {show(metric.before, percent)} | {show(metric.after, percent)} |"
    changed = [(name, c, p) for name, c, p in comparison.slices if c.better or c.worse]
    if changed:
        yield from ("", "| 切片 | 变好 | 变差 | p（Holm） |", "|---|---:|---:|---:|")
        for name, slice_change, p in changed[:20]:
            yield f"| {name} | {slice_change.better} | {slice_change.worse} | {p:.3f} |"
    for title, pairs in (("变差", comparison.worse), ("变好", comparison.better)):
        if pairs:
            yield from ("", f"### {title}的题", "")
            for before, after in pairs[:40]:
                verdicts = f"{before.verdict or 'error'} → {after.verdict or 'error'}"
                yield f"- {after.sample_id} {_flat(after.text)}：{verdicts} {'；'.join(after.why)}"


def _flat(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
