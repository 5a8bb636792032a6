"""The evaluator over HTTP: her key, her own questions, runs in the background, rows, remarks, comparisons and downloads."""

from __future__ import annotations

import io
import json
import shutil
import time
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from assistant_server import Service, serve

from assistant.settings import Settings
from assistant.wire.evaluation_schemas import DatasetList, DatasetOut, RowList, RowOut, RunComparisonOut, RunList, RunOut, RunSummary
from assistant.wire.schemas import Problem
from evals.remarks import RemarkBook
from evals.service import router

ROOT = Path(__file__).parents[3]
KEY = {"Authorization": "Bearer pingce"}
QUESTIONS = (
    {"id": "1", "text": "女职工生育产假国家规定是多少天？", "expected": "answer", "must_include": [["98"]], "slice": "产假"},
    {"id": "2", "text": "怎么修拖拉机的变速箱？", "expected": "abstain", "slice": "库外"},
    {"id": "3", "text": "全国总工会的服务热线是多少？", "expected": "answer", "must_include": [["99999"]], "slice": "热线"},
)


@pytest.fixture(scope="module")
def running(shipped_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("evaluated") / "data"
    shutil.copytree(shipped_data_dir, data_dir)
    with serve(Settings(data_dir=data_dir, admin_key="管理密钥", evaluator_key="pingce"), more=[router]) as service:
        yield service


@pytest.fixture
def client(running: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{running.url}/v1/evals", headers=KEY, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def finished(running: Service) -> RunSummary:
    """A run of the three questions, one of which is labelled so that its answer must be wrong."""
    with httpx.Client(base_url=f"{running.url}/v1/evals", headers=KEY, timeout=60) as client:
        return wait(client, begin(client, hand_in(client, as_lines(*QUESTIONS)).key))


def as_lines(*questions: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(q, ensure_ascii=False)}\n" for q in questions).encode()


def hand_in(client: httpx.Client, data: bytes, name: str = "我的题.jsonl") -> DatasetOut:
    response = client.post("/datasets", files={"file": (name, data)})
    assert response.status_code == 201, response.text
    return DatasetOut.model_validate_json(response.text)


def begin(client: httpx.Client, key: str) -> RunSummary:
    response = client.post("/runs", json={"key": key})
    assert response.status_code == 202, response.text
    return RunSummary.model_validate_json(response.text)


def wait(client: httpx.Client, run: RunSummary) -> RunSummary:
    while run.state == "running":
        time.sleep(0.05)
        run = RunSummary.model_validate_json(client.get(f"/runs/{run.name}/progress").text)
    return run


def rows(client: httpx.Client, name: str, **conditions: object) -> RowList:
    return RowList.model_validate_json(client.get(f"/runs/{name}/rows", params=conditions).text)


def said(response: httpx.Response, status: int) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return Problem.model_validate_json(response.text).detail


# -- who may


@pytest.mark.parametrize("key", ["pingce", "管理密钥"])
def test_the_evaluators_key_and_the_admin_key_open_the_desk(running: Service, key: str) -> None:
    assert httpx.get(f"{running.url}/v1/evals/runs", headers={"Authorization": f"Bearer {key}".encode()}).status_code == 200


def test_without_the_right_key_there_is_nothing_to_see(running: Service) -> None:
    assert "评测密钥不对" in said(httpx.get(f"{running.url}/v1/evals/runs"), 401)
    assert "评测密钥不对" in said(httpx.get(f"{running.url}/v1/evals/runs", headers={"Authorization": "Bearer x"}), 401)


def test_the_evaluators_key_opens_no_route_of_the_administrator(running: Service) -> None:
    assert httpx.get(f"{running.url}/v1/unanswered", headers=KEY).status_code == 401


def test_a_service_without_keys_says_how_to_open_the_desk(fresh_data_dir: Path) -> None:
    with serve(Settings(data_dir=fresh_data_dir), more=[router]) as service:
        assert "ASSISTANT_EVALUATOR_KEY" in said(httpx.get(f"{service.url}/v1/evals/runs"), 403)


def test_a_service_closed_by_a_key_lets_the_evaluator_in(fresh_data_dir: Path) -> None:
    with serve(Settings(data_dir=fresh_data_dir, api_key="a", evaluator_key="pingce"), more=[router]) as service:
        assert httpx.get(f"{service.url}/v1/evals/runs", headers=KEY).status_code == 200


def test_the_entry_point_of_the_project_names_the_router() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["assistant.routers"]["evals"].partition(":")

    assert getattr(import_module(module), name) is router


def test_a_service_without_the_evals_lacks_the_desk_and_nothing_else(fresh_data_dir: Path) -> None:
    with serve(Settings(data_dir=fresh_data_dir, evaluator_key="pingce")) as service:
        assert httpx.get(f"{service.url}/v1/evals/runs", headers=KEY).status_code == 404
        assert httpx.get(f"{service.url}/readyz").status_code == 200


# -- her own questions


def test_the_template_is_taken_back_as_it_is(client: httpx.Client) -> None:
    for form in ("xlsx", "jsonl"):
        template = client.get("/template", params={"format": form})

        assert hand_in(client, template.content, f"模板.{form}").count == 3


def test_a_file_handed_in_twice_is_kept_once(client: httpx.Client) -> None:
    first, second = (hand_in(client, as_lines(QUESTIONS[0]), "两次.jsonl") for _ in range(2))
    listed = DatasetList.model_validate_json(client.get("/datasets").text).items

    assert first == second
    assert [d.title for d in listed].count("两次") == 1
    assert {"dev", "gate", "red-team", "full"} <= {d.key for d in listed}


def test_a_faulty_file_is_refused_whole_and_the_line_is_named(client: httpx.Client) -> None:
    broken = as_lines(QUESTIONS[0]) + b'{"id": "9"}\n'

    detail = said(client.post("/datasets", files={"file": ("坏.jsonl", broken)}), 422)

    assert "坏.jsonl 第 2 行：缺 id 或 text" in detail
    assert "坏" not in [d.title for d in DatasetList.model_validate_json(client.get("/datasets").text).items]


def test_a_file_that_is_too_large_is_refused(client: httpx.Client) -> None:
    assert "超过" in said(client.post("/datasets", files={"file": ("大.jsonl", b"x" * 1_100_000)}), 413)


# -- runs


def test_a_run_has_figures_with_n_and_interval(client: httpx.Client, finished: RunSummary) -> None:
    run = RunOut.model_validate_json(client.get(f"/runs/{finished.name}").text)

    assert (finished.state, finished.done, finished.total, finished.own, finished.title) == ("finished", 3, 3, True, "我的题")
    right = next(m for m in run.metrics if m.name == "right").estimate
    assert (right.n, round(right.value or 0, 3)) == (3, 0.667)
    assert right.low is not None
    assert right.high is not None
    assert {g.key: g.right.value for g in run.groups}["我的题/热线"] == 0
    assert set(run.breaches.values()) == {0}
    assert run.settings["corpus_hash"]
    assert run.asked_on == run.created[:10] or run.asked_on > "2026-11-22"


def test_the_newest_run_stands_first_and_the_committed_baseline_last(client: httpx.Client, finished: RunSummary) -> None:
    items = RunList.model_validate_json(client.get("/runs").text).items

    assert items[-1].name == "baseline"
    assert items[-1].right is not None
    assert finished.name in {r.name for r in items[:-1]}


def test_only_wrong_answers_are_shown_when_asked_for_each_with_its_reason(client: httpx.Client, finished: RunSummary) -> None:
    wrong = rows(client, finished.name, wrong=True)
    row = RowOut.model_validate_json(client.get(f"/runs/{finished.name}/rows/{wrong.items[0].number}").text)

    assert [r.sample_id for r in wrong.items] == ["3"]
    assert row.why == ["缺 1 组必说内容（99999）"]
    assert "12351" in row.answer
    assert row.cited[0].title


def test_rows_are_narrowed_by_group_expectation_verdict_and_words_and_paged(client: httpx.Client, finished: RunSummary) -> None:
    name = finished.name

    assert [r.sample_id for r in rows(client, name, group="我的题/库外").items] == ["2"]
    assert [r.sample_id for r in rows(client, name, expected="answer").items] == ["1", "3"]
    assert [r.sample_id for r in rows(client, name, verdict="abstained").items] == ["2"]
    assert [r.sample_id for r in rows(client, name, q="拖拉机").items] == ["2"]
    page = rows(client, name, limit=1, offset=2)
    assert (page.total, [r.number for r in page.items]) == (3, [3])


def test_a_row_or_run_that_is_not_there_is_told_so(client: httpx.Client, finished: RunSummary) -> None:
    assert "第 4 题" in said(client.get(f"/runs/{finished.name}/rows/4"), 404)
    assert "没有叫" in said(client.get("/runs/nowhere"), 404)
    assert said(client.get("/runs/..%2F..%2Fetc"), 404)
    assert "没有" in said(client.post("/runs", json={"key": "own-nothing"}), 404)


def test_one_run_at_a_time_and_a_stopped_one_goes_on_where_it_was(client: httpx.Client, running: Service) -> None:
    run = begin(client, "gate")
    assert "已经有一次评测在跑" in said(client.post("/runs", json={"key": "dev"}), 409)

    stopped = wait(client, RunSummary.model_validate_json(client.post(f"/runs/{run.name}/stop").text))
    kept = running.parts.settings.data_dir / "evals" / "runs" / run.name / "rows.jsonl"
    before = kept.read_text(encoding="utf-8") if kept.exists() else ""
    resumed = RunSummary.model_validate_json(client.post(f"/runs/{run.name}/resume").text)
    again = wait(client, RunSummary.model_validate_json(client.post(f"/runs/{run.name}/stop").text))

    assert stopped.state == "stopped"
    assert stopped.done < 1000
    assert resumed.state == "running"
    assert again.done >= stopped.done
    assert kept.read_text(encoding="utf-8").startswith(before)


def test_two_runs_are_compared_question_by_question(client: httpx.Client, finished: RunSummary) -> None:
    mended = hand_in(client, as_lines(*QUESTIONS[:2], {**QUESTIONS[2], "must_include": [["12351"]]}), "改好的.jsonl")
    later = wait(client, begin(client, mended.key))

    found = RunComparisonOut.model_validate_json(client.get("/comparison", params={"before": finished.name, "after": later.name}).text)

    assert (found.shared, found.better, found.worse) == (3, 1, 0)
    assert found.p == 1.0
    assert [(p.before.right, p.after.right, p.after.text) for p in found.better_pairs] == [(False, True, QUESTIONS[2]["text"])]
    assert found.worse_pairs == []


# -- remarks


def test_a_remark_is_kept_counted_and_shown_with_the_row(client: httpx.Client, finished: RunSummary) -> None:
    body = {"number": 3, "author": "小周", "fair": "disagree", "faithful": True, "plain": True, "note": "题目标错了，打 13800138000 问我"}

    assert client.post(f"/runs/{finished.name}/remarks", json=body).status_code == 201

    row = RowOut.model_validate_json(client.get(f"/runs/{finished.name}/rows/3").text)
    run = RunOut.model_validate_json(client.get(f"/runs/{finished.name}").text)
    assert (row.said[-1].author, row.said[-1].fair, row.said[-1].note) == ("小周", "disagree", "题目标错了，打 〔手机号〕 问我")
    assert (run.fairness.value, run.fairness.n) == (0.0, 1)
    assert [r.number for r in rows(client, finished.name, noted=True).items] == [3]
    labels = client.get(f"/runs/{finished.name}/download", params={"format": "labels"}).text
    assert json.loads(labels) == {"id": "3", "faithful": True, "plain": True}


def test_an_empty_remark_is_refused(client: httpx.Client, finished: RunSummary) -> None:
    assert "什么也没有写" in said(client.post(f"/runs/{finished.name}/remarks", json={"number": 1, "author": "小周", "note": " "}), 422)


def test_the_baseline_takes_remarks_too_beside_it(client: httpx.Client, running: Service) -> None:
    assert client.post("/runs/baseline/remarks", json={"number": 1, "author": "小周", "note": "看过"}).status_code == 201

    assert [r.note for r in RemarkBook(running.parts.settings.data_dir / "evals" / "remarks" / "baseline.jsonl").all()] == ["看过"]


# -- downloads


def test_a_run_is_downloaded_as_rows_summary_report_and_table(client: httpx.Client, finished: RunSummary) -> None:
    got = {f: client.get(f"/runs/{finished.name}/download", params={"format": f}) for f in ("rows", "summary", "report", "xlsx")}

    assert all("attachment" in r.headers["content-disposition"] for r in got.values())
    assert [json.loads(line)["sample_id"] for line in got["rows"].text.splitlines()] == ["1", "2", "3"]
    assert got["summary"].json()["n"] == 3
    assert "最差的 1 个回答" in got["report"].text
    assert "http" not in got["report"].text.partition("<body>")[0]
    sheet = openpyxl.load_workbook(io.BytesIO(got["xlsx"].content)).active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [q["text"] for q in QUESTIONS]
