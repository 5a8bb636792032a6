"""What people say of rows: whether the verdict was fair, whether the answer holds and reads well, and a note. Kept as JSONL."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evals.errors import RunError
from evals.lines import append_line
from evals.metrics.intervals import Estimate, share


class Fair(StrEnum):
    """What a person thinks of how a row was judged."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark on one sample of a run. ``faithful`` and ``plain`` are labels as a judging model gives them; None is not looked at."""

    sample_id: str
    author: str
    created: str
    fair: Fair | None = None
    faithful: bool | None = None
    plain: bool | None = None
    note: str = ""


_REMARK = TypeAdapter(Remark)


class RemarkBook:
    """The remarks on one run: a file that is only appended to, a remark a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, remark: Remark) -> None:
        """Write a remark down for good: it is on the disk when this returns."""
        with self._lock:
            append_line(self._path, _REMARK.dump_json(remark, exclude_defaults=True) + b"\n")

    def all(self) -> list[Remark]:
        """Every remark, oldest first; a line that a crash cut short is left out.

        Raises:
            RunError: the file cannot be read.
        """
        try:
            lines = self._path.read_bytes().split(b"\n") if self._path.exists() else []
        except OSError as exc:
            raise RunError(f"{self._path} 读不了：{exc}") from exc
        remarks = []
        for line in lines:
            try:
                remarks.append(_REMARK.validate_json(line))
            except ValidationError:
                continue  # cut short, or the empty end
        return remarks


def fairness(remarks: Sequence[Remark]) -> Estimate:
    """Share of samples whose verdict people agree with, among those where the last word is agree or disagree."""
    last = {r.sample_id: r.fair for r in remarks if r.fair is not None}
    return share([fair is Fair.AGREE for fair in last.values() if fair is not Fair.UNSURE])


def dump_labels(remarks: Sequence[Remark]) -> str:
    """The last labels of every sample that has both, as ``python -m evals judge --labels`` reads them."""
    labels: dict[str, Mapping[str, object]] = {}
    for remark in remarks:
        if remark.faithful is not None and remark.plain is not None:
            labels[remark.sample_id] = {"id": remark.sample_id, "faithful": remark.faithful, "plain": remark.plain}
    return "".join(f"{json.dumps(label, ensure_ascii=False)}\n" for label in labels.values())


def now() -> str:
    """The time of a remark, in UTC to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
