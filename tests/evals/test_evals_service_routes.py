"""The evaluator's routes over a small corpus: what each refuses, what each sends as a file, and that errors become problems."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest
from assistant_server import Service, serve
from evals_pieces import make_row
from panel_pieces import ScriptedConversing, panel_with

from assistant.settings import Settings
from assistant.wire.evaluation_schemas import (
    DatasetList,
    PanelList,
    PanelResultsOut,
    PanelTurnList,
    PanelTurnOut,
    RowList,
    RunList,
    RunOut,
    RunSummary,
)
from evals.panel.asking import ask_panel
from evals.remarks import Fair, Remark, RemarkBook
from evals.rows import Row, write_rows
from evals.run_folder import RunConfig, RunFolder
from evals.service import router

KEY = {"Authorization": "Bearer pingce"}
PANEL = "2026-12-trial"
STOPPED, DAMAGED, WITHOUT_ROWS = "20261120-stopped", "20261121-damaged", "20261122-empty"
CONFIG = RunConfig("dev", "正在运行的服务", {"generation": "g000001"}, {"dev": "0123456789abcdef"}, 4, "2026-11-22")
ROWS = (
    make_row("q1", ms=5.0),
    make_row("q2", right=False, why=("没有引到标准依据",), answer="=98天"),
    make_row("q3", expected="abstain", verdict="abstained"),
    make_row("q1-1", way="拼音", parent="q1", breaches=("过期当现行",)),
)


def leave_run(runs: Path, name: str, rows: tuple[Row, ...], *, summed: bool = False) -> RunFolder:
    """A run as an earlier service left it."""
    folder = RunFolder(runs / name)
    folder.begin(CONFIG)
    (folder.path / "request.json").write_text(json.dumps({"suite": "dev", "title": "dev"}), encoding="utf-8")
    write_rows(folder.rows_path, rows)
    if summed:
        folder.finish(rows)
    if not rows:
        folder.rows_path.unlink()
    return folder


@pytest.fixture(scope="module")
def running(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("routes") / "data"
    shutil.copytree(small_data_dir, data_dir)
    runs = data_dir / "evals" / "runs"
    leave_run(runs, STOPPED, ROWS)
    damaged = leave_run(runs, DAMAGED, ROWS, summed=True)
    (damaged.path / "summary.json").write_text("{坏", encoding="utf-8")
    leave_run(runs, WITHOUT_ROWS, ())
    RemarkBook(data_dir / "evals" / "remarks" / f"{STOPPED}.jsonl").add(
        Remark("q2", "小周", "2026-11-23T05:00:00+00:00", Fair.DISAGREE, faithful=True, plain=False, note="题目标错了")
    )
    ask_panel(panel_with(data_dir / "evals" / "panels" / PANEL), ScriptedConversing())
    with serve(Settings(data_dir=data_dir, evaluator_key="pingce"), more=[router]) as service:
        yield service


@pytest.fixture
def client(running: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{running.url}/v1/evals", headers=KEY, timeout=60) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/runs/nowhere", 404, "没有叫 nowhere 的评测"),
        ("GET", "/runs/nowhere/progress", 404, "没有叫"),
        ("GET", "/runs/nowhere/rows", 404, "没有叫"),
        ("POST", "/runs/nowhere/stop", 404, "没有叫"),
        ("POST", "/runs/nowhere/resume", 404, "没有叫"),
        ("GET", "/runs/nowhere/download?format=rows", 404, "没有叫"),
        ("GET", f"/runs/{STOPPED}/rows/0", 404, "没有第 0 题"),
        ("GET", f"/runs/{STOPPED}/rows/5", 404, "没有第 5 题"),
        ("GET", f"/runs/{WITHOUT_ROWS}", 503, "还没有结果"),
        ("GET", f"/runs/{DAMAGED}", 503, "读不懂"),
        ("GET", f"/comparison?before={STOPPED}&after=nowhere", 404, "没有叫"),
        ("GET", f"/comparison?before={DAMAGED}&after={STOPPED}", 503, "读不懂"),
        ("GET", f"/runs/{STOPPED}/download?format=pdf", 422, ""),
        ("GET", f"/runs/{STOPPED}/rows?limit=0", 422, ""),
        ("GET", f"/runs/{STOPPED}/rows?limit=501", 422, ""),
        ("GET", f"/runs/{STOPPED}/rows?offset=-1", 422, ""),
        ("GET", "/template?format=csv", 422, ""),
        ("GET", "/comparison?before=baseline", 422, ""),
    ],
)
def test_what_cannot_be_given_is_a_problem_with_its_reason(client: httpx.Client, method: str, path: str, status: int, told: str) -> None:
    response = client.request(method, path)

    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert told in response.json()["detail"]


@pytest.mark.parametrize("key", ["../../etc", "", "a b", "x" * 129, "中文"])
def test_a_key_that_is_none_starts_nothing(client: httpx.Client, key: str) -> None:
    assert client.post("/runs", json={"key": key}).status_code == 422


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"number": 1, "author": "小周"}, "什么也没有写"),
        ({"number": 1, "author": "小周", "note": "  "}, "什么也没有写"),
        ({"number": 1, "author": " ", "note": "好"}, ""),
        ({"number": 0, "author": "小周", "note": "好"}, ""),
        ({"number": 1, "author": "小周", "fair": "也许"}, ""),
        ({"number": 1, "author": "小周", "note": "长" * 2001}, ""),
    ],
)
def test_a_remark_that_says_nothing_or_too_much_is_refused(client: httpx.Client, body: dict[str, object], told: str) -> None:
    response = client.post(f"/runs/{STOPPED}/remarks", json=body)

    assert response.status_code == 422
    assert told in response.json()["detail"]


def test_a_run_that_is_damaged_is_still_listed_without_its_figure(client: httpx.Client) -> None:
    listed = {run.name: run for run in RunList.model_validate_json(client.get("/runs").text).items}

    assert (listed[DAMAGED].state, listed[DAMAGED].right) == ("finished", None)
    assert (listed[STOPPED].state, listed[STOPPED].done, listed[STOPPED].total) == ("stopped", 4, 4)
    assert (listed[WITHOUT_ROWS].done, listed[WITHOUT_ROWS].total) == (0, 4)
    assert list(listed)[-1] == "baseline"


def test_stopping_what_does_not_run_changes_nothing(client: httpx.Client) -> None:
    assert RunSummary.model_validate_json(client.post(f"/runs/{STOPPED}/stop").text).state == "stopped"


def test_a_stopped_run_has_the_figures_of_what_was_asked(client: httpx.Client) -> None:
    run = RunOut.model_validate_json(client.get(f"/runs/{STOPPED}").text)

    right = next(m for m in run.metrics if m.name == "right").estimate
    assert (right.value, right.n) == (0.75, 4)
    assert (run.system, run.asked_on, run.settings["dataset dev"]) == ("正在运行的服务", "2026-11-22", "0123456789ab")
    assert run.breaches["过期当现行"] == 1
    assert (run.fairness.value, run.fairness.n, run.remarks) == (0.0, 1, 1)


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, ["q1", "q2", "q3", "q1-1"]),
        ({"wrong": True}, ["q2", "q1-1"]),
        ({"noted": True}, ["q2"]),
        ({"group": "way:拼音"}, ["q1-1"]),
        ({"verdict": "abstained"}, ["q3"]),
        ({"q": "  98  "}, ["q2"]),
        ({"limit": 2}, ["q1", "q2"]),
        ({"limit": 2, "offset": 3}, ["q1-1"]),
        ({"offset": 9}, []),
    ],
)
def test_rows_are_narrowed_and_paged(client: httpx.Client, conditions: dict[str, str], found: list[str]) -> None:
    rows = RowList.model_validate_json(client.get(f"/runs/{STOPPED}/rows", params=conditions).text)

    assert [row.sample_id for row in rows.items] == found


def test_a_remark_is_counted_beside_its_row_alone(client: httpx.Client) -> None:
    rows = RowList.model_validate_json(client.get(f"/runs/{STOPPED}/rows").text)

    assert [row.remarks for row in rows.items] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("format", "media", "name"),
    [
        ("rows", "application/x-ndjson", f"{STOPPED}.rows.jsonl"),
        ("summary", "application/json", f"{STOPPED}.summary.json"),
        ("labels", "application/x-ndjson", f"{STOPPED}.labels.jsonl"),
        ("report", "text/html; charset=utf-8", f"{STOPPED}.html"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{STOPPED}.xlsx"),
    ],
)
def test_a_download_has_its_type_and_its_name(client: httpx.Client, format: str, media: str, name: str) -> None:
    response = client.get(f"/runs/{STOPPED}/download", params={"format": format})

    assert response.status_code == 200
    assert response.headers["content-type"] == media
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_downloaded_table_computes_nothing(client: httpx.Client) -> None:
    data = client.get(f"/runs/{STOPPED}/download", params={"format": "xlsx"}).content

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert (sheet["J3"].value, sheet["J3"].data_type) == ("=98天", "s")
    assert sheet["N3"].value == "题目标错了（小周，2026-11-23）"


def test_downloaded_labels_are_those_of_the_last_remark(client: httpx.Client) -> None:
    lines = client.get(f"/runs/{STOPPED}/download", params={"format": "labels"}).text.splitlines()

    assert [json.loads(line) for line in lines] == [{"id": "q2", "faithful": True, "plain": False}]


def test_a_run_compared_with_itself_did_not_change(client: httpx.Client) -> None:
    found = client.get("/comparison", params={"before": STOPPED, "after": STOPPED}).json()

    assert (found["shared"], found["better"], found["worse"], found["p"]) == (4, 0, 0, 1.0)
    assert found["better_pairs"] == found["worse_pairs"] == []


@pytest.mark.parametrize(
    ("name", "title"), [("第一批.jsonl", "第一批"), ("C:\\题\\第二批.jsonl", "第二批"), ("a/b/第三批.jsonl", "第三批")]
)
def test_questions_are_called_after_their_file(client: httpx.Client, name: str, title: str) -> None:
    line = json.dumps({"id": "1", "text": f"{title}：产假多少天？", "expected": "answer"}, ensure_ascii=False)

    kept = client.post("/datasets", files={"file": (name, line.encode())}).json()

    listed = {d.key: d for d in DatasetList.model_validate_json(client.get("/datasets").text).items}
    assert (listed[kept["key"]].title, listed[kept["key"]].count, listed[kept["key"]].own) == (title, 1, True)


def test_suites_are_listed_with_their_number_of_questions_before_own_ones(client: httpx.Client) -> None:
    items = DatasetList.model_validate_json(client.get("/datasets").text).items

    assert [d.key for d in items[:4]] == ["dev", "gate", "red-team", "full"]
    assert all(d.count > 100 and not d.own for d in items[:4])


ROW = {
    "first_sentence_answers": "partly",
    "statements": 3,
    "irrelevant_statements": 1,
    "harm": "none",
    "verdict_right": "yes",
    "complete": "partly",
    "understood": "yes",
    "kind": "composing",
    "note": "=电话13812345678",
}


def test_the_panels_are_listed_the_one_asked_last_first(client: httpx.Client) -> None:
    items = PanelList.model_validate_json(client.get("/panels").text).items

    assert [(i.name, i.turns) for i in items] == [(PANEL, 4), ("2026-11-c", 134), ("2026-11-b", 138), ("2026-11", 132)]


def test_a_judge_sees_the_conversation_the_whole_answer_and_only_the_own_row(client: httpx.Client) -> None:
    assert client.post(f"/panels/{PANEL}/judgements", json={"number": 2, "judge": "j1", **ROW}).status_code == 201

    own = PanelTurnOut.model_validate_json(client.get(f"/panels/{PANEL}/turns/2", params={"judge": "j1"}).text)
    other = PanelTurnOut.model_validate_json(client.get(f"/panels/{PANEL}/turns/2", params={"judge": "j2"}).text)
    turns = PanelTurnList.model_validate_json(client.get(f"/panels/{PANEL}/turns", params={"judge": "j2"}).text)

    assert [e.text for e in own.before] == ["怀起了厂头喊我上夜班咋个办"]
    assert own.now.answer is not None
    assert own.own is not None
    assert "13812345678" not in own.own.note
    assert other.own is None
    assert (turns.done, len(turns.items)) == (0, 4)


def test_a_judgement_on_a_shipped_panel_is_kept_with_the_service(client: httpx.Client, running: Service) -> None:
    assert client.post("/panels/2026-11/judgements", json={"number": 1, "judge": "j3", **ROW}).status_code == 201

    kept = running.parts.settings.data_dir / "evals" / "panels" / "2026-11" / "judgements" / "j3.jsonl"
    assert json.loads(kept.read_text(encoding="utf-8"))["second"] is True
    results = PanelResultsOut.model_validate_json(client.get("/panels/2026-11/results").text)
    assert (results.judged, results.measures[0].estimate.n) == (132, 122)
    assert len(results.worst) == 20


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/panels/{PANEL}/judgements", {"number": 9, "judge": "j1", **ROW}, 404),
        ("/panels/nowhere/judgements", {"number": 1, "judge": "j1", **ROW}, 404),
        (f"/panels/{PANEL}/judgements", {"number": 1, "judge": "王", **ROW}, 422),
        (f"/panels/{PANEL}/judgements", {"number": 1, "judge": "j1", **ROW, "irrelevant_statements": 4}, 422),
        (f"/panels/{PANEL}/judgements", {"number": 1, "judge": "j1", **ROW, "danger_turn": True}, 422),
    ],
)
def test_a_judgement_that_does_not_fit_is_refused(client: httpx.Client, path: str, body: dict[str, object], status: int) -> None:
    assert client.post(path, json=body).status_code == status


def test_a_panel_is_sent_as_a_spreadsheet(client: httpx.Client) -> None:
    client.post(f"/panels/{PANEL}/judgements", json={"number": 1, "judge": "j1", **ROW})

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/panels/{PANEL}/download").content))

    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0][:6] == ("对话", "第几轮", "类别", "四川话", "问题", "回答")
    assert lines[1][4] == "怀起了厂头喊我上夜班咋个办"
    assert "能一部分" in lines[1]
    assert lines[1][lines[0].index("备注")].startswith("=电话")  # text, not a formula
