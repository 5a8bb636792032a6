"""Inner types of the tools to wire types."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.tools.deadlines import YOURS, Deadline
from assistant.tools.rules import Input
from assistant.types import Citation
from assistant.wire import tool_schemas


def present_input(asked: Input, *, required: bool = False) -> tool_schemas.InputOut:
    """What a tool asks for."""
    return tool_schemas.InputOut(
        name=asked.name,
        kind=asked.kind,
        label=asked.label,
        ask=asked.ask,
        required=required,
        options=[tool_schemas.OptionOut(key=option.key, label=option.label) for option in asked.options],
        least=float(asked.least) if asked.least is not None else None,
        most=float(asked.most) if asked.most is not None else None,
        example=asked.example,
        help=asked.help,
    )


def present_line(text: str, facts: Sequence[str], citations: Sequence[Citation]) -> tool_schemas.LineOut:
    """A sentence with the positions of the sources that hold its facts."""
    return tool_schemas.LineOut(text=text, sources=positions(facts, citations))


def positions(facts: Sequence[str], citations: Sequence[Citation]) -> list[int]:
    """Positions, from 0, of the citations whose statements were written from any of the facts."""
    return [place for place, citation in enumerate(citations) if set(facts) & set(citation.source_ids)]


def present_source(citation: Citation) -> tool_schemas.ToolSource:
    """A clause that a result rests on."""
    document, passage = citation.document, citation.passage
    return tool_schemas.ToolSource(
        passage_id=passage.passage_id,
        doc_id=document.doc_id,
        title=document.title,
        kind=document.kind.value,
        clause=passage.clause,
        issuer=document.issuer,
        doc_no=document.doc_no,
        effective=document.effective,
        expires=document.expires,
        status=citation.status.value,
        region=document.region,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        source_ids=list(citation.source_ids),
    )


def present_deadline(deadline: Deadline) -> tool_schemas.DeadlineOut:
    """A deadline."""
    return tool_schemas.DeadlineOut(
        name=deadline.name,
        title=deadline.title,
        group=deadline.group,
        who="you" if deadline.who == YOURS else "they",
        begins=deadline.begins,
        length=deadline.length.words,
        region=deadline.region,
    )
