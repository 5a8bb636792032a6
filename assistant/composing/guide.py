"""An answer from a guide or a lesson: the direct answer first, then its points, the steps and whom to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.composing.extract import Composed
from assistant.composing.lines import one_line, standing_prefix
from assistant.judging.candidate import Candidate
from assistant.judging.passage_view import PassageView
from assistant.texts.phrases import Phrases
from assistant.types import Citation
from knowledge_base.types import Document, Kind, Passage

ANSWER, AT_ONCE, STEPS, WHOM = "答", "马上", "步骤", "找谁"
_GOAL, _NEEDED = "学会什么", "要准备什么"
Place = Callable[[Passage, int], Candidate]
"""Makes a candidate of a passage and its rank."""

MAX_POINTS = 3
"""Lines after the direct answer."""


def is_lesson(document: Document) -> bool:
    """Whether a document teaches in steps."""
    return document.kind is Kind.TRAINING and document.form == "lesson"


class _Writer:
    """Collects lines and the citations that they name: one citation a section, from its first quoted statement to its last."""

    def __init__(self, document: Document, place: Place, phrases: Phrases) -> None:
        self._document, self._place, self._phrases = document, place, phrases
        self.lines: list[str] = []
        self.citations: list[Citation] = []
        self.statements: list[PassageView] = []

    def quote(self, passage: Passage, spans: Sequence[tuple[int, int]], *, numbered: bool = False, leads: bool = False) -> None:
        """Add statements of a passage: a list, numbered or not; the first one as a paragraph where it ``leads``."""
        if not spans:
            return
        marker = len(self.citations) + 1
        start, end = spans[0][0], spans[-1][1]
        status = self._place(passage, marker).status
        citation = Citation(marker, passage, self._document, status, start, end, passage.sources_of(start, end))
        self.citations.append(citation)
        self.statements += [PassageView(self._document.title, passage.text[begin:stop]) for begin, stop in spans]
        prefix = standing_prefix(citation, self._phrases)
        for number, (begin, stop) in enumerate(spans, 1):
            text = f"{prefix}{one_line(passage.text[begin:stop])}[{marker}]"
            self.lines += [text, ""] if leads and number == 1 else [f"{number}. {text}" if numbered else f"- {text}"]

    def part(self, words: str) -> None:
        """Begin a part under its heading, or apart where it has none."""
        self.lines += ["", *((words, "") if words else ())]

    def composed(self) -> Composed:
        """Everything that was added."""
        lines = [line for line, before in zip(self.lines, ["", *self.lines], strict=False) if line or before]
        return Composed(tuple(lines), tuple(self.citations), tuple(self.statements))


def compose_guide(document: Document, passages: Sequence[Passage], place: Place, phrases: Phrases, *, whole: bool = True) -> Composed:
    """The answer of a guide; empty where it has none.

    Args:
        passages: those of the document, in reading order.
        whole: False gives the direct answer alone, without its points.
    """
    parts = _parts(passages)
    writer = _Writer(document, place, phrases)
    for passage in parts.get(ANSWER, [])[:1]:
        writer.quote(passage, _spans(passage)[: 1 + MAX_POINTS if whole else 1], leads=True)
    if not writer.citations or not whole:
        return writer.composed()
    for part, words in ((AT_ONCE, phrases.at_once), (STEPS, phrases.steps), (WHOM, "")):
        for number, passage in enumerate(parts.get(part, [])):
            if not number:
                writer.part(words)
            writer.quote(passage, _spans(passage), numbered=part != WHOM)
    return writer.composed()


def compose_lesson(document: Document, passages: Sequence[Passage], place: Place, phrases: Phrases) -> Composed:
    """The steps of a lesson; empty where it has none."""
    writer = _Writer(document, place, phrases)
    for passage in _parts(passages).get(STEPS, []):
        writer.quote(passage, _spans(passage), numbered=True)
    return writer.composed()


def asks_for_steps(passage: Passage) -> bool:
    """Whether people who ask for a section of a lesson want its steps."""
    return bool(passage.heading_path) and passage.heading_path[-1] in (STEPS, _GOAL, _NEEDED)


def _parts(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    parts: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.heading_path:
            parts.setdefault(passage.heading_path[-1], []).append(passage)
    return parts


def _spans(passage: Passage) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in passage.statements]
