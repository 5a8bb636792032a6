"""Typed access to a worksheet's inputs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assistant.tools.result import SAID, Worksheet


def decimal_of(sheet: Worksheet, name: str, default: Decimal = Decimal(0)) -> Decimal:
    """A number that was given; the default where it was not."""
    return Decimal(str(sheet.given[name])) if name in sheet.given else default


def months_of(sheet: Worksheet, name: str, default: int = 0) -> int:
    """A length of time in months, or a whole number; the default where it was not given."""
    return int(decimal_of(sheet, name, Decimal(default)))


def day_of(sheet: Worksheet, name: str, default: dt.date | None = None) -> dt.date:
    """A day that was given; the default where it was not.

    Raises:
        KeyError: it was not given, and there is no default.
    """
    value = sheet.given.get(name, default)
    if not isinstance(value, dt.date):
        raise KeyError(name)
    return value


def flag_of(sheet: Worksheet, name: str) -> bool:
    """Whether yes was given."""
    return sheet.given.get(name) is True


def months_given(sheet: Worksheet, name: str) -> tuple[int, bool]:
    """A length of time in months, and whether it was given as exact (「八年多」 is not)."""
    return months_of(sheet, name), f"{name}{SAID}" not in sheet.given
