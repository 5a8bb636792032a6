"""What the evaluator's desk says of a run in every state, and which questions it keeps under which name."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from evals_pieces import ScriptedTarget, make_reply, make_row

from evals.desk import BASELINE_NAME, SERVICE_SUITES, Progress, RunDesk, RunState
from evals.errors import RunError, RunMissing
from evals.judging import Judge
from evals.remarks import Remark
from evals.rows import dump_row
from evals.run_folder import RunConfig, RunFolder
from evals.samples import Expected, Sample
from evals.suites import LABELLED_ON
from evals.targets import Target

SAMPLES = (Sample("q1", "产假多少天？", Expected.ANSWER), Sample("q2", "怎么修拖拉机？", Expected.ABSTAIN))
CONFIG = RunConfig("dev", "本系统", {}, {}, 277, "2026-11-22", started="2026-11-22T01:00:00+00:00")


def answering() -> ScriptedTarget:
    return ScriptedTarget({s.text: make_reply() for s in SAMPLES})


@pytest.fixture
def desk(tmp_path: Path) -> RunDesk:
    return RunDesk(tmp_path / "evals", answering, Judge, baseline=tmp_path / "baseline")


def ended(desk: RunDesk, name: str) -> Progress:
    """How a run stands once it no longer runs."""
    while (progress := desk.progress(name)).state is RunState.RUNNING:
        threading.Event().wait(0.01)
    return progress


def run_to_the_end(desk: RunDesk) -> str:
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)
    assert ended(desk, name).state is RunState.FINISHED
    return name


def left_behind(desk: RunDesk, tmp_path: Path, files: Mapping[str, str]) -> str:
    """A run's folder as an earlier service left it."""
    name = "20261122-010000-000000-dev"
    folder = tmp_path / "evals" / "runs" / name
    folder.mkdir(parents=True)
    for file, content in {"request.json": '{"suite": "dev", "title": "dev"}', **files}.items():
        (folder / file).write_text(content, encoding="utf-8")
    return name


ROWS = "".join(f"{dump_row(make_row(f'q{i}'))}\n" for i in range(5))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Progress(RunState.STOPPED, 0, 0)),
        ({"rows.jsonl": ROWS}, Progress(RunState.STOPPED, 5, 0)),
        ({"rows.jsonl": ROWS + '{"cut'}, Progress(RunState.STOPPED, 5, 0)),  # a line that a crash cut short is none
        ({"rows.jsonl": ROWS, "failure.txt": "知识库换了"}, Progress(RunState.FAILED, 5, 0, "知识库换了")),
        ({"rows.jsonl": ROWS, "summary.json": "{}"}, Progress(RunState.FINISHED, 5, 0)),
        ({"rows.jsonl": ROWS, "summary.json": "{}", "failure.txt": "旧的"}, Progress(RunState.FINISHED, 5, 0)),
    ],
)
def test_what_an_earlier_service_left_has_a_state(desk: RunDesk, tmp_path: Path, files: Mapping[str, str], expected: Progress) -> None:
    name = left_behind(desk, tmp_path, files)

    assert desk.progress(name) == expected


def test_how_many_questions_there_are_is_read_from_the_config(desk: RunDesk, tmp_path: Path) -> None:
    name = left_behind(desk, tmp_path, {})
    folder = desk.folder(name)
    folder.begin(CONFIG)
    folder.rows_path.write_text(ROWS, encoding="utf-8")

    assert (desk.progress(name).done, desk.progress(name).total) == (5, 277)


def test_a_damaged_request_is_told_with_the_name_of_its_run(desk: RunDesk, tmp_path: Path) -> None:
    name = left_behind(desk, tmp_path, {"request.json": "{坏"})

    with pytest.raises(RunError, match=f"评测 {name} 的记录坏了"):
        desk.request(name)


def test_a_run_without_a_row_cannot_be_opened_yet(desk: RunDesk, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="还没有结果"):
        desk.open(left_behind(desk, tmp_path, {}))


def test_a_finished_run_keeps_its_request_and_is_opened_under_its_name(desk: RunDesk) -> None:
    name = run_to_the_end(desk)

    assert ended(desk, name) == Progress(RunState.FINISHED, 2, 2)
    assert (desk.request(name).title, desk.request(name).suite) == ("自己的", "")
    assert desk.open(name).name == name
    assert [r.sample_id for r in desk.open(name).rows] == ["q1", "q2"]


def test_resuming_or_stopping_a_finished_run_changes_nothing(desk: RunDesk) -> None:
    name = run_to_the_end(desk)
    rows = desk.folder(name).rows_path.read_bytes()

    desk.resume(name)
    desk.stop(name)
    desk.close()

    assert desk.progress(name).state is RunState.FINISHED
    assert desk.folder(name).rows_path.read_bytes() == rows


def test_an_unexpected_failure_is_told_without_its_inside_and_frees_the_desk(tmp_path: Path) -> None:
    targets: list[Target] = [answering()]

    def make() -> Target:
        if len(targets) == 1:
            targets.append(answering())
            raise ZeroDivisionError("secret detail")
        return targets[0]

    desk = RunDesk(tmp_path, make, Judge, baseline=tmp_path / "none")
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)

    failed = ended(desk, name)
    desk.resume(name)

    assert (failed.state, failed.failure) == (RunState.FAILED, "服务内部出错，详情在服务的日志里")
    assert ended(desk, name).state is RunState.FINISHED


@pytest.mark.parametrize("suite", ["held-out", "baselines", "nowhere", ""])
def test_a_suite_that_a_service_is_not_asked_is_missing_and_the_others_are_named(desk: RunDesk, suite: str) -> None:
    with pytest.raises(RunMissing, match="可用的是 dev、gate、red-team、full"):
        desk.start(suite=suite)
    assert desk.names() == []


def test_a_dataset_that_was_never_handed_in_is_missing(desk: RunDesk) -> None:
    with pytest.raises(RunMissing, match="own-000000000000"):
        desk.start(dataset="own-000000000000")


@pytest.mark.parametrize("suite", SERVICE_SUITES)
def test_a_suite_is_asked_on_the_day_on_which_it_was_labelled(tmp_path: Path, suite: str) -> None:
    def make() -> Target:
        raise RunError("不用真的跑")

    desk = RunDesk(tmp_path, make, Judge, baseline=tmp_path / "none")
    name = desk.start(suite=suite)
    ended(desk, name)

    request = desk.request(name)
    assert (request.suite, request.dataset, request.title, request.asked_on) == (suite, "", suite, LABELLED_ON)
    assert name.endswith(f"-{suite}")


# -- the committed baseline


@pytest.fixture
def with_baseline(desk: RunDesk, tmp_path: Path) -> RunDesk:
    folder = RunFolder(tmp_path / "baseline")
    folder.begin(CONFIG)
    folder.rows_path.write_text(ROWS, encoding="utf-8")
    folder.finish([make_row(f"q{i}") for i in range(5)])
    return desk


def test_the_baseline_comes_last_and_newer_runs_first(with_baseline: RunDesk) -> None:
    first, second = run_to_the_end(with_baseline), run_to_the_end(with_baseline)

    assert with_baseline.names() == [second, first, BASELINE_NAME]


def test_the_baseline_is_described_by_its_config(with_baseline: RunDesk) -> None:
    request = with_baseline.request(BASELINE_NAME)

    assert (request.suite, request.title, request.created) == ("dev", "dev", "2026-11-22T01:00:00+00:00")
    assert with_baseline.progress(BASELINE_NAME) == Progress(RunState.FINISHED, 5, 277)
    assert len(with_baseline.open(BASELINE_NAME).rows) == 5


def test_the_baseline_is_never_run_again(with_baseline: RunDesk, tmp_path: Path) -> None:
    (tmp_path / "baseline" / "summary.json").unlink()

    with_baseline.resume(BASELINE_NAME)
    with_baseline.close()

    assert with_baseline.progress(BASELINE_NAME).state is RunState.STOPPED


def test_without_a_baseline_there_is_none_to_open(desk: RunDesk) -> None:
    assert desk.names() == []
    with pytest.raises(RunMissing, match="没有叫 baseline 的评测"):
        desk.open(BASELINE_NAME)


def test_remarks_on_the_baseline_are_kept_beside_the_runs(with_baseline: RunDesk, tmp_path: Path) -> None:
    with_baseline.remarks(BASELINE_NAME).add(Remark("q1", "小周", "2026-11-23T05:00:00+00:00", note="看过"))

    assert (tmp_path / "evals" / "remarks" / "baseline.jsonl").is_file()
    assert [p.name for p in (tmp_path / "baseline").iterdir() if "remark" in p.name] == []


def test_there_is_no_book_of_remarks_on_a_run_that_is_not_there(desk: RunDesk) -> None:
    with pytest.raises(RunMissing):
        desk.remarks("nowhere")


# -- questions


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("我的题", "我的题"),
        ("第1批（四川）", "第1批（四川）"),
        ("a/b\\\\c:d*e?", "abcde"),
        ("  . 两边 . ", "两边"),
        ("", "我的题目"),
        ("///", "我的题目"),
        ("..", "我的题目"),
        ("长" * 60, "长" * 40),
        ("表情😀和\x00控制符", "表情和控制符"),
    ],
)
def test_a_title_keeps_what_a_file_name_may_hold(desk: RunDesk, title: str, kept: str) -> None:
    assert desk.keep(title, SAMPLES).title == kept


@pytest.mark.parametrize(
    ("title", "samples", "same"),
    [
        ("自己的", SAMPLES, True),
        ("别的名", SAMPLES, False),
        ("自己的", SAMPLES[:1], False),
        ("自己的", SAMPLES[::-1], False),
    ],
)
def test_the_same_questions_under_the_same_title_are_kept_once(desk: RunDesk, title: str, samples: tuple[Sample, ...], same: bool) -> None:
    first, second = desk.keep("自己的", SAMPLES), desk.keep(title, samples)

    assert (first.dataset_id == second.dataset_id) is same
    assert len(desk.own_datasets()) == (1 if same else 2)


def test_questions_are_listed_with_their_number_the_newest_first(desk: RunDesk, tmp_path: Path) -> None:
    for day, (title, samples) in enumerate((("早的", SAMPLES), ("晚的", SAMPLES[:1]))):
        kept = desk.keep(title, samples)
        moment = 1_795_000_000 + 86_400 * day
        os.utime(tmp_path / "evals" / "questions" / kept.dataset_id / f"{title}.jsonl", (moment, moment))

    assert [(d.title, d.count) for d in desk.own_datasets()] == [("晚的", 1), ("早的", 2)]


def test_nothing_of_a_half_written_file_is_listed(desk: RunDesk, tmp_path: Path) -> None:
    kept = desk.keep("自己的", SAMPLES)
    (tmp_path / "evals" / "questions" / kept.dataset_id / "半.part").write_bytes(b"{")

    assert [d.title for d in desk.own_datasets()] == ["自己的"]


def test_an_own_run_asks_each_question_once_in_order(tmp_path: Path) -> None:
    target = answering()
    desk = RunDesk(tmp_path, lambda: target, Judge, baseline=tmp_path / "none")

    run_to_the_end(desk)

    assert target.asked == ["q1", "q2"]


def test_closing_a_desk_at_which_nothing_runs_is_no_error(desk: RunDesk) -> None:
    desk.close()
    desk.close()
