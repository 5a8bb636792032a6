"""Wire types of the HTTP interface. Pydantic only, so that a client can import them cheaply."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_QUESTION_CHARACTERS = 2000
"""Longest question that is accepted; the median question has 13 characters."""

MAX_TITLE_CHARACTERS = 60
"""Longest name of a conversation: one line of the list on a desktop, two on a phone."""

Verdict = Literal["answered", "partial", "clarify", "abstained", "referred", "refused"]
KindName = Literal["policy", "training", "case", "guide"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,128}$")]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class HistoryTurn(_Wire):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class AskRequest(_Wire):
    """A question, with what it may hang on."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"question": "四川现在产假一共多少天？"}, {"question": "那四级喃", "conversation_id": "c-7f3a"}]},
    )

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    conversation_id: Identifier | None = None
    history: list[HistoryTurn] | None = Field(default=None, max_length=50)
    as_of: date | None = Field(default=None, description="按哪一天的规定回答；不写就是今天（北京时间）")
    region: str | None = Field(default=None, max_length=40, description="省级地区全称；不写就是四川省")
    kinds: list[KindName] | None = None


class CitedDocument(_Wire):
    """What every quote says of its document. ``status`` is the document's on the asked date."""

    doc_id: str
    title: str
    kind: KindName = "policy"
    issuer: str = ""
    doc_no: str = ""
    effective: str = ""
    expires: str = ""
    status: str = ""
    region: str = ""


class DocumentHead(CitedDocument):
    """What every view of a document says of it."""

    issued: str = ""


class QuoteOut(CitedDocument):
    """Words of a passage with their document. ``start`` and ``end`` count code points of the passage's text, half-open."""

    passage_id: str
    clause: str = ""
    heading: str = ""
    quote: str
    start: int
    end: int
    source_ids: list[str] = []


class CitationOut(QuoteOut):
    """A quoted source of an answer, under the marker in the answer's text."""

    marker: str


class PassageSummary(_Wire):
    """A passage named in a list: enough to recognise and open it."""

    passage_id: str
    doc_id: str
    title: str
    clause: str = ""
    heading: str = ""
    kind: KindName = "policy"
    status: str = ""
    region: str = ""
    excerpt: str = ""


class ReferralOut(_Wire):
    """A real place to ask."""

    name: str
    number: str = ""
    purpose: str = ""
    checked: str = ""


class CardField(_Wire):
    """One field of a card. ``value`` is its quotes, one a line; where no source states the field, words that say so."""

    key: str
    label: str
    value: str
    status: Literal["stated", "not_stated"]
    quotes: list[QuoteOut] = []


class CardDocument(DocumentHead):
    """The document that a card or one side of it is about."""


class ChecklistCard(_Wire):
    """What to know before applying for a subsidy or a certificate. Every field is there, stated or not."""

    kind: Literal["checklist"] = "checklist"
    title: str
    document: CardDocument
    rows: list[CardField]


class PathCardStep(_Wire):
    """One document of a learning path: why it comes here, and what it says on that."""

    number: int
    doc_id: str
    title: str
    kind: KindName = "training"
    level: str = ""
    reason: str
    time: CardField
    quote: QuoteOut | None = None


class PathChoice(_Wire):
    """Another path that can be chosen."""

    occupation: str
    goal: str
    level: str


class PathCard(_Wire):
    """What someone of an occupation reads, in order, to reach a goal. ``reason`` is the editors' word; ``quote`` is the document's."""

    kind: Literal["path"] = "path"
    title: str
    occupation: str
    goal: str
    level: str
    steps: list[PathCardStep]
    others: list[PathChoice] = []


class StudioRow(_Wire):
    """A studio or a person like the one asked for. ``as_of`` is the date of its figures; ``fields`` are quotes."""

    doc_id: str
    title: str
    org: str = ""
    lead: str = ""
    sector: str = ""
    region: str = ""
    as_of: str = ""
    matched: list[str] = Field(default=[], description="因为哪些词选上的：行业、技术、地区")
    fields: list[CardField]


class StudiosCard(_Wire):
    """Studios that fit a sector, a technology and a region. ``total`` counts all that fit; ``note`` says how figures are to be read."""

    kind: Literal["studios"] = "studios"
    title: str
    sector: str = ""
    technology: str = ""
    region: str = ""
    total: int
    note: str = ""
    rows: list[StudioRow]


class ComparisonCardRow(_Wire):
    """One point on both sides."""

    label: str
    left: CardField
    right: CardField


class ComparisonCard(_Wire):
    """Two rules or two things side by side. ``basis``: by time (old and new), by place, or two things."""

    kind: Literal["comparison"] = "comparison"
    title: str
    basis: Literal["time", "place", "things"]
    left: CardDocument
    right: CardDocument
    rows: list[ComparisonCardRow]


CardOut = Annotated[ChecklistCard | PathCard | StudiosCard | ComparisonCard, Field(discriminator="kind")]
"""A card beside an answer: composed from fields of the knowledge base, never generated."""


class TraceOut(_Wire):
    """How a question was understood: what was searched for, by which day's rules, and notes on it in Chinese."""

    question: str = ""
    as_of: str = ""
    period: str = Field(default="", description="问的是哪一段时间的规定，例如 2023年；不问过去就空着")
    notes: list[str] = []


class AnswerOut(_Wire):
    """An answer. Markers such as ``[1]`` follow the statement they carry in ``text``."""

    message_id: str
    conversation_id: str
    verdict: Verdict
    text: str
    citations: list[CitationOut] = []
    nearest: list[PassageSummary] = []
    caveats: list[str] = []
    referrals: list[ReferralOut] = []
    followups: list[str] = []
    cards: list[CardOut] = []
    trace: TraceOut = TraceOut()
    label: str = ""
    ai_generated: bool = False
    model_id: str = ""
    generation: str = ""
    timings_ms: dict[str, float] = {}


class SourceOut(_Wire):
    """Where a statement comes from."""

    source_id: str
    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    confidence: str = ""


class PassageOut(DocumentHead):
    """A passage in full, with the document it belongs to and the sources of its statements."""

    passage_id: str
    text: str
    start: int
    end: int
    clause: str = ""
    heading_path: list[str] = []
    sources: list[SourceOut] = []


class CaseOut(_Wire):
    """What a case states about itself. ``sectors`` are the parts of a sector such as 医护/教育; ``as_of`` is the date of its sources."""

    org: str = ""
    lead: str = ""
    sector: str = ""
    sectors: list[str] = []
    province: str = ""
    as_of: str = ""


class DocumentSummary(DocumentHead):
    """A document in a list. ``case`` is there for cases only."""

    slug: str
    kind: KindName
    topic: str = ""
    level: str = ""
    audience: list[str] = []
    supersedes: list[str] = []
    passages: int = 0
    case: CaseOut | None = None


class DocumentOut(DocumentSummary):
    """A document with its passages in reading order."""

    items: list[PassageOut] = []


class DocumentList(_Wire):
    """A page of documents. ``total`` counts all that fit the filters."""

    total: int
    items: list[DocumentSummary] = []


class ComparisonRow(_Wire):
    """Two passages that belong together; a side is null where its document has nothing like it. ``likeness`` runs from 0 to 100."""

    left: PassageOut | None = None
    right: PassageOut | None = None
    likeness: float = 0.0


class ComparisonOut(_Wire):
    """Two documents side by side, clause by clause."""

    left: DocumentSummary
    right: DocumentSummary
    rows: list[ComparisonRow] = []


class SearchHit(PassageSummary):
    """A passage that a search found. ``rank`` counts from 1, ``score`` is higher for better."""

    issuer: str = ""
    doc_no: str = ""
    effective: str = ""
    expires: str = ""
    text: str = ""
    score: float
    rank: int


class SearchResponse(_Wire):
    """What a search found, best first, and how the query was understood."""

    query: str
    understood_as: str = ""
    items: list[SearchHit] = []


class PathStepOut(_Wire):
    """One document of a learning path and why it comes here. ``doc_id`` is empty while the knowledge base lacks the document.

    ``time`` is the document's own sentence about how long it takes; empty where it states none.
    """

    slug: str
    reason: str
    doc_id: str = ""
    title: str = ""
    kind: KindName = "training"
    status: str = ""
    level: str = ""
    audience: list[str] = []
    time: str = ""


class PathOut(_Wire):
    """What someone of an occupation reads, in order, to reach a goal."""

    occupation: str
    goal: str
    level: str
    steps: list[PathStepOut] = []


class PathList(_Wire):
    """Learning paths that fit what was asked for."""

    total: int
    items: list[PathOut] = []


class FeedbackRequest(_Wire):
    """A reader's judgement of one answer."""

    message_id: Identifier
    helpful: bool
    reason: str = Field(default="", max_length=1000)


class MessageOut(_Wire):
    """One stored message of a conversation; an assistant's message carries its answer."""

    role: Literal["user", "assistant"]
    content: str
    created: str
    answer: AnswerOut | None = None
    helpful: bool | None = None


class ConversationOut(_Wire):
    """A stored conversation, oldest message first. ``title`` is the name that its reader gave it, or ""."""

    conversation_id: str
    title: str = ""
    messages: list[MessageOut] = []


class RenameRequest(_Wire):
    """A name for a stored conversation."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE_CHARACTERS)]


class FeaturesOut(_Wire):
    """What this service can do beyond answering. ``transcription``: speech is written down by a service that was configured."""

    transcription: bool = False


class TranscriptionOut(_Wire):
    """What was said in a recording."""

    text: str


class TechnologyOut(_Wire):
    """A technology and the cases that speak of it."""

    name: str
    doc_ids: list[str]


class TechnologyList(_Wire):
    """Technologies that occur, the most frequent first. ``total`` counts the cases that were looked through."""

    total: int
    items: list[TechnologyOut] = []


class QuizQuestionOut(_Wire):
    """A statement of a document with a figure left out. ``quote`` holds ``options[answer]`` verbatim, and is itself at [start, end) of
    the passage's text; the other options are figures with the same unit from documents beside it.
    """

    prompt: str
    options: list[str]
    answer: int
    passage_id: str
    doc_id: str
    title: str
    clause: str = ""
    quote: str
    start: int
    end: int


class QuizOut(_Wire):
    """A short self-check on the documents of a learning path; empty where they state too few figures."""

    occupation: str
    goal: str
    level: str
    items: list[QuizQuestionOut] = []


class IngestFailure(_Wire):
    """A file that could not be taken in, with the reason."""

    path: str
    reason: str


class IngestReportOut(_Wire):
    """What an ingest did."""

    added: int
    unchanged: int
    removed: int
    failed: int
    passages: int
    seconds: float
    generation: str
    failures: list[IngestFailure] = []


class StatusOut(_Wire):
    """What is being served."""

    generation: str
    documents: int
    passages: int
    embedder: str
    built: str


class UnansweredGroup(_Wire):
    """Similar questions that were not well answered. ``example`` is the way of asking used most, masked."""

    example: str
    wordings: list[str] = []
    count: int
    abstained: int = 0
    partial: int = 0
    disliked: int = 0
    last_asked: str
    reasons: list[str] = Field(default=[], description="读者说没用时写的原因")


class UnansweredList(_Wire):
    """A page of groups, the most asked first. ``total`` counts all groups."""

    total: int
    items: list[UnansweredGroup] = []


class ApprovedRequest(_Wire):
    """An answer handed in for approval: for which questions, from which passages or sources, by whom, until when."""

    questions: list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)]] = Field(
        min_length=1, max_length=20, description="问法；几乎一样的问题才用这个回答"
    )
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)] = Field(
        description="回答；每行可用 [1] 标出处，没有标的自动标上。数字都要在所引段落里"
    )
    passage_ids: list[Identifier] = Field(default=[], max_length=20, description="出处段落的编号，依次是 [1]、[2]……")
    source_ids: list[Identifier] = Field(default=[], max_length=20, description="或者写来源编号，由此找到段落")
    author: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    expires: date = Field(description="最后一天有效，例如 2027-06-30")


class ApprovedOut(_Wire):
    """An approved answer. ``state``: active, expired, or stale when its passages no longer carry it."""

    approved_id: str
    questions: list[str]
    text: str
    citations: list[CitationOut] = []
    author: str
    created: str
    expires: date
    state: Literal["active", "expired", "stale"]


class ApprovedList(_Wire):
    """Every approved answer, the newest first."""

    items: list[ApprovedOut] = []


class DraftPassage(_Wire):
    """A passage as a draft would be split."""

    clause: str = ""
    heading: str = ""
    text: str


class DraftOut(_Wire):
    """A file that was handed in and answers nothing yet: what was recognised in it, and what publishing it would do.

    ``failure`` says why it cannot be read, ``faults`` why it cannot be published as it is, ``replaces`` whose place it would take.
    ``status`` is the one that is written down; ``items`` are its first passages, ``passages`` counts all.
    """

    draft_id: str
    name: str
    author: str = ""
    created: str
    failure: str = ""
    faults: list[str] = []
    replaces: str = ""
    same_title: list[DocumentSummary] = []
    id: str = ""
    kind: KindName = "training"
    title: str = ""
    issuer: str = ""
    doc_no: str = ""
    issued: str = ""
    effective: str = ""
    expires: str = ""
    status: str = ""
    region: str = ""
    topic: str = ""
    level: str = ""
    stated: dict[str, str] = {}
    passages: int = 0
    items: list[DraftPassage] = []


class DraftList(_Wire):
    """Drafts, the newest first."""

    items: list[DraftOut] = []


class DraftCorrection(_Wire):
    """What a person corrects of a draft: fields that are left out stay as they are, an empty one means not stated."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    id: str | None = Field(default=None, description="编号，英文字母、数字、“-”“_”“.”")
    kind: KindName | None = None
    title: str | None = None
    issuer: str | None = None
    doc_no: str | None = None
    issued: str | None = Field(default=None, description="2025-11-28、2025-11 或 2025")
    effective: str | None = None
    expires: str | None = None
    status: str | None = Field(default=None, description="现行、已失效、征求意见稿 或 未见原文")
    region: str | None = Field(default=None, description="从省写起，例如 四川省成都市；全国通用写 全国")
    topic: str | None = None
    level: str | None = Field(default=None, description="入门、进阶 或 骨干")


class PublicationRequest(_Wire):
    """What to publish, and which uploaded documents to take out with it."""

    draft_ids: list[Identifier] | None = Field(default=None, max_length=500, description="草稿编号；不写就是全部读得了的草稿")
    remove: list[Identifier] = Field(default=[], max_length=500, description="要撤下的文档编号")


class PublicationOut(_Wire):
    """How far the running publication is, or how the last one went. ``state`` is "none" when there was none since the start."""

    state: Literal["none", "running", "done", "failed"]
    author: str = ""
    begun: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    generation: str = ""
    documents: int = 0
    passages: int = 0
    failures: list[IngestFailure] = []
    error: str = ""


class GenerationOut(_Wire):
    """A version of the knowledge base that is in use or can be gone back to."""

    generation: str
    built: str
    author: str = ""
    documents: int
    passages: int
    current: bool = False


class GenerationList(_Wire):
    """Versions, the newest first."""

    items: list[GenerationOut] = []


class StaleOut(_Wire):
    """A document to be looked at, and why; ``date`` is the one that says so."""

    document: DocumentSummary
    why: Literal["expired", "ends_soon", "reported", "draft", "old"]
    date: str = ""


class ConflictOut(_Wire):
    """Two documents in force that do not go together; of "superseded" the left one supersedes the right one."""

    left: DocumentSummary
    right: DocumentSummary
    why: Literal["superseded", "same_number", "same_title"]
    clauses: list[str] = []


class UpkeepOut(_Wire):
    """What wants looking after, the most pressing first."""

    stale: list[StaleOut] = []
    conflicts: list[ConflictOut] = []


class ChangeOut(_Wire):
    """Who changed what, and when (UTC)."""

    when: str
    author: str
    action: str
    subject: str
    detail: str = ""


class ChangeList(_Wire):
    """A page of changes, the newest first."""

    total: int
    items: list[ChangeOut] = []


class LexiconLines(_Wire):
    """The house's own words, one a line: 「咋个整 = 怎么办」, 「坐月子 = 产假、生育津贴」, 「直播销售员」."""

    dialect: str = Field(default="", max_length=20_000)
    synonyms: str = Field(default="", max_length=40_000)
    terms: str = Field(default="", max_length=20_000)


class LexiconOut(LexiconLines):
    """The house's own words with what speaks against some of them; ``shipped`` counts the words that come with the program."""

    advice: list[str] = []
    shipped: dict[str, int] = {}


class LexiconTrial(LexiconLines):
    """Words to be tried on a question before they are kept."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)]


class LexiconTrialOut(_Wire):
    """How a question is understood with the words in force and with those on trial."""

    before: str
    after: str
    searched: list[str] = Field(default=[], description="另外一起查的词")
    notes: list[str] = []
    advice: list[str] = []


class ReferralEntry(_Wire):
    """A place to ask as the officer writes it; an ``id`` of a shipped one puts it in that one's place."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str = Field(default="", max_length=60)
    name: str = Field(max_length=60)
    number: str = Field(default="", max_length=60)
    purpose: str = Field(max_length=300)
    topics: list[str] = Field(default=[], max_length=10)
    words: list[str] = Field(default=[], max_length=20, description="问题里有这些词时先给这一处")
    region: str = Field(default="全国", max_length=40)
    checked: str = Field(max_length=10, description="核对的日期，例如 2026-11-22")


class ReferralBook(_Wire):
    """The house's own places to ask, and the shipped ones."""

    own: list[ReferralEntry] = []
    shipped: list[ReferralEntry] = []


class ReferralsRequest(_Wire):
    """All of the house's own places to ask, in the place of the former ones."""

    items: list[ReferralEntry] = Field(max_length=100)


class Problem(_Wire):
    """An error as RFC 9457 ``application/problem+json``. ``detail`` tells a reader what to do, in Chinese."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    instance: str = ""
