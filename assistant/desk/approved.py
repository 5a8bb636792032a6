"""Answers that a person approved: kept, checked like any other answer, and given before anything is searched.

The port :class:`ApprovedStore` keeps them, :class:`ApprovedDesk` checks and finds them. An approved answer is used for the questions it
was written for, as of today, in the region it was written for, until the day it expires, and while every one of its lines still
stands in the passages it cites.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from assistant.checking.statements import check_statement, markers_in, split_sentences
from assistant.composing.extract import basis_line, renumber, standing_prefix
from assistant.errors import ApprovalRefused, NotFound, StoreError
from assistant.storage.conversations import now
from assistant.storage.database import Base, Database, translated
from assistant.texts.wording import phrase
from assistant.types import Answer, Citation, Question, Verdict
from assistant.understanding.privacy import mask
from assistant.understanding.question_key import question_key
from assistant.understanding.safety import route
from knowledge_base.index.generations import Generation
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.normalise import tokens
from knowledge_base.text.numerals import figures
from knowledge_base.types import Passage
from knowledge_base.validity import HOME_REGION, status_of, today

logger = logging.getLogger(__name__)

MOST_PASSAGES = 6
"""Passages that one approved answer cites at most."""

_BEIJING = ZoneInfo("Asia/Shanghai")
_NEAR_BEST = 0.5  # of the best sentence's overlap: what is quoted beside it


class State(StrEnum):
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
class Draft:
    """What a person hands in to be approved."""

    questions: tuple[str, ...]
    text: str
    author: str
    expires: dt.date
    passage_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()


class ApprovedAnswers(Protocol):
    """Gives the approved answer to a question, if there is one that holds."""

    def find(self, question: Question, generation: Generation) -> Answer | None:
        """The approved answer with its citations in this generation, or None. Never raises for a store that is down."""
        ...


class NoApprovedAnswers:
    """Knows none."""

    def find(self, question: Question, generation: Generation) -> Answer | None:
        """None."""
        return None


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


class ApprovedDesk:
    """Checks what is handed in and finds what fits a question. Without a store it holds nothing and takes nothing."""

    def __init__(self, lexicon: Lexicon, region: str = HOME_REGION, day: Callable[[], dt.date] = today) -> None:
        """A desk for answers that hold in a region; ``day`` is the date in Beijing."""
        self._lexicon = lexicon
        self._region = region
        self._day = day
        self._store: ApprovedStore | None = None
        self._known: tuple[str, dict[str, list[Approved]]] = ("", {})
        self._passages: dict[tuple[str, str], tuple[Passage, ...] | None] = {}

    def use(self, store: ApprovedStore) -> None:
        """Keep approved answers in a store from now on."""
        self._store = store
        self._known = ("", {})

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Tell questions apart by another lexicon from now on."""
        self._lexicon = lexicon
        self._known = ("", {})

    def find(self, question: Question, generation: Generation) -> Answer | None:
        """The approved answer to a question that is asked as of today, for this region and of all kinds of documents."""
        elsewhere = question.region != self._region or question.kinds or question.as_of not in (None, self._day())
        if elsewhere:
            return None
        try:
            approved = self.covering(question.text)
        except StoreError as exc:  # she gets the answer of the knowledge base
            logger.warning("approved answers left out: %s", exc)
            return None
        if approved is None:
            return None
        citations = self.citations_of(approved, generation)
        if citations is None:
            logger.warning("approved answer %s no longer stands in what it cites", approved.approved_id)
            return None
        return _present(approved, citations)

    def covering(self, question: str) -> Approved | None:
        """The newest approved answer to a question that has not expired, whether or not it still stands.

        Raises:
            StoreError: the store cannot be read.
        """
        held = self._by_key().get(question_key(question, self._lexicon), ())
        return next((a for a in reversed(held) if a.expires >= self._day()), None)

    def approve(self, draft: Draft, generation: Generation) -> Approved:
        """Check an answer and keep it, with those of its passages that a line leans on.

        Raises:
            ApprovalRefused: it does not pass; the message holds every reason.
            StoreError: the store cannot be written.
        """
        store = self._opened()
        approved = self._checked(f"a-{uuid.uuid4().hex[:16]}", draft, generation)
        store.add(approved)
        return approved

    def change(self, approved_id: str, draft: Draft, generation: Generation) -> Approved:
        """Check an answer and put it in the place of an approved one.

        Raises:
            NotFound: there is none of this id.
            ApprovalRefused: it does not pass; the former one stays.
        """
        self.get(approved_id)
        approved = self._checked(approved_id, draft, generation)
        if not self._opened().replace(approved):
            raise _no_such(approved_id)
        return approved

    def expire(self, approved_id: str) -> Approved:
        """End an answer yesterday: it is given no more, and stays in the list.

        Raises:
            NotFound: there is none of this id.
        """
        ended = replace(self.get(approved_id), expires=self._day() - dt.timedelta(days=1), created=now())
        if not self._opened().replace(ended):
            raise _no_such(approved_id)
        return ended

    def get(self, approved_id: str) -> Approved:
        """The approved answer of an id.

        Raises:
            NotFound: there is none.
        """
        for approved in self._opened().all():
            if approved.approved_id == approved_id:
                return approved
        raise _no_such(approved_id)

    def _checked(self, approved_id: str, draft: Draft, generation: Generation) -> Approved:
        """What a draft becomes, with those of its passages that a line leans on.

        Raises:
            ApprovalRefused: it does not pass; the message holds every reason.
        """
        passages, reasons = _resolve(draft, generation)
        citations = tuple(_cite(draft.text, m, p, generation, self._day(), self._region) for m, p in enumerate(passages, 1))
        text = with_markers(draft.text, citations)
        reasons += self._faults(draft, approved_id)
        if passages:
            reasons += faults_of(text, citations)
            if not markers_in(text):
                reasons.append("回答里没有一句话引出处")
        if reasons:
            raise ApprovalRefused("；".join(dict.fromkeys(reasons)))
        mapping, cited = renumber(citations, [c.marker for c in citations if c.marker in markers_in(text)])
        text = re.sub(r"\[(\d+)\]", lambda m: f"[{mapping[int(m.group(1))]}]", text)
        references = tuple(Reference(c.passage.passage_id, c.passage.source_ids) for c in cited)
        return Approved(approved_id, draft.questions, text, references, draft.author, now(), draft.expires)

    def all(self) -> list[Approved]:
        """Every approved answer, the oldest first."""
        return self._opened().all()

    def remove(self, approved_id: str) -> None:
        """Take an answer back; it is not given from then on.

        Raises:
            NotFound: there is none of this id.
        """
        if not self._opened().remove(approved_id):
            raise _no_such(approved_id)

    def state_of(self, approved: Approved, generation: Generation) -> State:
        """Whether an answer is given today."""
        if approved.expires < self._day():
            return State.EXPIRED
        return State.STALE if self.citations_of(approved, generation) is None else State.ACTIVE

    def citations_of(self, approved: Approved, generation: Generation) -> tuple[Citation, ...] | None:
        """Its citations in a generation; None when a passage is gone or a line does not stand any more."""
        passages = self._passages_of(approved, generation)
        if passages is None:
            return None
        day = self._day()
        citations = tuple(_cite(approved.text, m, p, generation, day, self._region) for m, p in enumerate(passages, 1))
        return None if faults_of(approved.text, citations) else citations

    def _passages_of(self, approved: Approved, generation: Generation) -> tuple[Passage, ...] | None:
        name = generation.manifest.generation
        key = (name, f"{approved.approved_id}/{approved.created}")
        if key not in self._passages:
            self._passages = {k: v for k, v in self._passages.items() if k[0] == name}
            found = [_find_again(reference, generation) for reference in approved.references]
            self._passages[key] = tuple(p for p in found if p is not None) if all(found) else None
        return self._passages[key]

    def _by_key(self) -> dict[str, list[Approved]]:
        if self._store is None:
            return {}
        stamp = self._store.stamp()  # another process may have added or removed one
        if stamp != self._known[0]:
            by_key: dict[str, list[Approved]] = {}
            for approved in self._store.all():
                for question in approved.questions:
                    by_key.setdefault(question_key(question, self._lexicon), []).append(approved)
            self._known = (stamp, by_key)
        return self._known[1]

    def _faults(self, draft: Draft, approved_id: str) -> list[str]:
        """What speaks against a draft under an id, whatever its passages hold."""
        reasons = []
        if draft.expires < self._day():
            reasons.append(f"有效期 {draft.expires} 已经过去")
        for question in draft.questions:
            if len(question_key(question, self._lexicon)) < 2:
                reasons.append(f"问法“{question}”太短，会认错")
            elif route(question, self._lexicon):
                reasons.append(f"问法“{question}”由固定用语先回答，用不到这一条")
            elif (held := self.covering(question)) and held.approved_id != approved_id:
                reasons.append(f"问法“{question}”已经有审核回答 {held.approved_id}，请先删除")
            if mask(question) != question:
                reasons.append("问法里有个人信息，请去掉")
        return reasons

    def _opened(self) -> ApprovedStore:
        if self._store is None:
            raise StoreError("审核回答的数据库还没有打开。请检查 ASSISTANT_DATABASE_URL")
        return self._store


def _no_such(approved_id: str) -> NotFound:
    return NotFound(f"没有编号为 {approved_id} 的审核回答，可能已经删除")


def with_markers(text: str, citations: Sequence[Citation]) -> str:
    """The text with a marker on every line that has none: the passage nearest to the line that carries it, else all of them.

    A line that only leads to the next ones (办理步骤：) stays as it is.
    """
    lines = []
    for line in text.split("\n"):
        said = line.rstrip()
        if said and not markers_in(said) and not (said.endswith(("：", ":")) and not figures(said)):
            by_nearness = sorted(citations, key=lambda c: (-_overlap(said, c.passage.text), c.marker))
            carriers = [c for c in by_nearness if not check_statement(f"{said}[{c.marker}]", citations)][:1] or citations
            said += "".join(f"[{c.marker}]" for c in carriers)
        lines.append(said)
    return "\n".join(lines).strip()


def faults_of(text: str, citations: Sequence[Citation]) -> list[str]:
    """Why lines of an approved answer do not stand in what they cite; empty when all do."""
    reasons = []
    for line in text.split("\n"):
        if markers_in(line):
            reasons += [f"“{line}”：{fault.reason}" for fault in check_statement(line, citations)]
        elif figures(line):
            reasons.append(f"“{line}”：没有引文")
    if mask(text, "\n".join(c.passage.text for c in citations)) != text:
        reasons.append("回答里有个人信息，所引段落里没有，请去掉")
    return reasons


def _present(approved: Approved, citations: tuple[Citation, ...]) -> Answer:
    cited = {c.marker: c for c in citations}
    lines = []
    for line in approved.text.split("\n"):
        prefixes = {standing_prefix(cited[m]) for m in markers_in(line)}
        lines.append(f"{prefixes.pop()}{line}" if len(prefixes) == 1 else line)
    lines += ["", phrase("basis"), "", *(f"{basis_line(c)}  " for c in citations), "", phrase("verify")]
    made = dt.datetime.fromisoformat(approved.created).astimezone(_BEIJING).date()
    caveat = phrase("approved_until", made=made.isoformat(), expires=approved.expires.isoformat())
    return Answer("", "", Verdict.ANSWERED, "\n".join(lines), citations, caveats=(caveat,), label=phrase("label_approved"))


def _resolve(draft: Draft, generation: Generation) -> tuple[list[Passage], list[str]]:
    """The passages that a draft names, by id or by source, and what is wrong with its naming."""
    reasons: list[str] = []
    passages: dict[str, Passage] = {}
    for passage_id in draft.passage_ids:
        try:
            passages[passage_id] = generation.catalogue.passage(passage_id)
        except KeyError:
            reasons.append(f"没有编号为 {passage_id} 的段落")
    if draft.source_ids:
        wanted = set(draft.source_ids)
        holding = [p for p in generation.catalogue.passages() if wanted.intersection(p.source_ids)]
        missing = wanted.difference(*(p.source_ids for p in holding))
        reasons += [f"没有段落出自来源 {source_id}" for source_id in sorted(missing)]
        passages |= {p.passage_id: p for p in holding}
    if not passages and not reasons:
        reasons.append("没有写出处：请给 passage_ids 或 source_ids")
    if len(passages) > MOST_PASSAGES:
        reasons.append(f"出处有 {len(passages)} 段，最多 {MOST_PASSAGES} 段，请用 passage_ids 指明")
    return list(passages.values()), reasons


def _find_again(reference: Reference, generation: Generation) -> Passage | None:
    """The passage of a reference: by its id, else the first one with all of its sources."""
    try:
        return generation.catalogue.passage(reference.passage_id)
    except KeyError:
        wanted = set(reference.source_ids)
        return next((p for p in generation.catalogue.passages() if wanted and wanted <= set(p.source_ids)), None)


def _cite(text: str, marker: int, passage: Passage, generation: Generation, day: dt.date, region: str) -> Citation:
    """A citation of the sentences of a passage that the lines naming it lean on; of all of it when none stands out."""
    document = generation.catalogue.document(passage.doc_id)
    lines = "\n".join(line for line in text.split("\n") if marker in markers_in(line)) or text
    spans = [(s.start, s.end) for s in passage.statements] or split_sentences(passage.text)
    nearness = [_overlap(passage.text[start:end], lines) for start, end in spans]
    best = max(nearness, default=0.0)
    leaned_on = [span for span, near in zip(spans, nearness, strict=True) if near and near >= _NEAR_BEST * best]
    start, end = (leaned_on[0][0], leaned_on[-1][1]) if leaned_on else (0, len(passage.text))
    return Citation(marker, passage, document, status_of(document, day, region), start, end, passage.sources_of(start, end))


def _overlap(one: str, other: str) -> float:
    """Share of the character pairs and figures of one text that stand in another, 0 to 1."""
    mine = {t for t in tokens(one) if len(t) > 1}
    return len(mine & set(tokens(other))) / len(mine) if mine else 0.0
