"""What is said first to someone who may be in danger (``urgent.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class UrgentWords:
    """The help for one kind of danger: the words for oneself and for another person, at both levels."""

    alarm: Mapping[str, str]
    check: Mapping[str, str]
    referrals: tuple[str, ...]

    @classmethod
    def of(cls, written: dict[str, Any]) -> UrgentWords:
        """The words of one entry of the file."""
        return cls(dict(written["alarm"]), dict(written["check"]), tuple(written["referrals"]))

    def say(self, level: str, who: str) -> str:
        """The words for a level, alarm or check, and a person; anybody but oneself is another person."""
        words = self.alarm if level == "alarm" else self.check
        return words["self" if who == "self" else "other"]
