"""The use case: one question to one grounded answer. Read :meth:`Assistant.stream` from top to bottom as the flow."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.cards import MOST_CARDS
from assistant.composing.answer_model import AnswerModel
from assistant.composing.composers import Composing
from assistant.composing.draft import Draft, keep_what_stands
from assistant.composing.judged import Judge
from assistant.composing.lines import caveats_of
from assistant.composing.plain_words import Glossary
from assistant.composing.referrals import ReferralDesk
from assistant.composing.urgent import tempered, with_help_first
from assistant.composing.written import Writing
from assistant.events import Citations, Done, Event, Followups, Meta, Sources, Token
from assistant.judging.candidate import Candidate
from assistant.judging.verdict import Weigh
from assistant.reader import Reader
from assistant.texts.library import Texts
from assistant.types import Answer, Card, Citation, Nearest, Question, Trace, Verdict
from assistant.understanding.safety import Route, route_forms
from assistant.understanding.turn import Understanding
from knowledge_base.index.generation import Generation
from knowledge_base.reader import Danger, Notice

_WITH_STATEMENTS = (Verdict.ANSWERED, Verdict.PARTIAL)
_FINAL = (Verdict.REFERRED, Verdict.REFUSED)  # help or a refusal by rule; nothing goes above it
_PIECE = re.compile(r"[^。！？\n]*[。！？\n]?")  # what a stream sends at once


class ApprovedAnswers(Protocol):
    """Gives the answer that a person approved for a question, if there is one that holds."""

    def find(self, question: Question, generation: Generation) -> Draft | None:
        """The approved answer with its citations in this generation, or None. Does not raise when the store is down."""
        ...


@dataclass
class Assistant:
    """Answers from the knowledge base alone.

    ``reader`` gives what reads the generation in use; ``weigh`` says whether the evidence is enough; ``desk`` knows the places to ask;
    ``approved`` has what a person approved. A ``model``, where there is one, writes the prose of what the evidence carries; without one,
    and whenever it fails, the answer is an extract.
    """

    reader: Callable[[], Reader]
    texts: Texts
    weigh: Weigh
    desk: ReferralDesk
    approved: ApprovedAnswers
    glossary: Glossary
    model: AnswerModel | None = None

    def ask(self, question: Question) -> Answer:
        """The answer to a question.

        Raises:
            QuestionRefused: nothing is left of the question once control characters are gone.
            IndexUnavailable: there is no knowledge base to answer from.
        """
        for event in self.stream(question):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer as it comes about: Meta, Sources, Token…, Citations, Followups, Done."""
        clock = _Clock()
        message_id = f"m-{uuid.uuid4().hex[:16]}"
        conversation_id = question.conversation_id or f"c-{uuid.uuid4().hex[:16]}"
        reader = self.reader()
        understanding = reader.turns.read(question)
        clock.lap("understand")

        cards: tuple[Card, ...] = ()
        trace, model, judged = Trace(), None, None
        routed, notice = route_forms(understanding.forms, self.texts.safety), reader.notice(understanding)
        danger = _danger_of(notice, routed)
        if notice and not understanding.leans:
            understanding = replace(understanding, route=notice.route)
        clock.lap("notice")
        if fixed := self._fixed(reader, understanding, None if danger and routed and routed.danger else routed):
            draft, nearest = fixed, _nearest(fixed.citations)
        else:
            findings = reader.finder.find(understanding)
            clock.lap("find")
            judged = self._judge(reader).judge(understanding, findings)
            clock.lap("judge")
            draft = self._composing(reader).compose(understanding, judged)
            clock.lap("compose")
            nearest, trace = _nearest(findings.candidates[:3]), understanding.trace
        draft = keep_what_stands(draft, self.texts)
        if danger and draft.verdict not in _FINAL:
            danger = danger if routed and routed.danger else tempered(danger, judged)
            draft = with_help_first(draft, danger, self.texts.urgent, self.desk)
        clock.lap("check")
        if not fixed:
            cards = _cards(reader, understanding, draft)
            clock.lap("cards")
            calm = danger is None or danger.level == "none"  # help comes in fixed words, and what was told stays here
            model = self.model if calm and draft.verdict in _WITH_STATEMENTS and draft.label == self.texts.phrases.label_extract else None

        label = self.texts.phrases.label_generated if model else draft.label
        yield Meta(message_id, conversation_id, label, model is not None, model.model_id if model else "")
        yield Sources(nearest)
        sent = ""
        if model:
            writing = Writing(model, reader.lexicon, understanding, draft, self.texts)
            for piece in writing.pieces():
                sent += piece
                yield Token(piece)
            draft = writing.finished()
            clock.lap("write")
        for piece in _PIECE.findall(draft.text.removeprefix(sent)):
            if piece:
                yield Token(piece)
        yield Citations(draft.citations)
        yield Followups(draft.followups)
        generation = reader.generation.manifest.generation
        yield Done(draft.answer(message_id, conversation_id, cards=cards, trace=trace, generation=generation, timings_ms=clock.laps()))

    def _fixed(self, reader: Reader, understanding: Understanding, routed: Route | None) -> Draft | None:
        """An answer that needs no search: a safety rule's, or one that a person approved for this very question."""
        if routed:
            referrals, label = self.desk.named(routed.referrals), self.texts.phrases.label_fixed
            return Draft(routed.verdict, routed.text, label, referrals=referrals, followups=routed.followups)
        if understanding.leans:  # an approved answer is for the question alone, not for one that leans on earlier ones
            return None
        approved = self.approved.find(understanding.asked, reader.generation)
        if approved is None:
            return None
        caveats = (*caveats_of(approved.citations, self.texts.phrases), *approved.caveats)
        return replace(approved, caveats=caveats, referrals=self.desk.for_question(understanding.forms[-1]))

    def _judge(self, reader: Reader) -> Judge:
        catalogue = reader.generation.catalogue
        return Judge(
            self.weigh, reader.extractor, reader.turns, reader.finder, catalogue, lambda: reader.provinces, self.texts, reader.readings
        )

    def _composing(self, reader: Reader) -> Composing:
        catalogue, path_for = reader.generation.catalogue, reader.cards.path_for
        return Composing(
            catalogue,
            reader.lexicon,
            path_for,
            self.desk,
            self.glossary,
            reader.extractor,
            reader.finder,
            reader.figures,
            reader.likeness,
            self.texts,
        )


def _danger_of(notice: Notice | None, routed: Route | None) -> Danger | None:
    """The danger that was noticed; a rule that tells of danger makes it an alarm of its kind."""
    if notice is None:
        return None
    return replace(notice.danger, level="alarm", kind=routed.danger) if routed and routed.danger else notice.danger


def _cards(reader: Reader, understanding: Understanding, draft: Draft) -> tuple[Card, ...]:
    """Cards beside an answer; beside one that found nothing, only those that need no citation."""
    if draft.verdict not in (*_WITH_STATEMENTS, Verdict.ABSTAINED):
        return ()
    filters = understanding.filters
    cards = reader.cards.cards(
        understanding.meant, understanding.search.text, draft.citations, filters.date(), filters.region, draft.subject
    )
    if draft.sides and draft.verdict in _WITH_STATEMENTS:
        cards = (*reader.cards.sides(draft.sides), *cards)
    return cards[:MOST_CARDS]


def _nearest(sources: Sequence[Citation | Candidate]) -> tuple[Nearest, ...]:
    """What a stream names as its sources before the text."""
    return tuple(Nearest(source.passage, source.document, source.status) for source in sources)


class _Clock:
    """Milliseconds spent between laps."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        moment = time.perf_counter()
        self._laps[name] = round(1000 * (moment - self._last), 3)
        self._last = moment

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (time.perf_counter() - self._begun), 3)}
