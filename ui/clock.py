"""Beijing's time, in which the pages show and ask for dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_BEIJING = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The date in Beijing."""
    return datetime.now(_BEIJING).date()


def shown(utc: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """A stored time (ISO 8601) as Beijing's clocks show it."""
    return datetime.fromisoformat(utc).astimezone(_BEIJING).strftime(form)
