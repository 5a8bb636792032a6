"""Time and place: the status of a policy on a date in a region, and today's date.

Regions are written from the province down ("四川省成都市"); 全国 holds everywhere. Dates of month or year precision count from
their first day as a beginning and up to their last day as an end.
"""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from knowledge_base.types import Document, Kind, Status

NATIONWIDE = "全国"
HOME_REGION = "四川省"
_OF_A_PLACE = (Kind.POLICY, Kind.GUIDE)  # what holds only where its region says
BEIJING = ZoneInfo("Asia/Shanghai")
"""The time zone in which days are counted."""


def today() -> dt.date:
    """The date in Beijing."""
    return dt.datetime.now(BEIJING).date()


def status_of(document: Document, as_of: dt.date, region: str = HOME_REGION) -> Status:
    """Status of a document on a date, for a user in a region.

    ELSEWHERE comes first: another region's rule stays that, whatever its dates. Drafts stay drafts. A document that states
    no status and has no dates that decide it is NOT_STATED.
    """
    if document.kind in _OF_A_PLACE and not applies_in(document.region, region):
        return Status.ELSEWHERE
    written = document.status
    if written == Status.DRAFT:
        return Status.DRAFT
    ended = as_of > last_day(document.expires) if document.expires else written == Status.EXPIRED
    if ended:
        return Status.EXPIRED
    if document.effective and as_of < first_day(document.effective):
        return Status.NOT_YET
    if written == Status.EXPIRED:
        return Status.IN_FORCE  # its stated last day is not past on that date
    if written in (Status.IN_FORCE, Status.REPORTED):
        return Status(written)
    return Status.NOT_STATED


def applies_in(region: str, asked: str) -> bool:
    """Whether a rule of a region applies to a user in another: national rules, those of the user's province, and those of places in it.

    A rule without a region ("") applies everywhere.
    """
    if not region or region == NATIONWIDE or not asked or asked == NATIONWIDE:
        return True
    return region.startswith(asked) or asked.startswith(region)


def first_day(date: str) -> dt.date:
    """First day that a date of day, month or year precision covers."""
    year, month, day = _parts(date)
    return dt.date(year, month or 1, day or 1)


def last_day(date: str) -> dt.date:
    """Last day that a date of day, month or year precision covers."""
    year, month, day = _parts(date)
    if day:
        return dt.date(year, month, day)
    month = month or 12
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def is_date(date: str) -> bool:
    """Whether a text is a date of day, month or year precision."""
    try:
        first_day(date)
    except ValueError:
        return False
    return True


def _parts(date: str) -> tuple[int, int, int]:
    pieces = date.split("-")
    if not 1 <= len(pieces) <= 3:
        raise ValueError(f"not a date: {date!r}")
    year, month, day = (*map(int, pieces), 0, 0)[:3]
    if 0 in (month, day)[: len(pieces) - 1]:
        raise ValueError(f"not a date: {date!r}")
    dt.date(year, month or 1, day or 1)
    return year, month, day
