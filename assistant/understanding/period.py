"""Time in a question: 「去年的」「2023年的」「以前的规定」 ask for the rule of that time, not for today's.

A year asks for the rule that was in force during it. A question that also speaks of now (「去年拿的证，今年还能领吗」), or names
several years, asks for today's rule. The words stand in ``texts/time_words.yaml``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.composing.extract import Found
from assistant.texts.wording import load_texts, phrase
from knowledge_base.text.numerals import fold_widths
from knowledge_base.types import Document, Kind
from knowledge_base.validity import first_day, last_day

OUT_OF_PERIOD = 0.6
"""Factor on the score of a policy that did not hold during the period asked for; below the factor of an expired rule (0.65)."""

_YEAR = r"(?<![\d〔\[(])(20\d\d)(?![\d〕\])])"
_YEAR_OR_MONTH = re.compile(_YEAR + r"(?:年(?:(\d{1,2})月(?!\d{1,2}[日号]))?|(?=[^\d年-]|$))")
_TITLE = re.compile(r"《[^》]*》|〔\d{4}〕\d+号")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time whose rules are asked for, both days included, and how an answer calls it.

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


def read_period(text: str, today: dt.date) -> Period | None:
    """The time whose rules a question asks for; None where it asks for today's."""
    words = load_texts("time_words")
    text = _TITLE.sub("", fold_widths(text))
    if re.search(words["now"], text):
        return None
    happened = _happened()
    spans = [(m.group(1), m.group(2)) for m in _YEAR_OR_MONTH.finditer(text) if not happened.match(text, m.end(1))]
    spans += _relative_years(text, today)
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
        return Period(phrase("period_month" if month else "period_year", year=year, month=month), first, last)
    return Period(phrase("period_earlier")) if re.search(words["earlier"], text) else None


def dated(text: str, period: Period) -> str:
    """A question with the word for its period (去年) as sources write it (2025年)."""
    for word in load_texts("time_words")["relative"] if period.year else ():
        text = text.replace(word, period.label)
    return text


def undated(text: str) -> str:
    """A question without the years that it names, to search for rules that do not name theirs."""
    return _YEAR_OR_MONTH.sub("", text).strip()


def in_period(found: Sequence[Found], period: Period) -> list[Found]:
    """Passages in a new order: policies that did not hold during the period behind, unless they speak of its year."""
    scored = []
    for f in found:
        ruled = f.document.kind is Kind.POLICY or bool(f.document.expires)
        aside = ruled and not period.had(f.document) and period.year not in f.passage.text
        scored.append(replace(f, scored=replace(f.scored, score=f.scored.score * (OUT_OF_PERIOD if aside else 1.0))))
    ordered = sorted(scored, key=lambda f: (-f.scored.score, f.scored.rank))
    return [replace(f, scored=replace(f.scored, rank=rank)) for rank, f in enumerate(ordered, 1)]


def period_line(leading: Found, statement: str, period: Period, today: dt.date) -> str:
    """What stands above an answer about another time; "" where the leading source is no rule of a time.

    Nor is anything said of a time to come that the leading ``statement`` itself names (2027年的目标).
    """
    document = leading.document
    if document.kind is not Kind.POLICY and not document.expires:
        return ""
    begun = document.effective or document.issued
    if period.last is None:
        past = bool(document.expires) and last_day(document.expires) < today
        return phrase("period_then", period=period.label) if past else ""
    if not period.had(document):
        if begun and first_day(begun) > period.last:
            return phrase("period_not_begun", period=period.label, title=document.title, date=begun)
        return phrase("period_ended", period=period.label, title=document.title, date=document.expires)
    if period.last > today:
        return "" if period.year in statement else phrase("period_ahead", period=period.label)
    if document.expires and last_day(document.expires) < today:
        return phrase("period_then", period=period.label)
    if not document.effective:
        return ""
    partly = period.first is not None and first_day(document.effective) > period.first
    return phrase("period_from" if partly else "period_still", period=period.label, title=document.title, date=document.effective)


def _relative_years(text: str, today: dt.date) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for word, shift in load_texts("time_words")["relative"].items():
        if word in text:
            rest = text.split(word, 1)[1]
            if not re.match(_happened().pattern.removeprefix("(?:年)?"), rest):
                found.append((str(today.year + int(shift)), None))
            text = text.replace(word, "")
    return found


@lru_cache(maxsize=1)
def _happened() -> re.Pattern[str]:
    return re.compile(load_texts("time_words")["after_year"])
