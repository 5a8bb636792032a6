"""The commands as an evaluator types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.__main__ import app

ROOT = Path(__file__).parents[2]


def run_evals(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "evals", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)


def test_answers_writes_a_row_a_question_and_a_summary(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        '{"id":"1","text":"女职工生育产假国家规定是多少天？","expected":"answer","gold_facts":["NZG-007"],"must_include":[["98"]]}\n'
        '{"id":"2","text":"怎么修拖拉机的变速箱？","expected":"abstain"}\n',
        encoding="utf-8",
    )

    done = run_evals("answers", "--questions", questions, "--json", tmp_path / "out.json")

    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [r["right"] for r in written["rows"]] == [True, True]
    assert written["summary"]["metrics"]["right"]["n"] == 2
    assert "硬线" in done.stdout


def test_a_broken_question_file_is_one_line_and_exit_two(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id":"1"}\n', encoding="utf-8")

    done = run_evals("answers", "--questions", questions, "--json", tmp_path / "out.json")

    assert done.returncode == 2
    assert "q.jsonl 第 1 行：缺 id 或 text" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", ["panel", "retrieval", "answers", "run", "compare", "report", "gate", "baseline", "calibrate", "judge", "datasets", "leaks"]
)
def test_every_command_tells_what_it_does(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])

    assert done.exit_code == 0
    assert "Usage" in done.stdout


def test_the_datasets_are_listed() -> None:
    done = CliRunner().invoke(app, ["datasets"])

    assert "dev" in done.stdout
    assert "277 题" in done.stdout
