"""Calculators and deadlines over HTTP. What is sent is worked out and forgotten: nothing is stored or logged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from assistant.api.state import State, Stated
from assistant.tools.calendar_file import calendar_file
from assistant.tools.deadlines import LastDay, find_deadline, last_day_of
from assistant.tools.inputs import json_schema
from assistant.tools.result import Line, Result
from assistant.tools.rules import Input, Rule
from assistant.tools.words import load_words
from assistant.types import Citation
from assistant.wire import schemas, tool_schemas
from assistant.wire.tool_presenting import present_deadline, present_input, present_line, present_source
from knowledge_base.search.retrieval import Filters
from knowledge_base.validity import today

router = APIRouter(tags=["办事"])

_ERRORS: dict[int | str, dict[str, Any]] = {404: {"model": schemas.Problem}, 422: {"model": schemas.Problem}}


@router.get("/v1/tools", summary="能算的事")
def tools(state: Stated) -> tool_schemas.ToolList:
    """Every calculator with what it asks for, the JSON schema of its inputs and an example."""
    items = [_present_tool(rule) for rule in state.tools.toolbox.rules.values()]
    return tool_schemas.ToolList(total=len(items), items=items)


@router.get("/v1/tools/{name}", summary="一个计算要填什么", responses=_ERRORS)
def tool(name: tool_schemas.Name, state: Stated) -> tool_schemas.ToolOut:
    """One calculator."""
    return _present_tool(state.tools.toolbox.rule(name))


@router.post("/v1/tools/{name}", summary="算一算", responses=_ERRORS)
def compute(name: tool_schemas.Name, request: tool_schemas.ToolRequest, state: Stated) -> tool_schemas.ToolAnswer:
    """The result step by step with its clauses, or what must still be asked for."""
    filters = Filters(as_of=request.as_of, region=request.region or state.parts.settings.region)
    toolbox = state.tools.toolbox
    outcome = toolbox.compute(name, request.inputs, filters.date(), filters.region)
    missing = [present_input(asked, required=True) for asked in outcome.missing]
    result = _present_result(outcome.result, state, filters) if outcome.result else None
    return tool_schemas.ToolAnswer(result=result, missing=missing)


@router.get("/v1/deadlines", summary="期限")
def deadlines(state: Stated) -> tool_schemas.DeadlineList:
    """Every deadline that can be counted."""
    items = [present_deadline(deadline) for deadline in state.tools.deadlines.values()]
    return tool_schemas.DeadlineList(total=len(items), items=items)


Start = Annotated[dt.date, Query(description="从哪一天起数，例如 2026-03-01")]
AsOf = Annotated[dt.date | None, Query(description="按哪一天算还剩几天；不写就是今天（北京时间）")]


@router.get("/v1/deadlines/{name}", summary="最后一天是哪天", responses=_ERRORS)
def last_day(name: tool_schemas.Name, start: Start, state: Stated, as_of: AsOf = None) -> tool_schemas.LastDayOut:
    """The last day counted from a day, how it is counted, and how many days are left."""
    found = _last_day(name, start, state, as_of)
    citations = cite(state, found.deadline.facts, Filters(as_of=as_of, region=state.parts.settings.region))
    return tool_schemas.LastDayOut(
        deadline=present_deadline(found.deadline),
        start=found.start,
        last=found.last,
        longest=found.longest,
        left=found.left,
        counted=list(found.counted),
        notes=present_lines([Line(note.text, note.facts) for note in found.deadline.notes], citations),
        sources=[present_source(c) for c in citations],
        official=load_words()["official"],
    )


@router.get("/v1/deadlines/{name}/calendar", summary="放进手机日历（.ics）", responses=_ERRORS)
def calendar(name: tool_schemas.Name, start: Start, state: Stated) -> Response:
    """An iCalendar file with the last day and two reminders."""
    found = _last_day(name, start, state, None)
    words = load_words()
    data = calendar_file(found, dt.datetime.now(dt.UTC), words["calendar_alarm"], words["official"])
    disposition = f"attachment; filename*=UTF-8''{quote(found.deadline.title)}.ics"
    return Response(data, media_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})


def cite(state: State, facts: Iterable[str], filters: Filters) -> tuple[Citation, ...]:
    """One citation a fact, from the knowledge base in use."""
    return state.tools.passages(state.parts.readers().generation).citations(facts, filters)


def present_lines(lines: Sequence[Line], citations: Sequence[Citation]) -> list[tool_schemas.LineOut]:
    """Sentences with the positions of their sources."""
    return [present_line(line.text, line.facts, citations) for line in lines]


def _last_day(name: str, start: dt.date, state: State, as_of: dt.date | None) -> LastDay:
    return last_day_of(find_deadline(state.tools.deadlines, name), start, as_of or today(), load_words())


def _present_tool(rule: Rule) -> tool_schemas.ToolOut:
    example = {name: value for name, value in rule.example.items() if isinstance(value, bool | int | float | str)}
    return tool_schemas.ToolOut(
        name=rule.name,
        title=rule.title,
        group=rule.group,
        about=rule.about,
        inputs=[present_input(asked, required=_is_required(rule, asked)) for asked in rule.inputs.values()],
        json_schema=json_schema(rule),
        example=example,
    )


def _is_required(rule: Rule, asked: Input) -> bool:
    return (asked.name,) in rule.needs


def _present_result(result: Result, state: State, filters: Filters) -> tool_schemas.ResultOut:
    citations = cite(state, result.facts, filters)
    return tool_schemas.ResultOut(
        tool=result.calculator,
        title=result.title,
        found=result.found,
        first=present_line(result.first.text, result.first.facts, citations),
        figures=[tool_schemas.FigureOut(name=f.name, label=f.label, value=f.value, unit=f.unit) for f in result.figures],
        steps=present_lines(result.steps, citations),
        assumptions=present_lines(result.assumptions, citations),
        changes=present_lines(result.changes, citations),
        unknown=present_lines(result.unknown, citations),
        sources=[present_source(citation) for citation in citations],
        official=load_words()["official"],
    )
