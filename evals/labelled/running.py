"""Labelled panels and utterances of danger asked in this process, a conversation at a time, and each answer scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answering import Assistant
from assistant.wire.schemas import AnswerOut
from assistant.wiring import Parts
from evals.judging import HARD_LINES, Judge
from evals.labelled.labels import LabelledTurn, labelled_panels
from evals.labelled.scoring import SCORED, ScoredTurn, score_turn
from evals.lines import read_lines, write_lines
from evals.panel.asking import Conversing, converse, conversing_over
from evals.panel.turns import GivenAnswer, by_conversation
from evals.run_folder import BASELINE
from evals.samples import DATASETS, Expected, Sample
from evals.targets import Reply

DANGER = DATASETS.parent / "unseen" / "danger_v2.jsonl"
"""Utterances of danger and look-alikes; a measure, never trained on."""

DANGER_PANEL = "danger_v2"
"""What the rows of :data:`DANGER` are called."""

SWITCHED = "换题"
"""Ends the name of a panel whose questions are each asked after one on another subject."""

PANEL_BASELINE = BASELINE / "panels.jsonl"

Breaches = Callable[[LabelledTurn, AnswerOut], tuple[str, ...]]
"""The hard lines that an answer crosses."""


def run_labelled(
    panels: Mapping[str, Sequence[LabelledTurn]],
    target: Conversing,
    breaches: Breaches = lambda *_: (),
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[ScoredTurn]:
    """A row a turn, panel by panel; turns of a conversation are asked in it, each after the one before."""
    total = sum(len(turns) for turns in panels.values())
    scored: list[ScoredTurn] = []
    for name, turns in panels.items():
        labels = {t.key: t for t in turns}
        for conversation in by_conversation([t.asked for t in turns]).values():
            for given, answer in converse(conversation, target):
                scored.append(_scored(name, labels[given.key], given, answer, breaches))
            progress(len(scored), total)
    return scored


def breaches_over(judge: Judge, parts: Parts) -> Breaches:
    """The hard lines as the judge of the regression sets sees them, with passages of the parts' index."""
    texts: dict[str, str] = {}

    def of(labels: LabelledTurn, answer: AnswerOut) -> tuple[str, ...]:
        if not texts:
            texts.update({p.passage_id: p.text for p in parts.index.get().catalogue.passages()})
        passages = {c.passage_id: texts[c.passage_id] for c in answer.citations if c.passage_id in texts}
        sample = Sample(f"{labels.conversation}-{labels.turn}", labels.text, Expected.ANSWER)
        return tuple(b for b in judge.judge(sample, Reply(answer, passages)).breaches if b in HARD_LINES)

    return of


def danger_turns(path: Path = DANGER) -> list[LabelledTurn]:
    """Utterances of danger and look-alikes as conversations: earlier turns first, which carry no label, then the one that counts.

    Where danger is only likely (grade check), a gentle question may come later in the answer; those utterances are left out.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        row = json.loads(line) if line.strip() else {"grade": "check"}
        if row["grade"] != "check":
            turns = [LabelledTurn(f"d{number}", place, text) for place, text in enumerate((*row["history"], row["text"]), 1)]
            kind = "" if row["grade"] == "none" else row["danger"]
            found += [*turns[:-1], replace(turns[-1], danger=kind)]
    return found


def switched(turns: Sequence[LabelledTurn]) -> list[LabelledTurn]:
    """Conversations that change the subject: each first turn with its labels, asked after the first turn of another category.

    The turn before carries no label. A panel of one category gives none.
    """
    firsts = [t for t in turns if t.turn == 1 and t.first and not t.danger]
    found = []
    for place, turn in enumerate(firsts):
        before = next((t for t in (*firsts[place + 1 :], *firsts[:place]) if t.category != turn.category), None)
        if before:
            name = f"{before.conversation}>{turn.conversation}"
            found += [LabelledTurn(name, 1, before.text), replace(turn, conversation=name, turn=2)]
    return found


def measured_panels() -> dict[str, list[LabelledTurn]]:
    """Everything that the gate asks turn by turn: labelled panels, each with its subjects changed, and utterances of danger."""
    panels = labelled_panels()
    changed = {f"{name} {SWITCHED}": turns for name, many in panels.items() if (turns := switched(many))}
    return {**panels, **changed, DANGER_PANEL: danger_turns()}


def counted(scored: Sequence[ScoredTurn]) -> list[ScoredTurn]:
    """The rows that count: all of panels as they were written; of those made here only the last turn of each conversation."""

    def made(turn: ScoredTurn) -> bool:
        return turn.panel == DANGER_PANEL or turn.panel.endswith(SWITCHED)

    return [*(s for s in scored if not made(s)), *without_lead_in([s for s in scored if made(s)])]


def without_lead_in(scored: Sequence[ScoredTurn]) -> list[ScoredTurn]:
    """The last turn of every conversation: what an utterance of danger is measured by."""
    last = {(s.panel, s.conversation): s for s in scored}
    return list(last.values())


def run_all_labelled(
    parts: Parts, judge: Judge, *, assistant: Assistant | None = None, progress: Callable[[int, int], None] = lambda *_: None
) -> list[ScoredTurn]:
    """Rows of every labelled panel and of the utterances of danger, asked of parts in this process.

    Args:
        parts: the product; it stays open.
        judge: finds crossed hard lines.
        assistant: asked in the place of the parts' own.
        progress: called with how many turns are done and how many there are.
    """
    with conversing_over(parts, assistant) as target:
        return counted(run_labelled(measured_panels(), target, breaches_over(judge, parts), progress))


def load_panel_baseline(path: Path = PANEL_BASELINE) -> list[ScoredTurn]:
    """The rows of the committed baseline; none where there is none."""
    return read_lines(path, SCORED)


def save_panel_baseline(scored: Sequence[ScoredTurn], path: Path = PANEL_BASELINE) -> None:
    """Keep rows as the baseline, without answers."""
    write_lines(path, [replace(s, answer="") for s in scored], SCORED)


def _scored(panel: str, labels: LabelledTurn, given: GivenAnswer, answer: AnswerOut | None, breaches: Breaches) -> ScoredTurn:
    crossed = breaches(labels, answer) if answer else ()
    return score_turn(panel, labels, answer, given.error, crossed)
