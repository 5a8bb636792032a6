"""Two runs side by side, the summary of one, and the gate's lines, each by a few rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evals_pieces import make_row

from evals.comparing import compare_rows, pair_rows
from evals.gate import GateLine, GateReport, judge_gate
from evals.judging import HARD_LINES, LEAKED, STALE
from evals.rows import Row
from evals.summary import dump_summary, parse_summary, summarise


def asked(sample_id: str, text: str = "产假多少天？", *, dataset: str = "dev", part: str = "产假", **fields: object) -> Row:
    return replace(make_row(sample_id, **fields), text=text, dataset=dataset, slice=part)  # type: ignore[arg-type]


# -- pairs


@pytest.mark.parametrize(
    ("after", "paired"),
    [
        (asked("q1"), True),
        (asked("q1", right=False, verdict="abstained"), True),
        (asked("q1", dataset="plain", part="别的"), True),  # moved to another file, but the same question
        (asked("q1", "产假一共多少天？"), False),  # reworded
        (asked("q1", expected="abstain"), False),  # labelled anew
        (asked("q2"), False),
    ],
)
def test_rows_are_paired_by_id_text_and_label(after: Row, paired: bool) -> None:
    before = asked("q1")

    assert pair_rows([before], [after]) == ([(before, after)] if paired else [])


def test_groups_are_named_by_way_or_family_before_slice() -> None:
    rows = [asked("1"), asked("2", way="拼音"), asked("3", family="unlawful"), asked("4", dataset="plain", part="")]

    names = {name for name, _, _ in compare_rows(rows, rows).slices}

    assert names == {"dev/产假", "dev/拼音", "dev/unlawful", "plain/"}


def test_the_group_that_changed_most_surely_comes_first() -> None:
    before = [asked(f"a{i}", f"甲{i}", part="变了") for i in range(8)] + [asked(f"b{i}", f"乙{i}", part="没变") for i in range(8)]
    after = [replace(r, right=False) if r.slice == "变了" else r for r in before]

    (first, change, p), (second, *_) = compare_rows(before, after).slices

    assert (first, second) == ("dev/变了", "dev/没变")
    assert (change.better, change.worse) == (0, 8)
    assert p == pytest.approx(2 * 2 / 256)  # twice, for two groups


def test_latencies_are_compared_only_where_both_runs_have_one() -> None:
    before = [asked(f"q{i}", f"问{i}", ms=10.0) for i in range(4)] + [asked("x", "没有时间")]
    after = [asked(f"q{i}", f"问{i}", ms=15.0) for i in range(4)] + [asked("x", "没有时间", ms=9000.0)]

    assert compare_rows(before, after).latency_p == pytest.approx(0.0455, abs=1e-4)


def test_metrics_are_of_the_shared_questions_alone() -> None:
    before = [asked("1", "甲"), asked("2", "乙", right=False)]
    after = [asked("1", "甲", right=False), asked("3", "丙")]

    (right,) = [m for m in compare_rows(before, after).metrics if m.name == "right"]

    assert (right.before.value, right.before.n, right.after.value, right.after.n) == (1.0, 1, 0.0, 1)


# -- summary


def test_slices_leave_out_rewritten_questions_and_attacks() -> None:
    summary = summarise([asked("1"), asked("2", part="", right=False), asked("3", way="拼音"), asked("4", family="unlawful")])

    assert {name: e.n for name, e in summary.slices.items()} == {"dev/产假": 1, "dev/未分类": 1}
    assert summary.datasets["dev"].n == 4


def test_every_hard_line_is_counted_even_when_none_is_crossed() -> None:
    summary = summarise([asked("1", breaches=(STALE, LEAKED)), asked("2", breaches=(STALE,))])

    assert summary.breaches == {line: {STALE: 2, LEAKED: 1}.get(line, 0) for line in HARD_LINES}


def test_a_summary_reads_back_as_it_was_written() -> None:
    summary = summarise([asked("1", ms=3.0), asked("2", right=False, verdict="abstained"), asked("1-1", way="拼音", parent="1")])

    assert parse_summary(dump_summary(summary)) == summary


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"n": "三", "metrics": {}}', '{"n": 1}'])
def test_what_is_no_summary_is_an_error(broken: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        parse_summary(broken)


# -- the gate


def named(report: GateReport, name: str) -> GateLine:
    (line,) = [line for line in report.lines if line.name == name]
    return line


def test_a_share_that_should_fall_fails_above_the_interval() -> None:
    baseline = [asked(f"q{i}", f"问{i}") for i in range(40)]
    refusing = [replace(r, verdict="abstained") if i < 12 else r for i, r in enumerate(baseline)]

    line = named(judge_gate(refusing, baseline), "误拒")

    assert line.reason.startswith("高于基线区间上限")
    assert line.now.startswith("0.300")


def test_a_metric_that_can_no_longer_be_measured_fails() -> None:
    baseline = [asked(f"q{i}", f"问{i}", ranks=(1,), relevant=1, gold_facts=("A",)) for i in range(5)]
    blind = [replace(r, ranks=None, relevant=None) for r in baseline]

    report = judge_gate(blind, baseline)

    assert named(report, "检索 nDCG@10").reason == "量不到了"
    assert not report.passed


def test_a_metric_that_the_baseline_lacks_is_shown_and_holds() -> None:
    baseline = [asked(f"q{i}", f"问{i}") for i in range(5)]
    ranked = [replace(r, ranks=(1,), relevant=1, gold_facts=("A",)) for r in baseline]

    line = named(judge_gate(ranked, baseline), "检索 nDCG@10")

    assert (line.baseline, line.holds) == ("—", True)


def test_points_lost_to_a_way_of_typing_are_gated() -> None:
    clean = [asked(f"q{i}", f"问{i}") for i in range(10)]
    typed = [asked(f"q{i}-1", f"wen{i}", way="拼音", parent=f"q{i}") for i in range(10)]
    baseline = [*clean, *typed]
    lost = [*clean, *(replace(r, right=False) for r in typed)]

    line = named(judge_gate(lost, baseline), "换说法掉分：拼音")

    assert line.reason == "高于基线区间上限 0.300"  # no loss in ten pairs: three in ten may still be lost


def test_a_timing_is_never_gated() -> None:
    baseline = [asked(f"q{i}", f"问{i}", ms=5.0) for i in range(10)]
    slow = [replace(r, ms=9000.0) for r in baseline]

    report = judge_gate(slow, baseline)

    assert report.passed
    assert not [line for line in report.lines if "时延" in line.name]


def test_a_dataset_of_its_own_is_gated_of_its_own() -> None:
    baseline = [asked(f"a{i}", f"甲{i}") for i in range(300)] + [asked(f"b{i}", f"乙{i}", dataset="routing") for i in range(12)]
    lost = [replace(r, right=False) if r.dataset == "routing" else r for r in baseline]

    report = judge_gate(lost, baseline)

    assert not named(report, "routing 答对").holds
    assert named(report, "dev 答对").holds
    assert len(report.lost) == 12


@pytest.mark.parametrize("line", HARD_LINES)
def test_a_hard_line_names_the_first_five_that_cross_it(line: str) -> None:
    baseline = [asked(f"q{i}", f"问{i}") for i in range(8)]
    crossing = [replace(r, breaches=(line,)) for r in baseline]

    found = named(judge_gate(crossing, baseline), f"硬线：{line}")

    assert (found.now, found.reason) == ("8", "越线：q0、q1、q2、q3、q4")


def test_an_error_is_named_with_its_beginning() -> None:
    baseline = [asked("q1")]

    line = named(judge_gate([replace(baseline[0], error="TimeoutError: " + "等" * 200)], baseline), "硬线：出错")

    assert line.reason == "q1：TimeoutError: " + "等" * (80 - len("TimeoutError: "))


def test_a_question_that_was_wrong_before_is_not_lost() -> None:
    baseline = [asked("q1", right=False), asked("q2", "津贴怎么算？")]

    assert judge_gate([replace(r, right=False) for r in baseline], baseline).lost == (replace(baseline[1], right=False),)
