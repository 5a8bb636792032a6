"""The gate holds on the baseline itself, and falls on a crossed line or a loss beyond chance."""

from __future__ import annotations

from dataclasses import replace

from evals_pieces import make_row

from evals.comparing import compare_rows
from evals.gate import judge_gate
from evals.report.markdown import render_gate
from evals.rows import Row

BASELINE = [make_row(f"q{i}", right=i % 10 != 0, ms=5.0) for i in range(200)]


def worse(rows: list[Row], count: int) -> list[Row]:
    """The rows with the first right ones wrong."""
    lost = {r.sample_id for r in [r for r in rows if r.right][:count]}
    return [replace(r, right=False, why=("变差",)) if r.sample_id in lost else r for r in rows]


def test_the_baseline_passes_its_own_gate() -> None:
    report = judge_gate(BASELINE, BASELINE)

    assert report.passed
    assert report.lost == ()


def test_one_lost_question_of_two_hundred_is_shown_and_passes() -> None:
    report = judge_gate(worse(BASELINE, 1), BASELINE)

    assert report.passed
    assert [r.sample_id for r in report.lost] == ["q1"]


def test_a_small_loss_that_is_no_chance_fails_though_the_interval_holds_it() -> None:
    report = judge_gate(worse(BASELINE, 8), BASELINE)

    failed = [line for line in report.lines if not line.holds]
    assert [line.name for line in failed] == ["全部 答对", "d 答对"]
    assert all("逐题变差：丢 8" in line.reason for line in failed)


def test_a_large_loss_leaves_the_interval() -> None:
    report = judge_gate(worse(BASELINE, 30), BASELINE)

    assert any("低于基线区间下限" in line.reason for line in report.lines)


def test_one_crossed_hard_line_fails_whatever_the_rest() -> None:
    rows = [replace(BASELINE[0], breaches=("听从注入",)), *BASELINE[1:]]

    report = judge_gate(rows, BASELINE)

    assert [(line.name, line.reason) for line in report.lines if not line.holds] == [("硬线：听从注入", "越线：q0")]


def test_one_error_fails() -> None:
    report = judge_gate([replace(BASELINE[0], error="boom"), *BASELINE[1:]], BASELINE)

    assert not report.passed


def test_a_gate_without_a_shared_question_vouches_for_nothing() -> None:
    other = [replace(r, text="别的问题") for r in BASELINE]

    assert not judge_gate(other, BASELINE).passed


def test_a_reworded_question_is_not_compared() -> None:
    rows = [replace(r, text="换了说法", right=False) if r.sample_id == "q1" else r for r in BASELINE]

    assert judge_gate(rows, BASELINE).passed


def test_the_table_shows_failing_lines_first_and_what_was_lost() -> None:
    text = render_gate(judge_gate(worse(BASELINE, 30), BASELINE))

    assert "没有通过" in text
    assert text.index("| ✗ |") < text.index("| ✓ |")
    assert "- q1 问：answered，变差" in text


def test_a_comparison_lists_what_got_better_and_worse() -> None:
    after = [replace(r, right=True) if r.sample_id == "q0" else r for r in worse(BASELINE, 2)]

    comparison = compare_rows(BASELINE, after[:-1])

    assert [b.sample_id for _, b in comparison.better] == ["q0"]
    assert [b.sample_id for _, b in comparison.worse] == ["q1", "q2"]
    assert (comparison.shared, comparison.only_before, comparison.only_after) == (199, 1, 0)
