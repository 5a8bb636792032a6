"""Lines around the statements of an answer: the time it is of, what holds now, and heard figures without a source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checking.statements import check_statement
from assistant.composing.extract import Composed, Extractor
from assistant.composing.lines import one_line, standing_prefix
from assistant.composing.versions import versions_of
from assistant.judging.candidate import Candidate
from assistant.texts.condition_words import ConditionWords
from assistant.texts.phrases import Phrases
from assistant.texts.question_words import HeardWords
from assistant.types import Citation
from assistant.understanding.heard_figures import heard_figures, unfounded
from assistant.understanding.needs import QuestionNeeds, fold
from assistant.understanding.period import Period
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document, Kind, Status
from knowledge_base.validity import first_day, last_day, status_of

_HOLDS = (Status.IN_FORCE, Status.REPORTED, Status.NOT_STATED)
_SHARED = 0.3  # of the question's information that the rule of today must share with it


@dataclass(frozen=True, slots=True)
class Remarks:
    """Lines above the statements, today's rule beside a past one, and terms explained below."""

    above: tuple[str, ...] = ()
    now: Citation | None = None
    below: tuple[str, ...] = ()

    def now_lines(self, marker: int, phrases: Phrases) -> tuple[str, ...]:
        """Today's rule, under the statements; nothing where there is none."""
        if self.now is None:
            return ()
        return ("", phrases.period_now, "", f"{standing_prefix(self.now, phrases)}{one_line(self.now.quote)}[{marker}]")

    def below_lines(self) -> tuple[str, ...]:
        """The explanations, under the statements, each a paragraph."""
        return tuple(line for explained in self.below for line in ("", explained))


def premise_lines(text: str, composed: Composed, words: HeardWords, phrases: Phrases) -> tuple[str, ...]:
    """The line for a heard figure that no cited source holds; none where there is no such figure."""
    heard = heard_figures(text, words)
    if not heard or not composed.statements:
        return ()
    figure = unfounded(heard, composed.statements[0].whole, composed.citations, words)
    return (phrases.premise_unfounded.format(said=figure.said),) if figure else ()


def period_line(leading: Candidate, statement: str, period: Period, today: dt.date, phrases: Phrases) -> str:
    """The line above an answer about another time; "" where the leading source is no rule of a time.

    Nor is anything said of a time to come that the leading ``statement`` itself names (2027年的目标).
    """
    document = leading.document
    if document.kind is not Kind.POLICY and not document.expires:
        return ""
    is_over = bool(document.expires) and last_day(document.expires) < today
    then = phrases.period_then.format(period=period.label) if is_over else ""
    if period.last is None:
        return then
    if not period.had(document):
        return _not_then_line(document, period, phrases)
    if period.last > today:
        return "" if period.year in statement else phrases.period_ahead.format(period=period.label)
    if is_over or not document.effective:
        return then
    partly = period.first is not None and first_day(document.effective) > period.first
    line = phrases.period_from if partly else phrases.period_still
    return line.format(period=period.label, title=document.title, date=document.effective)


def _not_then_line(document: Document, period: Period, phrases: Phrases) -> str:
    """That a rule had not begun by the period's end, or had ended before it."""
    begun = document.effective or document.issued
    if begun and period.last and first_day(begun) > period.last:
        return phrases.period_not_begun.format(period=period.label, title=document.title, date=begun)
    return phrases.period_ended.format(period=period.label, title=document.title, date=document.expires)


def rule_of_today(
    leading: Candidate,
    cited: Sequence[Citation],
    needs: QuestionNeeds,
    filters: Filters,
    catalogue: Catalogue,
    extractor: Extractor,
    words: ConditionWords,
) -> Citation | None:
    """What holds now where the leading source no longer does, from the documents that replaced it.

    None where the leading source holds, or none of them holds and speaks to the question, or is already cited.
    """
    if leading.status is not Status.EXPIRED:
        return None
    ids = {c.document.doc_id for c in cited}
    undated = replace(needs, years=(), quoted=(), measures=(), now="", past=False, meaning=False, nationwide=False)
    versions = versions_of(leading.document, (e.document for e in catalogue.entries.values()))
    for document in reversed(versions):
        status = status_of(document, filters.date(), filters.region)
        if document.slug == leading.document.slug or document.doc_id in ids or status not in _HOLDS:
            continue
        candidates = [Candidate(passage, document, status) for passage in catalogue.passages_of(document.doc_id)]
        composed = extractor.compose(candidates, undated)
        for citation in composed.citations[:1]:
            first = _first_statement(citation)
            line = f"{standing_prefix(first, extractor.phrases)}{one_line(first.quote)}[{first.marker}]"
            about = composed.statements[0].about
            if undated.coverage(fold(f"{about}\n{first.quote}")) >= _SHARED and not check_statement(line, [first], words=words):
                return first
    return None


def _first_statement(citation: Citation) -> Citation:
    """The first whole statement of what a citation quotes."""
    for s in citation.passage.statements:
        if citation.start <= s.start < s.end <= citation.end:
            text = citation.passage.text[s.start : s.end]
            start = s.start + len(text) - len(text.lstrip("-* \n"))
            return Citation(1, citation.passage, citation.document, citation.status, start, s.end, s.source_ids)
    return citation
