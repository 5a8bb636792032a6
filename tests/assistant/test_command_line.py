"""The command line as a person uses it: its output and its exit status.

What a command does is tried in a process of its own once; further cases call the same entry in this process, which is quicker.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import __main__ as command_line
from assistant.settings import Settings
from assistant.wire.schemas import AnswerOut
from knowledge_base.index.generations import IndexFolder

ROOT = Path(command_line.__file__).parents[1]


def run_assistant(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``python -m assistant`` with a data folder and settings of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment = {**kept, "ASSISTANT_DATA_DIR": str(data_dir), "PYTHONIOENCODING": "utf-8", **settings}
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def call_assistant(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Like :func:`run_assistant`, in this process."""

    def call(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        for name in Settings.model_fields:
            monkeypatch.delenv(f"ASSISTANT_{name.upper()}", raising=False)
        for name, value in {"ASSISTANT_DATA_DIR": str(data_dir), **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["assistant", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        said = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, int(ended.value.code or 0), said.out, said.err)

    return call


@pytest.fixture(scope="module")
def shipped(shipped_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped corpus, for commands that only read."""
    data_dir = tmp_path_factory.mktemp("cli") / "data"
    shutil.copytree(shipped_data_dir, data_dir)
    return data_dir


def assert_one_line_error(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.strip().split("\n")
    for word in words:
        assert word in line


def test_asking_gives_the_answer_as_json(shipped: Path) -> None:
    done = run_assistant(shipped, "ask", "女职工生育产假国家规定是多少天？", "--json")

    assert done.returncode == 0, done.stderr
    answer = AnswerOut.model_validate_json(done.stdout)
    assert answer.verdict == "answered"
    assert "98" in answer.text
    assert answer.citations


def test_asking_gives_the_answer_to_read_with_its_label(call_assistant: Call, shipped: Path) -> None:
    done = call_assistant(shipped, "ask", "《女职工劳动保护特别规定》第七条", "--as-of", "2011-01-01")

    assert done.returncode == 0, done.stderr
    assert "还没有施行" in done.stdout
    assert "注意：" in done.stdout
    assert "摘录" in done.stdout.strip().split("\n")[-1]


def test_searching_gives_passages_as_json_with_how_it_understood(shipped: Path) -> None:
    done = run_assistant(shipped, "search", "生娃儿产假好多天", "--json", "--top-k", "3")

    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert [hit["rank"] for hit in found["items"]] == [1, 2, 3]
    assert "多少天" in found["understood_as"]
    assert found["notes"]


def test_ingesting_a_folder_with_one_bad_file_takes_the_rest_and_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "通知.txt").write_text("夜校通知：每周三晚上七点上课，报名费36元。", encoding="gb18030")
    (folder / "坏了.docx").write_bytes(b"PK\x03\x04" + b"\x00" * 40)

    done = run_assistant(tmp_path / "data", "ingest", str(folder), "--json")

    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert (report["added"], report["failed"], report["passages"]) == (1, 1, 1)
    assert report["failures"][0]["path"].endswith("坏了.docx")
    assert "损坏" in report["failures"][0]["reason"]
    assert IndexFolder(tmp_path / "data").current() == report["generation"]


def test_ingesting_tells_a_person_what_it_did(call_assistant: Call, tmp_path: Path) -> None:
    file = tmp_path / "坏了.docx"
    file.write_bytes(b"PK\x03\x04")
    (tmp_path / "通知.txt").write_text("夜校通知：每周三晚上七点上课，报名费36元。", encoding="utf-8")

    done = call_assistant(tmp_path / "data", "ingest", str(file), str(tmp_path / "通知.txt"))

    assert done.returncode == 0, done.stderr
    assert "新增 1 篇" in done.stdout
    assert "失败 1 个文件" in done.stdout
    assert "没有收进" in done.stdout
    assert "原因" in done.stdout


def test_ingesting_nothing_but_bad_files_is_a_failure(call_assistant: Call, tmp_path: Path) -> None:
    (tmp_path / "坏了.docx").write_bytes(b"PK\x03\x04")

    done = call_assistant(tmp_path / "data", "ingest", str(tmp_path / "坏了.docx"), "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["failed"] == 1


def test_the_shipped_corpus_passes_its_check(call_assistant: Call, tmp_path: Path) -> None:
    done = call_assistant(tmp_path, "corpus", "check")

    assert done.returncode == 0, done.stdout
    assert "0 处错误" in done.stdout


def test_a_corpus_with_a_fault_does_not_pass(call_assistant: Call, tmp_path: Path) -> None:
    (tmp_path / "corpus" / "policies").mkdir(parents=True)
    (tmp_path / "corpus" / "sources.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "corpus" / "policies" / "a.md").write_text(
        "---\nid: a\nkind: policy\ntitle: 某规定\n---\n# 某规定\n\n- 产假98天。[^没有]\n", encoding="utf-8"
    )

    done = call_assistant(tmp_path, "corpus", "check", str(tmp_path / "corpus"))

    assert done.returncode == 1
    assert "错误" in done.stdout


def test_the_status_names_the_generation_in_use(call_assistant: Call, shipped: Path) -> None:
    done = call_assistant(shipped, "status", "--json")
    read = call_assistant(shipped, "status")

    status: dict[str, Any] = json.loads(done.stdout)
    assert status["generation"] == "g000001"
    assert status["kept"] == ["g000001"]
    assert status["documents"] >= 40
    assert read.stdout.startswith("g000001：")


def test_the_doctor_finds_a_taken_port_and_a_missing_knowledge_base_and_says_what_mends_them(tmp_path: Path) -> None:
    with socket.socket() as taken, socket.socket() as free:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free.bind(("127.0.0.1", 0))
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        done = run_assistant(tmp_path, "doctor", ASSISTANT_API_PORT=str(port), ASSISTANT_UI_PORT=str(other))

    assert done.returncode == 1
    assert f"{port} 已被占用" in done.stdout
    assert "ASSISTANT_API_PORT=" in done.stdout
    assert "assistant ingest" in done.stdout
    assert f"{other} 空着" in done.stdout


def test_the_doctor_finds_nothing_where_all_is_well(call_assistant: Call, shipped: Path) -> None:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = one.getsockname()[1], two.getsockname()[1]
    done = call_assistant(shipped, "doctor", ASSISTANT_API_PORT=str(ports[0]), ASSISTANT_UI_PORT=str(ports[1]))

    assert done.returncode == 0, done.stdout
    assert "有问题" not in done.stdout


def test_help_lists_every_command(call_assistant: Call, tmp_path: Path) -> None:
    done = call_assistant(tmp_path, "--help")

    assert done.returncode == 0
    assert all(command in done.stdout for command in ("ingest", "ask", "search", "corpus", "status", "doctor", "serve", "run"))


@pytest.mark.parametrize("command", [["ask", "四川产假多少天？", "--json"], ["search", "产假", "--json"]], ids=lambda c: c[0])
def test_the_first_question_builds_the_knowledge_base_says_so_and_is_answered(
    call_assistant: Call, tmp_path: Path, command: list[str]
) -> None:
    done = call_assistant(tmp_path / "data", *command)

    assert done.returncode == 0
    assert "第一次使用" in done.stderr
    assert "产假" in json.dumps(json.loads(done.stdout), ensure_ascii=False)
    assert IndexFolder(tmp_path / "data").current() == "g000001"


@pytest.mark.parametrize("command", [["status"], ["serve"]], ids=lambda c: c[0])
def test_without_a_knowledge_base_one_line_names_the_command_that_makes_it(
    call_assistant: Call, tmp_path: Path, command: list[str]
) -> None:
    assert_one_line_error(call_assistant(tmp_path / "data", *command), "assistant ingest")


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (["ask", " "], {}, ["空"]),
        (["ask", "产" * 2001], {}, ["2001", "2000"]),
        (["ingest", "/没有/这个/文件夹"], {}, ["/没有/这个/文件夹"]),
        (["ask", "产假"], {"ASSISTANT_API_PORT": "八千"}, ["ASSISTANT_API_PORT"]),
        (["ask", "产假"], {"ASSISTANT_EMBEDDER": "没有这种模型"}, ["没有这种模型"]),
        (["serve"], {"ASSISTANT_API_HOST": "0.0.0.0"}, ["0.0.0.0", "ASSISTANT_API_KEY"]),
        (["serve"], {"ASSISTANT_API_HOST": "0.0.0.0", "ASSISTANT_ADMIN_KEY": "a"}, ["ASSISTANT_API_KEY"]),
    ],
    ids=["blank", "too long", "no such folder", "port in words", "unknown embedder", "open without keys", "open with one key"],
)
def test_an_error_is_one_line_that_says_what_to_do(
    call_assistant: Call, shipped: Path, arguments: list[str], settings: dict[str, str], words: list[str]
) -> None:
    assert_one_line_error(call_assistant(shipped, *arguments, **settings), *words)


@pytest.mark.parametrize(
    ("arguments", "settings", "word"),
    [(["status"], {}, "assistant ingest"), (["serve"], {"ASSISTANT_API_HOST": "0.0.0.0"}, "ASSISTANT_API_KEY")],
    ids=["no knowledge base", "open without keys"],
)
def test_an_error_of_a_whole_process_is_one_line_too(tmp_path: Path, arguments: list[str], settings: dict[str, str], word: str) -> None:
    assert_one_line_error(run_assistant(tmp_path / "data", *arguments, **settings), word)


def test_a_data_folder_that_is_a_file_is_one_line(call_assistant: Call, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("我是文件", encoding="utf-8")

    assert_one_line_error(call_assistant(tmp_path / "data", "ingest"), "data")


def test_an_index_of_another_embedder_is_refused_with_the_command_that_mends_it(call_assistant: Call, fresh_data_dir: Path) -> None:
    folder = IndexFolder(fresh_data_dir)
    manifest = folder.path / str(folder.current()) / "manifest.json"
    other = json.loads(manifest.read_text(encoding="utf-8")) | {"embedder": "hashing-0:256"}
    manifest.write_text(json.dumps(other), encoding="utf-8")

    assert_one_line_error(call_assistant(fresh_data_dir, "ask", "产假多少天？"), "hashing-0:256", "assistant ingest --rebuild")
