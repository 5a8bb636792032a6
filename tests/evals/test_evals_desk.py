"""The evaluator's desk: one run at a time in the background, resumable after the service went down, failures told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from evals_pieces import ScriptedTarget, make_reply

from evals.desk import RunDesk, RunState
from evals.errors import DeskBusy, RunMissing, TargetError
from evals.judging import Judge
from evals.samples import Expected, Sample
from evals.targets import Reply, Target

SAMPLES = tuple(Sample(f"q{i}", f"问题{i}", Expected.ANSWER) for i in range(6))


class HeldTarget(ScriptedTarget):
    """Answers three questions, then waits until it is let go on."""

    def __init__(self) -> None:
        super().__init__({s.text: make_reply() for s in SAMPLES})
        self.waiting, self.go_on = threading.Event(), threading.Event()

    def reply(self, sample: Sample) -> Reply:
        if len(self.asked) == 3 and not self.go_on.is_set():
            self.waiting.set()
            self.go_on.wait(20)
        return super().reply(sample)


def a_desk(folder: Path, make: Callable[[], Target]) -> RunDesk:
    return RunDesk(folder, make, Judge, baseline=folder / "none")


def told_to_stop(desk: RunDesk) -> threading.Event:
    """What the desk sets once it wants its run to end; nothing outside shows that moment."""
    work = desk._work
    assert work is not None
    return work.stop


def ended(desk: RunDesk, name: str) -> RunState:
    while desk.progress(name).state is RunState.RUNNING:
        threading.Event().wait(0.01)
    return desk.progress(name).state


def test_a_run_that_the_service_broke_off_goes_on_after_a_restart_without_asking_twice(tmp_path: Path) -> None:
    held = HeldTarget()
    desk = a_desk(tmp_path, lambda: held)
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)
    held.waiting.wait(20)
    closing = threading.Thread(target=desk.close)
    closing.start()
    assert told_to_stop(desk).wait(20)
    held.go_on.set()  # the question under way ends while the desk waits for it
    closing.join(20)
    broken_off = desk.progress(name)

    later = HeldTarget()
    later.go_on.set()
    restarted = a_desk(tmp_path, lambda: later)
    restarted.resume(name)

    assert broken_off.state is RunState.STOPPED
    assert 3 <= broken_off.done < 6
    assert ended(restarted, name) is RunState.FINISHED
    assert later.asked == [s.sample_id for s in SAMPLES[broken_off.done :]]
    assert [r.sample_id for r in restarted.open(name).rows] == [s.sample_id for s in SAMPLES]


def test_a_second_run_is_refused_while_one_is_under_way_by_any_desk(tmp_path: Path) -> None:
    held = HeldTarget()
    desk = a_desk(tmp_path, lambda: held)
    dataset = desk.keep("自己的", SAMPLES).dataset_id
    name = desk.start(dataset=dataset)
    held.waiting.wait(20)

    with pytest.raises(DeskBusy, match="已经有一次"):
        desk.start(dataset=dataset)
    with pytest.raises(DeskBusy, match="另一个进程"):
        a_desk(tmp_path, HeldTarget).start(dataset=dataset)
    held.go_on.set()
    assert ended(desk, name) is RunState.FINISHED


def test_what_cannot_be_measured_is_told_and_can_be_tried_again(tmp_path: Path) -> None:
    targets: list[Target] = []

    def make() -> Target:
        if not targets:
            raise TargetError("知识库还没有建好")
        return targets[0]

    desk = a_desk(tmp_path, make)
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)

    assert ended(desk, name) is RunState.FAILED
    assert desk.progress(name).failure == "知识库还没有建好"
    targets.append(ScriptedTarget({s.text: make_reply() for s in SAMPLES}))
    desk.resume(name)
    assert ended(desk, name) is RunState.FINISHED


def test_a_run_during_which_the_knowledge_base_changes_is_no_run(tmp_path: Path) -> None:
    class Changing(ScriptedTarget):
        def describe(self) -> Mapping[str, object]:
            return {"generation": "g1" if len(self.asked) < 4 else "g2"}

    desk = a_desk(tmp_path, lambda: Changing({s.text: make_reply() for s in SAMPLES}))
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)

    assert ended(desk, name) is RunState.FAILED
    assert "知识库换了" in desk.progress(name).failure


def test_own_questions_without_a_date_are_asked_on_the_day_of_the_run(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, lambda: ScriptedTarget({s.text: make_reply() for s in SAMPLES}))
    name = desk.start(dataset=desk.keep("自己的", SAMPLES).dataset_id)
    ended(desk, name)

    asked_on = desk.open(name).config.asked_on
    assert asked_on == desk.request(name).asked_on.isoformat()
    assert {r.as_of for r in desk.open(name).rows} == {asked_on}


@pytest.mark.parametrize("name", ["../../etc", "nowhere", "", "..", "a/b"])
def test_a_name_that_is_no_run_opens_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunMissing):
        a_desk(tmp_path, HeldTarget).open(name)


def test_a_title_cannot_leave_its_folder(tmp_path: Path) -> None:
    kept = a_desk(tmp_path, HeldTarget).keep("../../外面/..", SAMPLES)

    assert [p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*.jsonl")] == ["questions"]
    assert "/" not in kept.title
