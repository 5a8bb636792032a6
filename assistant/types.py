"""The language of an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge_base.editorial.learning_paths import LearningPath
from knowledge_base.types import Document, Kind, Passage, Status
from knowledge_base.validity import HOME_REGION


class Verdict(StrEnum):
    """How a question was met. ``answered`` and ``partial`` have citations."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    ABSTAINED = "abstained"
    REFERRED = "referred"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; ``role`` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, on what it hangs, and for which date, region and kinds. ``as_of`` None means today in Beijing."""

    text: str
    history: tuple[Turn, ...] = ()
    conversation_id: str = ""
    as_of: dt.date | None = None
    region: str = HOME_REGION
    kinds: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: ``passage.text[start:end] == quote``. ``status`` is the document's on the asked date."""

    marker: int
    passage: Passage
    document: Document
    status: Status
    start: int
    end: int
    source_ids: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        """The quoted words."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage that lay near a question without answering it."""

    passage: Passage
    document: Document
    status: Status


@dataclass(frozen=True, slots=True)
class Referral:
    """A real place to ask. ``words`` of a question that name it lead there before any rule does."""

    referral_id: str
    name: str
    number: str
    purpose: str
    topics: tuple[str, ...]
    region: str
    checked: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardField:
    """One field of a card: whole statements, verbatim, under marker 0; none where no source states it.

    ``particulars`` is what the document's front matter says, where the field is one of those (a date).
    """

    key: str
    label: str
    quotes: tuple[Citation, ...] = ()
    particulars: str = ""

    @property
    def stated(self) -> bool:
        """Whether a source states the field."""
        return bool(self.quotes or self.particulars)


@dataclass(frozen=True, slots=True)
class Checklist:
    """What to know before applying for what a document grants: every field, stated or not."""

    title: str
    document: Document
    status: Status
    fields: tuple[CardField, ...]


@dataclass(frozen=True, slots=True)
class PathStep:
    """A document of a learning path. ``reason`` is the editors'; ``quote`` is what the document says on it."""

    document: Document
    reason: str
    time: CardField
    quote: Citation | None = None


@dataclass(frozen=True, slots=True)
class PathCard:
    """A learning path that fits a question, and others of the same occupation or goal."""

    path: LearningPath
    steps: tuple[PathStep, ...]
    others: tuple[LearningPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Studio:
    """A case that fits a question: the words it was chosen for, and what it says of itself."""

    document: Document
    matched: tuple[str, ...]
    fields: tuple[CardField, ...]


@dataclass(frozen=True, slots=True)
class Studios:
    """Cases by sector, technology and region; ``total`` counts all that fit."""

    sector: str
    technology: str
    region: str
    total: int
    studios: tuple[Studio, ...]


class Basis(StrEnum):
    """What tells the sides of a comparison apart."""

    TIME = "time"
    PLACE = "place"
    THINGS = "things"


@dataclass(frozen=True, slots=True)
class ComparisonCard:
    """Two documents or things side by side; each row holds one point, a side's field empty where it says nothing on it."""

    title: str
    basis: Basis
    left: Document
    left_status: Status
    right: Document
    right_status: Status
    rows: tuple[tuple[CardField, CardField], ...]


Card = Checklist | PathCard | Studios | ComparisonCard


@dataclass(frozen=True, slots=True)
class Trace:
    """How a question was understood: what was searched for, by which day's rules, and notes on it in Chinese."""

    question: str = ""
    as_of: str = ""
    period: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Markers such as ``[1]`` stand in ``text`` after the statement they carry; every marker resolves."""

    message_id: str
    conversation_id: str
    verdict: Verdict
    text: str
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    caveats: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    followups: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    trace: Trace = Trace()
    label: str = ""
    ai_generated: bool = False
    model_id: str = ""
    generation: str = ""
    dropped: int = 0
    """Statements that failed the check and were left out."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
