"""An answer worked out with the user's own numbers: the figure in the first sentence, how it comes about, and its clauses word for word.

Which calculator it is follows from the documents that were found; what its inputs are, from the user's words. Lines that state a
computed figure carry no marker: no source states it. The clauses that it follows from are quoted under them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.composing.draft import Draft
from assistant.composing.judged import Judged
from assistant.composing.lines import closing_lines, one_line, standing_prefix
from assistant.errors import ToolInputRefused
from assistant.judging.candidate import Candidate
from assistant.texts.phrases import Phrases
from assistant.tools.deadlines import YOURS, Deadline, last_day_of
from assistant.tools.mentions import read_mentions
from assistant.tools.passages import FactPassages
from assistant.tools.reading import Reading, best_reading, read_numbers, rules_for
from assistant.tools.result import Line, Result
from assistant.tools.rules import Input, Rule
from assistant.tools.toolbox import Toolbox
from assistant.tools.values import date_words
from assistant.tools.words import load_words
from assistant.types import Citation, Turn, Verdict
from assistant.understanding.turn import Understanding
from knowledge_base.search.retrieval import Filters
from knowledge_base.text.similarity import character_pairs
from knowledge_base.types import Kind

MOST_QUOTES = 3
MOST_CHANGES = 3
MOST_BUTTONS = 8

LEADING = 3
"""Readings that may lead to a deadline; a calculator follows from the first alone."""

_FIGURES = frozenset({"amount", "duration", "date", "count", "share"})
"""Kinds of need that a figure answers."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a calculation may read: the question, the user's turns that it leans on, and what the assistant said last."""

    question: str
    earlier: tuple[str, ...] = ()
    said_last: str = ""
    leans: bool = False
    wants_figure: bool = False


@dataclass(frozen=True)
class Figures:
    """Works out answers with the calculators of one knowledge base."""

    toolbox: Toolbox
    deadlines: Mapping[str, Deadline]
    passages: FactPassages
    phrases: Phrases

    def answer_with_figures(self, understanding: Understanding, judged: Judged) -> Draft | None:
        """The worked-out answer, or a question for what it still needs; None where the question gives no numbers to a calculator."""
        if judged.missing_clause or judged.sides or judged.named:
            return None
        leading = [j.candidate for j in judged.offered[:LEADING]] if judged.readings else judged.candidates[:1]
        return self.draft(conversation_of(understanding), leading, understanding.filters)

    def draft(self, conversation: Conversation, leading: Sequence[Candidate], filters: Filters) -> Draft | None:
        """The draft for a conversation whose best candidates are given."""
        reading = continued(self.toolbox.rules, conversation, filters.date()) or self._led(conversation, leading, filters.date())
        if reading is None:
            return self._last_day(conversation, leading, filters) if conversation.wants_figure else None
        if reading.missing:
            return self._ask(reading.rule, reading.missing[0])
        try:
            result = self.toolbox.work_out(reading.rule.name, reading.given, filters.date(), filters.region).result
        except ToolInputRefused:
            return None
        return self._told(result, filters) if result else None

    def _led(self, conversation: Conversation, leading: Sequence[Candidate], today: dt.date) -> Reading | None:
        """What the best candidate that leads to a calculator gives; incomplete only where a figure is asked for."""
        if conversation.leans and not read_mentions(conversation.question, today):
            return None  # 「双胞胎呢」 says too little to change the matter
        if not conversation.wants_figure and not read_mentions(conversation.question, today):
            return None
        for candidate in leading[:1]:  # a wrong sum does more harm than none
            facts = candidate.passage.source_ids if candidate.document.kind is Kind.POLICY else ()
            rules = rules_for(self.toolbox.rules, candidate.document.slug, facts)
            earlier = conversation.earlier if conversation.leans else ()
            reading = best_reading(read_numbers(rule, conversation.question, earlier, today) for rule in rules)
            if reading and (not reading.missing or conversation.wants_figure):
                return reading
        return None

    def _last_day(self, conversation: Conversation, leading: Sequence[Candidate], filters: Filters) -> Draft | None:
        """The last day of the deadline that a document leads to, counted from the only day that the question names."""
        today = filters.date()
        days = [mention.value for mention in read_mentions(conversation.question, today) if mention.kind == "date"]
        if len(days) != 1 or not isinstance(days[0], dt.date):
            return None
        slugs = {candidate.document.slug for candidate in leading}
        led = [deadline for deadline in self.deadlines.values() if slugs & set(deadline.guides)]
        asked = character_pairs(conversation.question)
        named = {d.name: len(character_pairs(d.title) & asked) for d in led}
        deadline = max(led, key=lambda d: (named[d.name], d.who == YOURS), default=None)
        if deadline is None or not named[deadline.name]:
            return None
        found = last_day_of(deadline, days[0], today, load_words())
        words = load_words()
        left = words["left" if found.left >= 0 else "past"].format(days=abs(found.left))
        citations = self.passages.citations(found.deadline.facts, filters)[:MOST_QUOTES]
        lines = [words["last_day"].format(title=found.deadline.title, last=date_words(found.last), left=left)]
        lines += _part(words["steps"].format(title=found.deadline.title), [Line(said) for said in found.counted])
        lines += _quotes(words["quoted"], citations, self.phrases)
        text = "\n".join((*lines, *closing_lines(citations, (), self.phrases), words["no_advice"]))
        return Draft(Verdict.ANSWERED, text, words["label_computed"], citations=citations)

    def _ask(self, rule: Rule, asked: Input) -> Draft:
        words = load_words()
        options = tuple(option.label for option in asked.options) or ((words["yes"], words["no"]) if asked.kind == "yes_no" else ())
        text = words["asking"].format(title=rule.title, ask=asked.ask)
        return Draft(Verdict.CLARIFY, text, self.phrases.label_fixed, followups=options[:MOST_BUTTONS])

    def _told(self, result: Result, filters: Filters) -> Draft:
        words = load_words()
        citations = self.passages.citations(result.facts, filters)[:MOST_QUOTES]
        lines = [result.first.text]
        lines += _part(words["steps"].format(title=result.title), result.steps)
        lines += _part(words["assumptions"], result.assumptions)
        lines += _part(words["changes"], result.changes[:MOST_CHANGES])
        lines += _part(words["unknown"], result.unknown)
        lines += _quotes(words["quoted"], citations, self.phrases)
        return Draft(
            Verdict.ANSWERED if result.found else Verdict.PARTIAL,
            "\n".join((*lines, *closing_lines(citations, (), self.phrases), words["no_advice"])),
            words["label_computed"],
            citations=citations,
        )


def conversation_of(understanding: Understanding) -> Conversation:
    """What a calculation reads of an understanding."""
    history = understanding.asked.history
    return Conversation(
        understanding.asked.text,
        tuple(turn.content for turn in history if turn.role == "user"),
        _said_last(history),
        understanding.leans,
        bool(_FIGURES & {str(kind) for kind in understanding.needs.kinds}),
    )


def continued(rules: Mapping[str, Rule], conversation: Conversation, today: dt.date) -> Reading | None:
    """The calculation that the assistant's last turn belongs to, if the question gives what it asked for or changes a number of it."""
    words = load_words()
    for rule in rules.values():
        asked = next(
            (a for a in rule.inputs.values() if words["asking"].format(title=rule.title, ask=a.ask) in conversation.said_last), None
        )
        told = words["steps"].format(title=rule.title) in conversation.said_last
        if asked is None and not (told and conversation.leans):
            continue
        reading = read_numbers(rule, conversation.question, conversation.earlier, today, asked.name if asked else "")
        if (asked is not None and asked.name in reading.new) or (told and reading.new):
            return reading
    return None


def _said_last(history: Sequence[Turn]) -> str:
    return next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")


def _part(heading: str, lines: Sequence[Line]) -> list[str]:
    return ["", heading, "", *(f"- {line.text}" for line in lines)] if lines else []


def _quotes(heading: str, citations: Sequence[Citation], phrases: Phrases) -> list[str]:
    """The clauses word for word, each under its marker."""
    quotes = [
        f"- {standing_prefix(c, phrases)}{one_line(c.passage.text[s.start : s.end])}[{c.marker}]"
        for c in citations
        for s in c.passage.statements
        if c.start <= s.start and s.end <= c.end
    ]
    return ["", heading, "", *quotes] if quotes else []
