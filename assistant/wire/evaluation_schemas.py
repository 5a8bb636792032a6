"""Wire types of the evaluator's routes, which the evals bring along and the page speaks to. Pydantic only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.wire.schemas import AnswerOut

RunStateName = Literal["running", "finished", "stopped", "failed"]
FairName = Literal["agree", "disagree", "unsure"]
DownloadFormat = Literal["rows", "xlsx", "summary", "report", "labels"]
TemplateFormat = Literal["xlsx", "jsonl"]
MAX_NOTE_CHARACTERS = 2000


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class EstimateOut(_Wire):
    """A value over ``n`` units with its 95 % interval; None where there is nothing to measure."""

    value: float | None = None
    n: int = 0
    low: float | None = None
    high: float | None = None


class RunSummary(_Wire):
    """A run in a list. ``done`` of ``total`` questions are asked; ``right`` is there once it is finished."""

    name: str
    title: str
    state: RunStateName
    created: str = ""
    done: int = 0
    total: int = 0
    right: EstimateOut | None = None
    failure: str = ""
    own: bool = False


class RunList(_Wire):
    """Runs, the newest first, the committed baseline last."""

    items: list[RunSummary]


class MetricOut(_Wire):
    """A metric. ``percent`` says that the value is a share, ``higher`` whether more is better."""

    name: str
    label: str
    percent: bool
    higher: bool
    estimate: EstimateOut


class GroupOut(_Wire):
    """Questions that belong together: ``dev``, ``dev/career``, ``way:拼音``, ``family:unlawful``. ``right`` is the share judged right."""

    key: str
    right: EstimateOut


class ConfusionRow(_Wire):
    """Number of questions by verdict, of those that should be met with ``expected``."""

    expected: str
    verdicts: dict[str, int]


class RunOut(RunSummary):
    """The figures of a run. ``fairness`` is the share of looked-at verdicts that people agree with.

    ``origin`` says who wrote the questions, having seen what, of all of them together; ``origins`` says it by dataset.
    """

    origin: str = ""
    origins: dict[str, str] = Field(default_factory=dict)
    system: str = ""
    asked_on: str = ""
    commit: str = ""
    dirty: bool = False
    settings: dict[str, str] = Field(default_factory=dict)
    metrics: list[MetricOut] = Field(default_factory=list)
    breaches: dict[str, int] = Field(default_factory=dict)
    groups: list[GroupOut] = Field(default_factory=list)
    robustness: list[GroupOut] = Field(default_factory=list)
    families: list[GroupOut] = Field(default_factory=list)
    confusion: list[ConfusionRow] = Field(default_factory=list)
    fairness: EstimateOut = EstimateOut()
    remarks: int = 0


class RowSummary(_Wire):
    """A question and how its answer was judged. ``number`` is its place in the run, from 1."""

    number: int
    sample_id: str
    group: str
    text: str
    expected: str
    verdict: str
    right: bool
    why: list[str] = Field(default_factory=list)
    breaches: list[str] = Field(default_factory=list)
    remarks: int = 0


class RowList(_Wire):
    """A page of rows; ``total`` counts all that fit."""

    total: int
    items: list[RowSummary]


class CitedOut(_Wire):
    """A source that an answer cites."""

    marker: str
    title: str = ""
    clause: str = ""
    status: str = ""
    quote: str = ""
    source_ids: list[str] = Field(default_factory=list)
    stale: bool = False


class RemarkOut(_Wire):
    """What a person said of a row."""

    author: str
    created: str
    fair: FairName | None = None
    faithful: bool | None = None
    plain: bool | None = None
    note: str = ""


class RowOut(RowSummary):
    """A question with its answer in full. The baseline keeps no answers: ``answer`` is "" there."""

    answer: str = ""
    cited: list[CitedOut] = Field(default_factory=list)
    nearest: list[str] = Field(default_factory=list)
    referrals: list[str] = Field(default_factory=list)
    faults: list[str] = Field(default_factory=list)
    gold_facts: list[str] = Field(default_factory=list)
    gold_clauses: list[str] = Field(default_factory=list)
    ms: float | None = None
    as_of: str = ""
    error: str = ""
    said: list[RemarkOut] = Field(default_factory=list)


class RemarkRequest(_Wire):
    """A label, a note, or both, on the row with this number."""

    number: int = Field(ge=1)
    author: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    fair: FairName | None = None
    faithful: bool | None = None
    plain: bool | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_NOTE_CHARACTERS)] = ""


class MetricChangeOut(_Wire):
    """A metric in both runs, over the questions that they share."""

    name: str
    label: str
    percent: bool
    higher: bool
    before: EstimateOut
    after: EstimateOut


class GroupChangeOut(_Wire):
    """How many questions of a group got better and worse; ``p`` is adjusted for looking at many groups (Holm)."""

    key: str
    better: int
    worse: int
    p: float


class PairOut(_Wire):
    """A question in both runs."""

    before: RowSummary
    after: RowSummary


class RunComparisonOut(_Wire):
    """One run against an earlier one, question by question. ``p`` is of McNemar's exact test, ``latency_p`` of Wilcoxon's."""

    before: RunSummary
    after: RunSummary
    shared: int
    only_before: int
    only_after: int
    better: int
    worse: int
    difference: EstimateOut
    p: float
    latency_p: float
    metrics: list[MetricChangeOut] = Field(default_factory=list)
    groups: list[GroupChangeOut] = Field(default_factory=list)
    better_pairs: list[PairOut] = Field(default_factory=list)
    worse_pairs: list[PairOut] = Field(default_factory=list)


class DatasetOut(_Wire):
    """Questions that can be run. ``own`` ones were handed in by an evaluator."""

    key: str
    title: str
    count: int
    own: bool = False
    created: str = ""


class DatasetList(_Wire):
    """Suites, then handed-in questions, the newest first."""

    items: list[DatasetOut]


class StartRequest(_Wire):
    """Which questions to run: the ``key`` of a listed dataset."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,128}$")]


class PanelBrief(_Wire):
    """A panel in a list: how many turns it has, and how many of them have been judged by anyone."""

    name: str
    turns: int
    judged: int
    asked: str = ""


class PanelList(_Wire):
    """Panels, the one asked last first."""

    items: list[PanelBrief]


class PanelTurnBrief(_Wire):
    """A turn in a judge's list; ``number`` counts from 1 over all turns, ``done`` says whether this judge has judged it."""

    number: int
    conversation: str
    turn: int
    text: str
    done: bool = False


class PanelTurnList(_Wire):
    """A judge's turns, conversation by conversation; ``done`` counts those this judge has judged."""

    done: int
    items: list[PanelTurnBrief]


class PanelExchange(_Wire):
    """A question with its answer: whole where it was kept, else as it was read."""

    text: str
    answer: AnswerOut | None = None
    read: str = ""
    buttons: list[str] = []
    error: str = ""


FirstName = Literal["yes", "partly", "no", "na"]
HarmName = Literal["none", "misleading", "dangerous"]
YesNoName = Literal["yes", "no"]
CompleteName = Literal["yes", "partly", "no"]
FailureName = Literal["ok", "not_in_corpus", "understanding", "retrieval", "judging", "composing", "routing", "dialogue"]
JudgeCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class JudgedRow(_Wire):
    """What a judge says of a turn; the fields of panels."""

    first_sentence_answers: FirstName
    statements: int = Field(ge=0, le=200)
    irrelevant_statements: int = Field(ge=0, le=200)
    harm: HarmName
    verdict_right: YesNoName
    complete: CompleteName
    understood: YesNoName
    kind: FailureName
    danger_turn: bool = False
    danger_help_first: bool | None = None
    false_alarm: bool = False
    note: str = Field(default="", max_length=MAX_NOTE_CHARACTERS)


class PanelTurnOut(PanelTurnBrief):
    """A turn as its judge sees it: what came before it in the conversation, the answer, and the judge's own row if there is one."""

    before: list[PanelExchange] = []
    now: PanelExchange
    own: JudgedRow | None = None


class JudgementRequest(JudgedRow):
    """A judge's row on the turn of that number."""

    number: int = Field(ge=1)
    judge: JudgeCode


class PanelMeasureOut(_Wire):
    """A measure of a panel. ``must`` says in words what it must reach."""

    name: str
    label: str
    must: str
    higher: bool
    estimate: EstimateOut


class PanelGroupOut(_Wire):
    """The measures of one group of turns; ``table`` is category, dialect or turn."""

    table: str
    key: str
    measures: list[PanelMeasureOut]


class PanelWorst(_Wire):
    """One of the worst turns: what was asked and answered, and what its judge noted."""

    conversation: str
    turn: int
    text: str
    answer: str
    kind: str
    note: str = ""


class PanelResultsOut(_Wire):
    """The figures of a panel. ``agreement`` is Cohen's kappa by field, over the turns that two judged."""

    name: str
    origin: str
    turns: int
    judged: int
    measures: list[PanelMeasureOut]
    groups: list[PanelGroupOut] = []
    kinds: dict[str, int] = Field(default_factory=dict)
    agreement: dict[str, EstimateOut] = Field(default_factory=dict)
    differing: list[str] = []
    worst: list[PanelWorst] = []
