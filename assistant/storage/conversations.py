"""Stored conversations: the port :class:`ConversationStore`, its adapter on SQL, and the mask that everything stored passes."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import ForeignKey, String, Text, and_, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, aliased, mapped_column

from assistant.clock import as_stored
from assistant.errors import NotFound, StoreError
from assistant.storage.database import Base, Database
from assistant.types import Verdict
from assistant.understanding.privacy import mask

logger = logging.getLogger(__name__)

UNMET = (Verdict.ABSTAINED, Verdict.CLARIFY, Verdict.PARTIAL)
"""Verdicts that leave a question open, wholly or in part; what is met with choices alone is open too."""

_INSERTS: Mapping[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""Inserting with ON CONFLICT is the same in both dialects, and in no other."""

_SWEEP_EVERY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message. ``answer`` is the wire form of an assistant's answer; ``helpful`` is the reader's judgement of it."""

    message_id: str
    role: str
    content: str
    created: str
    answer: Mapping[str, Any] | None = None
    helpful: bool | None = None


@dataclass(frozen=True, slots=True)
class UnmetQuestion:
    """A question whose answer left it open or was judged unhelpful, with the judgement's reason."""

    question: str
    verdict: str
    helpful: bool | None
    reason: str
    asked: str


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

    def title(self, conversation_id: str) -> str:
        """The name that its reader gave a conversation; "" for one without a name and for an unknown one."""
        ...

    def rename(self, conversation_id: str, title: str) -> bool:
        """Give a conversation a name, in place of an earlier one; whether there is such a conversation."""
        ...

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation with all its messages; whether there was one."""
        ...

    def unmet_questions(self, since: str, most: int) -> list[UnmetQuestion]:
        """Questions that were not well answered since a time (UTC, ISO 8601), the latest first: abstained from, met with choices or
        answered in part and not judged helpful, or judged unhelpful.
        """
        ...


class _Conversation(Base):
    __tablename__ = "conversations"

    conversation_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    created: Mapped[str] = mapped_column(String(32))
    title: Mapped[str | None] = mapped_column(Text, default=None)


class _Message(Base):
    __tablename__ = "messages"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(128), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.conversation_id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(32), index=True)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    helpful: Mapped[bool | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[str | None] = mapped_column(String(16), default=None)
    reply_to: Mapped[str | None] = mapped_column(String(128), default=None)


class SqlConversationStore:
    """Conversations in a SQL database; messages older than the retention are removed at the start and once a day."""

    def __init__(self, database: Database | str, retention_days: int = 0, clock: Callable[[], dt.datetime] | None = None) -> None:
        """Use a database, or connect to one by its address; remove what is too old, where it may be written.

        Args:
            database: an open database, or an address as SQLAlchemy writes it.
            retention_days: how long messages are kept; 0 keeps them for ever.
            clock: the time, with its zone.

        Raises:
            StoreError: the database cannot be reached or written.
        """
        self._database = Database(database) if isinstance(database, str) else database
        self._insert = _INSERTS[self._database.engine.dialect.name]
        self._retention = dt.timedelta(days=retention_days)
        self._clock = clock or _utc_now
        self._swept: dt.datetime | None = None
        self._sweeping = threading.Lock()
        self._remove_old_once_a_day()

    @property
    def engine(self) -> Engine:
        """The connection pool."""
        return self._database.engine

    def add_turn(self, conversation_id: str, question: StoredMessage, answer: StoredMessage) -> None:
        """Keep a question and its answer in one transaction."""
        with self._database.session() as session:
            # One statement: two first turns of one conversation may come at the same time. An update of the row that is there holds it
            # until the end of the transaction, so that turns do not mix.
            new = self._insert(_Conversation).values(conversation_id=conversation_id, created=question.created)
            session.execute(new.on_conflict_do_update(index_elements=["conversation_id"], set_={"conversation_id": conversation_id}))
            for message in (question, answer):
                session.add(
                    _Message(
                        message_id=message.message_id,
                        conversation_id=conversation_id,
                        role=message.role,
                        content=message.content,
                        created=message.created,
                        answer=None if message.answer is None else json.dumps(message.answer, ensure_ascii=False),
                        verdict=None if message.answer is None else message.answer.get("verdict"),
                        reply_to=question.message_id if message is answer else None,
                    )
                )
        self._remove_old_once_a_day()

    def messages(self, conversation_id: str) -> list[StoredMessage]:
        """Messages of a conversation, oldest first."""
        with self._database.session() as session:
            rows = session.scalars(select(_Message).where(_Message.conversation_id == conversation_id).order_by(_Message.number))
            return [
                StoredMessage(r.message_id, r.role, r.content, r.created, json.loads(r.answer) if r.answer else None, r.helpful)
                for r in rows
            ]

    def give_feedback(self, message_id: str, helpful: bool, reason: str) -> None:
        """Keep a judgement of an answer."""
        with self._database.session() as session:
            row = session.scalar(select(_Message).where(_Message.message_id == message_id, _Message.role == "assistant"))
            if row is None:
                raise NotFound(f"没有编号为 {message_id} 的回答，可能对话已经删除")
            row.helpful, row.reason = helpful, reason

    def title(self, conversation_id: str) -> str:
        """The name of a conversation, if it has one."""
        with self._database.session() as session:
            row = session.get(_Conversation, conversation_id)
            return (row.title or "") if row is not None else ""

    def rename(self, conversation_id: str, title: str) -> bool:
        """Give a conversation a name."""
        with self._database.session() as session:
            row = session.get(_Conversation, conversation_id)
            if row is not None:
                row.title = title
            return row is not None

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation with all its messages."""
        with self._database.session() as session:
            session.execute(delete(_Message).where(_Message.conversation_id == conversation_id))
            gone = session.execute(delete(_Conversation).where(_Conversation.conversation_id == conversation_id))
            return bool(getattr(gone, "rowcount", 0))

    def unmet_questions(self, since: str, most: int) -> list[UnmetQuestion]:
        """Questions that were not well answered, the latest first."""
        answer, question = aliased(_Message), aliased(_Message)
        open_ones = and_(answer.verdict.in_([v.value for v in UNMET]), answer.helpful.is_not(True))
        unmet = or_(open_ones, answer.helpful.is_(False))
        wanted = (
            select(question.content, answer.verdict, answer.helpful, answer.reason, question.created)
            .join(question, question.message_id == answer.reply_to)
            .where(and_(answer.role == "assistant", answer.created >= since, unmet))
            .order_by(answer.number.desc())
            .limit(most)
        )
        with self._database.session() as session:
            return [UnmetQuestion(text, verdict or "", liked, why, asked) for text, verdict, liked, why, asked in session.execute(wanted)]

    def remove_old(self) -> int:
        """Remove messages older than the retention, and conversations left without any; how many messages went."""
        moment = self._clock()
        self._swept = moment
        if not self._retention:
            return 0
        oldest = as_stored(moment - self._retention)
        with self._database.session() as session:
            gone = session.execute(delete(_Message).where(_Message.created < oldest))
            kept = exists().where(_Message.conversation_id == _Conversation.conversation_id)
            session.execute(delete(_Conversation).where(_Conversation.created < oldest, ~kept))
        removed = int(getattr(gone, "rowcount", 0))
        if removed:
            logger.info("removed %d messages older than %d days", removed, self._retention.days)
        return removed

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _remove_old_once_a_day(self) -> None:
        if not self._retention or (self._swept is not None and self._clock() - self._swept < _SWEEP_EVERY):
            return
        if self._sweeping.acquire(blocking=False):
            try:
                self.remove_old()
            except StoreError as exc:  # the turn is kept; the next day tries again
                logger.warning("old messages not removed: %s", exc)
            finally:
                self._sweeping.release()


class MaskedConversations:
    """A store that is given nothing but masked text; it is what the service writes to.

    Quotes and excerpts stay as the knowledge base has them: their offsets must fit, and they are public.
    """

    def __init__(self, store: ConversationStore, public: Callable[[], str] = str) -> None:
        """Mask before ``store``; numbers and addresses of the text that ``public`` gives are known to everyone and stay."""
        self._store = store
        self._public = public

    def add_turn(self, conversation_id: str, question: StoredMessage, answer: StoredMessage) -> None:
        """Keep a question and its answer, masked."""
        public = f"{self._public()}\n{_quoted(answer.answer)}" if answer.answer else self._public()
        masked = None if answer.answer is None else _masked(answer.answer, public)
        self._store.add_turn(
            conversation_id,
            replace(question, content=mask(question.content, self._public())),
            replace(answer, content=mask(answer.content, public), answer=masked),
        )

    def messages(self, conversation_id: str) -> list[StoredMessage]:
        """Messages of a conversation, oldest first."""
        return self._store.messages(conversation_id)

    def give_feedback(self, message_id: str, helpful: bool, reason: str) -> None:
        """Keep a judgement of an answer, its reason masked."""
        self._store.give_feedback(message_id, helpful, mask(reason, self._public()))

    def title(self, conversation_id: str) -> str:
        """The name of a conversation, if it has one."""
        return self._store.title(conversation_id)

    def rename(self, conversation_id: str, title: str) -> bool:
        """Give a conversation a name, masked."""
        return self._store.rename(conversation_id, mask(title, self._public()))

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation with all its messages."""
        return self._store.erase(conversation_id)

    def unmet_questions(self, since: str, most: int) -> list[UnmetQuestion]:
        """Questions that were not well answered; what an earlier version stored unmasked is masked here."""
        return [
            replace(u, question=mask(u.question, self._public()), reason=mask(u.reason, self._public()))
            for u in self._store.unmet_questions(since, most)
        ]


def _masked(value: Any, public: str) -> Any:
    """An answer on the wire, masked except for ids and for what the knowledge base says word for word."""
    match value:
        case str():
            return mask(value, public)
        case Mapping():
            return {k: v if k in ("quote", "excerpt") or k.endswith(("_id", "_ids")) else _masked(v, public) for k, v in value.items()}
        case list() | tuple():
            return [_masked(v, public) for v in value]
        case _:
            return value


def _quoted(answer: Mapping[str, Any]) -> str:
    """Words of the knowledge base that an answer carries."""
    quotes = [str(c.get("quote", "")) for c in answer.get("citations", ())]
    places = [f"{r.get('number', '')} {r.get('purpose', '')}" for r in answer.get("referrals", ())]
    return "\n".join((*quotes, *(str(n.get("excerpt", "")) for n in answer.get("nearest", ())), *places))


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
