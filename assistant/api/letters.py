"""Letters over HTTP: forms, a preview, and files. What is filled in is used to write the letter and is neither stored nor logged."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from assistant.api.state import State, Stated
from assistant.api.tools import cite
from assistant.tools.letter_files import FORMATS
from assistant.tools.letters import Field, Letter, find_letter, write_letter
from assistant.tools.words import load_words
from assistant.wire import schemas, tool_schemas
from assistant.wire.tool_presenting import positions, present_source
from knowledge_base.search.retrieval import Filters

router = APIRouter(tags=["办事"])

_ERRORS: dict[int | str, dict[str, Any]] = {404: {"model": schemas.Problem}, 422: {"model": schemas.Problem}}


@router.get("/v1/letters", summary="书面材料")
def letters(state: Stated) -> tool_schemas.LetterList:
    """Every form with what to fill in."""
    items = [_present(letter) for letter in state.tools.letters.values()]
    return tool_schemas.LetterList(total=len(items), items=items)


@router.get("/v1/letters/{name}", summary="一份材料要填什么", responses=_ERRORS)
def form(name: tool_schemas.Name, state: Stated) -> tool_schemas.LetterOut:
    """One form."""
    return _present(find_letter(state.tools.letters, name))


@router.post("/v1/letters/{name}", summary="先看一看", responses=_ERRORS)
def preview(name: tool_schemas.Name, request: tool_schemas.LetterRequest, state: Stated) -> tool_schemas.LetterPreview:
    """The letter as it will be printed, with its clauses and what is still empty."""
    return _preview(name, request, state)


@router.post("/v1/letters/{name}/file", summary="下载 Word 或 PDF", responses={**_ERRORS, 503: {"model": schemas.Problem}})
def file(
    name: tool_schemas.Name,
    request: tool_schemas.LetterRequest,
    state: Stated,
    kind: Annotated[tool_schemas.LetterFormat, Query(alias="format", description="docx 或 pdf")] = "docx",
) -> Response:
    """The letter as a file; what is left empty shows a line to write on."""
    letter = find_letter(state.tools.letters, name)
    write, media_type = FORMATS[kind]
    data = write(write_letter(letter, request.fields), load_words()["no_font"])
    disposition = f"attachment; filename*=UTF-8''{quote(letter.title)}.{kind}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})


def _preview(name: str, request: tool_schemas.LetterRequest, state: State) -> tool_schemas.LetterPreview:
    letter = find_letter(state.tools.letters, name)
    written = write_letter(letter, request.fields)
    citations = cite(state, letter.facts, Filters(region=state.parts.settings.region))
    paragraphs = [
        tool_schemas.ParagraphOut.model_validate({"style": p.style, "text": p.text, "sources": positions(p.facts, citations)})
        for p in written.paragraphs
    ]
    return tool_schemas.LetterPreview(
        name=letter.name,
        title=letter.title,
        paragraphs=paragraphs,
        empty=[_present_field(field) for field in written.empty],
        sources=[present_source(citation) for citation in citations],
        whom=[wording.text for wording in letter.whom],
    )


def _present(letter: Letter) -> tool_schemas.LetterOut:
    fields = [_present_field(field) for field in letter.fields.values()]
    return tool_schemas.LetterOut(name=letter.name, title=letter.title, group=letter.group, about=letter.about, inputs=fields)


def _present_field(field: Field) -> tool_schemas.InputOut:
    return tool_schemas.InputOut(
        name=field.name,
        kind="text",
        label=field.label,
        ask=field.label,
        most=tool_schemas.MAX_FIELD_CHARACTERS,
        lines=field.lines,
        example=field.example,
        help=field.help,
    )
