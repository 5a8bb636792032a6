"""Questions with numbers: loading, judging, and the shares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.tools.toolbox import Toolbox
from evals.calculations import FigureOutcome, FigureRow, by_reading, load_figure_samples, measure_figures, report_figures
from evals.errors import DatasetError

BASE = {"id": "f1", "text": "干了八年月薪四千，辞退赔多少", "as_of": "2026-11-29", "tool": "compensation", "says": ["32000元"]}


def written(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps({**BASE, **line}, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_the_reading_of_numbers_is_measured_with_the_calculator_given(tmp_path: Path) -> None:
    path = written(
        tmp_path / "figures.jsonl",
        {},
        {"id": "f2", "says": ["31000元"]},
        {"id": "f3", "text": "干了八年，辞退赔多少", "says": [], "missing": "wage"},
        {"id": "f4", "text": "那要是干了十年呢", "history": [{"role": "user", "content": BASE["text"]}], "says": ["40000元"]},
        {"id": "f5", "text": "天气怎么样", "tool": "", "says": []},
    )

    report = measure_figures(load_figure_samples(path), by_reading(Toolbox.load()))

    assert (report.right.value, report.right.n) == (0.8, 5)
    assert (report.right_where_complete.n, report.computed_too_soon.value) == (3, 0.0)
    assert [row.sample.sample_id for row in report.wrong] == ["f2"]


def test_working_something_out_without_a_needed_number_counts(tmp_path: Path) -> None:
    samples = load_figure_samples(written(tmp_path / "f.jsonl", {"says": [], "missing": "wage"}, {"id": "f2", "tool": "", "says": []}))
    outcomes = (FigureOutcome("compensation", "经济补偿（N）是32000元"), FigureOutcome(error="timeout"))

    report = report_figures([FigureRow(sample, outcome) for sample, outcome in zip(samples, outcomes, strict=True)])

    assert report.computed_too_soon.value == 0.5
    assert report.right.value == 0.0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"answer": "x"}, "answer"),
        ({"tool": "lottery"}, "lottery"),
        ({"missing": "salary", "says": []}, "salary"),
        ({"missing": "wage"}, "只写一个"),
        ({"as_of": "gestern"}, "第 1 行"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: dict[str, object], said: str) -> None:
    with pytest.raises(DatasetError, match=said):
        load_figure_samples(written(tmp_path / "f.jsonl", line))
