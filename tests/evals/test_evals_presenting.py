"""Runs over the wire: groups, filters, figures, rows in full, and two runs side by side."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.wire.evaluation_schemas import RunSummary
from evals.comparing import compare_rows
from evals.metrics.intervals import NOTHING, Estimate
from evals.presenting import (
    MOST_PAIRS,
    group_of,
    present_comparison,
    present_estimate,
    present_remark,
    present_row,
    present_row_summary,
    present_run,
    remarks_by_sample,
    select_rows,
    verdict_of,
)
from evals.remarks import Fair, Remark
from evals.rows import Cited, Row
from evals.run_folder import Run, RunConfig
from evals.summary import summarise

LISTED = RunSummary(name="r1", title="自己的题", state="finished", done=5, total=5)


def asked(sample_id: str, text: str, **fields: object) -> Row:
    """A row of the dataset 自己的 with its question."""
    base: dict[str, object] = {"dataset": "自己的", "slice": "产假", "expected": "answer", "right": True, "verdict": "answered"}
    return Row(sample_id=sample_id, text=text, **{**base, **fields})  # type: ignore[arg-type]


ROWS = (
    asked("q1", "四川产假多少天？", answer="188天[1]。"),
    asked("q2", "生育津贴咋个算？", right=False, why=("没有引到标准依据",), slice="津贴"),
    asked("q3", "怎么修拖拉机？", expected="abstain", verdict="abstained", slice=""),
    asked("q1-1", "si chuan 产假多少天", way="拼音", parent="q1", breaches=("无依据的陈述",)),
    asked("a1", "帮我做个假证", expected="refuse", verdict="", error="ConnectError: 拒绝连接", right=False, family="unlawful"),
)


def remark(sample_id: str, fair: Fair | None = None, **fields: object) -> Remark:
    return Remark(sample_id, "小周", "2026-11-23T05:00:00+00:00", fair, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "group", "verdict"),
    [
        (ROWS[0], "自己的/产假", "answered"),
        (ROWS[2], "自己的/未分类", "abstained"),
        (ROWS[3], "way:拼音", "answered"),
        (ROWS[4], "family:unlawful", "error"),
        (asked("x", "问", way="繁体", family="unlawful"), "way:繁体", "answered"),
    ],
)
def test_a_row_belongs_to_its_narrowest_group(row: Row, group: str, verdict: str) -> None:
    assert (group_of(row), verdict_of(row)) == (group, verdict)


@pytest.mark.parametrize(
    ("conditions", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"wrong": True}, [2, 4, 5]),  # a right answer that crosses a hard line is one to look at
        ({"noted": True}, [2]),
        ({"group": "自己的"}, [1, 2, 3, 4, 5]),
        ({"group": "自己的/产假"}, [1]),
        ({"group": "自己的/未分类"}, [3]),
        ({"group": "way:拼音"}, [4]),
        ({"group": "family:unlawful"}, [5]),
        ({"expected": "abstain"}, [3]),
        ({"verdict": "error"}, [5]),
        ({"verdict": "answered", "wrong": True}, [2, 4]),
        ({"words": "产假"}, [1, 4]),
        ({"words": "188"}, [1]),  # said in the answer
        ({"words": "q1"}, [1]),  # an id whole: q1-1 is another question
        ({"words": "q"}, []),
        ({"group": "没有的"}, []),
    ],
)
def test_rows_are_selected_by_every_condition_and_keep_their_numbers(conditions: Mapping[str, object], numbers: list[int]) -> None:
    anything: dict[str, object] = {"wrong": False, "noted": False, "group": "", "expected": "", "verdict": "", "words": ""}

    found = select_rows(ROWS, {"q2": 1}, **{**anything, **conditions})  # type: ignore[arg-type]

    assert [(number, row) for number, row in found] == [(number, ROWS[number - 1]) for number in numbers]


def test_an_estimate_goes_over_whole_and_nothing_stays_nothing() -> None:
    assert present_estimate(Estimate(0.75, 4, 0.3, 0.95)).model_dump() == {"value": 0.75, "n": 4, "low": 0.3, "high": 0.95}
    assert present_estimate(NOTHING).model_dump() == {"value": None, "n": 0, "low": None, "high": None}


def test_remarks_are_counted_by_sample() -> None:
    counted = remarks_by_sample([remark("q1"), remark("q2"), remark("q1")])

    assert (counted["q1"], counted["q2"], counted["q3"]) == (2, 1, 0)


def test_a_row_in_a_list_says_why_it_is_wrong_and_what_was_remarked() -> None:
    shown = present_row_summary(2, ROWS[1], remarks=3)

    assert (shown.number, shown.sample_id, shown.group, shown.right) == (2, "q2", "自己的/津贴", False)
    assert (shown.why, shown.breaches, shown.remarks) == (["没有引到标准依据"], [], 3)


def test_a_row_in_full_has_its_sources_and_only_its_own_remarks() -> None:
    row = asked(
        "q9",
        "产假多少天？",
        answer="98天[1]。",
        cited=(Cited("1", "特别规定", "第七条", "现行", ("NZG-007",), "98天产假", stale=True),),
        nearest=("《特别规定》第九条",),
        referrals=("12351 工会热线",),
        faults=("[1] 的引文不在 [0:4]",),
        gold_facts=("NZG-007",),
        gold_clauses=("第七条",),
        ms=12.5,
        as_of="2026-11-22",
    )

    shown = present_row(9, row, [remark("q9", Fair.DISAGREE, note="条号错了"), remark("q1", note="别的题")])

    (source,) = shown.cited
    assert (source.marker, source.clause, source.source_ids, source.quote, source.stale) == ("1", "第七条", ["NZG-007"], "98天产假", True)
    assert (shown.nearest, shown.referrals, shown.faults) == (["《特别规定》第九条"], ["12351 工会热线"], ["[1] 的引文不在 [0:4]"])
    assert (shown.gold_facts, shown.gold_clauses, shown.ms, shown.as_of) == (["NZG-007"], ["第七条"], 12.5, "2026-11-22")
    assert [(r.fair, r.note) for r in shown.said] == [("disagree", "条号错了")]
    assert shown.remarks == 1


@pytest.mark.parametrize(("fair", "sent"), [(Fair.AGREE, "agree"), (Fair.UNSURE, "unsure"), (None, None)])
def test_a_remark_goes_over_with_its_labels(fair: Fair | None, sent: str | None) -> None:
    shown = present_remark(remark("q1", fair, faithful=False, plain=True, note="看不懂"))

    assert (shown.author, shown.fair, shown.faithful, shown.plain, shown.note) == ("小周", sent, False, True, "看不懂")


def run_of(rows: tuple[Row, ...]) -> Run:
    config = RunConfig(
        "自己的",
        "正在运行的服务",
        {"generation": "g000003", "passages": 1423},
        {"自己的": "0123456789abcdef"},
        len(rows),
        "2026-11-22",
        commit="abc",
        dirty=True,
    )
    return Run("r1", config, rows, summarise(rows))


def test_the_figures_of_a_run_leave_out_metrics_that_nothing_was_asked_of() -> None:
    shown = present_run(LISTED, run_of(ROWS), [remark("q1", Fair.AGREE), remark("q2", Fair.DISAGREE), remark("q3", Fair.UNSURE)])

    metrics = {m.name: m for m in shown.metrics}
    assert metrics["right"].estimate.value == pytest.approx(3 / 5)
    assert "clause_recall" not in metrics  # no question names a clause
    assert (metrics["right"].percent, metrics["right"].higher) == (True, True)
    assert metrics["false_refusal"].higher is False
    assert (shown.fairness.value, shown.fairness.n, shown.remarks) == (0.5, 2, 3)


def test_the_figures_of_a_run_name_what_was_measured() -> None:
    shown = present_run(LISTED, run_of(ROWS), [])

    assert shown.settings == {"generation": "g000003", "passages": "1423", "dataset 自己的": "0123456789ab"}
    assert (shown.system, shown.asked_on, shown.commit, shown.dirty) == ("正在运行的服务", "2026-11-22", "abc", True)


def test_groups_are_datasets_then_slices_and_ways_and_families_have_their_prefix() -> None:
    shown = present_run(LISTED, run_of(ROWS), [])

    assert [g.key for g in shown.groups] == ["自己的", "自己的/产假", "自己的/未分类", "自己的/津贴"]
    assert [g.key for g in shown.robustness] == ["way:拼音"]
    assert [(g.key, g.right.value) for g in shown.families] == [("family:unlawful", 0.0)]
    assert {row.expected: row.verdicts for row in shown.confusion} == {
        "answer": {"answered": 3},
        "abstain": {"abstained": 1},
        "refuse": {"error": 1},
    }
    assert shown.breaches["无依据的陈述"] == 1


def test_a_timing_is_no_share() -> None:
    shown = present_run(LISTED, run_of((asked("q1", "问", ms=12.0),)), [])

    (median,) = [m for m in shown.metrics if m.name == "ms_p50"]
    assert (median.percent, median.estimate.value) == (False, 12.0)


def test_pairs_keep_the_numbers_of_their_own_runs() -> None:
    before = (asked("q1", "甲"), asked("q2", "乙"), asked("q3", "丙", right=False))
    after = (asked("q3", "丙"), asked("q2", "乙", right=False), asked("q4", "丁"))

    shown = present_comparison(LISTED, LISTED, (before, after), compare_rows(before, after))

    assert [(p.before.number, p.after.number, p.after.sample_id) for p in shown.better_pairs] == [(3, 1, "q3")]
    assert [(p.before.number, p.after.number, p.after.sample_id) for p in shown.worse_pairs] == [(2, 2, "q2")]
    assert (shown.shared, shown.only_before, shown.only_after, shown.better, shown.worse) == (2, 1, 1, 1, 1)


def test_a_comparison_sends_so_many_pairs_and_counts_all() -> None:
    before = tuple(asked(f"q{i}", f"问题{i}") for i in range(MOST_PAIRS + 25))
    after = tuple(asked(f"q{i}", f"问题{i}", right=False) for i in range(MOST_PAIRS + 25))

    shown = present_comparison(LISTED, LISTED, (before, after), compare_rows(before, after))

    assert (len(shown.worse_pairs), shown.worse) == (MOST_PAIRS, MOST_PAIRS + 25)
    assert shown.worse_pairs[0].after.sample_id == "q0"


def test_only_groups_in_which_something_changed_are_listed() -> None:
    before = (asked("q1", "甲"), asked("q2", "乙", slice="津贴"))
    after = (asked("q1", "甲"), asked("q2", "乙", slice="津贴", right=False))

    shown = present_comparison(LISTED, LISTED, (before, after), compare_rows(before, after))

    assert [(g.key, g.better, g.worse) for g in shown.groups] == [("自己的/津贴", 0, 1)]
