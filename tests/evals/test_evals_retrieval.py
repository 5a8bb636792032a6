"""Retrieval over a task in BEIR form, with the product's own index and retriever."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.errors import DatasetError
from evals.retrieval_task import DEPTH, load_task, search_task, write_run
from knowledge_base.embedder.embedding import HashingEmbedder

CORPUS = [
    {"_id": "s1", "title": "女职工劳动保护特别规定第七条", "text": "女职工生育享受98天产假，其中产前可以休假15天。"},
    {"_id": "s2", "title": "劳动法第三十六条", "text": "国家实行劳动者每日工作时间不超过八小时的工时制度。"},
    {"_id": "s3", "title": "", "text": "农村土地承包经营权可以依法流转。"},
]
QUERIES = [
    {"_id": "q1", "text": "女职工生育产假休多少天"},
    {"_id": "q2", "text": "一天上班不能超过几小时"},
    {"_id": "q3", "text": "没有人判过"},
]


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = tmp_path / "task"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in CORPUS), encoding="utf-8")
    (folder / "queries.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in QUERIES), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ts1\t1\nq2\ts2\t1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_a_small_task_is_found(task: Path, mode: str) -> None:
    result = search_task(load_task(task), HashingEmbedder(), mode)  # type: ignore[arg-type]

    assert {q: ranked[0] for q, ranked in result.rankings.items()} == {"q1": "s1", "q2": "s2"}
    assert result.metrics["nDCG@10"].value == 1.0
    assert result.metrics["nDCG@10"].n == 2


def test_a_run_file_lists_the_ranking_with_falling_scores(tmp_path: Path) -> None:
    write_run(tmp_path / "x.run", {"q1": ["s1", "s9"]}, "tag")

    assert (tmp_path / "x.run").read_text(encoding="utf-8") == f"q1 Q0 s1 1 {DEPTH} tag\nq1 Q0 s9 2 {DEPTH - 1} tag\n"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 s1 1\n", "qrels.tsv 第 2 行"),
        ("corpus.jsonl", '{"_id":"s1"}\n', "corpus.jsonl 第 1 行缺"),
        ("queries.jsonl", '{"_id":"q1","text":"x"}\n{', "queries.jsonl 第 2 行不是 JSON"),
    ],
)
def test_a_broken_line_is_named(task: Path, name: str, text: str, told: str) -> None:
    (task / name).write_text(text, encoding="utf-8")

    with pytest.raises(DatasetError, match=told):
        load_task(task)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="任务文件夹里应有"):
        load_task(tmp_path)


def test_the_command_writes_figures_and_a_run(task: Path, tmp_path: Path) -> None:
    out, run = tmp_path / "out.json", tmp_path / "out.run"

    done = subprocess.run(
        [sys.executable, "-m", "evals", "retrieval", "--task", task, "--json", out, "--run", run, "--mode", "lexical"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert (written["mode"], written["n"], written["metrics"]["success@1"]["value"]) == ("lexical", 2, 1.0)
    assert run.read_text(encoding="utf-8").startswith("q1 Q0 s1 1 ")


def test_our_figures_agree_with_the_outside_grader(shared_dir: Path, tmp_path: Path) -> None:
    whole = shared_dir / "retrieval" / "tasks" / "stard_train"
    folder = tmp_path / "part"
    folder.mkdir()
    for name, lines in (("corpus.jsonl", 1500), ("queries.jsonl", 150), ("qrels.tsv", 200)):
        part = (whole / name).read_text(encoding="utf-8").split("\n")[:lines]
        (folder / name).write_text("\n".join(part) + "\n", encoding="utf-8")
    result = search_task(load_task(folder), HashingEmbedder(), "hybrid")
    write_run(tmp_path / "x.run", result.rankings, "t")

    done = subprocess.run(
        [sys.executable, shared_dir / "acceptance" / "grade.py", "ranking", "--task", folder, "--run", tmp_path / "x.run"],
        capture_output=True,
        text=True,
        check=True,
    )

    theirs = json.loads(done.stdout)
    for name in ("success@1", "success@5", "MRR@10", "nDCG@10"):
        assert result.metrics[name].value == pytest.approx(theirs[name], abs=1e-4), name
