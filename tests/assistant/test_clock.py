"""A day begins in Beijing eight hours before it begins in UTC."""

from __future__ import annotations

import datetime as dt

from assistant.clock import as_stored, in_beijing


def test_a_stored_time_belongs_to_beijings_day() -> None:
    assert in_beijing("2026-11-22T15:59:00.000+00:00") == dt.date(2026, 11, 22)
    assert in_beijing("2026-11-22T16:00:00.000+00:00") == dt.date(2026, 11, 23)


def test_times_are_stored_in_utc_so_that_they_sort() -> None:
    beijing = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    assert as_stored(beijing) == "2026-11-22T16:00:00.000+00:00"
