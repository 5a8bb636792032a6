"""Turns of a panel: what was written, and what the product answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

Key = tuple[str, int]
"""Conversation and turn, the turn from 1: what questions, answers and judgements of one turn share."""


@dataclass(frozen=True, slots=True)
class PanelTurn:
    """One question of a conversation, as its writer wrote it. ``turn`` counts from 1; above 1 it is a follow-up."""

    conversation: str
    turn: int
    text: str
    category: str = ""
    dialect: bool = False
    who: str = ""

    @property
    def key(self) -> Key:
        """Conversation and turn."""
        return self.conversation, self.turn

    @property
    def followup(self) -> bool:
        """Whether it continues a conversation."""
        return self.turn > 1


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered. ``answer`` is the whole answer as the user reads it, ``buttons`` what can be tapped below it."""

    conversation: str
    turn: int
    verdict: str = ""
    answer: str = ""
    buttons: tuple[str, ...] = ()
    ms: float | None = None
    error: str = ""

    @property
    def key(self) -> Key:
        """Conversation and turn."""
        return self.conversation, self.turn


TURN = TypeAdapter(PanelTurn)
ANSWER = TypeAdapter(GivenAnswer)


def by_conversation(turns: Sequence[PanelTurn]) -> Mapping[str, Sequence[PanelTurn]]:
    """Turns by conversation, each in its order; conversations in the order of their first appearance."""
    found: dict[str, list[PanelTurn]] = {}
    for turn in turns:
        found.setdefault(turn.conversation, []).append(turn)
    return {name: sorted(many, key=lambda t: t.turn) for name, many in found.items()}
