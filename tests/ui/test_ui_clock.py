"""Stored times are in UTC; pages show Beijing's."""

from __future__ import annotations

import pytest

from ui.clock import shown


def test_a_stored_time_is_shown_as_beijings_clocks_show_it() -> None:
    assert shown("2026-11-22T23:30:00+00:00") == "2026-11-23 07:30"
    assert shown("2026-11-23T01:05:00+00:00", "%m-%d %H:%M") == "11-23 09:05"


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="昨天"):
        shown("昨天")
