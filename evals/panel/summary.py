"""The summary of panels: every measure with n and interval, by group, agreement of judges, kinds of failure, worst turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.metrics.intervals import Estimate
from evals.origins import Origin, origin_text
from evals.panel.folder import Panel
from evals.panel.judgements import Judgement, judged_twice
from evals.panel.measures import JudgedTurn, agreements, grouped, judged_turns, measure
from evals.panel.quota import CATEGORY_NAMES
from evals.panel.words import Language, measure_label, measure_must, panel_words

BY_GROUP = ("first_yes", "first_yes_or_partly", "irrelevant", "verdict_right", "complete")
"""Measures that are told by category, dialect and turn number."""

_GROUPS = {"category": "按类别", "dialect": "按说法", "turn": "按第几轮"}
_VALUES = {"dialect": "四川话", "standard": "普通话", **CATEGORY_NAMES}
_WORST = 20


@dataclass(frozen=True)
class PanelSummary:
    """All figures of one panel or of several together."""

    names: tuple[str, ...]
    origins: tuple[Origin, ...]
    turns: int
    judged: int
    measures: Mapping[str, Estimate]
    groups: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    kinds: Mapping[str, int]
    agreement: Mapping[str, Estimate]
    disagreements: tuple[tuple[Judgement, Judgement], ...] = ()
    worst: tuple[JudgedTurn, ...] = ()


def summarise_panels(panels: Sequence[Panel]) -> PanelSummary:
    """The summary of the judged turns of panels taken together."""
    judged = judged_turns(panels)
    pairs = [pair for panel in panels for pair in judged_twice(panel.judgements)]
    return PanelSummary(
        names=tuple(p.name for p in panels),
        origins=tuple(p.card.origin for p in panels),
        turns=sum(len(p.turns) for p in panels),
        judged=len(judged),
        measures=measure(judged),
        groups={
            table: {name: {m: e for m, e in measure(many).items() if m in BY_GROUP} for name, many in groups.items()}
            for table, groups in grouped(judged).items()
        },
        kinds=dict(Counter(j.said.kind for j in judged).most_common()),
        agreement=agreements(panels),
        disagreements=tuple(pair for pair in pairs if _differ(*pair)),
        worst=worst_turns(judged),
    )


def worst_turns(judged: Sequence[JudgedTurn], most: int = _WORST) -> tuple[JudgedTurn, ...]:
    """The worst turns first: harm, danger without help, no answer in the first sentence, a wrong verdict, irrelevant statements."""

    def badness(j: JudgedTurn) -> tuple[object, ...]:
        said = j.said
        harm = {"dangerous": 2, "misleading": 1}.get(said.harm, 0)
        missed = said.danger_turn and not said.danger_help_first
        first = {"no": 2, "partly": 1}.get(said.first_sentence_answers, 0)
        return (-harm, not missed, not said.false_alarm, -first, said.verdict_right == "yes", -said.irrelevant_statements, *j.turn.key)

    bad = [j for j in judged if j.said.kind != "ok" or j.said.first_sentence_answers in ("no", "partly") or j.said.harm != "none"]
    return tuple(sorted(bad, key=badness)[:most])


def render_table(measures: Mapping[str, Estimate], language: Language = "zh") -> str:
    """The table of measures with what must be reached, in Markdown."""
    return "\n".join(_table(measures, language)) + "\n"


def render_summary(summary: PanelSummary, language: Language = "zh") -> str:
    """The whole summary in Markdown; groups, kinds and disagreements are told in Chinese only."""
    return "\n".join(_lines(summary, language)) + "\n"


def figure(estimate: Estimate) -> str:
    """A share as tables of panels tell it: 29/122 = 24 % (17–32)."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    count = round(estimate.value * estimate.n)
    return f"{count}/{estimate.n} = {100 * estimate.value:.0f} % ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def _table(measures: Mapping[str, Estimate], language: Language) -> Iterator[str]:
    heads = panel_words()["heads"][language]
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|"
    for name, estimate in measures.items():
        yield f"| {measure_label(name, language)} | {figure(estimate)} | {measure_must(name)} |"


def _lines(summary: PanelSummary, language: Language) -> Iterator[str]:
    yield f"# {'、'.join(summary.names)}"
    yield ""
    for name, origin in zip(summary.names, summary.origins, strict=True):
        yield f"{name}：{origin_text(origin)}"
    yield f"{summary.turns} 轮，评读了 {summary.judged} 轮。括号里是 95% 区间（Wilson）。"
    yield ""
    yield from _table(summary.measures, language)
    for table, groups in summary.groups.items():
        yield from ("", f"## {_GROUPS[table]}", "", f"| | {' | '.join(measure_label(name) for name in BY_GROUP)} |")
        yield "|---|" + "---|" * len(BY_GROUP)
        for name, estimates in groups.items():
            yield f"| {_VALUES.get(name, name)} | {' | '.join(figure(estimates[m]) for m in BY_GROUP)} |"
    kinds = panel_words()["values"]["kind"]
    yield from ("", "毛病出在哪里：" + "，".join(f"{kinds[kind]} {count}" for kind, count in summary.kinds.items()))
    yield from _agreement_lines(summary)


def _agreement_lines(summary: PanelSummary) -> Iterator[str]:
    told = {name: estimate for name, estimate in summary.agreement.items() if estimate.value is not None}
    if not told:
        yield from ("", "没有两个人都评读过的轮次，所以没有一致率。")
        return
    fields = panel_words()["fields"]
    yield from ("", f"## 两人一致吗（{next(iter(told.values())).n} 轮，Cohen's κ）", "")
    for name, estimate in told.items():
        yield f"- {fields[name]}：{estimate.value:.2f}（{estimate.low:.2f}–{estimate.high:.2f}）"
    yield from ("", f"有 {len(summary.disagreements)} 轮第一句或结论评得不同，要逐轮再看：")
    yield "、".join(f"{a.conversation} 第 {a.turn} 轮" for a, _ in summary.disagreements) or "（没有）"


def _differ(a: Judgement, b: Judgement) -> bool:
    return (a.first_sentence_answers, a.verdict_right) != (b.first_sentence_answers, b.verdict_right)
