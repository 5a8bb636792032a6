"""Wire types of the tools: calculators, deadlines, letters, entitlements. Pydantic only, like :mod:`assistant.wire.schemas`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_FIELD_CHARACTERS = 2000
"""Longest text in one field of a letter."""

MAX_INPUTS = 60
"""Most inputs of one request."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Value = bool | int | float | str | None
LetterFormat = Literal["docx", "pdf"]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class OptionOut(_Wire):
    """One of the answers to choose from."""

    key: str
    label: str


class InputOut(_Wire):
    """Something that a tool asks for.

    ``kind`` is money (元), number, count, duration (months, or 8年3个月), date, month, choice, yes_no or text.
    """

    name: str
    kind: str
    label: str
    ask: str
    required: bool = False
    options: list[OptionOut] = []
    least: float | None = None
    most: float | None = None
    lines: int = 1
    """Lines that a text takes on the screen."""
    example: str = ""
    help: str = ""


class ToolOut(_Wire):
    """A calculator: what it works out, what it asks for, and the JSON schema of its inputs with an example."""

    name: str
    title: str
    group: str
    about: str
    inputs: list[InputOut]
    json_schema: dict[str, Any]
    example: dict[str, Value]


class ToolList(_Wire):
    """Every calculator."""

    total: int
    items: list[ToolOut]


class ToolRequest(_Wire):
    """Inputs of a calculator by name."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [{"inputs": {"worked": "8年", "wage": 4000}}]})

    inputs: dict[str, Value] = Field(default={}, max_length=MAX_INPUTS)
    as_of: date | None = Field(default=None, description="按哪一天的规定算；不写就是今天（北京时间）")
    region: str | None = Field(default=None, max_length=40, description="省级地区全称；不写就是四川省")


class LineOut(_Wire):
    """A sentence; ``sources`` are positions in the list of sources, from 0, of what it rests on."""

    text: str
    sources: list[int] = []


class FigureOut(_Wire):
    """One figure: a number as text, or an ISO date where ``unit`` is "date"."""

    name: str
    label: str
    value: str
    unit: str


class ToolSource(_Wire):
    """A clause that a result rests on. ``passage_id`` opens it; ``source_ids`` are the facts of the quoted statement."""

    passage_id: str
    doc_id: str
    title: str
    kind: Literal["policy", "training", "case", "guide"]
    clause: str = ""
    issuer: str = ""
    doc_no: str = ""
    effective: str = ""
    expires: str = ""
    status: str = ""
    region: str = ""
    quote: str
    start: int
    end: int
    source_ids: list[str] = []


class ResultOut(_Wire):
    """A calculation. ``found`` is false where the documents do not hold what it needs; ``first`` then says so."""

    tool: str
    title: str
    found: bool
    first: LineOut
    figures: list[FigureOut]
    steps: list[LineOut]
    assumptions: list[LineOut]
    changes: list[LineOut]
    unknown: list[LineOut]
    sources: list[ToolSource]
    official: str


class ToolAnswer(_Wire):
    """A result, or what is still missing, in the order to ask in. Nothing is computed while something is missing."""

    result: ResultOut | None = None
    missing: list[InputOut] = []


class DeadlineOut(_Wire):
    """A deadline: whose it is (you or they), from which day it is counted and for how long."""

    name: str
    title: str
    group: str
    who: Literal["you", "they"]
    begins: str
    length: str
    region: str


class DeadlineList(_Wire):
    """Every deadline."""

    total: int
    items: list[DeadlineOut]


class LastDayOut(_Wire):
    """The last day; ``left`` counts the days to it and is negative once it is past. ``longest`` is set where it may be prolonged."""

    deadline: DeadlineOut
    start: date
    last: date
    longest: date | None = None
    left: int
    counted: list[str]
    notes: list[LineOut]
    sources: list[ToolSource]
    official: str


class LetterOut(_Wire):
    """A form for a letter: what to fill in."""

    name: str
    title: str
    group: str
    about: str
    inputs: list[InputOut]


class LetterList(_Wire):
    """Every form."""

    total: int
    items: list[LetterOut]


class LetterRequest(_Wire):
    """What is filled into a letter. It is used to write this letter, and neither stored nor logged."""

    fields: dict[str, Annotated[str, StringConstraints(max_length=MAX_FIELD_CHARACTERS)]] = Field(default={}, max_length=MAX_INPUTS)


class ParagraphOut(_Wire):
    """A paragraph of a letter: title, heading, line, item, right (set to the right) or note."""

    style: Literal["title", "heading", "line", "item", "right", "note"]
    text: str
    sources: list[int] = []


class LetterPreview(_Wire):
    """A letter as it will be printed, what is still empty in it, and what it rests on."""

    name: str
    title: str
    paragraphs: list[ParagraphOut]
    empty: list[InputOut]
    sources: list[ToolSource]
    whom: list[str]


class QuestionOut(_Wire):
    """A plain question on the way to what someone is entitled to."""

    name: str
    ask: str
    kind: str
    options: list[OptionOut] = []


class SituationOut(_Wire):
    """A situation and its questions, five at most."""

    name: str
    title: str
    questions: list[QuestionOut]


class SituationList(_Wire):
    """Every situation."""

    total: int
    items: list[SituationOut]


class EntitlementRequest(_Wire):
    """Answers by question."""

    answers: dict[str, str] = Field(default={}, max_length=MAX_INPUTS)
    as_of: date | None = None


class EntitlementOut(_Wire):
    """A right with its clause, and what goes with it: a calculator, a deadline, a letter."""

    text: str
    group: str
    sources: list[int] = []
    tool: str = ""
    deadline: str = ""
    letter: str = ""


class Entitlements(_Wire):
    """Everything that applies."""

    situation: str
    title: str
    items: list[EntitlementOut]
    sources: list[ToolSource]
    official: str
