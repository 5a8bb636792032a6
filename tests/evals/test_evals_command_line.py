"""The commands that read what is there: each in this process, over runs in a folder of the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from evals_pieces import make_row
from typer.testing import CliRunner, Result

from evals.__main__ import app
from evals.errors import DatasetError, EvalError, JudgeError, RunError
from evals.rows import Cited, Row, write_rows
from evals.run_folder import RunConfig, RunFolder

CONFIG = RunConfig("dev", "本系统", {}, {"dev": "0123456789abcdef"}, 2, "2026-11-22", commit="0123456789abcdef", machine={"cores": 2})
RIGHT = replace(
    make_row("q1", answer="产假98天[1]。", cited=(Cited("1", "特别规定", "第七条", "现行", ("NZG-007",), "98天"),)), text="产假多少天？"
)
WRONG = replace(make_row("q2", right=False, why=("没有引到标准依据",)), text="津贴怎么算？")


def left(folder: Path, *rows: Row) -> Path:
    """A finished run in a folder."""
    kept = RunFolder(folder)
    kept.begin(CONFIG)
    write_rows(kept.rows_path, rows)
    kept.finish(rows)
    return folder


def typed(*arguments: str | Path) -> Result:
    """What a command says; errors of ours are raised for the test to look at."""
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    if isinstance(done.exception, EvalError):
        raise done.exception
    return done


def test_two_runs_are_compared_in_words_and_as_a_page(tmp_path: Path) -> None:
    before, after = left(tmp_path / "前", RIGHT, WRONG), left(tmp_path / "后", replace(RIGHT, right=False), replace(WRONG, right=True))

    done = typed("compare", before, after, "--html", tmp_path / "diff.html")

    assert done.exit_code == 0
    assert done.stdout.startswith("# 前 → 后")
    assert "变好 1，变差 1" in done.stdout
    assert "产假多少天？" in (tmp_path / "diff.html").read_text(encoding="utf-8")


def test_a_report_is_written_as_page_and_markdown_into_a_new_folder(tmp_path: Path) -> None:
    done = typed("report", left(tmp_path / "r", RIGHT, WRONG), "--out", tmp_path / "a" / "b")

    assert done.exit_code == 0
    assert {p.name for p in (tmp_path / "a" / "b").iterdir()} == {"report.html", "REPORT.md"}
    assert "| 总体答对 | 50.0% [9.5, 90.5] | 2 |" in (tmp_path / "a" / "b" / "REPORT.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("compare", "没有的", "baseline"), ("report", "没有的", "--out", "x"), ("judge", "没有的")])
def test_a_run_that_is_not_there_is_an_error_of_ours(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVALS_JUDGE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("EVALS_JUDGE_MODEL", "m")

    with pytest.raises(RunError, match="找不到评测结果 没有的"):
        typed(*arguments)


def test_without_a_judging_model_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVALS_JUDGE_URL", raising=False)

    with pytest.raises(JudgeError, match="请设置 EVALS_JUDGE_URL 和 EVALS_JUDGE_MODEL"):
        typed("judge", "baseline")


def test_a_judge_that_cannot_be_reached_is_counted_and_nothing_is_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALS_JUDGE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("EVALS_JUDGE_MODEL", "m")

    done = typed("judge", left(tmp_path / "r", RIGHT, WRONG), "--json", tmp_path / "said.json")

    written = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0
    assert written["opinions"] == {}
    assert (written["summary"]["failed"], written["summary"]["faithful"]["n"]) == (1, 0)  # the row without a source is not judged
    assert "q1：模型 m（http://127.0.0.1:9/v1）没有给出回答" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "没有叫"),
        (("--questions", "没有的.jsonl"), "没有的.jsonl 读不了"),
    ],
)
def test_a_run_of_questions_that_are_not_there_begins_nothing(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(DatasetError, match=told):
        typed("run", "--suite", "没有的", *arguments)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "corpus.jsonl"),
        ({"corpus.jsonl": "{坏"}, "corpus.jsonl 第 1 行不是 JSON"),
        ({"corpus.jsonl": '{"_id": "1"}'}, "corpus.jsonl 第 1 行缺 _id、text 中的字段"),
        ({"corpus.jsonl": '{"_id": "1", "text": "产假"}'}, "queries.jsonl"),
        ({"corpus.jsonl": "[]", "queries.jsonl": ""}, "第 1 行缺"),
        ({"corpus.jsonl": "", "queries.jsonl": "", "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\t1\n"}, "qrels.tsv 第 2 行应是"),
        ({"corpus.jsonl": "", "queries.jsonl": "", "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\t1\t高\n"}, "qrels.tsv 第 2 行应是"),
    ],
)
def test_a_task_that_is_malformed_names_the_file_and_line(tmp_path: Path, files: dict[str, str], told: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(DatasetError) as caught:
        typed("retrieval", "--task", tmp_path, "--json", tmp_path / "out.json")

    assert told in str(caught.value)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("retrieval", "--json", "x"),
        ("retrieval", "--task", "x", "--json", "y", "--mode", "magic"),
        ("answers", "--questions", "x"),
        ("compare", "nur-eins"),
        ("nonsense",),
    ],
)
def test_a_command_that_is_typed_wrong_says_how_it_is_typed(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, arguments)

    assert done.exit_code == 2
    assert "Usage" in done.output


Write = Callable[..., Path]


def test_own_questions_are_refused_before_anything_is_asked(write_lines: Write, tmp_path: Path) -> None:
    questions = write_lines("q.jsonl", '{"id":"1","text":"产假？","expected":"answer"}', '{"id":"1","text":"津贴？","expected":"answer"}')

    with pytest.raises(DatasetError, match="与第 1 行重复"):
        typed("answers", "--questions", questions, "--json", tmp_path / "out.json")
