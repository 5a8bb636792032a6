"""What wants looking after in the knowledge base, and who changed what in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from assistant.api.access import Officer, require_admin
from assistant.api.documents import find_document
from assistant.api.state import Stated
from assistant.clock import in_beijing
from assistant.storage.changes import Action
from assistant.wire import schemas
from assistant.wire.presenting import present_summary
from knowledge_base.publishing.upkeep import conflicts, stale_documents
from knowledge_base.types import Document
from knowledge_base.validity import status_of, today

router = APIRouter(tags=["维护（管理）"], dependencies=[Depends(require_admin)])


@router.get("/v1/upkeep", summary="该核对的和互相冲突的文档")
def list_upkeep(state: Stated) -> schemas.UpkeepOut:
    """Documents that have ended, are only reported, are drafts or have not been looked at for long; and pairs that do not go together."""
    catalogue = state.parts.readers().generation.catalogue
    counts = catalogue.passage_counts()
    day, region = today(), state.parts.settings.region
    documents = [entry.document for entry in catalogue.entries.values()]
    looked_at = {slug: in_beijing(when) for slug, when in state.parts.changes.last(Action.REVIEWED).items()}

    def present(document: Document) -> schemas.DocumentSummary:
        return present_summary(document, status_of(document, day, region), counts.get(document.doc_id, 0))

    stale = stale_documents(documents, day, looked_at, region)
    clashes = conflicts(documents, day, catalogue.passages_of, region)
    return schemas.UpkeepOut(
        stale=[schemas.StaleOut(document=present(s.document), why=s.why.value, date=s.date) for s in stale],
        conflicts=[
            schemas.ConflictOut(left=present(c.left), right=present(c.right), why=c.why.value, clauses=list(c.clauses)) for c in clashes
        ],
    )


@router.post("/v1/documents/{doc_id}/review", status_code=204, summary="记下这篇核对过了", responses={404: {"model": schemas.Problem}})
def review(doc_id: schemas.Identifier, state: Stated, officer: Officer) -> Response:
    """Keep that a person reviewed a document today; it is not listed again for a year, unless it ends."""
    document = find_document(state, doc_id)
    state.parts.changes.record(officer, Action.REVIEWED, document.slug, f"《{document.title}》")
    return Response(status_code=204)


@router.get("/v1/changes", summary="谁在什么时候改了什么")
def list_changes(
    state: Stated, limit: Annotated[int, Query(ge=1, le=500)] = 50, offset: Annotated[int, Query(ge=0)] = 0
) -> schemas.ChangeList:
    """A page of changes, the newest first."""
    total, changes = state.parts.changes.latest(limit, offset)
    return schemas.ChangeList(total=total, items=[schemas.ChangeOut.model_validate(asdict(c)) for c in changes])
