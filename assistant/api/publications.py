"""Files into the knowledge base, step by step: drafts, publishing them as a new generation, and going back to an earlier one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Query, Response, UploadFile

from assistant.api.access import Officer, require_admin
from assistant.api.documents import find_removable
from assistant.api.state import State, Stated
from assistant.clock import now
from assistant.errors import NotFound, PublishRefused
from assistant.storage.changes import Action
from assistant.wire import schemas
from assistant.wire.presenting import present_draft, present_summary
from knowledge_base.index.generation import Manifest
from knowledge_base.publishing.drafts import Draft, standing_of
from knowledge_base.publishing.merge import CORPUS_ORIGIN
from knowledge_base.validity import status_of, today

router = APIRouter(tags=["发布（管理）"], dependencies=[Depends(require_admin)])

_PREVIEWED = 5
_MOST_PREVIEWED = 500

Previewed = Annotated[int, Query(ge=0, le=_MOST_PREVIEWED, description="每份草稿预览前几段")]


@router.post("/v1/drafts", status_code=201, summary="上传文件，放进草稿")
def add_drafts(
    state: Stated, officer: Officer, files: Annotated[list[UploadFile], File(description="一个或多个文件")], preview: Previewed = _PREVIEWED
) -> schemas.DraftList:
    """Keep files as drafts, each with what was recognised in it or why it cannot be read. Nothing of them is live."""
    drafts = [state.drafts.add(file.file.read(), file.filename or "", author=officer, created=now()) for file in files]
    for draft in drafts:
        state.parts.changes.record(officer, Action.DRAFT_ADDED, draft.name, draft.failure and f"读不了：{draft.failure}")
    return _present_all(drafts, state, preview)


@router.get("/v1/drafts", summary="列出草稿")
def list_drafts(state: Stated, preview: Previewed = _PREVIEWED) -> schemas.DraftList:
    """Every draft, the newest first."""
    return _present_all(state.drafts.all(), state, preview)


@router.get("/v1/drafts/{draft_id}", summary="看一份草稿", responses={404: {"model": schemas.Problem}})
def read_draft(draft_id: schemas.Identifier, state: Stated, preview: Previewed = _MOST_PREVIEWED) -> schemas.DraftOut:
    """A draft with its passages as they would be split."""
    return _present_all([_find(draft_id, state)], state, preview).items[0]


@router.patch("/v1/drafts/{draft_id}", summary="改草稿的信息", responses={404: {"model": schemas.Problem}})
def correct_draft(
    draft_id: schemas.Identifier, correction: schemas.DraftCorrection, state: Stated, officer: Officer, preview: Previewed = _PREVIEWED
) -> schemas.DraftOut:
    """Correct what was recognised in a draft; refused, with every reason, when a date, the status or the region does not hold."""
    draft = _find(draft_id, state)
    corrected = correction.model_dump(exclude_none=True)
    changed = state.drafts.restate(draft, {**draft.stated, **corrected})
    state.parts.changes.record(officer, Action.DRAFT_CHANGED, draft.name, "；".join(f"{k}：{v}" for k, v in corrected.items()))
    return _present_all([changed], state, preview).items[0]


@router.delete("/v1/drafts/{draft_id}", status_code=204, summary="去掉一份草稿", responses={404: {"model": schemas.Problem}})
def remove_draft(draft_id: schemas.Identifier, state: Stated, officer: Officer) -> Response:
    """Drop a draft with its file."""
    draft = _find(draft_id, state)
    state.drafts.remove(draft_id)
    state.parts.changes.record(officer, Action.DRAFT_REMOVED, draft.name)
    return Response(status_code=204)


@router.get("/v1/uploads", summary="列出上传的文档")
def list_uploads(state: Stated) -> schemas.DocumentList:
    """Every document in use that did not come with the program, by title."""
    catalogue = state.parts.readers().generation.catalogue
    counts = catalogue.passage_counts()
    documents = sorted((e.document for e in catalogue.entries.values() if e.origin != CORPUS_ORIGIN), key=lambda d: (d.title, d.slug))
    day, region = today(), state.parts.settings.region
    items = [present_summary(d, status_of(d, day, region), counts.get(d.doc_id, 0)) for d in documents]
    return schemas.DocumentList(total=len(items), items=items)


@router.post("/v1/publication", status_code=202, summary="发布草稿、撤下文档", responses={409: {"model": schemas.Problem}})
def begin_publication(request: schemas.PublicationRequest, state: Stated, officer: Officer) -> schemas.PublicationOut:
    """Begin to build a new generation, in the background, one at a time; ask GET for its progress."""
    everything = state.drafts.all()
    if request.draft_ids is None:
        chosen = [d for d in everything if d.document is not None] if not request.remove else []
    else:
        chosen = [_find(draft_id, state) for draft_id in dict.fromkeys(request.draft_ids)]
    entries = list(state.parts.readers().generation.catalogue.entries.values())
    faults = [f"{d.name}：{fault}" for d in chosen for fault in standing_of(d, entries, chosen).faults]
    if faults:
        raise PublishRefused("；".join(faults))
    remove = {d.doc_id: d.title for d in (find_removable(state, doc_id) for doc_id in request.remove)}
    state.publisher.start(chosen, remove, officer)
    return publication(state)


@router.get("/v1/publication", summary="发布得怎么样了")
def publication(state: Stated) -> schemas.PublicationOut:
    """How far the running publication is, or how the last one went."""
    current = state.publisher.current
    if current is None:
        return schemas.PublicationOut(state="none")
    told = schemas.PublicationOut(
        state=current.state.value,
        author=current.author,
        begun=current.begun,
        stage=current.stage,
        done=current.done,
        total=current.total,
        failures=[schemas.IngestFailure(path=name, reason=reason) for name, reason in current.failures],
        error=current.error,
    )
    report = current.report
    if report is None:
        return told
    return told.model_copy(
        update={
            "added": report.added - report.updated,
            "updated": report.updated,
            "removed": report.removed - report.updated,
            "generation": report.generation,
            "passages": report.passages,
            "documents": state.parts.folder.manifest(report.generation).documents if _is_kept(state, report.generation) else 0,
        }
    )


@router.get("/v1/generations", summary="知识库的各个版本")
def list_generations(state: Stated) -> schemas.GenerationList:
    """The version in use and those that can be gone back to, the newest first."""
    folder = state.parts.folder
    current = folder.current()
    manifests = [folder.manifest(name) for name in reversed(folder.served())]
    return schemas.GenerationList(items=[_present_generation(m, m.generation == current) for m in manifests])


@router.post("/v1/generations/{generation}/rollback", summary="回到一个版本", responses={409: {"model": schemas.Problem}})
def roll_back(generation: schemas.Identifier, state: Stated, officer: Officer) -> schemas.GenerationOut:
    """Switch to an earlier version; what came after it answers nothing from then on, and can be gone back to as well."""
    return _present_generation(state.publisher.roll_back(generation, officer), True)


def _present_all(drafts: list[Draft], state: State, preview: int) -> schemas.DraftList:
    entries = list(state.parts.readers().generation.catalogue.entries.values())
    others = state.drafts.all()
    day, region = today(), state.parts.settings.region
    return schemas.DraftList(items=[present_draft(d, standing_of(d, entries, others), preview, day, region) for d in drafts])


def _present_generation(manifest: Manifest, current: bool) -> schemas.GenerationOut:
    return schemas.GenerationOut(
        generation=manifest.generation,
        built=manifest.built,
        author=manifest.author,
        documents=manifest.documents,
        passages=manifest.passages,
        current=current,
    )


def _is_kept(state: State, generation: str) -> bool:
    return generation in state.parts.folder.served()


def _find(draft_id: str, state: State) -> Draft:
    draft = state.drafts.get(draft_id)
    if draft is None:
        raise NotFound(f"没有编号为 {draft_id} 的草稿，可能已经发布或去掉了")
    return draft
