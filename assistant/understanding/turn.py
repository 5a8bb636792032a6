"""One question, understood once: what was asked, what it leans on, what it needs, for which time and in which length."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.errors import QuestionRefused
from assistant.texts.library import Texts
from assistant.types import Question, Trace, Turn
from assistant.understanding.followups import resolve_followup
from assistant.understanding.length import read_length
from assistant.understanding.needs import QuestionNeeds, QuestionParser, years_asked
from assistant.understanding.period import Period, dated, read_period
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.reader.notices import IN_SCOPE
from knowledge_base.search.retrieval import Filters
from knowledge_base.text.normalise import normalise, strip_control
from knowledge_base.validity import today

Joins = Callable[[str, str], bool]
"""Whether a turn is read together with those before it, from what they were about and the turn."""

_ADDED = 2  # turns after the one that began the topic that are read with a new one
_ONE_WORD = 5  # characters: 「直播」, 「证书？」
_GOES_ON = "那"
"""What a turn that goes on begins with, whatever is judged: none of the 297 turns labelled as new in training/data/turns_v2.jsonl does."""
_SHORT = 14  # characters: a question this short leans on the one before it
_LEANS = re.compile(r"^(那|那么|还有|另外|如果|要是)|[它她他]们?|这个|那个|前头|前面|刚才|上面|第[一二三四五]个|[呢喃]$")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood, made once; every later step reads it and none reads the question again."""

    asked: Question
    """As asked, without control characters."""
    forms: tuple[str, str, str]
    """The words as asked: as typed, in standard words, and with slips and pinyin mended."""
    leans: bool
    """Whether the words as asked lean on the question before."""
    text: str
    """What is asked: without the wish for a length, pointers resolved, relative years as sources write them."""
    history: tuple[Turn, ...]
    """The turns that ``text`` may still lean on; none once a pointer is resolved."""
    meant: str
    """``text`` in standard words."""
    standalone: str
    """``text`` with the question before it, where it leans on that."""
    search: Understood
    """``standalone`` with the years that it implies: what is searched for."""
    needs: QuestionNeeds
    """What ``text`` asks for."""
    needs_in_context: QuestionNeeds
    """What ``search`` asks for."""
    filters: Filters
    period: Period | None = None
    """The time whose rules are asked for; None for today's."""
    most_sentences: int | None = None
    notes: tuple[str, ...] = ()
    """How it was understood, in Chinese, for the user to check."""
    route: str = IN_SCOPE
    """What kind of turn it is, by the reader: in_scope, or the reason not to answer as asked."""

    @property
    def sought(self) -> QuestionNeeds:
        """What is looked for: the needs of the words themselves, or of the turns before where those say nothing."""
        asked = self.needs_in_context if self.history else self.needs
        return asked if asked.terms else self.needs_in_context

    @property
    def is_bare(self) -> bool:
        """Whether one word was asked, without what is to be known of it: 「直播」, and neither 「产假多少天」 nor 「啥叫提示词」."""
        needs = self.needs_in_context
        return len(needs.terms) == 1 and not needs.kinds and not needs.meaning and len(self.standalone) <= _ONE_WORD

    @property
    def trace(self) -> Trace:
        """What an answer says of how it was understood."""
        as_of = self.period.last if self.period and self.period.last else self.filters.date()
        return Trace(self.standalone, as_of.isoformat(), self.period.label if self.period else "", self.notes)


@dataclass(frozen=True)
class TurnParser:
    """Understands questions with the lexicon and the words of one knowledge base.

    ``joins`` says whether a turn belongs to those before it; None for a rule of words and length.
    """

    lexicon: Lexicon
    questions: QuestionParser
    texts: Texts
    joins: Joins | None = None

    def read(self, question: Question) -> Understanding:
        """The understanding of a question.

        Raises:
            QuestionRefused: nothing is left of the question once control characters are gone.
        """
        asked = replace(question, text=strip_control(question.text).strip())
        if not asked.text:
            raise QuestionRefused("问题是空的，请写上您想问的事")
        phrases, time = self.texts.phrases, self.texts.time
        understand = _Once(self.lexicon)
        day = asked.as_of or today()
        meant_first = understand(asked.text).text
        resolved, most_sentences = self._without_length(asked)
        resolved, notes = resolve_followup(resolved, phrases)
        context = context_of(resolved, self._joins)
        period = None
        if asked.as_of is None:  # a date given beside the question decides, whatever its words say
            period = read_period(understand(f"{context} {resolved.text}".strip()).text, day, time, phrases)
        text = dated(resolved.text, period, time) if period else resolved.text
        meant = understand(text)
        whole = f"{context} {text}".strip()
        years = [y for y in years_asked(meant.text, day, self.texts.question) if y not in whole]
        search = understand(" ".join((whole, *years)))
        needs = self.questions.read(meant, day)
        needs_in_context = needs if search is meant else self.questions.read(search, day)
        period_note = (phrases.note_period.format(period=period.label),) if period else ()
        return Understanding(
            asked=asked,
            forms=(normalise(asked.text), self.lexicon.plain(asked.text), meant_first),
            leans=bool(context) or resolved.history != asked.history,
            text=text,
            history=resolved.history if context else (),
            meant=meant.text,
            standalone=whole,
            search=search,
            needs=_without_year(needs, period),
            needs_in_context=_without_year(needs_in_context, period),
            filters=Filters(day, asked.region, asked.kinds),
            period=period,
            most_sentences=most_sentences,
            notes=(*notes, *search.notes, *period_note),
        )

    @property
    def _joins(self) -> Joins:
        judged = self.joins or joins_by_words(self.lexicon)
        return lambda before, turn: turn.startswith(_GOES_ON) or judged(before, turn)

    def _without_length(self, question: Question) -> tuple[Question, int | None]:
        """The question without its wish for a short answer, and the most sentences; a bare wish is about the question before."""
        text, most = read_length(question.text, self.texts.length)
        if most and not text:
            text = _question_before(question)
        return (replace(question, text=text), most) if text else (question, most)


def joins_by_words(lexicon: Lexicon) -> Joins:
    """A rule for where there is no reader: a short turn, or one with a word that points back, belongs to those before it."""

    def joins(_: str, turn: str) -> bool:
        meant = lexicon.plain(turn)
        return len(meant) <= _SHORT or _LEANS.search(meant) is not None

    return joins


def context_of(question: Question, joins: Joins) -> str:
    """What a turn is read together with: the user's question that began its topic, and what was added last; "" for a new topic."""
    topic: list[str] = []
    for said in (*(turn.content for turn in question.history if turn.role == "user"), question.text):
        belongs = bool(topic) and joins(" ".join(topic), said)
        topic = [topic[0], *topic[1:][-_ADDED:], said] if belongs else [said]
    return " ".join(topic[:-1])


def standalone(question: Question, joins: Joins) -> str:
    """A question with what it is read together with."""
    return f"{context_of(question, joins)} {question.text}".strip()


class _Once:
    """Understands each text of a turn once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, Understood] = {}

    def __call__(self, text: str) -> Understood:
        if text not in self._known:
            self._known[text] = self._lexicon.understand(text)
        return self._known[text]


def _question_before(question: Question) -> str:
    return next((turn.content for turn in reversed(question.history) if turn.role == "user"), "")


def _without_year(needs: QuestionNeeds, period: Period | None) -> QuestionNeeds:
    """The needs without the period's year among their words: it says of what time, not of what."""
    if period is None or not period.year:
        return needs
    return replace(needs, terms=tuple(term for term in needs.terms if period.year not in term.word))
