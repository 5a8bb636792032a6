"""A document beside its versions, two documents beside each other, and briefs to hand on."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from assistant.api.documents import find_document
from assistant.api.state import State, Stated
from assistant.composing.versions import compare_passages, versions_of
from assistant.desk.briefing import FORMATS, Chosen, write_brief
from assistant.texts.wording import load_texts
from assistant.wire import schemas
from assistant.wire.presenting import present_passage, present_summary
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document, Passage, Status
from knowledge_base.validity import status_of

router = APIRouter(tags=["知识库"])

MOST_IN_A_BRIEF = 50

AsOf = Annotated[dt.date | None, Query(description="按哪一天算状态；不写就是今天")]


@router.get("/v1/documents/{doc_id}/versions", summary="新旧版本", responses={404: {"model": schemas.Problem}})
def versions(doc_id: schemas.Identifier, state: Stated, as_of: AsOf = None) -> schemas.DocumentList:
    """The documents that replaced each other, this one among them, oldest first."""
    catalogue = state.parts.readers().generation.catalogue
    found = versions_of(find_document(state, doc_id), [entry.document for entry in catalogue.entries.values()])
    counts = catalogue.passage_counts()
    items = [present_summary(d, _status(d, state, as_of), counts.get(d.doc_id, 0)) for d in found]
    return schemas.DocumentList(total=len(items), items=items)


@router.get("/v1/documents/{doc_id}/comparison", summary="两份文件逐条对照", responses={404: {"model": schemas.Problem}})
def comparison(
    doc_id: schemas.Identifier, state: Stated, other: Annotated[schemas.Identifier, Query(alias="with")], as_of: AsOf = None
) -> schemas.ComparisonOut:
    """Clauses of two documents side by side."""
    catalogue = state.parts.readers().generation.catalogue
    left, right = find_document(state, doc_id), find_document(state, other)
    counts = catalogue.passage_counts()

    def summary(document: Document) -> schemas.DocumentSummary:
        return present_summary(document, _status(document, state, as_of), counts.get(document.doc_id, 0))

    def passage(one: Passage | None, document: Document) -> schemas.PassageOut | None:
        return present_passage(one, document, _status(document, state, as_of), state.sources) if one else None

    rows = [
        schemas.ComparisonRow(left=passage(row.left, left), right=passage(row.right, right), likeness=round(row.likeness, 1))
        for row in compare_passages(catalogue.passages_of(left.doc_id), catalogue.passages_of(right.doc_id))
    ]
    return schemas.ComparisonOut(left=summary(left), right=summary(right), rows=rows)


@router.get(
    "/v1/briefs",
    summary="导出简报（Word 或 PDF）",
    response_class=Response,
    responses={200: {"content": {media: {} for _, media in FORMATS.values()}}, 404: {"model": schemas.Problem}},
)
def brief(
    state: Stated,
    doc: Annotated[list[schemas.Identifier], Query(min_length=1, max_length=MOST_IN_A_BRIEF, description="文件编号，可以写多个")],
    format: Annotated[Literal["docx", "pdf"], Query()] = "docx",
    as_of: AsOf = None,
) -> Response:
    """The chosen documents with their sources and the day the brief was made, as a file."""
    catalogue = state.parts.readers().generation.catalogue
    documents = [find_document(state, doc_id) for doc_id in dict.fromkeys(doc)]
    chosen = [Chosen(d, _status(d, state, as_of), catalogue.passages_of(d.doc_id)) for d in documents]
    made = Filters(as_of=as_of).date()
    write, media_type = FORMATS[format]
    name = quote(f"{load_texts('briefs')['title']}-{made.isoformat()}.{format}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(write(write_brief(chosen, state.sources, made)), media_type=media_type, headers=headers)


def _status(document: Document, state: State, as_of: dt.date | None) -> Status:
    return status_of(document, Filters(as_of=as_of).date(), state.parts.settings.region)
