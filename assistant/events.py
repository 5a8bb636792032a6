"""What a streamed answer is made of, in order: Meta, Sources, Token…, Citations, Followups, Done."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Answer, Citation, Nearest


@dataclass(frozen=True, slots=True)
class Meta:
    """First event: who answers."""

    message_id: str
    conversation_id: str
    label: str
    ai_generated: bool
    model_id: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was found, before the answer is there."""

    nearest: tuple[Nearest, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; the pieces joined are the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations that the text's markers name."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Followups:
    """Questions that lie near."""

    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event: the whole answer."""

    answer: Answer


Event = Meta | Sources | Token | Citations | Followups | Done
