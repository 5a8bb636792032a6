"""The two ways of telling the time: Beijing's, for people, and UTC, for what is stored."""

from __future__ import annotations

import datetime as dt

from knowledge_base.validity import BEIJING


def in_beijing(stored: str) -> dt.date:
    """The date in Beijing of a stored time."""
    return dt.datetime.fromisoformat(stored).astimezone(BEIJING).date()


def now() -> str:
    """The time in UTC, ISO 8601, to the millisecond."""
    return as_stored(dt.datetime.now(dt.UTC))


def as_stored(moment: dt.datetime) -> str:
    """A time as it is stored: in UTC, so that its text sorts like the time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
