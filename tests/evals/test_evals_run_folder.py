"""Runs on disk: what makes two runs the same, what a damaged folder says, and rows that survive a crash."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from evals_pieces import make_row

from evals.errors import RunError
from evals.rows import Cited, dump_row, load_rows, write_rows
from evals.run_folder import RunConfig, RunFolder, copy_as_baseline, describe_run, load_systems, open_run, save_systems
from evals.samples import Dataset
from evals.summary import summarise

Write = Callable[..., Path]

CONFIG = RunConfig(
    "dev",
    "本系统",
    {"kind": "in-process", "generation": "g000001", "corpus_hash": "abc"},
    {"dev": "0123"},
    3,
    "2026-11-22",
    commit="c0ffee",
    started="2026-11-22T01:00:00+00:00",
)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"commit": "beef", "dirty": True, "started": "2026-11-23T01:00:00+00:00"}, True),
        ({"machine": {"cores": 64}}, True),
        ({"samples": 4}, True),
        ({"target": {"kind": "in-process", "generation": "g000009", "corpus_hash": "abc"}}, True),  # built anew from the same
        ({"target": {"kind": "in-process", "generation": "g000001", "corpus_hash": "abd"}}, False),
        ({"target": {"kind": "http", "url": "http://127.0.0.1:8000"}}, False),
        ({"datasets": {"dev": "4567"}}, False),
        ({"suite": "gate"}, False),
        ({"system": "仅 BM25"}, False),
        ({"asked_on": "2026-11-23"}, False),
    ],
)
def test_runs_are_of_the_same_data_when_they_ask_the_same_of_the_same(change: dict[str, object], same: bool) -> None:
    other = replace(CONFIG, **change)  # type: ignore[arg-type]

    assert CONFIG.same_data(other) is same
    assert other.same_data(CONFIG) is same


def test_a_new_folder_gets_its_config_and_no_row(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "runs" / "r1")

    assert folder.begin(CONFIG) == []
    assert folder.config() == CONFIG
    assert folder.rows_path.read_text(encoding="utf-8") == ""


def test_what_a_crash_cut_short_is_dropped_when_a_run_goes_on(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(CONFIG)
    whole, cut = dump_row(make_row("q1")), dump_row(make_row("q2"))[:30]
    folder.rows_path.write_text(f"{whole}\n{cut}", encoding="utf-8")

    assert [row.sample_id for row in folder.begin(CONFIG)] == ["q1"]
    assert folder.rows_path.read_text(encoding="utf-8") == f"{whole}\n"


def test_rows_are_appended_after_those_that_are_there(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(CONFIG)
    for sample_id in ("q1", "q2"):
        with folder.appending() as file:
            file.write(dump_row(make_row(sample_id)) + "\n")

    assert [row.sample_id for row in load_rows(folder.rows_path)] == ["q1", "q2"]


def test_a_run_without_a_summary_is_summed_up_when_it_is_read(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(CONFIG)
    rows = [make_row("q1"), make_row("q2", right=False)]
    write_rows(folder.rows_path, rows)

    unfinished = folder.read()
    folder.finish(rows)

    assert unfinished.summary.metrics["right"].value == 0.5
    assert folder.read().summary == unfinished.summary == summarise(rows)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("config.json", "{", "不是评测结果"),
        ("config.json", '{"suite": "dev"}', "不是评测结果"),
        ("config.json", None, "不是评测结果"),
        ("summary.json", '{"n": "三"}', "读不懂"),
        ("rows.jsonl", '{"sample_id": "q1"}\n', "第 1 行不是评测结果"),
        ("rows.jsonl", None, "读不了"),
    ],
)
def test_a_damaged_folder_names_its_file(tmp_path: Path, name: str, content: str | None, told: str) -> None:
    folder = RunFolder(tmp_path)
    folder.begin(CONFIG)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(RunError, match=told) as caught:
        folder.read()

    assert str(tmp_path) in str(caught.value)


def test_rows_that_are_no_utf8_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes("产假".encode("gb18030"))

    with pytest.raises(RunError, match="读不了"):
        load_rows(tmp_path / "rows.jsonl")


def test_the_config_of_a_run_says_what_was_asked_on_which_machine() -> None:
    dataset = Dataset("dev", (), "0123")

    config = describe_run("dev", "本系统", {"kind": "in-process"}, [dataset], 277, dt.date(2026, 11, 22))

    assert (config.suite, config.samples, config.asked_on, config.datasets) == ("dev", 277, "2026-11-22", {"dev": "0123"})
    assert set(config.machine) == {"python", "system", "cores"}
    assert dt.datetime.fromisoformat(config.started).utcoffset() == dt.timedelta(0)


def test_a_baseline_is_small_and_says_as_much(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "r")
    folder.begin(CONFIG)
    row = make_row(
        "q1",
        answer="女职工生育享受98天产假[1]。",
        cited=(Cited("1", "特别规定", "第七条", "现行", ("NZG-007",), "98天产假", stale=True),),
        nearest=("《特别规定》第九条",),
        referrals=("12351",),
        ms=12.0,
    )
    write_rows(folder.rows_path, [row])
    folder.finish([row])

    copy_as_baseline(folder.read(), tmp_path / "b")

    (kept,) = load_rows(tmp_path / "b" / "rows.jsonl")
    assert (kept.answer, kept.nearest, kept.referrals, kept.ms) == ("", (), (), None)
    assert kept.cited == (Cited("1", "", "第七条", "现行", ("NZG-007",), stale=True),)
    assert open_run(str(tmp_path / "b")).config == CONFIG


def test_systems_keep_the_order_in_which_they_were_compared(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    save_systems({name: summarise([make_row(name)]) for name in ("仅向量", "仅 BM25", "本系统")}, path)

    assert list(load_systems(path)) == ["仅向量", "仅 BM25", "本系统"]
    assert "仅向量" in path.read_text(encoding="utf-8")  # readable in a diff


def test_a_run_that_is_not_there_lists_what_is(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="找不到评测结果"):
        open_run(str(tmp_path))


# -- rows


@pytest.mark.parametrize(
    "row",
    [
        make_row("q1"),
        make_row("q2", right=False, why=("缺 1 组必说内容（188）",), faults=("坏",), breaches=("过期当现行",), banned_said=1),
        make_row("q3", ranks=(1, 4), relevant=2, best_score=0.75, ms=3.5, as_of="2026-11-22"),
        make_row("q4", ranks=(), relevant=0),  # a ranking without a hit is not no ranking
        make_row("q5", error="ConnectError: 拒绝连接", verdict=""),
        make_row("q6", answer="两行\n“引号”、\u2028 与 \\", parent="q1", way="语音", family="multi_turn_lure"),
    ],
)
def test_a_row_is_one_line_and_reads_back_the_same(tmp_path: Path, row: object) -> None:
    write_rows(tmp_path / "rows.jsonl", [row])  # type: ignore[list-item]

    assert dump_row(row).count("\n") == 0  # type: ignore[arg-type]
    assert load_rows(tmp_path / "rows.jsonl") == [row]


def test_a_line_leaves_out_what_is_at_its_default() -> None:
    assert json.loads(dump_row(make_row("q1"))) == {
        "sample_id": "q1",
        "dataset": "d",
        "slice": "s",
        "expected": "answer",
        "text": "问",
        "right": True,
        "verdict": "answered",
    }


def test_a_damaged_line_in_the_middle_is_named_and_not_passed_over(write_lines: Write) -> None:
    good = dump_row(make_row("q1"))

    with pytest.raises(RunError, match="第 2 行不是评测结果"):
        load_rows(write_lines("rows.jsonl", good, "{坏", good))
