"""A model's prose, cut into sentences as it streams; only sentences that their sources carry get out, each with its citations."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.checking.markers import MARKER, markers_in
from assistant.checking.prepared import prepare
from assistant.checking.similarity import likeness
from assistant.checking.statements import Fault, check_statement, split_sentences
from assistant.composing.answer_model import AnswerModel, Material, Task
from assistant.composing.lines import standing_prefix
from assistant.errors import ModelFailed
from assistant.judging.candidate import Candidate
from assistant.texts.library import Texts
from assistant.texts.phrases import Phrases
from assistant.types import Citation

logger = logging.getLogger(__name__)

ATTRIBUTED = 0.5
"""Least likeness of a sentence without a marker to the passage that it is taken to cite; below, it is dropped."""

_ADDS = 0.25  # likeness that a further statement must add to be part of the quote
_MOST_FAULTS_TOLD = 8
_ENDS = "。！？!?"
_CLOSERS = "”’」』）)】]"
_FOREIGN_MARKER = re.compile(r"[\[［【]\s*(?:资料|编号|\^)?\s*((?:\d{1,3}\s*[,，、]\s*)*\d{1,3})\s*[\]］】]")
_MAY_BE_MARKER = re.compile(r"[\[［【][资料编号^\d\s,，、]*$")
_ANY_MARKER = re.compile(rf"\s*{MARKER.pattern}")
_LABEL = re.compile(r"^(?:#+\s*)?\**\s*(结论|依据|怎么办|步骤|问谁)\s*\**\s*[:：]?\s*\**\s*")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.、)）](?!\d))\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence with its markers. ``opens`` says that it begins a line of the model's text, ``listed`` that of a list item."""

    text: str
    opens: bool = False
    listed: bool = False
    steps: bool = False
    """It is the first under 怎么办."""
    whole: bool = True
    """It ended with a mark of its own."""


class SentenceCutter:
    """Whole sentences out of a stream of pieces of any length. A sentence is held back until the markers after it are whole."""

    def __init__(self) -> None:
        self._held = ""
        self._opens, self._listed, self._steps = True, False, False

    def feed(self, piece: str) -> Iterator[Sentence]:
        """Sentences that a piece completes."""
        self._held += piece
        while (end := self._end()) is not None:
            cut, self._held = self._held[:end], self._held[end:]
            yield from self._sentence(cut)

    def finish(self) -> Iterator[Sentence]:
        """What is left when the stream has ended well."""
        cut, self._held = self._held, ""
        yield from self._sentence(cut)

    def _end(self) -> int | None:
        """Where the first whole sentence or line ends; None while more may belong to it."""
        held = self._held
        for i, c in enumerate(held):
            if c == "\n":
                return i + 1
            if c not in _ENDS:
                continue
            j = i + 1
            while j < len(held) and held[j] in _ENDS + _CLOSERS:
                j += 1
            while found := re.compile(r"[ \t]*" + _FOREIGN_MARKER.pattern).match(held, j):
                j = found.end()
            rest = held[j:]
            if not rest.strip(" \t") or _MAY_BE_MARKER.match(rest.lstrip(" \t")):
                return None
            return j
        return None

    def _sentence(self, cut: str) -> Iterator[Sentence]:
        line_ends = cut.endswith("\n")
        text = _FOREIGN_MARKER.sub(_as_markers, cut).strip()
        if self._opens:
            mark = _LIST_MARK.match(text)
            if mark:
                self._listed, text = True, text[mark.end() :]
            if label := _LABEL.match(text):
                self._steps = self._steps or label.group(1) in ("怎么办", "步骤")
                text = text[label.end() :]
        if text:
            bare = _ANY_MARKER.sub("", text).rstrip(_CLOSERS + "* ")
            yield Sentence(text.replace("**", ""), self._opens, self._listed, self._steps, whole=bare.endswith(tuple(_ENDS)) or line_ends)
            self._opens, self._steps = False, False
        if line_ends:
            self._opens, self._listed = True, False


def _as_markers(match: re.Match[str]) -> str:
    """【1、2】 and [资料1] as [1][2]."""
    return "".join(f"[{number}]" for number in re.findall(r"\d+", match.group(1)))


@dataclass
class Prose:
    """What a model wrote, and what of it was kept."""

    candidates: Sequence[Candidate]
    texts: Texts
    names: Sequence[str] = ()
    text: str = ""
    kept: int = 0
    faults: list[str] = field(default_factory=list)
    """Sentences that were left out, each with its reason."""
    mended: int = 0
    """Of the faults, those that the model was asked to mend."""
    failed: bool = False
    """The model broke off or did not begin."""
    _markers: dict[int, int] = field(default_factory=dict)
    _spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Whether the prose is enough as the answer: it ended, and no more sentences were left out than kept."""
        return bool(self.kept) and not self.failed and self.kept >= len(self.faults) - self.mended

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the prose cites, by marker, each quoting the statements that carry it."""
        made = []
        for number, marker in self._markers.items():
            found, spans = self.candidates[number - 1], self._spans[number]
            sources = dict.fromkeys(i for start, end in sorted(spans) for i in found.passage.sources_of(start, end))
            first, last = min(s for s, _ in spans), max(e for _, e in spans)
            made.append(Citation(marker, found.passage, found.document, found.status, first, last, tuple(sources)))
        return tuple(made)

    def write(self, model: AnswerModel, task: Task) -> Iterator[str]:
        """Run a task; yields each piece of text that passes the check, as it comes."""
        cutter = SentenceCutter()
        written = model.write(task)
        try:
            for piece in written:
                for sentence in cutter.feed(piece):
                    yield from self._take(sentence)
                    if task.most_sentences and self.kept >= task.most_sentences:
                        return
            for sentence in cutter.finish():
                if sentence.whole or markers_in(sentence.text):
                    yield from self._take(sentence)
        except ModelFailed as exc:
            logger.warning("%s", exc)
            self.failed = True

    def _take(self, sentence: Sentence) -> Iterator[str]:
        cited = self._resolve(sentence.text)
        if isinstance(cited, str):
            self.faults.append(f"{sentence.text}（{cited}）")
            logger.info("left out a sentence of the model: %s", cited)
            return
        bare, numbers = cited
        if self.text and prepare(bare).rstrip(_ENDS) in prepare(_ANY_MARKER.sub("", self.text)):
            return  # said already
        self.kept += 1
        for number in numbers:
            self._markers.setdefault(number, len(self._markers) + 1)
            self._spans.setdefault(number, []).extend(supporting(bare, self.candidates[number - 1]))
        standing = (_standing(self.candidates[number - 1], self.texts.phrases) for number in numbers)
        prefix = "" if bare.startswith("【") else next(filter(None, standing), "")
        piece = f"{self._lead(sentence)}{prefix}{bare}{''.join(f'[{self._markers[n]}]' for n in numbers)}"
        self.text += piece
        yield piece

    def _lead(self, sentence: Sentence) -> str:
        """What comes between the text so far and a sentence."""
        if sentence.steps:
            return f"\n\n{self.texts.phrases.steps}\n\n" + ("- " if sentence.listed else "") if self.text else ""
        if not sentence.opens:
            return ""
        if sentence.listed:
            return "\n- " if self.text else "- "
        return "\n\n" if self.text else ""

    def _resolve(self, text: str) -> tuple[str, list[int]] | str:
        """The sentence without its markers and the numbers that it cites; or why it fails the check."""
        whole = [Citation(n, f.passage, f.document, f.status, 0, len(f.passage.text)) for n, f in enumerate(self.candidates, 1)]
        bare = _ANY_MARKER.sub("", text).strip()
        numbers = list(dict.fromkeys(markers_in(text)))
        if not bare:
            return "空的"
        if numbers:
            faults = self._faults(text, whole)
            return faults[0].reason if faults else (bare, numbers)
        # No marker: it may still say what one passage says, and then cites that one.
        ranked = sorted(whole, key=lambda c: -likeness(bare, c.passage.text))
        for citation in ranked[:2]:
            if likeness(bare, citation.passage.text) >= ATTRIBUTED and not self._faults(f"{bare}[{citation.marker}]", whole):
                return bare, [citation.marker]
        return "没有引文"

    def _faults(self, statement: str, citations: Sequence[Citation]) -> list[Fault]:
        return check_statement(statement, citations, self.names, words=self.texts.conditions)


def _standing(candidate: Candidate, phrases: Phrases) -> str:
    """The words before a sentence from a document that is no rule in force here; the quote may say so itself, the sentence does not."""
    return standing_prefix(Citation(0, candidate.passage, candidate.document, candidate.status, 0, 0), phrases)


def supporting(sentence: str, candidate: Candidate) -> list[tuple[int, int]]:
    """Statements of a passage that carry a sentence: the likest, and those that add to it. Half-open offsets."""
    passage = candidate.passage
    spans = [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text)
    chosen: list[tuple[int, int]] = []
    while len(chosen) < len(spans):
        said = "\n".join(passage.text[start:end] for start, end in chosen)
        gains = {span: likeness(sentence, f"{said}\n{passage.text[span[0] : span[1]]}") for span in spans if span not in chosen}
        best = max(gains, key=lambda span: (gains[span], -span[0]))
        if chosen and gains[best] - likeness(sentence, said) < _ADDS:
            break
        chosen.append(best)
    return chosen


def materials_of(candidates: Sequence[Candidate]) -> tuple[Material, ...]:
    """Passages as a model is given them, numbered from 1."""
    return tuple(
        Material(n, f.document.title, f.passage.clause, f.status.value, f.document.region, f.passage.text)
        for n, f in enumerate(candidates, 1)
    )


def write_prose(
    model: AnswerModel, question: str, candidates: Sequence[Candidate], names: Sequence[str], most_sentences: int | None, texts: Texts
) -> tuple[Prose, Iterator[str]]:
    """A prose and the pieces in which it comes about; when too much of a first draft falls, the model is asked once more."""
    prose = Prose(candidates, texts, names)

    def pieces() -> Iterator[str]:
        task = Task(question, materials_of(candidates), most_sentences)
        yield from prose.write(model, task)
        if prose.failed or prose.enough:
            return
        told = tuple(prose.faults[:_MOST_FAULTS_TOLD]) or (texts.phrases.repair_empty,)
        prose.mended = len(prose.faults)
        yield from prose.write(model, Task(question, materials_of(candidates), most_sentences, told))

    return prose, pieces()
