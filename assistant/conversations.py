"""Stored conversations: the port :class:`ConversationStore` and its adapter on SQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ForeignKey, String, Text, create_engine, delete, event, exists, insert, literal, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.errors import NotFound, StoreError


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message. ``answer`` is the wire form of an assistant's answer; ``helpful`` is the reader's judgement of it."""

    message_id: str
    role: str
    content: str
    created: str
    answer: Mapping[str, Any] | None = None
    helpful: bool | None = None


class ConversationStore(Protocol):
    """Keeps conversations: what was asked, what was answered, what readers thought of it.

    Adapters keep the order of adding, are safe to use from several threads, and raise StoreError when they cannot
    read or write.
    """

    def add_turn(self, conversation_id: str, question: StoredMessage, answer: StoredMessage) -> None:
        """Keep a question and its answer, both or neither."""
        ...

    def messages(self, conversation_id: str) -> list[StoredMessage]:
        """Messages of a conversation, oldest first; empty for an unknown one."""
        ...

    def give_feedback(self, message_id: str, helpful: bool, reason: str) -> None:
        """Keep a judgement of an answer; a later one replaces it.

        Raises:
            NotFound: there is no such answer.
        """
        ...

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation with all its messages; whether there was one."""
        ...


class _Base(DeclarativeBase):
    pass


class _Conversation(_Base):
    __tablename__ = "conversations"

    conversation_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    created: Mapped[str] = mapped_column(String(32))


class _Message(_Base):
    __tablename__ = "messages"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(128), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.conversation_id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(32))
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    helpful: Mapped[bool | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")


class SqlConversationStore:
    """Conversations in a SQL database, by SQLAlchemy; SQLite by default."""

    def __init__(self, url: str) -> None:
        """Connect and make the tables that are missing.

        Raises:
            StoreError: the database cannot be reached or written.
        """
        with _translated():
            self._engine = create_engine(url)
            if url.startswith("sqlite"):
                event.listen(self._engine, "connect", _set_sqlite_pragmas)
            _Base.metadata.create_all(self._engine)

    @property
    def engine(self) -> Engine:
        """The connection pool."""
        return self._engine

    def add_turn(self, conversation_id: str, question: StoredMessage, answer: StoredMessage) -> None:
        """Keep a question and its answer in one transaction."""
        with _translated(), Session(self._engine) as session, session.begin():
            # One statement: two first turns of one conversation may come at the same time.
            known = exists().where(_Conversation.conversation_id == conversation_id)
            new = select(literal(conversation_id), literal(question.created)).where(~known)
            session.execute(insert(_Conversation).from_select(["conversation_id", "created"], new))
            for message in (question, answer):
                session.add(
                    _Message(
                        message_id=message.message_id,
                        conversation_id=conversation_id,
                        role=message.role,
                        content=message.content,
                        created=message.created,
                        answer=None if message.answer is None else json.dumps(message.answer, ensure_ascii=False),
                    )
                )

    def messages(self, conversation_id: str) -> list[StoredMessage]:
        """Messages of a conversation, oldest first."""
        with _translated(), Session(self._engine) as session:
            rows = session.scalars(select(_Message).where(_Message.conversation_id == conversation_id).order_by(_Message.number))
            return [
                StoredMessage(r.message_id, r.role, r.content, r.created, json.loads(r.answer) if r.answer else None, r.helpful)
                for r in rows
            ]

    def give_feedback(self, message_id: str, helpful: bool, reason: str) -> None:
        """Keep a judgement of an answer."""
        with _translated(), Session(self._engine) as session, session.begin():
            row = session.scalar(select(_Message).where(_Message.message_id == message_id, _Message.role == "assistant"))
            if row is None:
                raise NotFound(f"没有编号为 {message_id} 的回答，可能对话已经删除")
            row.helpful, row.reason = helpful, reason

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation with all its messages."""
        with _translated(), Session(self._engine) as session, session.begin():
            session.execute(delete(_Message).where(_Message.conversation_id == conversation_id))
            gone = session.execute(delete(_Conversation).where(_Conversation.conversation_id == conversation_id))
            return bool(getattr(gone, "rowcount", 0))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def now() -> str:
    """The time in UTC, ISO 8601, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, ImportError) as exc:  # a driver that is not installed is an ImportError
        raise StoreError(f"对话记录读写失败：{exc.__class__.__name__}。请检查数据库地址、磁盘空间和权限") from exc
