"""The marker of a citation in a text: ``[1]`` after the statement that it carries."""

from __future__ import annotations

import re
from collections.abc import Mapping

MARKER = re.compile(r"\[(\d+)\]")
"""A marker; its first group is the number."""


def markers_in(text: str) -> list[int]:
    """Markers that a text carries, in order."""
    return [int(number) for number in MARKER.findall(text)]


def without_markers(text: str) -> str:
    """The text without its markers."""
    return MARKER.sub("", text)


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text with each marker's number replaced by its new one.

    Raises:
        KeyError: a marker has no new number.
    """
    return MARKER.sub(lambda m: f"[{numbers[int(m.group(1))]}]", text)
