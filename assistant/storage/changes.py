"""Who changed what in the knowledge base, and when: the port, and its SQL adapter. What is kept is masked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Integer, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.conversations import now
from assistant.storage.database import Base, Database
from assistant.understanding.privacy import mask

MOST_DETAIL = 2000
"""Characters of a detail that are kept."""


class Action(StrEnum):
    """What was done."""

    DRAFT_ADDED = "draft_added"
    DRAFT_CHANGED = "draft_changed"
    DRAFT_REMOVED = "draft_removed"
    PUBLISHED = "published"
    PUBLISH_FAILED = "publish_failed"
    DOCUMENT_REMOVED = "document_removed"
    ROLLED_BACK = "rolled_back"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    APPROVED_CHANGED = "approved_changed"
    APPROVED_EXPIRED = "approved_expired"
    APPROVED_REMOVED = "approved_removed"
    LEXICON_CHANGED = "lexicon_changed"
    REFERRALS_CHANGED = "referrals_changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``subject`` is what was changed, by its id or name; ``when`` is in UTC; ``author`` is what she called herself."""

    when: str
    author: str
    action: Action
    subject: str
    detail: str = ""


class ChangeLog(Protocol):
    """Keeps changes. Adapters are safe to use from several threads and raise StoreError when they cannot read or write."""

    def record(self, author: str, action: Action, subject: str, detail: str = "") -> None:
        """Keep a change made now, masked."""
        ...

    def latest(self, limit: int, offset: int = 0) -> tuple[int, list[Change]]:
        """How many there are, and a page of them, the newest first."""
        ...

    def last(self, action: Action) -> dict[str, str]:
        """When something was last done, by subject."""
        ...


class NoChangeLog:
    """Keeps nothing: for a program that opened no database."""

    def record(self, author: str, action: Action, subject: str, detail: str = "") -> None:
        """Nothing."""

    def latest(self, limit: int, offset: int = 0) -> tuple[int, list[Change]]:
        """None."""
        return 0, []

    def last(self, action: Action) -> dict[str, str]:
        """Nothing was."""
        return {}


class _Row(Base):
    __tablename__ = "changes"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    created: Mapped[str] = mapped_column(String(32))
    author: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(32), index=True)
    subject: Mapped[str] = mapped_column(String(256))
    detail: Mapped[str] = mapped_column(Text)


class SqlChangeLog:
    """Changes in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, author: str, action: Action, subject: str, detail: str = "") -> None:
        """Keep a change made now, masked."""
        row = _Row(
            created=now(), author=mask(author)[:128], action=action.value, subject=mask(subject)[:256], detail=mask(detail)[:MOST_DETAIL]
        )
        with self._database.session() as session:
            session.add(row)

    def latest(self, limit: int, offset: int = 0) -> tuple[int, list[Change]]:
        """How many there are, and a page of them, the newest first."""
        with self._database.session() as session:
            total = session.scalar(select(func.count()).select_from(_Row)) or 0
            rows = session.scalars(select(_Row).order_by(_Row.number.desc()).limit(limit).offset(offset))
            return total, [Change(r.created, r.author, Action(r.action), r.subject, r.detail) for r in rows]

    def last(self, action: Action) -> dict[str, str]:
        """When something was last done, by subject."""
        query = select(_Row.subject, func.max(_Row.created).label("created")).where(_Row.action == action.value).group_by(_Row.subject)
        with self._database.session() as session:
            return {row.subject: row.created for row in session.execute(query)}
