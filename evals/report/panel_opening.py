"""What a report opens with: the table of the newest panel, and its worst turns in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evals.origins import origin_text
from evals.panel.folder import Panel
from evals.panel.measures import JudgedTurn
from evals.panel.summary import figure, summarise_panels
from evals.panel.turns import by_conversation
from evals.panel.words import measure_label, measure_must, panel_words


@dataclass(frozen=True, slots=True)
class WorstTurn:
    """One of the worst turns: what was said before it, what was asked and answered, and its judge's words."""

    title: str
    before: tuple[str, ...]
    text: str
    answer: str
    kind: str
    note: str


@dataclass(frozen=True)
class PanelOpening:
    """A panel as a report opens with it. A row of the table is a measure, its figure, and what it must reach."""

    name: str
    origin: str
    asked: str
    rows: tuple[tuple[str, str, str], ...]
    worst: tuple[WorstTurn, ...]


def open_with(panel: Panel) -> PanelOpening:
    """The opening of a report, from a judged panel."""
    summary = summarise_panels([panel])
    return PanelOpening(
        name=panel.name,
        origin=origin_text(panel.card.origin),
        asked=panel.asking.asked[:10] if panel.asking else "",
        rows=tuple((measure_label(name), figure(estimate), measure_must(name)) for name, estimate in summary.measures.items()),
        worst=tuple(_worst(panel, judged) for judged in summary.worst),
    )


def opening_lines(opening: PanelOpening) -> Iterator[str]:
    """The opening in Markdown."""
    yield from (f"## 评读 {opening.name}", "", f"问于 {opening.asked}。题的来历：{opening.origin}。括号里是 95% 区间。", "")
    yield from ("| 指标 | 结果 | 应当 |", "|---|---|---|")
    yield from (f"| {label} | {value} | {must} |" for label, value, must in opening.rows)
    yield from ("", f"### 最差的 {len(opening.worst)} 轮", "")
    for turn in opening.worst:
        yield f"- **{turn.text}**（{turn.title}，{turn.kind}）{f'：{turn.note}' if turn.note else ''}"
        yield from (f"  > {line}" for line in turn.answer.split("\n") if line.strip())
    yield ""


def _worst(panel: Panel, judged: JudgedTurn) -> WorstTurn:
    turn = judged.turn
    earlier = by_conversation(panel.turns)[turn.conversation][: turn.turn - 1]
    return WorstTurn(
        title=f"{turn.conversation} 第 {turn.turn} 轮",
        before=tuple(t.text for t in earlier),
        text=turn.text,
        answer=panel.answers[turn.key].answer if turn.key in panel.answers else "",
        kind=str(panel_words()["values"]["kind"][judged.said.kind]),
        note=judged.said.note,
    )
