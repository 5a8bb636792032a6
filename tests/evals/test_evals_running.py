"""Runs: a row a sample whatever happens, resumable, in the plan's order; suites drawn by a fixed seed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from evals_pieces import ScriptedTarget, make_reply

from evals.errors import DatasetError, RunError
from evals.judging import Judge
from evals.rows import dump_row, load_rows
from evals.run_folder import RunFolder, copy_as_baseline, load_systems, open_run, save_systems
from evals.runner import run_samples
from evals.running import run_plan
from evals.samples import Dataset, Expected, Sample
from evals.suites import LABELLED_ON, SUITES, Plan, draw, plan_dataset, plan_suite
from evals.targets import Target

SAMPLES = tuple(Sample(f"q{i}", f"问题{i}", Expected.ANSWER, dataset="自己的") for i in range(5))
PLAN = Plan("自己的", (Dataset("自己的", SAMPLES, "abc"),), SAMPLES)


def scripted(*missing: int, threads: int = 1) -> ScriptedTarget:
    return ScriptedTarget({s.text: make_reply() for i, s in enumerate(SAMPLES) if i not in missing}, threads)


def run(folder: Path, target: Target, plan: Plan = PLAN) -> object:
    return run_plan(plan, RunFolder(folder), Judge(), make=lambda _, __: target, index=folder / "index")


@pytest.mark.parametrize("threads", [1, 3])
def test_every_sample_gives_a_row_in_order_and_a_failure_is_a_wrong_one(threads: int) -> None:
    rows = list(run_samples(SAMPLES, scripted(2, threads=threads), Judge()))

    assert [r.sample_id for r in rows] == ["q0", "q1", "q2", "q3", "q4"]
    assert [r.right for r in rows] == [True, True, False, True, True]
    assert rows[2].error.startswith("KeyError")


def test_a_run_leaves_config_rows_and_summary(tmp_path: Path) -> None:
    run(tmp_path / "r", scripted(2))

    read = open_run(str(tmp_path / "r"))
    assert read.config.datasets == {"自己的": "abc"}
    assert (read.config.system, read.config.samples, read.config.asked_on) == ("剧本", 5, "2026-11-22")
    assert (read.summary.metrics["right"].value, read.summary.metrics["errors"].value) == (0.8, 0.2)
    assert len(read.rows) == 5


def test_a_broken_off_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    run(folder, scripted())
    whole = (folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "rows.jsonl").write_text("\n".join([*whole[:2], whole[2][:40]]), encoding="utf-8")
    again = scripted()

    run(folder, again)

    assert again.asked == ["q2", "q3", "q4"]
    assert [r.sample_id for r in load_rows(folder / "rows.jsonl")] == ["q0", "q1", "q2", "q3", "q4"]


def test_a_folder_of_other_data_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "r", scripted())
    other = Plan("自己的", (Dataset("自己的", SAMPLES, "def"),), SAMPLES)

    with pytest.raises(RunError, match="另一次评测"):
        run(tmp_path / "r", scripted(), other)


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"sample_id":1}\n', encoding="utf-8")

    with pytest.raises(RunError, match="第 1 行"):
        load_rows(tmp_path / "rows.jsonl")


def test_a_baseline_keeps_what_the_gate_needs_and_no_answers(tmp_path: Path) -> None:
    run(tmp_path / "r", scripted(2))
    finished = open_run(str(tmp_path / "r"))

    copy_as_baseline(finished, tmp_path / "b")

    kept = open_run(str(tmp_path / "b"))
    assert [r.right for r in kept.rows] == [r.right for r in finished.rows]
    assert "98天" not in (tmp_path / "b" / "rows.jsonl").read_text(encoding="utf-8")
    assert kept.summary == finished.summary


def test_summaries_of_systems_read_back(tmp_path: Path) -> None:
    run(tmp_path / "r", scripted())
    summary = open_run(str(tmp_path / "r")).summary

    save_systems({"甲": summary, "乙": summary}, tmp_path / "systems.json")

    assert load_systems(tmp_path / "systems.json") == {"甲": summary, "乙": summary}
    assert load_systems(tmp_path / "nowhere.json") == {}


def test_a_run_that_is_not_there_is_told() -> None:
    with pytest.raises(RunError, match="找不到评测结果 没有的"):
        open_run("没有的")


def test_rows_are_written_without_what_is_empty() -> None:
    row = next(run_samples(SAMPLES[:1], scripted(), Judge()))

    assert '"error"' not in dump_row(row)


def test_a_draw_is_even_repeatable_and_in_order() -> None:
    many = [Sample(f"{way}{i}", "问", Expected.ANSWER, way=way) for way in ("甲", "乙") for i in range(20)]

    drawn = draw(many, 10)

    assert drawn == draw(many, 10)
    assert [s.way for s in drawn] == ["甲"] * 5 + ["乙"] * 5
    assert [s.sample_id for s in drawn] == [s.sample_id for s in many if s in drawn]
    assert draw(many, 0) == many


@pytest.mark.parametrize("name", sorted(SUITES))
def test_a_suite_asks_every_question_on_a_date(name: str) -> None:
    plan = plan_suite(name)

    assert plan.count > 10
    assert all(s.as_of for s in (*plan.samples, *plan.poisoned))


def test_the_gate_asks_only_what_the_baseline_has_seen() -> None:
    whole = plan_suite("full")

    assert {s.sample_id for s in plan_suite("gate").samples} <= {s.sample_id for s in whole.samples}


def test_an_unknown_suite_is_told() -> None:
    with pytest.raises(DatasetError, match="没有叫 x 的评测集"):
        plan_suite("x")


def test_a_question_with_its_own_date_keeps_it() -> None:

    dated = Sample("q", "问", Expected.ANSWER, as_of=dt.date(2024, 9, 1))

    assert [s.as_of for s in plan_dataset(Dataset("d", (dated, SAMPLES[0]))).samples] == [dt.date(2024, 9, 1), LABELLED_ON]
