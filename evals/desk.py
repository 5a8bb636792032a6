"""The evaluator's desk of a running service: its runs, one at a time and in the background, and the questions handed in for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from assistant.errors import AssistantError
from evals.errors import DeskBusy, EvalError, RunError, RunMissing, TargetError
from evals.judging import Judge
from evals.remarks import RemarkBook
from evals.run_folder import BASELINE, Run, RunFolder
from evals.running import run_plan
from evals.samples import Dataset, Sample, dump_sample, load_dataset
from evals.suites import LABELLED_ON, Plan, plan_dataset, plan_suite
from evals.targets import Target
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.validity import today

logger = logging.getLogger(__name__)

BASELINE_NAME = "baseline"
SERVICE_SUITES = ("dev", "gate", "red-team", "full")
"""Suites that a running service can be asked; what needs systems of its own is left to the command line."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")
_UNSAFE = re.compile(r"[^\w（）()《》 .-]+")
_SOON, _AT_THE_END = 5.0, 60.0  # seconds to wait for the question that a stopped run is at; a language model may take long


class RunState(StrEnum):
    """How a run stands. A stopped one can go on: its rows are kept."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What was asked for: a suite, or a dataset of the evaluator's own; kept in the run's folder, so that it can go on."""

    suite: str = ""
    dataset: str = ""
    title: str = ""
    asked_on: dt.date = LABELLED_ON
    created: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``failure`` says what stopped a failed one."""

    state: RunState
    done: int
    total: int
    failure: str = ""


@dataclass(frozen=True, slots=True)
class OwnDataset:
    """Questions that were handed in."""

    dataset_id: str
    title: str
    count: int
    created: str


class _Stopped(Exception):
    """The evaluator, or the end of the service, stopped a run."""


@dataclass
class _Work:
    """The run under way."""

    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    done: int = 0
    total: int = 0


_REQUEST = TypeAdapter(RunRequest)


class RunDesk:
    """Runs and questions in a folder of the service. Safe to call from several threads; another process is kept from running too."""

    def __init__(
        self, folder: Path, make_target: Callable[[], Target], make_judge: Callable[[], Judge], *, baseline: Path = BASELINE
    ) -> None:
        """Open the desk; nothing is read or made yet.

        Args:
            folder: where runs, questions and remarks are kept.
            make_target: makes what a run measures, in the run's thread.
            make_judge: makes the judge, likewise.
            baseline: the committed run that is always there to compare with.
        """
        self._folder = folder
        self._make_target, self._make_judge = make_target, make_judge
        self._baseline = baseline
        self._guard = threading.Lock()
        self._work: _Work | None = None

    # runs

    def names(self) -> list[str]:
        """Names of the runs, the newest first and the committed baseline last."""
        own = sorted((p.parent.name for p in self._runs.glob("*/request.json")), reverse=True)
        return [*own, *([BASELINE_NAME] if (self._baseline / "config.json").is_file() else [])]

    def request(self, name: str) -> RunRequest:
        """What a run was asked for; of the baseline, what its config says.

        Raises:
            RunMissing: there is no such run.
            RunError: its folder is damaged.
        """
        folder = self._folder_of(name)
        if name == BASELINE_NAME:
            config = RunFolder(folder).config()
            return RunRequest(suite=config.suite, title=config.suite, created=config.started)
        try:
            return _REQUEST.validate_json((folder / "request.json").read_bytes())
        except (OSError, ValidationError) as exc:
            raise RunError(f"评测 {name} 的记录坏了：{exc}") from exc

    def folder(self, name: str) -> RunFolder:
        """The folder of a run, which holds a config as soon as its first question is asked.

        Raises:
            RunMissing: there is no such run.
        """
        return RunFolder(self._folder_of(name))

    def open(self, name: str) -> Run:
        """A run with the rows that it has by now.

        Raises:
            RunMissing: there is no such run.
            RunError: it has no row yet, or is damaged.
        """
        folder = self.folder(name)
        if not folder.rows_path.is_file():
            raise RunError("这次评测还没有结果，请等它跑起来再看")
        return replace(folder.read(), name=name)

    def progress(self, name: str) -> Progress:
        """How far a run is.

        Raises:
            RunMissing: there is no such run.
        """
        folder = self._folder_of(name)
        work = self._running()
        if work and work.name == name:
            return Progress(RunState.RUNNING, work.done, work.total)
        rows = folder / "rows.jsonl"
        done = rows.read_bytes().count(b"\n") if rows.is_file() else 0
        total = RunFolder(folder).config().samples if (folder / "config.json").is_file() else 0
        if (folder / "summary.json").is_file():
            return Progress(RunState.FINISHED, done, total)
        failure = folder / "failure.txt"
        if failure.is_file():
            return Progress(RunState.FAILED, done, total, failure.read_text(encoding="utf-8"))
        return Progress(RunState.STOPPED, done, total)

    def start(self, *, suite: str = "", dataset: str = "") -> str:
        """Begin a run of a suite, or of questions that were handed in; its name.

        Raises:
            DeskBusy: another run is under way.
            RunMissing: there is no such suite or dataset.
        """
        asked_on = LABELLED_ON if suite else today()
        if dataset:
            title = self._own(dataset).title
        elif suite in SERVICE_SUITES:
            title = suite
        else:
            raise RunMissing(f"没有叫 {suite} 的题集。可用的是 {'、'.join(SERVICE_SUITES)}")
        moment = dt.datetime.now(dt.UTC)
        request = RunRequest(suite, dataset, title, asked_on, moment.isoformat(timespec="seconds"))
        name = f"{moment:%Y%m%d-%H%M%S-%f}-{suite or dataset}"
        self._begin(name, request)
        return name

    def resume(self, name: str) -> None:
        """Go on with a run where it stopped; nothing happens to a finished one.

        Raises:
            DeskBusy: another run is under way.
            RunMissing: there is no such run.
        """
        if name != BASELINE_NAME and self.progress(name).state in (RunState.STOPPED, RunState.FAILED):
            self._begin(name, self.request(name))

    def stop(self, name: str) -> None:
        """Stop a run after the question that it is at; its rows are kept. Nothing happens to one that does not run.

        A question that takes long may outlast this call; the run says that it runs until then.
        """
        work = self._running()
        if work and work.name == name:
            _end(work, _SOON)

    def close(self) -> None:
        """Stop whatever runs."""
        work = self._running()
        if work:
            _end(work, _AT_THE_END)

    def remarks(self, name: str) -> RemarkBook:
        """The remarks on a run.

        Raises:
            RunMissing: there is no such run.
        """
        self._folder_of(name)
        return RemarkBook(self._folder / "remarks" / f"{name}.jsonl")

    # questions

    def keep(self, title: str, samples: Sequence[Sample]) -> OwnDataset:
        """Keep questions that were handed in; the same ones under the same title once."""
        bare = _UNSAFE.sub("", title).strip(" .")[:40] or "我的题目"
        data = "".join(f"{dump_sample(sample)}\n" for sample in samples).encode()
        dataset_id = f"own-{hashlib.sha256(bare.encode() + data).hexdigest()[:12]}"
        path = self._questions / dataset_id / f"{bare}.jsonl"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            written = path.with_suffix(".part")
            written.write_bytes(data)
            written.replace(path)
        return _described(path)

    def own_datasets(self) -> list[OwnDataset]:
        """Questions that were handed in, the newest first."""
        return sorted((_described(p) for p in self._questions.glob("own-*/*.jsonl")), key=lambda d: d.created, reverse=True)

    # inside

    @property
    def _runs(self) -> Path:
        return self._folder / "runs"

    @property
    def _questions(self) -> Path:
        return self._folder / "questions"

    def _folder_of(self, name: str) -> Path:
        folder = self._baseline if name == BASELINE_NAME else self._runs / name
        known = folder / ("config.json" if name == BASELINE_NAME else "request.json")
        if not _NAME.fullmatch(name) or not known.is_file():
            raise RunMissing(f"没有叫 {name} 的评测，可能已经删了")
        return folder

    def _own(self, dataset_id: str) -> OwnDataset:
        found = next((d for d in self.own_datasets() if d.dataset_id == dataset_id), None)
        if found is None:
            raise RunMissing(f"没有编号为 {dataset_id} 的题目，请重新上传")
        return found

    def _plan(self, request: RunRequest) -> Plan:
        if request.dataset:
            own = self._own(request.dataset)
            dataset: Dataset = load_dataset(self._questions / own.dataset_id / f"{own.title}.jsonl")
            return plan_dataset(dataset, asked_on=request.asked_on)
        plan = plan_suite(request.suite, asked_on=request.asked_on)
        return replace(plan, poisoned=())  # a running service is not given poisoned documents

    def _running(self) -> _Work | None:
        work = self._work
        return work if work and work.thread and work.thread.is_alive() else None

    def _begin(self, name: str, request: RunRequest) -> None:
        with self._guard:
            if self._running():
                raise DeskBusy("已经有一次评测在跑，请等它跑完，或者先停下它")
            self._runs.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._folder / "runs.lock", thread_local=False)
            try:
                lock.acquire(timeout=0)
            except Timeout as exc:
                raise DeskBusy("另一个进程正在跑评测，请等它跑完") from exc
            folder = self._runs / name
            folder.mkdir(exist_ok=True)
            (folder / "failure.txt").unlink(missing_ok=True)
            (folder / "request.json").write_bytes(_REQUEST.dump_json(request))
            work = _Work(name)
            work.thread = threading.Thread(target=self._carry_out, args=(work, request, lock), name=f"evals-{name}", daemon=True)
            self._work = work
            work.thread.start()

    def _carry_out(self, work: _Work, request: RunRequest, lock: FileLock) -> None:
        """The run's thread: whatever goes wrong is written down, and the desk is free again."""

        folder = self._runs / work.name
        try:
            target = self._make_target()
            measured = target.describe()

            def tell(done: int, total: int) -> None:
                work.done, work.total = done, total
                if target.describe() != measured:
                    raise TargetError("跑到一半知识库换了，前后的题问的不是同一个知识库。请重新开始一次")
                if work.stop.is_set() and done < total:
                    raise _Stopped

            run_plan(self._plan(request), RunFolder(folder), self._make_judge(), make=lambda *_: target, progress=tell)
        except _Stopped:
            logger.info("run %s was stopped after %d of %d", work.name, work.done, work.total)
        except (EvalError, AssistantError, KnowledgeBaseError, OSError) as exc:
            logger.warning("run %s failed: %s", work.name, exc)
            (folder / "failure.txt").write_text(str(exc), encoding="utf-8")
        except Exception:
            logger.exception("run %s failed unexpectedly", work.name)
            (folder / "failure.txt").write_text("服务内部出错，详情在服务的日志里", encoding="utf-8")
        finally:
            lock.release()


def _end(work: _Work, patience: float) -> None:
    work.stop.set()
    if work.thread:
        work.thread.join(patience)


def _described(path: Path) -> OwnDataset:
    written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="seconds")
    return OwnDataset(path.parent.name, path.stem, path.read_bytes().count(b"\n"), written)
