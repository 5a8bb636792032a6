"""A passage as it is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PassageView:
    """What a passage or statement is about (title, headings, ways of asking) and all of its words."""

    about: str
    whole: str
    current: bool = True
    """Whether it holds here on the date asked for."""
