"""The language of the knowledge base: sources, documents, passages and what retrieval gives back.

Offsets count Unicode code points and ranges are half-open, so that ``document.text[start:end]`` is the piece meant.
Dates are ISO 8601 strings of day, month or year precision ("2025-11-28", "2025-11", "2025"); "" means not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What sort of document it is."""

    POLICY = "policy"
    TRAINING = "training"
    CASE = "case"
    GUIDE = "guide"
    """One need or situation in a reader's life, the direct answer first."""


class Status(StrEnum):
    """Standing of a policy on a date and in a region, in the words shown to readers."""

    IN_FORCE = "现行"
    NOT_YET = "未生效"
    EXPIRED = "已失效"
    DRAFT = "征求意见稿"
    REPORTED = "未见原文"
    ELSEWHERE = "外省"
    NOT_STATED = "未注明"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from. ``confidence`` A: the text itself was read; B: press, reprint or excerpt."""

    source_id: str
    statement: str
    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    confidence: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    """Further stated fields that figures may come from: instrument, doc_no, issued, effective, expires, region, clause."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a document's text and the sources it was written from."""

    start: int
    end: int
    source_ids: tuple[str, ...]


VOICES = ("故事", "四川话", "短句", "书面", "平常")
"""Voices a way of asking is written in: a story, Sichuan dialect, a terse line with slips, official words, plain."""

MISSPELT_VOICE = "短句"
"""The voice typed in haste, with homophones and pinyin: it teaches what people ask, never how a word is written."""

SLOT_NAMES = (
    *("地区", "日期", "工龄", "年龄", "出生年月", "参保", "合同", "第几个孩子"),
    *("孕产情况", "岗位", "证书", "等级", "单位性质", "设备", "角色", "金额"),
)
"""What may change a guide's answer."""

DANGERS = ("violence", "harassment", "fraud", "despair", "labour")
"""Why a guide may be urgent."""


@dataclass(frozen=True, slots=True)
class WaysOfAsking:
    """Questions (问法) that the section starting at ``start`` answers. Indexed, never shown, never quotable.

    ``voice`` is one of :data:`VOICES` or "" where not stated; ``writer`` is the short code of who wrote them, or "".
    """

    start: int
    questions: tuple[str, ...]
    voice: str = ""
    writer: str = ""

    @property
    def is_spelt_well(self) -> bool:
        """Whether words may be learnt from it. A writer who states no voice wrote in every voice, slips included."""
        return self.voice != MISSPELT_VOICE if self.voice else not self.writer


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question (不是) that sounds like the section starting at ``start`` but needs another answer. Never indexed, never shown.

    ``belongs`` is the slug of the document that answers it, "" when none does.
    """

    start: int
    text: str
    belongs: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class SlotVariant:
    """What holds for one value of a slot: an item of a guide that begins with 【地区：四川省】.

    ``name`` is one of :data:`SLOT_NAMES`; ``text`` is the item without its mark and its slot.
    """

    name: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One loaded document. ``slug`` names it for people and links; ``doc_id`` also tells its content."""

    doc_id: str
    slug: str
    kind: Kind
    title: str
    text: str
    issuer: str = ""
    doc_no: str = ""
    issued: str = ""
    effective: str = ""
    expires: str = ""
    status: str = ""
    region: str = ""
    topic: str = ""
    level: str = ""
    short_titles: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    case: Mapping[str, str] = field(default_factory=dict)
    """Fields of a case: org, lead, sector, technology, problem, result, account (whose figures), place, as_of."""
    statements: tuple[Statement, ...] = ()
    asks: tuple[WaysOfAsking, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    urgent: str = ""
    """Of a guide: one of :data:`DANGERS`, or "" where nobody is in danger."""
    depends_on: tuple[str, ...] = ()
    """Of a guide: the slots, of :data:`SLOT_NAMES`, that change the answer."""
    form: str = ""
    """Of a training document: "lesson" (a lesson in steps), "course" (a course plan), or "" (reading matter)."""
    minutes: str = ""
    """Of a lesson or a course plan: how long it takes."""
    next: tuple[str, ...] = ()
    """Of a lesson: slugs of the lessons to go on with."""
    lessons: tuple[str, ...] = ()
    """Of a course plan: slugs of the lessons it is taught from."""


def passage_id_of(doc_id: str, ordinal: int) -> str:
    """Id of the passage that stands at a place, from 1, in a document."""
    return f"{doc_id}.{ordinal}"


def doc_id_of(passage_id: str) -> str:
    """Id of the document that a passage belongs to."""
    return passage_id.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable piece of a document: ``document.text[start:end] == text``.

    ``heading_path`` leads from the chapter down to the section; ``clause`` is the 条 as the document writes it ("第七条") or "".
    ``statements`` are relative to the passage's own text.
    """

    passage_id: str
    doc_id: str
    text: str
    start: int
    end: int
    ordinal: int
    heading_path: tuple[str, ...] = ()
    clause: str = ""
    questions: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of every source that the passage was written from, in order of first use."""
        return tuple(dict.fromkeys(i for s in self.statements for i in s.source_ids))

    def sources_of(self, start: int, end: int) -> tuple[str, ...]:
        """Ids of the sources of the statements that [start:end) of the passage's text touches."""
        return tuple(dict.fromkeys(i for s in self.statements if s.start < end and start < s.end for i in s.source_ids))


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that retrieval found. ``score`` is higher for better; ``rank`` counts from 1."""

    passage: Passage
    score: float
    rank: int
