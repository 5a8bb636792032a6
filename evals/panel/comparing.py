"""Two panels side by side: judgements of the same questions, paired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.matching import fold_question
from evals.metrics.comparison import PairedChange, compare_outcomes
from evals.metrics.intervals import Estimate
from evals.panel.folder import Panel
from evals.panel.judgements import Judgement
from evals.panel.measures import MEASURES, JudgedTurn, judged_turns
from evals.panel.summary import figure
from evals.panel.turns import by_conversation
from evals.panel.words import measure_label

OUTCOMES: Mapping[str, Callable[[Judgement], bool]] = {
    "first_yes": lambda j: j.first_sentence_answers == "yes",
    "first_yes_or_partly": lambda j: j.first_sentence_answers in ("yes", "partly"),
    "verdict_right": lambda j: j.verdict_right == "yes",
    "complete": lambda j: j.complete == "yes",
    "understood": lambda j: j.understood == "yes",
}
"""Outcomes of a turn that are compared pair by pair, by the name of their measure."""


@dataclass(frozen=True)
class PanelComparison:
    """What changed between two panels over ``pairs`` of the same question, asked after the same ones."""

    pairs: tuple[tuple[JudgedTurn, JudgedTurn], ...]
    only_before: int
    only_after: int
    measures: Mapping[str, tuple[Estimate, Estimate]]
    changes: Mapping[str, PairedChange]


def compare_panels(before: Panel, after: Panel) -> PanelComparison:
    """Judged turns of two panels, paired by question and the questions before it in the conversation; letters are folded."""
    old, new = _by_question(before), _by_question(after)
    shared = [question for question in old if question in new]
    pairs = tuple((old[q], new[q]) for q in shared)
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    return PanelComparison(
        pairs,
        len(old) - len(pairs),
        len(new) - len(pairs),
        {m.name: (m.of(first), m.of(second)) for m in MEASURES},
        {name: compare_outcomes([of(a.said) for a in first], [of(b.said) for b in second]) for name, of in OUTCOMES.items()},
    )


def render_panel_comparison(before: str, after: str, found: PanelComparison) -> str:
    """The comparison in Markdown."""
    return "\n".join(_lines(before, after, found)) + "\n"


def _lines(before: str, after: str, found: PanelComparison) -> Iterator[str]:
    yield from (f"# {before} → {after}", "")
    yield f"同样的问题 {len(found.pairs)} 轮都评读过（只在前面的 {found.only_before}，只在后面的 {found.only_after}）。"
    if not found.pairs:
        return
    yield from ("", "| 指标 | 前 | 后 | 变好 | 变差 | p（McNemar） |", "|---|---|---|---|---|---|")
    for name, (old, new) in found.measures.items():
        change = found.changes.get(name)
        told = f"{change.better} | {change.worse} | {change.p:.3f}" if change else "– | – | –"
        yield f"| {measure_label(name)} | {figure(old)} | {figure(new)} | {told} |"
    for title, wanted in (("变差", False), ("变好", True)):
        changed = [(a, b) for a, b in found.pairs if _better(a, b) is wanted]
        if changed:
            yield from ("", f"第一句{title}的轮次：", "")
            yield from (f"- {b.turn.text}（{a.said.first_sentence_answers} → {b.said.first_sentence_answers}）" for a, b in changed)


def _better(a: JudgedTurn, b: JudgedTurn) -> bool | None:
    order: Sequence[str] = ("no", "partly", "yes")
    old, new = a.said.first_sentence_answers, b.said.first_sentence_answers
    if old == new or "na" in (old, new):
        return None
    return order.index(new) > order.index(old)


def _by_question(panel: Panel) -> dict[tuple[str, ...], JudgedTurn]:
    judged = {j.turn.key: j for j in judged_turns([panel])}
    found: dict[tuple[str, ...], JudgedTurn] = {}
    for turns in by_conversation(panel.turns).values():
        asked: tuple[str, ...] = ()
        for turn in turns:
            asked = (*asked, fold_question(turn.text))
            if turn.key in judged:
                found[asked] = judged[turn.key]
    return found
