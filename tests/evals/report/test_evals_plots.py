"""Plots: what they draw is in the picture in words, worst first, and nothing is drawn of nothing."""

from __future__ import annotations

import re

import pytest
from evals_pieces import make_row

from evals.metrics.intervals import NOTHING, Estimate
from evals.report.page import render_page
from evals.report.plots import plot_confusion, plot_estimates, plot_growth, plot_latency, plot_tradeoff
from evals.run_folder import Run, RunConfig
from evals.summary import summarise


def words(svg: str) -> list[str]:
    """The texts of a picture, in its order."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_values_are_drawn_worst_first_with_n_and_those_without_a_value_not_at_all() -> None:
    svg = plot_estimates({"产假": Estimate(0.9, 20, 0.7, 1.0), "热线": Estimate(0.4, 5, 0.1, 0.8), "空": NOTHING}, "答对的份额")

    drawn = [word for word in words(svg) if "n=" in word]
    assert drawn == ["热线（n=5）", "产假（n=20）"]
    assert "答对的份额" in words(svg)


def test_a_name_cannot_become_markup_in_a_picture() -> None:
    svg = plot_estimates({"<script>alert(1)</script>": Estimate(0.5, 2, 0.1, 0.9)}, "份额")

    assert "<script" not in svg


def test_confusion_shows_a_count_in_each_cell_and_only_rows_that_occur() -> None:
    rows = [make_row(f"q{i}") for i in range(7)] + [make_row("x", expected="abstain", verdict="abstained"), make_row("e", error="超时")]

    drawn = words(plot_confusion(rows))

    assert {"7", "1", "0"} <= set(drawn)
    assert {"answer", "abstain", "error"} <= set(drawn)
    assert "refer" not in drawn


@pytest.mark.parametrize(
    "rows",
    [
        [make_row("q1", best_score=0.5)],  # nothing that should be withheld
        [make_row("q1", expected="abstain", best_score=0.5)],  # nothing that should be answered
        [make_row("q1"), make_row("q2", expected="abstain")],  # no score
        [make_row("q1", best_score=0.5, error="超时"), make_row("q2", expected="abstain", best_score=0.4, error="超时")],
    ],
)
def test_the_trade_off_needs_a_score_on_both_sides(rows: list[object]) -> None:
    assert plot_tradeoff(rows) == ""  # type: ignore[arg-type]


def test_the_trade_off_shows_where_the_system_stands() -> None:
    rows = [make_row(f"q{i}", best_score=0.5 + i / 20) for i in range(6)]
    rows += [make_row(f"n{i}", expected="abstain", verdict="abstained", best_score=i / 20) for i in range(6)]

    assert "本系统" in words(plot_tradeoff(rows))


def test_latencies_leave_out_failures() -> None:
    assert plot_latency([make_row("q1", ms=5.0, error="超时"), make_row("q2")]) == ""
    assert "题数" in words(plot_latency([make_row("q1", ms=5.0), make_row("q2", ms=7.0)]))


def test_growth_has_a_line_for_the_median_and_one_for_the_slow() -> None:
    drawn = words(plot_growth([(10_000, 5.0, 9.0), (1_000_000, 27.0, 42.0)]))

    assert {"中位数", "95 百分位"} <= set(drawn)


@pytest.mark.parametrize("text", ["<b>粗</b>", "{{ run.name }}", "{% include 'x' %}", "&lt;已转义"])
def test_a_question_in_the_page_is_shown_as_its_characters(text: str) -> None:
    row = make_row("q1", right=False, answer=text, why=(text,))
    run = Run("试跑", RunConfig("dev", text, {}, {}, 1, "2026-11-22"), (row,), summarise([row]))

    page = render_page(run)

    assert "<b>粗" not in page
    assert text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in page


def test_the_page_tells_what_changed_since_an_earlier_run() -> None:
    before_row, after_row = make_row("q1"), make_row("q1", right=False, why=("变差了",))
    config = RunConfig("dev", "本系统", {}, {}, 1, "2026-11-22")
    before, after = (Run(n, config, (r,), summarise([r])) for n, r in (("前一次", before_row), ("后一次", after_row)))

    page = render_page(after, before=before)

    assert "前一次" in page
    assert "变差了" in page
