"""The gate on labelled panels notices damage: three sabotages, each through a public seam, each must fail it; the sound product passes.

Like those of the regression sets they compare with the sound product's own rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from assistant.answering import Assistant
from assistant.events import Event
from assistant.reader import Reader
from assistant.types import Answer, Citation, Question
from assistant.wiring import Parts
from evals.labelled.gating import panel_lines
from evals.labelled.running import DANGER_PANEL, SWITCHED, counted, measured_panels, run_labelled
from evals.labelled.scoring import ScoredTurn
from evals.panel.asking import conversing_over
from evals.targets import InProcessTarget
from knowledge_base.reader import Danger, Notice
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Status

Asked = Callable[[Assistant | None], list[ScoredTurn]]

EVERY_NTH = 3
"""Utterances of danger that are asked here; the gate asks all."""


@dataclass
class Sabotaged:
    """An assistant around another; what it does not spoil it passes on."""

    sound: Assistant

    def ask(self, question: Question) -> Answer:
        return self.sound.ask(question)

    def stream(self, question: Question) -> Iterator[Event]:
        return self.sound.stream(question)

    def reader(self) -> Reader:
        return self.sound.reader()


class OneSourceMore(Sabotaged):
    """Quotes one more source always: the likest passage that is not cited yet."""

    def ask(self, question: Question) -> Answer:
        answer = self.sound.ask(question)
        cited = {c.passage.passage_id for c in answer.citations}
        reader = self.sound.reader()
        found = reader.retriever.search(question.text, 10, Filters(None, question.region, question.kinds)).passages
        more = next((f.passage for f in found if f.passage.passage_id not in cited), None)
        if not answer.citations or more is None:
            return answer
        marker = max(c.marker for c in answer.citations) + 1
        document = reader.generation.catalogue.entries[more.doc_id].document
        line = next(line for line in more.text.split("\n") if line.strip(" #-"))
        start = more.text.index(line)
        quote = Citation(marker, more, document, Status.NOT_STATED, start, start + len(line), more.source_ids)
        return replace(answer, text=f"{answer.text}\n\n- {line.strip(' #-')}[{marker}]", citations=(*answer.citations, quote))


class Glued(Sabotaged):
    """Glues every turn to the one before, whatever it is about."""

    def ask(self, question: Question) -> Answer:
        before = next((turn.content for turn in reversed(question.history) if turn.role == "user"), "")
        return self.sound.ask(replace(question, text=f"{before} {question.text}".strip(), history=()))


class Unnoticing:
    """A noticer that sees danger nowhere; everything else it notices stays."""

    def __init__(self, sound: object) -> None:
        self._sound = sound

    def notice(self, text: str, history: Sequence[str] = ()) -> Notice:
        noticed: Notice = self._sound.notice(text, history)  # type: ignore[attr-defined]
        danger: Danger = replace(noticed.danger, level="none")
        return replace(noticed, danger=danger)


def without_danger_classifier(parts: Parts) -> Assistant:
    sound = parts.readers()
    assert sound.neural is not None
    neural = replace(sound.neural, noticer=Unnoticing(sound.neural.noticer))  # type: ignore[arg-type]
    reader = replace(sound, neural=neural)
    return replace(parts.assistant, reader=lambda: reader)


@pytest.fixture(scope="module")
def asked(product: InProcessTarget) -> Asked:
    panels = measured_panels()
    panels[DANGER_PANEL] = [t for t in panels[DANGER_PANEL] if int(t.conversation[1:]) % EVERY_NTH == 0]

    def ask(assistant: Assistant | None) -> list[ScoredTurn]:
        with conversing_over(product.parts, assistant) as target:
            return counted(run_labelled(panels, target))

    return ask


@pytest.fixture(scope="module")
def sound(asked: Asked) -> list[ScoredTurn]:
    return asked(None)


def failing(now: Sequence[ScoredTurn], before: Sequence[ScoredTurn]) -> set[str]:
    assert [turn.error for turn in now if turn.error] == []  # damage, not breakage
    return {line.name for line in panel_lines(now, before) if not line.holds}


def test_the_sound_product_passes(sound: list[ScoredTurn]) -> None:
    assert failing(sound, sound) == set()


def test_quoting_one_more_source_always_fails(asked: Asked, sound: list[ScoredTurn], product: InProcessTarget) -> None:
    now = asked(OneSourceMore(product.parts.assistant))  # type: ignore[arg-type]

    assert "panel_1a 无关的陈述" in failing(now, sound)


def test_dropping_the_danger_classifier_fails(asked: Asked, sound: list[ScoredTurn], product: InProcessTarget) -> None:
    now = asked(without_danger_classifier(product.parts))

    assert f"{DANGER_PANEL} 有危险的，先给出对的帮助" in failing(now, sound)


def test_gluing_every_turn_to_the_one_before_fails(asked: Asked, sound: list[ScoredTurn], product: InProcessTarget) -> None:
    now = asked(Glued(product.parts.assistant))  # type: ignore[arg-type]

    assert any(SWITCHED in name for name in failing(now, sound))
