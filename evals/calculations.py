"""Questions with numbers: is the right figure worked out, by the right rule, and nothing where a number is missing?

The format of a file is described in ``evals/datasets/README.md``. Two ways of answering are measured: the reading of numbers with the
calculator given, and the whole assistant over HTTP.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistant.errors import AssistantError
from assistant.tools.reading import read_numbers
from assistant.tools.toolbox import Toolbox
from assistant.tools.words import load_words
from evals.errors import DatasetError
from evals.metrics.intervals import Estimate, share
from knowledge_base.validity import HOME_REGION

FIELDS = frozenset({"id", "text", "history", "as_of", "tool", "says", "missing", "writer", "note"})


@dataclass(frozen=True, slots=True)
class FigureSample:
    """A question with numbers. ``says`` must all stand in the first sentence.

    ``missing`` names the input that must be asked for instead; ``tool`` is "" where nothing may be worked out or asked for.
    """

    sample_id: str
    text: str
    tool: str
    as_of: dt.date
    says: tuple[str, ...] = ()
    missing: str = ""
    earlier: tuple[str, ...] = ()
    writer: str = ""


@dataclass(frozen=True, slots=True)
class FigureOutcome:
    """What came of a question: the calculator, the first sentence of a result, or the input that was asked for."""

    tool: str = ""
    first: str = ""
    asked: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A question and what came of it."""

    sample: FigureSample
    outcome: FigureOutcome

    @property
    def right(self) -> bool:
        """Whether the right figure, the right question back, or rightly nothing came of it."""
        sample, outcome = self.sample, self.outcome
        if outcome.error:
            return False
        if not sample.tool:
            return not outcome.first and not outcome.asked
        if sample.missing:
            return outcome.tool == sample.tool and outcome.asked == sample.missing
        return outcome.tool == sample.tool and bool(outcome.first) and all(said in outcome.first for said in sample.says)

    @property
    def computed_too_soon(self) -> bool:
        """Whether something was worked out although a needed number is missing, or none was asked for."""
        return bool(self.outcome.first) and (bool(self.sample.missing) or not self.sample.tool)


@dataclass(frozen=True, slots=True)
class FigureReport:
    """Shares with n and interval, and the rows that are wrong."""

    right: Estimate
    right_where_complete: Estimate
    computed_too_soon: Estimate
    wrong: tuple[FigureRow, ...] = field(default=())


Answerer = Callable[[FigureSample], FigureOutcome]


def load_figure_samples(path: Path) -> list[FigureSample]:
    """The questions of a file.

    Raises:
        DatasetError: a line is no JSON, lacks a field, has one too many, or names a calculator or input that there is not.
    """
    toolbox = Toolbox.load()
    samples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                samples.append(_sample(json.loads(line), toolbox))
            except (AssistantError, ValueError, KeyError, TypeError, AttributeError) as exc:
                raise DatasetError(f"{path.name} 第 {number} 行不对：{exc}") from exc
    return samples


def _sample(written: Mapping[str, Any], toolbox: Toolbox) -> FigureSample:
    if unknown := sorted(set(written) - FIELDS):
        raise ValueError(f"没有 {unknown} 这样的字段")
    tool, missing, says = written["tool"], written.get("missing", ""), tuple(written.get("says", ()))
    if tool and missing not in ("", *toolbox.rule(tool).inputs):
        raise ValueError(f"{tool} 没有 {missing} 这一项")
    if tool and bool(missing) == bool(says):
        raise ValueError("says 和 missing 要写一个，也只写一个")
    return FigureSample(
        written["id"],
        written["text"],
        tool,
        dt.date.fromisoformat(written["as_of"]),
        says,
        missing,
        tuple(turn["content"] for turn in written.get("history", ()) if turn["role"] == "user"),
        written.get("writer", ""),
    )


def by_reading(toolbox: Toolbox) -> Answerer:
    """Answers with the calculator that the sample names: measures the reading of numbers and the rules alone."""

    def answer(sample: FigureSample) -> FigureOutcome:
        if not sample.tool:
            return FigureOutcome()
        reading = read_numbers(toolbox.rule(sample.tool), sample.text, sample.earlier, sample.as_of)
        if reading.missing:
            return FigureOutcome(sample.tool, asked=reading.missing[0].name)
        result = toolbox.work_out(sample.tool, reading.given, sample.as_of, HOME_REGION).result
        return FigureOutcome(sample.tool, result.first.text if result else "")

    return answer


def by_service(url: str, toolbox: Toolbox) -> Answerer:
    """Answers over HTTP: measures the whole assistant, from finding the calculator on."""
    client = httpx.Client(base_url=url, timeout=60)
    words = load_words()

    def answer(sample: FigureSample) -> FigureOutcome:
        history = [{"role": "user", "content": turn} for turn in sample.earlier]
        asked = {"question": sample.text, "history": history, "as_of": sample.as_of.isoformat()}
        try:
            said = client.post("/v1/ask", json=asked).raise_for_status().json()["text"]
        except (httpx.HTTPError, ValueError, KeyError) as exc:
            return FigureOutcome(error=repr(exc))
        for rule in toolbox.rules.values():
            if words["steps"].format(title=rule.title) in said:
                return FigureOutcome(rule.name, said.split("\n")[0])
            for wanted in rule.inputs.values():
                if words["asking"].format(title=rule.title, ask=wanted.ask) in said:
                    return FigureOutcome(rule.name, asked=wanted.name)
        return FigureOutcome()

    return answer


def measure_figures(samples: Iterable[FigureSample], answer: Answerer) -> FigureReport:
    """The report on a way of answering."""
    return report_figures([FigureRow(sample, answer(sample)) for sample in samples])


def report_figures(rows: Sequence[FigureRow]) -> FigureReport:
    """Shares over rows. Complete: nothing is missing and something is to be worked out."""
    complete = [row for row in rows if row.sample.tool and not row.sample.missing]
    incomplete = [row for row in rows if not row.sample.tool or row.sample.missing]
    return FigureReport(
        share([row.right for row in rows]),
        share([row.right for row in complete]),
        share([row.computed_too_soon for row in incomplete]),
        tuple(row for row in rows if not row.right),
    )
