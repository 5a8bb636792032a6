"""Answers that a person approved: what they are, and the port that keeps them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ApprovalState(StrEnum):
    """Whether an approved answer is given: active, past its day, or no longer carried by what it cites."""

    ACTIVE = "active"
    EXPIRED = "expired"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited passage; its sources find it again after the document was edited and its id changed."""

    passage_id: str
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved answer. Markers in ``text`` count ``references`` from 1; ``expires`` is the last day on which it is given.

    ``created`` is when it was approved, or last changed.
    """

    approved_id: str
    questions: tuple[str, ...]
    text: str
    references: tuple[Reference, ...]
    author: str
    created: str
    expires: dt.date


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person hands in to be approved."""

    questions: tuple[str, ...]
    text: str
    author: str
    expires: dt.date
    passage_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()


class ApprovedStore(Protocol):
    """Keeps approved answers. Adapters are safe to use from several threads and raise StoreError when they cannot read or write."""

    def add(self, approved: Approved) -> None:
        """Keep one."""
        ...

    def stamp(self) -> str:
        """Another one whenever an answer was added or removed, by whichever process; cheap."""
        ...

    def all(self) -> list[Approved]:
        """All, the oldest first."""
        ...

    def remove(self, approved_id: str) -> bool:
        """Remove one; whether there was one."""
        ...

    def replace(self, approved: Approved) -> bool:
        """Put one in the place of that of the same id; whether there was one. Give it a new ``created``, which the stamp goes by."""
        ...
