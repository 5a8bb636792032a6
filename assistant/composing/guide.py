"""An answer from one reading: what answers first, then its points, the steps and whom to ask; nothing beside the point."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.checking.markers import renumbered
from assistant.composing.extract import Composed
from assistant.composing.lines import one_line, standing_prefix
from assistant.judging.candidate import Candidate
from assistant.judging.passage_view import PassageView
from assistant.texts.phrases import Phrases
from assistant.types import Citation
from knowledge_base.reader.encoder import Floats
from knowledge_base.types import Document, Kind, Passage

ANSWER, AT_ONCE, STEPS, WHOM = "答", "马上", "步骤", "找谁"
_IF, _SLIPS = "看情况", "常见的错"

Place = Callable[[Passage, int], Candidate]
"""Makes a candidate of a passage and its rank."""
Likeness = Callable[[Sequence[str]], Floats]
"""(n,) likeness of texts to the question, -1 to 1."""

_SLOT = re.compile(r"^【[^】：]+：[^】]+】")
"""What a statement of 看情况 begins with: the slot and the value that it is for."""

_NEXT = "接着学："
"""What a line of a guide begins with that names the lesson to go on with."""

MAX_POINTS = 3
"""Lines after the one that answers."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Differences of likeness that decide what is quoted; chosen on ``asked_anew`` and ``dev`` by the facts that were to be cited."""

    lead: float = 0.1
    """How much likelier than the direct answer another statement of a guide must be to come before it."""
    point: float = 0.1
    """How much less likely than the likeliest statement a further one may be."""
    words: float = 0.5
    """What holding every word of the question adds to the likeness of a statement of a passage.

    On 43 questions of the development sets whose passage answers in some statements only, the first one is right for 37 (35 without).
    """


MARGINS = Margins()


def is_lesson(document: Document) -> bool:
    """Whether a document teaches in steps."""
    return document.kind is Kind.TRAINING and document.form == "lesson"


@dataclass(frozen=True, slots=True)
class _Line:
    """A statement of a passage that may be quoted."""

    passage: Passage
    start: int
    end: int
    likeness: float

    @property
    def part(self) -> str:
        return self.passage.heading_path[-1] if self.passage.heading_path else ""

    @property
    def text(self) -> str:
        """The words as they are shown."""
        return _SLOT.sub("", one_line(self.passage.text[self.start : self.end]))


class _Writer:
    """Collects lines and the citations that they name: one citation a run of statements of one passage."""

    def __init__(self, document: Document, place: Place, phrases: Phrases) -> None:
        self._document, self._place, self._phrases = document, place, phrases
        self.lines: list[str] = []
        self.citations: list[Citation] = []
        self.statements: list[PassageView] = []

    def quote(self, said: Sequence[_Line], *, numbered: bool = False, leads: bool = False) -> None:
        """Add statements: a list, numbered or not; the first one as a paragraph where it ``leads``."""
        for number, line in enumerate(said, 1):
            citation = self._cited(line)
            text = f"{standing_prefix(citation, self._phrases)}{line.text}[{citation.marker}]"
            self.statements.append(PassageView(self._document.title, line.passage.text[line.start : line.end]))
            self.lines += [text, ""] if leads and number == 1 else [f"{number}. {text}" if numbered else f"- {text}"]

    def _cited(self, line: _Line) -> Citation:
        """The citation of a statement's passage, made or made wider to hold it."""
        for at, known in enumerate(self.citations):
            if known.passage == line.passage:
                start, end = min(known.start, line.start), max(known.end, line.end)
                self.citations[at] = replace(known, start=start, end=end, source_ids=line.passage.sources_of(start, end))
                return self.citations[at]
        marker = len(self.citations) + 1
        status = self._place(line.passage, marker).status
        sources = line.passage.sources_of(line.start, line.end)
        self.citations.append(Citation(marker, line.passage, self._document, status, line.start, line.end, sources))
        return self.citations[-1]

    def part(self, words: str) -> None:
        """Begin a part under its heading, or apart where it has none."""
        self.lines += ["", *((words, "") if words else ())]

    def composed(self) -> Composed:
        """Everything that was added."""
        lines = [line for line, before in zip(self.lines, ["", *self.lines], strict=False) if line or before]
        if lines and not lines[-1]:
            lines.pop()
        return Composed(tuple(lines), tuple(self.citations), tuple(self.statements))


def compose_guide(
    document: Document, passages: Sequence[Passage], place: Place, phrases: Phrases, likeness: Likeness, said: str = ""
) -> Composed:
    """The answer of a guide; empty where it has none, or all of it was said.

    Its direct answer comes first, unless another of its statements is clearly liker the question; what an urgent guide says first is help.

    Args:
        passages: those of the document, in reading order.
        said: the answer before this turn; nothing of it is said again.
    """
    lines = [line for line in _lines(passages, likeness) if line.text not in said]
    answer = [line for line in lines if line.part in (ANSWER, _IF) and not line.text.startswith(_NEXT)]
    if not answer:
        return Composed((), ())
    lead, likeliest = answer[0], max(answer, key=lambda line: line.likeness)
    if likeliest.likeness > lead.likeness + MARGINS.lead and not document.urgent:
        lead = likeliest
    points = [line for line in lines if line.part == ANSWER and line is not lead and line.likeness >= likeliest.likeness - MARGINS.point]
    writer = _Writer(document, place, phrases)
    writer.quote([lead, *points[:MAX_POINTS]], leads=True)
    for part, words in ((AT_ONCE, phrases.at_once), (STEPS, phrases.steps), (WHOM, "")):
        if of_part := [line for line in lines if line.part == part]:
            writer.part(words)
            writer.quote(of_part, numbered=part != WHOM)
    return writer.composed()


def compose_lesson(document: Document, passages: Sequence[Passage], place: Place, phrases: Phrases, likeness: Likeness) -> Composed:
    """The steps of a lesson, behind the slip that was asked about where one was; empty where it has no steps."""
    lines = _lines(passages, likeness)
    steps = [line for line in lines if line.part == STEPS]
    if not steps:
        return Composed((), ())
    slip = max((line for line in lines if line.part == _SLIPS), key=lambda line: line.likeness, default=None)
    writer = _Writer(document, place, phrases)
    if slip and slip.likeness > max(line.likeness for line in lines if line is not slip):
        writer.quote([slip], leads=True)
        writer.part(phrases.steps)
    writer.quote(steps, numbered=True)
    return writer.composed()


def compose_passage(document: Document, passage: Passage, place: Place, phrases: Phrases, likeness: Likeness) -> Composed:
    """The statements of a passage that are likest the question, the likest one first; empty where it has none."""
    lines = _lines([passage], likeness)
    if not lines:
        return Composed((), ())
    lead = max(lines, key=lambda line: line.likeness)
    points = [line for line in lines if line is not lead and line.likeness >= lead.likeness - MARGINS.point / 2]
    writer = _Writer(document, place, phrases)
    writer.quote([lead, *points[:MAX_POINTS]], leads=True)
    return writer.composed()


def one_after_another(composed: Sequence[Composed]) -> Composed:
    """Several answers as one, their markers counted on."""
    lines: list[str] = []
    citations: list[Citation] = []
    statements: list[PassageView] = []
    for each in composed:
        shifted = {c.marker: c.marker + len(citations) for c in each.citations}
        lines += [*([""] if lines else []), *renumbered("\n".join(each.lines), shifted).split("\n")]
        citations += [replace(c, marker=shifted[c.marker]) for c in each.citations]
        statements += each.statements
    return Composed(tuple(lines), tuple(citations), tuple(statements))


def _lines(passages: Sequence[Passage], likeness: Likeness) -> list[_Line]:
    """The statements of passages with their likeness to the question, in reading order."""
    spans = [(passage, s.start, s.end) for passage in passages for s in passage.statements]
    liked = likeness([" ".join(p.text[start:end].split()) for p, start, end in spans]) if spans else np.zeros(0)
    return [_Line(passage, start, end, float(value)) for (passage, start, end), value in zip(spans, liked, strict=True)]
