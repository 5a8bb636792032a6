"""Judged metrics: what a language model thinks of an answer, never without its agreement with people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evals.chat import ChatModel
from evals.errors import DatasetError, JudgeError
from evals.metrics.agreement import agreement, kappa
from evals.metrics.intervals import Estimate, share
from evals.rows import Row

_PROMPTS = Path(__file__).parent / "texts" / "judging.yaml"
_OBJECT = re.compile(r"\{.*\}", re.S)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether every statement of an answer stands in its quotes, and whether a worker without schooling would follow it."""

    faithful: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class JudgedSummary:
    """Shares over the judged answers, failures of the judge, and agreement with labels where people gave any."""

    faithful: Estimate
    plain: Estimate
    failed: int
    faithful_agreement: Estimate
    faithful_kappa: Estimate
    plain_agreement: Estimate
    plain_kappa: Estimate


def judge_answer(model: ChatModel, row: Row) -> Opinion:
    """A model's opinion of one answer.

    Raises:
        JudgeError: the model cannot be reached or does not answer with the asked JSON.
    """
    prompts = load_prompts()
    quotes = "\n".join(f"[{c.marker}] 《{c.title}》{c.clause}：{c.quote}" for c in row.cited)
    said = model.complete(prompts["system"], prompts["user"].format(question=row.text, answer=row.answer, quotes=quotes or "（没有引文）"))
    found = _OBJECT.search(said)
    try:
        opinion: Any = json.loads(found.group()) if found else None
        faithful, plain = opinion["faithful"], opinion["plain"]
    except (ValueError, KeyError, TypeError) as exc:
        raise JudgeError(f"评审模型没有按要求回答 JSON：{said[:120]}") from exc
    if not isinstance(faithful, bool) or not isinstance(plain, bool):
        raise JudgeError(f"评审模型的 faithful、plain 应是 true 或 false：{said[:120]}")
    return Opinion(faithful, plain)


def load_labels(path: Path) -> dict[str, Opinion]:
    """People's opinions by sample id: a JSONL file of ``{"id", "faithful", "plain"}``.

    Raises:
        DatasetError: the file cannot be read, or a line is malformed; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc
    labels: dict[str, Opinion] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            sample_id, faithful, plain = str(row["id"]), row["faithful"], row["plain"]
        except (ValueError, KeyError, TypeError) as exc:
            raise DatasetError(f"{path.name} 第 {number} 行应是含 id、faithful、plain 的 JSON") from exc
        if not isinstance(faithful, bool) or not isinstance(plain, bool):
            raise DatasetError(f"{path.name} 第 {number} 行的 faithful、plain 应是 true 或 false")
        labels[sample_id] = Opinion(faithful, plain)
    return labels


def summarise_opinions(opinions: Mapping[str, Opinion], failed: int, labels: Mapping[str, Opinion]) -> JudgedSummary:
    """Shares and agreement; a judge that failed on an answer gives no opinion of it and is counted in ``failed``."""
    both = [(opinions[i], labels[i]) for i in opinions if i in labels]

    def pair(name: str) -> tuple[Sequence[bool], Sequence[bool]]:
        return [getattr(a, name) for a, _ in both], [getattr(b, name) for _, b in both]

    return JudgedSummary(
        share([o.faithful for o in opinions.values()]),
        share([o.plain for o in opinions.values()]),
        failed,
        agreement(*pair("faithful")),
        kappa(*pair("faithful")),
        agreement(*pair("plain")),
        kappa(*pair("plain")),
    )


@lru_cache(maxsize=1)
def load_prompts() -> Mapping[str, str]:
    """Prompts of ``texts/judging.yaml`` by name."""
    return dict(yaml.safe_load(_PROMPTS.read_text(encoding="utf-8")))
