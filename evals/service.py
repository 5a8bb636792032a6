"""The evaluator's routes: they join the API through the entry point group ``assistant.routers``, like those of any plug-in.

Loading this module loads no plotting and no report: what only one route needs is imported there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, File, HTTPException, Query, Request, Response, UploadFile
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from assistant.api.access import require_evaluator
from assistant.api.state import State
from assistant.errors import NotFound, QuestionRefused
from assistant.understanding.privacy import mask
from assistant.wire import evaluation_schemas as schemas
from evals.comparing import compare_rows
from evals.desk import SERVICE_SUITES, RunDesk, RunState
from evals.errors import DatasetError, DeskBusy, EvalError, RunMissing
from evals.judging import Judge
from evals.own_questions import read_questions, template
from evals.panel.desk import PanelDesk, keep_row, numbered, ordered_turns
from evals.panel.presenting import judgement_of, present_brief, present_results, present_turn, present_turns
from evals.presenting import (
    present_comparison,
    present_estimate,
    present_remark,
    present_row,
    present_row_summary,
    present_run,
    remarks_by_sample,
    select_rows,
)
from evals.provenance import Provenance
from evals.remarks import Fair, Remark, dump_labels, now
from evals.rows import Row, dump_row
from evals.suites import plan_suite
from evals.summary import dump_summary, parse_summary
from evals.targets import ServiceTarget
from knowledge_base import CORPUS

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _EvalRoute(APIRoute):
    """A route whose errors of ours become those of the API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with errors translated at this one seam."""
        handle = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handle(request)
            except RunMissing as exc:
                raise NotFound(str(exc)) from exc
            except DatasetError as exc:
                raise QuestionRefused(str(exc)) from exc
            except DeskBusy as exc:
                raise HTTPException(409, str(exc)) from exc
            except EvalError as exc:
                raise HTTPException(503, str(exc)) from exc

        return translated


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, object]]:
    state: State = app.state.parts
    desk = RunDesk(state.parts.settings.data_dir / "evals", lambda: ServiceTarget(state.parts), _judge)
    yield {"evals_desk": desk, "evals_panels": PanelDesk(state.parts.settings.data_dir / "evals" / "panels")}
    await run_in_threadpool(desk.close)


def _desk(request: Request) -> RunDesk:
    desk: RunDesk = request.state.evals_desk
    return desk


def _panels(request: Request) -> PanelDesk:
    panels: PanelDesk = request.state.evals_panels
    return panels


Desk = Annotated[RunDesk, Depends(_desk)]
Panels = Annotated[PanelDesk, Depends(_panels)]
Code = Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="评读人的代号")]

router = APIRouter(prefix="/v1/evals", tags=["评测"], dependencies=[Depends(require_evaluator)], route_class=_EvalRoute, lifespan=_lifespan)


@router.get("/runs", summary="列出评测")
def list_runs(desk: Desk) -> schemas.RunList:
    """Runs of this service, the newest first, and the committed baseline."""
    return schemas.RunList(items=[_listed(desk, name) for name in desk.names()])


@router.post("/runs", status_code=202, summary="开始一次评测")
def start_run(request: schemas.StartRequest, desk: Desk) -> schemas.RunSummary:
    """Begin to ask this service, in the background; one run at a time."""
    suite = request.key if request.key in SERVICE_SUITES else ""
    return _listed(desk, desk.start(suite=suite, dataset="" if suite else request.key))


@router.get("/runs/{name}", summary="一次评测的指标")
def read_run(name: str, desk: Desk) -> schemas.RunOut:
    """The figures of a run, by what it has asked so far."""
    return present_run(_listed(desk, name), desk.open(name), desk.remarks(name).all())


@router.get("/runs/{name}/progress", summary="跑到哪里了")
def read_progress(name: str, desk: Desk) -> schemas.RunSummary:
    """How far a run is; cheap enough to be asked every second."""
    return _listed(desk, name)


@router.post("/runs/{name}/resume", status_code=202, summary="接着跑")
def resume_run(name: str, desk: Desk) -> schemas.RunSummary:
    """Go on with a stopped run."""
    desk.resume(name)
    return _listed(desk, name)


@router.post("/runs/{name}/stop", summary="停下")
def stop_run(name: str, desk: Desk) -> schemas.RunSummary:
    """Stop a run after the question that it is at; it can go on later."""
    desk.stop(name)
    return _listed(desk, name)


@router.get("/runs/{name}/rows", summary="逐题结果")
def list_rows(
    name: str,
    desk: Desk,
    wrong: Annotated[bool, Query(description="只看判错的和越线的")] = False,
    noted: Annotated[bool, Query(description="只看有人工看法的")] = False,
    group: Annotated[str, Query(max_length=200, description="题集、切片（dev/career）、way:换说法、family:攻击种类")] = "",
    expected: Annotated[str, Query(max_length=20)] = "",
    verdict: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200, description="问题或回答里含有的字，或题号")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> schemas.RowList:
    """A page of rows, in the order in which they were asked."""
    remarked = remarks_by_sample(desk.remarks(name).all())
    rows = desk.open(name).rows
    fitting = list(select_rows(rows, remarked, wrong=wrong, noted=noted, group=group, expected=expected, verdict=verdict, words=q.strip()))
    page = fitting[offset : offset + limit]
    return schemas.RowList(total=len(fitting), items=[present_row_summary(n, row, remarked[row.sample_id]) for n, row in page])


@router.get("/runs/{name}/rows/{number}", summary="一题的全部")
def read_row(name: str, number: int, desk: Desk) -> schemas.RowOut:
    """A question with its answer, its sources, why it was judged so and what was said of it."""
    return present_row(number, _row(desk, name, number), desk.remarks(name).all())


@router.post("/runs/{name}/remarks", status_code=201, summary="写下看法")
def add_remark(name: str, request: schemas.RemarkRequest, desk: Desk) -> schemas.RemarkOut:
    """Keep a label, a note, or both; telephone and identity numbers in the note are masked."""
    row = _row(desk, name, request.number)
    if request.fair is None and request.faithful is None and request.plain is None and not request.note:
        raise QuestionRefused("什么也没有写。请选一个看法，或者写一句备注")
    remark = Remark(
        row.sample_id,
        mask(request.author),
        now(),
        Fair(request.fair) if request.fair else None,
        request.faithful,
        request.plain,
        mask(request.note),
    )
    desk.remarks(name).add(remark)
    return present_remark(remark)


@router.get("/comparison", summary="对比两次评测")
def compare(before: str, after: str, desk: Desk) -> schemas.RunComparisonOut:
    """What got better and what worse from one run to another, question by question, and whether that is more than chance."""
    first, second = desk.open(before), desk.open(after)
    found = compare_rows(first.rows, second.rows)
    return present_comparison(_listed(desk, before), _listed(desk, after), (first.rows, second.rows), found)


@router.get("/runs/{name}/download", summary="下载一次评测", response_class=Response)
def download(name: str, desk: Desk, format: schemas.DownloadFormat) -> Response:
    """Rows (JSONL or XLSX), summary (JSON), report (HTML), or labels as the judging command reads them (JSONL)."""
    run, remarks = desk.open(name), desk.remarks(name).all()
    match format:
        case "rows":
            return _file("".join(f"{dump_row(row)}\n" for row in run.rows).encode(), "application/x-ndjson", f"{name}.rows.jsonl")
        case "xlsx":
            from evals.report.workbook import render_workbook

            return _file(render_workbook(run.rows, remarks), _SPREADSHEET, f"{name}.xlsx")
        case "summary":
            return _file(dump_summary(run.summary).encode(), "application/json", f"{name}.summary.json")
        case "labels":
            return _file(dump_labels(remarks).encode(), "application/x-ndjson", f"{name}.labels.jsonl")
        case "report":
            from evals.figures import newest_panel
            from evals.report.page import render_page
            from evals.report.panel_opening import open_with

            newest = newest_panel()
            panel = open_with(newest.read()) if newest else None
            return _file(render_page(run, panel=panel).encode(), "text/html; charset=utf-8", f"{name}.html")


@router.get("/datasets", summary="能跑的题")
def list_datasets(desk: Desk) -> schemas.DatasetList:
    """Suites, and the questions that evaluators handed in."""
    suites = [schemas.DatasetOut(key=name, title=name, count=_count(name)) for name in SERVICE_SUITES]
    own = [schemas.DatasetOut(key=d.dataset_id, title=d.title, count=d.count, own=True, created=d.created) for d in desk.own_datasets()]
    return schemas.DatasetList(items=[*suites, *own])


@router.post("/datasets", status_code=201, summary="上传自己的题")
def add_dataset(desk: Desk, file: Annotated[UploadFile, File(description="JSONL 或 XLSX，照模板填")]) -> schemas.DatasetOut:
    """Keep questions; a file with any fault is refused whole, and the message names the line."""
    name = file.filename or "我的题目.xlsx"
    kept = desk.keep(name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0], read_questions(file.file.read(), name))
    return schemas.DatasetOut(key=kept.dataset_id, title=kept.title, count=kept.count, own=True, created=kept.created)


@router.get("/template", summary="下载模板", response_class=Response)
def read_template(format: schemas.TemplateFormat = "xlsx") -> Response:
    """A file to fill in with one's own questions."""
    media = _SPREADSHEET if format == "xlsx" else "application/x-ndjson"
    return _file(template(format), media, f"questions.{format}")


@router.get("/panels", summary="列出评读")
def list_panels(panels: Panels) -> schemas.PanelList:
    """Panels that have been asked, the one asked last first."""
    return schemas.PanelList(items=[present_brief(folder.read()) for folder in panels.folders()])


@router.get("/panels/{name}/turns", summary="一位评读人的轮次")
def list_panel_turns(name: str, judge: Code, panels: Panels) -> schemas.PanelTurnList:
    """Every turn of a panel, and whether this judge has judged it; nothing of other judges."""
    return present_turns(panels.folder(name).read(), judge)


@router.get("/panels/{name}/turns/{number}", summary="要评的一轮")
def read_panel_turn(name: str, number: int, judge: Code, panels: Panels) -> schemas.PanelTurnOut:
    """A turn with its conversation, its answer as the user reads it, and this judge's own row."""
    folder = panels.folder(name)
    return present_turn(folder.read(), folder.whole_answers(), number, judge)


@router.post("/panels/{name}/judgements", status_code=201, summary="评一轮")
def add_judgement(name: str, request: schemas.JudgementRequest, panels: Panels) -> schemas.PanelTurnBrief:
    """Keep a judge's row, in the place of an earlier one of the same judge."""
    folder = panels.folder(name)
    turn = numbered(ordered_turns(folder.read()), request.number)
    keep_row(folder, judgement_of(turn, request))
    return schemas.PanelTurnBrief(number=request.number, conversation=turn.conversation, turn=turn.turn, text=turn.text, done=True)


@router.get("/panels/{name}/results", summary="评读的结果")
def read_panel_results(name: str, panels: Panels) -> schemas.PanelResultsOut:
    """Every measure with n and interval, by group, the judges' agreement, and the worst turns."""
    return present_results(panels.folder(name).read())


@router.get("/panels/{name}/download", summary="下载评读（XLSX）", response_class=Response)
def download_panel(name: str, panels: Panels) -> Response:
    """A line a judgement."""
    from evals.report.panel_workbook import render_panel_workbook

    return _file(render_panel_workbook(panels.folder(name).read()), _SPREADSHEET, f"{name}.panel.xlsx")


def _listed(desk: RunDesk, name: str) -> schemas.RunSummary:
    request, progress = desk.request(name), desk.progress(name)
    written = desk.folder(name).path / "summary.json"
    right = None
    if progress.state is RunState.FINISHED and written.is_file():
        try:
            right = parse_summary(written.read_text(encoding="utf-8")).metrics.get("right")
        except ValueError:
            right = None  # opening the run says what is wrong with it; the list stays readable
    return schemas.RunSummary(
        name=name,
        title=request.title,
        state=progress.state.value,
        created=request.created,
        done=progress.done,
        total=progress.total or progress.done,
        right=present_estimate(right) if right else None,
        failure=progress.failure,
        own=bool(request.dataset),
    )


def _row(desk: RunDesk, name: str, number: int) -> Row:
    rows = desk.open(name).rows
    if not 1 <= number <= len(rows):
        raise RunMissing(f"这次评测没有第 {number} 题")
    return rows[number - 1]


@cache
def _judge() -> Judge:
    return Judge(Provenance.load(CORPUS))


@cache
def _count(suite: str) -> int:
    """Questions of a suite that a service is asked; the shipped datasets do not change while it runs."""
    return len(plan_suite(suite).samples)


def _file(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
