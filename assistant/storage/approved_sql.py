"""Approved answers in a SQL database."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from assistant.approved import Approved, Reference
from assistant.storage.database import Base, Database, translated


class _Row(Base):
    __tablename__ = "approved_answers"

    approved_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    questions: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    passages: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(128))
    created: Mapped[str] = mapped_column(String(32))
    expires: Mapped[str] = mapped_column(String(10))


_STAMP = select(func.count(), func.max(_Row.created)).select_from(_Row)


class SqlApprovedStore:
    """Approved answers in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, approved: Approved) -> None:
        """Keep one."""
        with self._database.session() as session:
            session.add(_row(approved))

    def replace(self, approved: Approved) -> bool:
        """Put one in the place of that of the same id."""
        with self._database.session() as session:
            if session.get(_Row, approved.approved_id) is None:
                return False
            session.merge(_row(approved))
            return True

    def stamp(self) -> str:
        """How many there are and when the newest was made: a removed one changes the first, one added in its place the second."""
        with translated(), self._database.engine.connect() as connection:
            return "/".join(map(str, connection.execute(_STAMP).one()))

    def all(self) -> list[Approved]:
        """All, the oldest first."""
        with self._database.session() as session:
            return [
                Approved(
                    row.approved_id,
                    tuple(json.loads(row.questions)),
                    row.text,
                    tuple(Reference(r[0], tuple(r[1:])) for r in json.loads(row.passages)),
                    row.author,
                    row.created,
                    dt.date.fromisoformat(row.expires),
                )
                for row in session.scalars(select(_Row).order_by(_Row.created, _Row.approved_id))
            ]

    def remove(self, approved_id: str) -> bool:
        """Remove one."""
        with self._database.session() as session:
            gone = session.execute(delete(_Row).where(_Row.approved_id == approved_id))
            return bool(getattr(gone, "rowcount", 0))


def _row(approved: Approved) -> _Row:
    return _Row(
        approved_id=approved.approved_id,
        questions=json.dumps(approved.questions, ensure_ascii=False),
        text=approved.text,
        passages=json.dumps([[r.passage_id, *r.source_ids] for r in approved.references]),
        author=approved.author,
        created=approved.created,
        expires=approved.expires.isoformat(),
    )
