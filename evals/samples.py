"""Samples: labelled questions, read strictly from JSONL."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.types import Turn
from evals.errors import DatasetError
from evals.origins import Origin, load_origins

DATASETS = Path(__file__).parent / "datasets"


class Expected(StrEnum):
    """What a right answer does."""

    ANSWER = "answer"
    PARTIAL = "partial"
    ABSTAIN = "abstain"
    REFER = "refer"
    REFUSE = "refuse"


ANSWERABLE = frozenset({Expected.ANSWER, Expected.PARTIAL})


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled question.

    ``must_include`` are groups of which each needs one of its strings; ``gold_facts`` are the facts of which one must be cited;
    ``gold_clauses`` are the clauses (第七条) of which one must be cited. ``parent`` is the clean question that a perturbed one
    was made from and ``way`` how; ``family`` is the kind of an attack. ``as_of`` None means today.
    """

    sample_id: str
    text: str
    expected: Expected
    dataset: str = ""
    slice: str = ""
    gold_facts: tuple[str, ...] = ()
    gold_clauses: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    as_of: dt.date | None = None
    region: str = ""
    persona: str = ""
    intent: str = ""
    note: str = ""
    parent: str = ""
    way: str = ""
    family: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the knowledge base holds at least a part of the answer."""
        return self.expected in ANSWERABLE


@dataclass(frozen=True, slots=True)
class Dataset:
    """The samples of one file, in its order. ``digest`` is the SHA-256 of the file; ``origin`` None means that nobody wrote it down."""

    name: str
    samples: tuple[Sample, ...] = field(repr=False)
    digest: str = ""
    origin: Origin | None = None


_TEXTS = ("slice", "region", "persona", "intent", "note", "parent", "way", "family")
_LISTS = ("gold_facts", "gold_clauses", "must_not")
_KNOWN = frozenset({"id", "text", "expected", "must_include", "history", "as_of", *_TEXTS, *_LISTS})


def load_dataset(path: Path) -> Dataset:
    """The dataset of a JSONL file, named by the file's stem.

    Raises:
        DatasetError: the file cannot be read, or a line breaks the schema; the message names the line.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}。数据集是 UTF-8 的 JSONL 文件") from exc
    samples: list[Sample] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            sample = parse_sample(json.loads(line), dataset=path.stem)
        except (ValueError, DatasetError) as exc:
            raise DatasetError(f"{path.name} 第 {number} 行：{exc}") from exc
        if sample.sample_id in lines:
            raise DatasetError(f"{path.name} 第 {number} 行：id {sample.sample_id} 与第 {lines[sample.sample_id]} 行重复")
        lines[sample.sample_id] = number
        samples.append(sample)
    return Dataset(path.stem, tuple(samples), hashlib.sha256(data).hexdigest(), load_origins(path.parent).get(path.stem))


def load_named(names: Sequence[str], folder: Path = DATASETS) -> tuple[Dataset, ...]:
    """Shipped datasets by name, or all of them when no name is given."""
    chosen = names or sorted(p.stem for p in folder.glob("*.jsonl"))
    return tuple(load_dataset(folder / f"{name}.jsonl") for name in chosen)


def parse_sample(row: object, dataset: str = "") -> Sample:
    """A sample from a decoded line.

    Raises:
        DatasetError: a field is unknown, missing or of the wrong form.
    """
    if not isinstance(row, dict):
        raise DatasetError("每行应是一个 JSON 对象")
    if unknown := sorted(set(row) - _KNOWN):
        raise DatasetError(f"不认识字段 {unknown}；可用的是 {sorted(_KNOWN)}")
    sample_id, text = _text(row, "id"), _text(row, "text")
    if not sample_id or not text.strip():
        raise DatasetError("缺 id 或 text")
    try:
        expected = Expected(row.get("expected", ""))
    except ValueError as exc:
        raise DatasetError(f"expected {row.get('expected')!r} 应为 {'、'.join(Expected)} 之一") from exc
    return Sample(
        sample_id=sample_id,
        text=text,
        expected=expected,
        dataset=dataset,
        must_include=tuple(_strings(group, "must_include 的一组") for group in _list(row, "must_include")),
        history=tuple(_turn(turn) for turn in _list(row, "history")),
        as_of=_date(row.get("as_of")),
        gold_facts=_strings(_list(row, "gold_facts"), "gold_facts"),
        gold_clauses=_strings(_list(row, "gold_clauses"), "gold_clauses"),
        must_not=_strings(_list(row, "must_not"), "must_not"),
        **{name: _text(row, name) for name in _TEXTS},
    )


def dump_sample(sample: Sample) -> str:
    """The line of a sample, as :func:`load_dataset` reads it; empty fields are left out."""
    row: dict[str, object] = {"id": sample.sample_id, "text": sample.text, "expected": sample.expected.value}
    row |= {name: getattr(sample, name) for name in (*_TEXTS, *_LISTS) if getattr(sample, name)}
    if sample.must_include:
        row["must_include"] = sample.must_include
    if sample.history:
        row["history"] = [{"role": t.role, "content": t.content} for t in sample.history]
    if sample.as_of:
        row["as_of"] = sample.as_of.isoformat()
    return json.dumps(row, ensure_ascii=False)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise DatasetError(f"{name} 应是文字，不是 {value!r}")
    return value


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise DatasetError(f"{name} 应是列表，不是 {value!r}")
    return value


def _strings(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise DatasetError(f"{name} 应是文字的列表，不是 {value!r}")
    return tuple(value)


def _turn(value: object) -> Turn:
    if not isinstance(value, dict) or value.get("role") not in ("user", "assistant") or not isinstance(value.get("content"), str):
        raise DatasetError(f"history 的一轮应是 {{role: user|assistant, content: 文字}}，不是 {value!r}")
    return Turn(value["role"], value["content"])


def _date(value: object) -> dt.date | None:
    if value is None or value == "":
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as exc:
        raise DatasetError(f"as_of {value!r} 不是日期，写成 2025-10-15") from exc
