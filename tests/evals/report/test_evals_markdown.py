"""Markdown for a pull request: the figures of a run, what changed between two, the gate, the systems."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evals_pieces import make_row

from evals.comparing import compare_rows
from evals.gate import GateLine, GateReport
from evals.metrics.intervals import NOTHING, Estimate
from evals.report.markdown import render_comparison, render_gate, render_markdown, render_systems
from evals.report.page import metric_lines, show, system_lines, worst_rows
from evals.rows import Row
from evals.run_folder import Run, RunConfig
from evals.summary import Summary, summarise


def asked(sample_id: str, text: str = "产假多少天？", *, part: str = "产假", **fields: object) -> Row:
    return replace(make_row(sample_id, **fields), text=text, dataset="dev", slice=part)  # type: ignore[arg-type]


def run_of(*rows: Row, name: str = "试跑", **config: object) -> Run:
    base: dict[str, object] = {"commit": "0123456789abcdef", "dirty": False}
    made = RunConfig("dev", "本系统", {}, {}, len(rows), "2026-11-22", **{**base, **config})  # type: ignore[arg-type]
    return Run(name, made, rows, summarise(rows))


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, "提交 `0123456789`。"),
        ({"dirty": True}, "提交 `0123456789`（有未提交的改动）。"),
        ({"commit": ""}, "提交 （无）。"),
    ],
)
def test_the_head_names_the_commit_and_whether_it_was_clean(config: dict[str, object], told: str) -> None:
    text = render_markdown(run_of(asked("q1"), asked("q2"), **config))

    assert text.startswith("# 评测 dev：本系统\n\n2 题，问答日期 2026-11-22，")
    assert told in text


def test_metrics_stand_with_interval_and_n_and_empty_ones_are_left_out() -> None:
    text = render_markdown(run_of(asked("q1", ms=4.0), asked("q2", right=False, ms=6.0)))

    assert "| 总体答对 | 50.0% [9.5, 90.5] | 2 |" in text
    assert "| 时延 p50（毫秒） | 5.0 [4.0, 6.0] | 2 |" in text
    assert "引文召回率（条款）" not in text


def test_the_weakest_slices_come_first_and_there_are_at_most_eight() -> None:
    rows = [asked(f"q{i}-{n}", part=f"片{i}", right=n < i) for i in range(10) for n in range(10)]

    section = render_markdown(run_of(*rows)).partition("## 最弱的切片")[2].partition("\n## ")[0]

    listed = [line.split(" | ")[0].removeprefix("| ") for line in section.splitlines() if line.startswith("| dev/")]
    assert listed == [f"dev/片{i}" for i in range(8)]


def test_sections_without_anything_are_left_out() -> None:
    text = render_markdown(run_of(asked("q1")))

    assert "## 题集" in text
    for title in ("换说法掉分", "红队：没有得逞", "与别的做法比", "与上一次比"):
        assert title not in text


def test_the_systems_stand_in_columns_with_n_of_the_last() -> None:
    few, many = summarise([asked("q1", right=False)]), summarise([asked("q1"), asked("q2")])

    lines = render_systems({"仅 BM25": few, "本系统": many}).splitlines()

    assert lines[0] == "| 指标（n） | 仅 BM25 | 本系统 |"
    assert lines[1] == "|---|---:|---:|"
    assert lines[2] == "| 总体答对（2） | 0.0% [0.0, 79.3] | 100.0% [34.2, 100.0] |"


@pytest.mark.parametrize(
    ("estimate", "percent", "shown"),
    [
        (Estimate(1.0, 3, 0.439, 1.0), True, "100.0% [43.9, 100.0]"),
        (Estimate(-0.05, 90, -0.1, 0.0), True, "-5.0% [-10.0, 0.0]"),
        (Estimate(0.0, 9, 0.0, 0.299), False, "0.0 [0.0, 0.3]"),
        (NOTHING, False, "—"),
        (Estimate(0.5, 1), True, "—"),  # a value without its interval is not shown
    ],
)
def test_an_estimate_in_a_cell(estimate: Estimate, percent: bool, shown: str) -> None:
    assert show(estimate, percent) == shown


def test_lines_of_several_summaries_keep_a_column_each() -> None:
    first, second = summarise([asked("q1")]), summarise([asked("q1", expected="refuse", verdict="refused")])

    lines = {line.label: [e.n for e in line.estimates] for line in metric_lines(first, second)}

    assert lines["总体答对"] == [1, 1]
    assert lines["该拒绝拒绝"] == [0, 1]  # shown, for one of them has it
    assert "引文召回率（条款）" not in lines


def test_the_systems_table_keeps_its_metrics_whatever_was_measured() -> None:
    empty: Summary = summarise([])

    assert len(system_lines({"空": empty})) == 11
    assert {line.estimates for line in system_lines({"空": empty})} == {(NOTHING,)}


# -- the worst answers


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (make_row("z", right=False, error="超时"), make_row("a", right=False, breaches=("过期当现行",))),
        (make_row("z", right=False, breaches=("过期当现行", "听从注入")), make_row("a", right=False, breaches=("过期当现行",))),
        (make_row("z", breaches=("过期当现行",)), make_row("a", right=False, why=("缺", "错", "漏"))),
        (make_row("z", faults=("[1] 的段落 p1 读不到",)), make_row("a", right=False, why=("缺", "错"))),
        (make_row("z", right=False, why=("缺", "错")), make_row("a", right=False, why=("缺",))),
        (make_row("z", right=False, why=("缺",)), make_row("a", right=False, why=("缺",), way="拼音")),
        (make_row("a", right=False), make_row("b", right=False)),
    ],
)
def test_the_worse_answer_comes_first(worse: Row, better: Row) -> None:
    assert worst_rows([better, worse]) == [worse, better]
    assert worst_rows([worse, better]) == [worse, better]


def test_a_right_answer_without_a_fault_is_none_of_the_worst() -> None:
    assert worst_rows([make_row("q1"), make_row("q2", expected="abstain", verdict="abstained")]) == []


# -- what changed


def test_a_comparison_tells_counts_p_and_the_questions() -> None:
    before = run_of(asked("q1"), asked("q2", "津贴怎么算？", part="津贴"), asked("q3", "热线？", right=False), name="前")
    after = run_of(
        asked("q1"), asked("q2", "津贴怎么算？", part="津贴", right=False, verdict="abstained", why=("应作答，却是 abstained",)), name="后"
    )

    text = render_comparison(before, after, compare_rows(before.rows, after.rows))

    assert text.startswith("# 前 → 后\n\n共有 2 题（只在前面的 1，只在后面的 0）：变好 0，变差 1，")
    assert "McNemar p=1.0000" in text
    assert "| 总体答对 | 100.0% [34.2, 100.0] | 50.0% [9.5, 90.5] |" in text
    assert "| dev/津贴 | 0 | 1 | 1.000 |" in text
    assert "### 变差的题\n\n- q2 津贴怎么算？：answered → abstained 应作答，却是 abstained" in text
    assert "### 变好的题" not in text


def test_a_comparison_without_a_change_lists_no_slice_and_no_question() -> None:
    run = run_of(asked("q1"))

    text = render_comparison(run, run, compare_rows(run.rows, run.rows))

    assert "变好 0，变差 0" in text
    assert "p（Holm）" not in text
    assert "###" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("产假多少天？\n我在四川", "产假多少天？ 我在四川"),  # a line break would end the list item
        ("假" * 60, "假" * 60),
        ("假" * 61, "假" * 59 + "…"),
    ],
)
def test_a_question_stands_on_one_line_and_a_long_one_is_cut(text: str, shown: str) -> None:
    before, after = run_of(asked("q1", text)), run_of(asked("q1", text, right=False))

    assert f"- q1 {shown}：answered → answered" in render_comparison(before, after, compare_rows(before.rows, after.rows))


def test_an_error_is_called_so_in_the_place_of_a_verdict() -> None:
    before, after = run_of(asked("q1")), run_of(asked("q1", right=False, verdict="", error="超时"))

    assert "answered → error" in render_comparison(before, after, compare_rows(before.rows, after.rows))


def test_a_gate_that_holds_says_so_and_lists_nothing_lost() -> None:
    text = render_gate(GateReport((GateLine("硬线：过期当现行", "0", "0"),)))

    assert text == "## 质量门：通过\n\n| | 项目 | 基线 | 现在 | 原因 |\n|---|---|---|---|---|\n| ✓ | 硬线：过期当现行 | 0 | 0 |  |\n"


def test_a_gate_lists_at_most_thirty_lost_questions_and_counts_all() -> None:
    lost = tuple(make_row(f"q{i}", right=False, why=("缺",)) for i in range(35))

    text = render_gate(GateReport((GateLine("全部 答对", "1", "0", "低于"),), lost))

    assert "基线答对、现在答错的 35 题" in text
    assert text.count("\n- q") == 30
