"""Time in a question: 「去年的」「2023年的」「以前的规定」 ask for the rule of that time, not for today's.

A year asks for the rule that was in force during it. A question that also speaks of now (「去年拿的证，今年还能领吗」), or names
several years, asks for today's rule. The words are in ``texts/time_words.yaml``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from assistant.texts.phrases import Phrases
from assistant.texts.question_words import TimeWords
from knowledge_base.text.numerals import fold_widths
from knowledge_base.types import Document
from knowledge_base.validity import first_day, last_day

_YEAR = r"(?<![\d〔\[(])(20\d\d)(?![\d〕\])])"
_YEAR_OR_MONTH = re.compile(_YEAR + r"(?:年(?:(\d{1,2})月(?!\d{1,2}[日号]))?|(?=[^\d年-]|$))")
_TITLE = re.compile(r"《[^》]*》|〔\d{4}〕\d+号")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time whose rules are asked for, both days included, and its name in an answer.

    ``first`` and ``last`` are None for 「以前」, which names no year.
    """

    label: str
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def year(self) -> str:
        """The year as sources write it; "" for 「以前」."""
        return str(self.last.year) if self.last else ""

    def had(self, document: Document) -> bool:
        """Whether a document may have held during the period; one without dates may."""
        if self.first is None or self.last is None:
            return True
        begun = document.effective or document.issued
        if begun and first_day(begun) > self.last:
            return False
        return not document.expires or last_day(document.expires) >= self.first


def read_period(text: str, today: dt.date, words: TimeWords, phrases: Phrases) -> Period | None:
    """The time whose rules a question asks for; None where it asks for today's."""
    text = _TITLE.sub("", fold_widths(text))
    if words.now.search(text):
        return None
    spans = [(m.group(1), m.group(2)) for m in _YEAR_OR_MONTH.finditer(text) if not words.after_year.match(text, m.end(1))]
    spans += _relative_years(text, today, words)
    if len(set(spans)) > 1:
        return None
    if spans:
        year, month = int(spans[0][0]), int(spans[0][1] or 0)
        if year == today.year and not month:
            return None
        if not 0 <= month <= 12:
            return None
        first = dt.date(year, month or 1, 1)
        last = dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
        return Period((phrases.period_month if month else phrases.period_year).format(year=year, month=month), first, last)
    return Period(phrases.period_earlier) if words.earlier.search(text) else None


def dated(text: str, period: Period, words: TimeWords) -> str:
    """A question with the word for its period (去年) as sources write it (2025年)."""
    for word in words.relative if period.year else ():
        text = text.replace(word, period.label)
    return text


def undated(text: str) -> str:
    """A question without the years that it names, to search for rules that do not name theirs."""
    return _YEAR_OR_MONTH.sub("", text).strip()


def _relative_years(text: str, today: dt.date, words: TimeWords) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for word, shift in words.relative.items():
        if word in text:
            rest = text.split(word, 1)[1]
            if not words.after_relative_year.match(rest):
                found.append((str(today.year + shift), None))
            text = text.replace(word, "")
    return found
