"""Runs on disk: a folder with what was measured (config.json), what came of it (rows.jsonl) and the figures (summary.json)."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter, ValidationError

from evals.errors import RunError
from evals.origins import Origin, load_origins
from evals.rows import Row, load_rows, write_rows
from evals.samples import DATASETS, Dataset
from evals.summary import Summary, dump_summary, parse_summary, summarise

RESULTS = Path(__file__).parent / "results"
RUNS = RESULTS / "runs"
BASELINE = RESULTS / "baseline"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What a run measured, so that it can be repeated. ``datasets`` maps names to SHA-256; undated questions are asked on ``asked_on``.

    ``origins`` tells of each dataset who wrote it, having seen what; a dataset of which nobody wrote it down is not in it.
    """

    suite: str
    system: str
    target: Mapping[str, object]
    datasets: Mapping[str, str]
    samples: int
    asked_on: str
    commit: str = ""
    dirty: bool = False
    started: str = ""
    machine: Mapping[str, object] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def origin_of(self, dataset: str) -> Origin | None:
        """The origin of a dataset: as the run wrote it down, else as the shipped datasets tell it now."""
        return self.origins.get(dataset) or load_origins(DATASETS).get(dataset)

    def same_data(self, other: RunConfig) -> bool:
        """Whether another run asks the same of the same: rows of one may stand beside rows of the other.

        An index that was built anew from the same corpus is the same.
        """
        return self._asked() == other._asked()

    def _asked(self) -> tuple[object, ...]:
        target = {name: value for name, value in self.target.items() if name != "generation"}
        return (self.suite, self.system, target, self.datasets, self.asked_on)


@dataclass(frozen=True)
class Run:
    """A finished or unfinished run, read."""

    name: str
    config: RunConfig
    rows: tuple[Row, ...]
    summary: Summary


_CONFIG = TypeAdapter(RunConfig)


class RunFolder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def rows_path(self) -> Path:
        """File of the rows."""
        return self.path / "rows.jsonl"

    def begin(self, config: RunConfig) -> list[Row]:
        """Write the config into a new folder, or find the rows that an earlier, broken-off run of the same data left.

        Raises:
            RunError: the folder holds a run of other data.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        written = self.path / "config.json"
        rows: list[Row] = []
        if written.exists():
            if not self.config().same_data(config):
                raise RunError(f"{self.path.name} 里是另一次评测：题目、知识库或设置后来变了，接不上。请重新开始一次")
            rows = load_rows(self.rows_path) if self.rows_path.exists() else []
        else:
            written.write_text(_CONFIG.dump_json(config, indent=1).decode(), encoding="utf-8")
        kept = self.rows_path.with_suffix(".part")
        write_rows(kept, rows)  # drops a line that a crash cut short
        kept.replace(self.rows_path)
        return rows

    @contextmanager
    def appending(self) -> Iterator[TextIO]:
        """The rows file, to append to."""
        with self.rows_path.open("a", encoding="utf-8") as file:
            yield file

    def finish(self, rows: Sequence[Row]) -> Summary:
        """Write the summary of the rows."""
        summary = summarise(rows)
        (self.path / "summary.json").write_text(dump_summary(summary), encoding="utf-8")
        return summary

    def config(self) -> RunConfig:
        """The config.

        Raises:
            RunError: it is missing or damaged.
        """
        try:
            return _CONFIG.validate_json((self.path / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValidationError) as exc:
            raise RunError(f"{self.path} 不是评测结果：{exc}") from exc

    def read(self) -> Run:
        """The run; a summary that is not written yet is computed.

        Raises:
            RunError: the folder is none, or damaged.
        """
        rows = tuple(load_rows(self.rows_path))
        written = self.path / "summary.json"
        try:
            summary = parse_summary(written.read_text(encoding="utf-8")) if written.exists() else summarise(rows)
        except ValueError as exc:
            raise RunError(f"{written} 读不懂：{exc}") from exc
        return Run(self.path.name, self.config(), rows, summary)


def open_run(name: str) -> Run:
    """A run by name under results/runs, by path, or ``baseline``.

    Raises:
        RunError: there is none.
    """
    for path in (Path(name), RUNS / name, RESULTS / name):
        if (path / "config.json").is_file():
            return RunFolder(path).read()
    raise RunError(f"找不到评测结果 {name}。现有的是：{'、'.join(run_names()) or '（还没有）'}")


def run_names() -> list[str]:
    """Names of the runs under results/runs, oldest first."""
    return sorted(str(p.parent.relative_to(RUNS)) for p in RUNS.rglob("config.json"))


def describe_run(
    suite: str, system: str, target: Mapping[str, object], datasets: Sequence[Dataset], samples: int, asked_on: dt.date
) -> RunConfig:
    """The config of a run that starts now."""
    commit, dirty = commit_of_checkout()
    return RunConfig(
        suite=suite,
        system=system,
        target=dict(target),
        datasets={d.name: d.digest for d in datasets},
        samples=samples,
        asked_on=asked_on.isoformat(),
        commit=commit,
        dirty=dirty,
        started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        origins={d.name: d.origin for d in datasets if d.origin},
        machine={"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()},
    )


def copy_as_baseline(run: Run, to: Path = BASELINE) -> None:
    """Keep a run as the baseline: config, summary and rows without answers, small enough for version control."""
    to.mkdir(parents=True, exist_ok=True)
    (to / "config.json").write_text(_CONFIG.dump_json(run.config, indent=1).decode() + "\n", encoding="utf-8")
    (to / "summary.json").write_text(dump_summary(run.summary) + "\n", encoding="utf-8")
    write_rows(to / "rows.jsonl", run.rows, brief=True)


def save_systems(summaries: Mapping[str, Summary], to: Path) -> None:
    """Write the summaries of several systems over the same samples, by system."""
    to.write_text(
        json.dumps({name: json.loads(dump_summary(s)) for name, s in summaries.items()}, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )


def load_systems(path: Path) -> dict[str, Summary]:
    """Summaries by system, in the order written; empty when there is no such file."""
    if not path.is_file():
        return {}
    return {name: parse_summary(json.dumps(s)) for name, s in json.loads(path.read_text(encoding="utf-8")).items()}


def commit_of_checkout() -> tuple[str, bool]:
    """Commit of the checkout and whether it has changes; ("", False) outside of one."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except FileNotFoundError:
        return "", False
