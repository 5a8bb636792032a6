"""Numbers and dates as rules count them: months in the calendar, and amounts of money rounded to the 分."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """An amount of money rounded to the 分, halves up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(number: Decimal | int) -> str:
    """A number without needless zeros: 32000, 1433.33, 0.5."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan(amount: Decimal) -> str:
    """An amount of money: 32000元, 1433.33元."""
    return f"{plain(cents(amount))}元"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later (or earlier) month; the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to another; 0 where ``last`` is not later.

    A month is whole on the day before the same day of the next month: work from March 1 through March 31 is one month.
    """
    end = last + dt.timedelta(days=1)
    if end <= first:
        return 0
    months = (end.year - first.year) * 12 + end.month - first.month
    return months if add_months(first, months) <= end else months - 1


def workdays(first: dt.date, last: dt.date) -> int:
    """Days from Monday to Friday between two days, both included; public holidays are not taken out."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first.weekday() + offset) % 7 < 5 for offset in range(rest))


def add_workdays(day: dt.date, count: int) -> dt.date:
    """The day that is ``count`` days from Monday to Friday later; the day itself is not counted."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5
    return day


def duration(months: int) -> str:
    """A length of time in words: 8年3个月, 11个月, 8年, 0个月."""
    years, rest = divmod(months, 12)
    return "".join((f"{years}年" if years else "", f"{rest}个月" if rest or not years else ""))


def date_words(day: dt.date) -> str:
    """A date in words: 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(day: dt.date) -> str:
    """The month of a date in words: 2026年3月."""
    return f"{day.year}年{day.month}月"
