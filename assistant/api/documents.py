"""What the knowledge base holds: searching, listing, reading; adding and removing with the admin key."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, HTTPException, Query, UploadFile

from assistant.api.access import Officer, require_admin
from assistant.api.state import State, Stated
from assistant.errors import NotFound
from assistant.storage.changes import Action
from assistant.wire import schemas
from assistant.wire.presenting import present_hit, present_passage, present_summary
from knowledge_base.errors import LoadError
from knowledge_base.loaders import document_from_bytes
from knowledge_base.publishing.drafts import base_name, stored_name
from knowledge_base.publishing.merge import CORPUS_ORIGIN
from knowledge_base.publishing.report import Failure, IngestReport
from knowledge_base.publishing.uploads import Upload, apply_uploads
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document, Kind, Status
from knowledge_base.validity import status_of

router = APIRouter(tags=["知识库"])

_MOST_HITS = 50


class _Filters:
    """Query parameters that narrow documents."""

    def __init__(
        self,
        kind: Annotated[Kind | None, Query(description="policy、training 或 case")] = None,
        status: Annotated[Status | None, Query(description="在 as_of 那天的状态")] = None,
        region: Annotated[str, Query(max_length=40, description="文件适用的地区，按开头匹配")] = "",
        issuer: Annotated[str, Query(max_length=80, description="发布机关，含有即可")] = "",
        as_of: Annotated[dt.date | None, Query(description="按哪一天算状态；不写就是今天")] = None,
    ) -> None:
        self.kind, self.status, self.region, self.issuer, self.as_of = kind, status, region, issuer, as_of

    def filters(self, state: State) -> Filters:
        """As retrieval takes them."""
        return Filters(
            as_of=self.as_of,
            region=state.parts.settings.region,
            kinds=frozenset({self.kind} if self.kind else ()),
            statuses=frozenset({self.status} if self.status else ()),
            issuer=self.issuer,
            only_region=self.region,
        )


Narrowed = Annotated[_Filters, Depends()]


@router.get("/v1/search", summary="查段落")
def search(
    state: Stated,
    narrowed: Narrowed,
    q: Annotated[str, Query(min_length=1, max_length=schemas.MAX_QUESTION_CHARACTERS)],
    top_k: Annotated[int, Query(ge=1, le=50)] = 10,
    topic: Annotated[str, Query(max_length=40, description="主题，含有即可")] = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$", description="施行的年份；没有写施行日期的看发布年份")] = "",
) -> schemas.SearchResponse:
    """Passages that fit a query, best first, and how it was understood."""
    reader = state.parts.readers()
    filters = narrowed.filters(state)
    narrower = bool(topic or year)
    found = reader.retriever.search(q, _MOST_HITS if narrower else top_k, filters)
    entries = reader.generation.catalogue.entries
    fitting = [s for s in found.passages if _is_about(entries[s.passage.doc_id].document, topic, year)][:top_k]
    items = []
    for rank, scored in enumerate(fitting, 1):
        scored = replace(scored, rank=rank)
        document = entries[scored.passage.doc_id].document
        items.append(present_hit(scored, document, status_of(document, filters.date(), filters.region)))
    return schemas.SearchResponse(query=q, understood_as=found.understood.query, items=items)


@router.get("/v1/documents", summary="列出文档")
def list_documents(
    state: Stated,
    narrowed: Narrowed,
    topic: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=200, description="标题或文号里含有的字")] = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$", description="施行的年份；没有写施行日期的看发布年份")] = "",
    sort: Annotated[Literal["title", "newest", "status"], Query(description="按标题、按施行日期（新的在前）或按状态排")] = "title",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> schemas.DocumentList:
    """A page of documents, in the order of their titles unless another is asked for."""
    catalogue = state.parts.readers().generation.catalogue
    filters = narrowed.filters(state)
    chosen = [
        document
        for document in (entry.document for entry in catalogue.entries.values())
        if filters.admit(document) and _is_about(document, topic, year) and (q in document.title or q in document.doc_no)
    ]
    chosen.sort(key=lambda d: (d.kind.value, d.title, d.slug))
    if sort == "newest":
        chosen.sort(key=_date_of, reverse=True)
    elif sort == "status":
        statuses = list(Status)
        chosen.sort(key=lambda d: statuses.index(status_of(d, filters.date(), filters.region)))
    counts = catalogue.passage_counts()
    return schemas.DocumentList(
        total=len(chosen),
        items=[
            present_summary(d, status_of(d, filters.date(), filters.region), counts.get(d.doc_id, 0))
            for d in chosen[offset : offset + limit]
        ],
    )


@router.get("/v1/documents/{doc_id}", summary="读一篇文档", responses={404: {"model": schemas.Problem}})
def read_document(doc_id: schemas.Identifier, state: Stated, narrowed: Narrowed) -> schemas.DocumentOut:
    """A document with its passages in reading order. A slug serves as well as an id."""
    catalogue = state.parts.readers().generation.catalogue
    document = find_document(state, doc_id)
    filters = narrowed.filters(state)
    status = status_of(document, filters.date(), filters.region)
    passages = catalogue.passages_of(document.doc_id)
    summary = present_summary(document, status, len(passages))
    return schemas.DocumentOut(**summary.model_dump(), items=[present_passage(p, document, status, state.sources) for p in passages])


@router.get("/v1/passages/{passage_id}", summary="读一个段落", responses={404: {"model": schemas.Problem}})
def read_passage(passage_id: schemas.Identifier, state: Stated, narrowed: Narrowed) -> schemas.PassageOut:
    """A passage in full, as citations' offsets count it, with the sources of its statements."""
    catalogue = state.parts.readers().generation.catalogue
    try:
        passage = catalogue.passage(passage_id)
    except KeyError as exc:
        raise NotFound(f"没有编号为 {passage_id} 的段落，知识库可能更新过，请重新提问") from exc
    document = catalogue.document(passage.doc_id)
    filters = narrowed.filters(state)
    return present_passage(passage, document, status_of(document, filters.date(), filters.region), state.sources)


@router.post("/v1/documents", status_code=201, summary="直接添加文档，不经过草稿（管理）", dependencies=[Depends(require_admin)])
def add_documents(
    state: Stated, officer: Officer, files: Annotated[list[UploadFile], File(description="一个或多个文件")]
) -> schemas.IngestReportOut:
    """Take files in and switch to a generation that holds them. A file that cannot be read is reported and not kept."""
    readable: dict[str, Upload] = {}
    refused: list[Failure] = []
    for file in files:
        data = file.file.read()
        name = stored_name(file.filename or "")
        try:
            document_from_bytes(data, name)
        except LoadError as exc:
            refused.append(Failure(file.filename or name, str(exc)))
        else:
            readable[name] = Upload(data)
    if not readable:
        raise LoadError("；".join(f"{base_name(f.path)}：{f.reason}" for f in refused))
    parts = state.parts
    report = apply_uploads(parts.folder, parts.embedder, parts.settings.uploads, readable, author=officer)
    parts.changes.record(officer, Action.PUBLISHED, report.generation, "直接添加：" + "、".join(readable))
    return _present(replace(report, failed=report.failed + len(refused), failures=(*report.failures, *refused)))


@router.delete("/v1/documents/{doc_id}", summary="删除文档（管理）", dependencies=[Depends(require_admin)])
def remove_document(doc_id: schemas.Identifier, state: Stated, officer: Officer) -> schemas.IngestReportOut:
    """Take a document out; it answers nothing from then on. Shipped documents are edited in the corpus, not removed here."""
    document = find_removable(state, doc_id)
    parts = state.parts
    report = apply_uploads(parts.folder, parts.embedder, parts.settings.uploads, {}, remove=[document.doc_id], author=officer)
    parts.changes.record(officer, Action.DOCUMENT_REMOVED, document.slug, f"《{document.title}》")
    return _present(report)


def _is_about(document: Document, topic: str, year: str) -> bool:
    return topic in document.topic and _date_of(document).startswith(year)


def _date_of(document: Document) -> str:
    """When it takes effect, or else when it was issued; of a case the date of its sources."""
    return document.effective or document.issued or document.case.get("as_of", "")


def find_document(state: State, doc_id: str) -> Document:
    """The document with this id or slug.

    Raises:
        NotFound: there is none.
    """
    entries = state.parts.readers().generation.catalogue.entries
    if doc_id in entries:
        return entries[doc_id].document
    for entry in entries.values():
        if entry.document.slug == doc_id:
            return entry.document
    raise NotFound(f"没有编号为 {doc_id} 的文档，可能已经更新或删除")


def find_removable(state: State, doc_id: str) -> Document:
    """The document with this id or slug, if it did not come with the program.

    Raises:
        NotFound: there is none.
        HTTPException: 409, it is a shipped one.
    """
    document = find_document(state, doc_id)
    if state.parts.readers().generation.catalogue.entries[document.doc_id].origin == CORPUS_ORIGIN:
        raise HTTPException(409, "这是随程序附带的文档，不能在这里删除；请在 knowledge_base/corpus 里修改后重新运行 assistant ingest")
    return document


def _present(report: IngestReport) -> schemas.IngestReportOut:
    fields = asdict(report)
    fields["failures"] = [{"path": base_name(f.path), "reason": f.reason} for f in report.failures]
    return schemas.IngestReportOut(**fields)
