"""Figures, groups, times and rows of an evaluation in words, and two runs side by side, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from drawing import drawn, html_of, labels_of
from evaluation_fake_api import ROWS, row, run

from assistant.wire.evaluation_schemas import (
    CitedOut,
    DatasetList,
    DatasetOut,
    EstimateOut,
    GroupChangeOut,
    PairOut,
    RemarkOut,
    RemarkRequest,
    RowOut,
    RowSummary,
    RunComparisonOut,
    RunSummary,
)
from ui.client import ClientError, UnreachableError
from ui.evaluation.comparison import draw_comparison
from ui.evaluation.results import draw_results
from ui.evaluation.runs import draw_progress, draw_runs
from ui.evaluation.view import (
    _draw_answer,
    estimate_text,
    group_label,
    percent,
    row_html,
    run_label,
    suite_label,
    table_html,
    verdict_label,
    when,
    why_text,
)
from ui.wording import say, word_for


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0.0, "0.0%"), (1.0, "100.0%"), (0.8476, "84.8%"), (0.00049, "0.0%"), (-0.05, "-5.0%")],
)
def test_a_share_for_reading(value: float | None, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("estimate", "share", "shown"),
    [
        (EstimateOut(value=0.848, n=100, low=0.83, high=0.865), True, "84.8% [83.0, 86.5]"),
        (EstimateOut(value=12.34, n=9, low=10.0, high=15.06), False, "12.3 [10.0, 15.1]"),
        (EstimateOut(value=-0.25, n=4, low=-0.7, high=0.0), True, "-25.0% [-70.0, 0.0]"),
        (EstimateOut(), True, "—"),
        (EstimateOut(value=0.5, n=1), True, "—"),  # never without its interval
        (EstimateOut(value=0.5, n=1, low=0.1), True, "—"),
    ],
)
def test_a_value_is_shown_with_its_interval(estimate: EstimateOut, share: bool, shown: str) -> None:
    assert estimate_text(estimate, share=share) == shown


@pytest.mark.parametrize(
    ("created", "shown"),
    [
        ("2026-11-23T04:11:08+00:00", "11-23 12:11"),
        ("2026-11-23T16:00:00+00:00", "11-24 00:00"),  # the next day in Beijing
        ("2026-12-31T23:30:00+08:00", "12-31 23:30"),
        ("", ""),
        ("gestern", ""),
    ],
)
def test_a_time_is_that_of_beijing(created: str, shown: str) -> None:
    assert when(created) == shown


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("dev", word_for("evaluation_dataset", "dev")),
        ("dev/career", f"{word_for('evaluation_dataset', 'dev')} · {word_for('evaluation_slice', 'career')}"),
        ("自己的/产假", "自己的 · 产假"),
        ("way:拼音", f"{word_for('evaluation_group', 'way')}拼音"),
        ("family:unlawful", word_for("evaluation_group", "family") + word_for("evaluation_family", "unlawful")),
        ("way:", "way:"),
        ("题：第一批", "题：第一批"),
    ],
)
def test_a_group_in_words(key: str, words: str) -> None:
    assert group_label(key) == words


def test_known_groups_and_verdicts_have_chinese_words() -> None:
    for key in ("dev", "family:unlawful", "dev/career"):
        assert group_label(key) != key
    for verdict in ("answered", "partial", "clarify", "abstained", "referred", "refused", "error"):
        assert verdict_label(verdict) != verdict


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({}, say("evaluation.run_label", title="自己的题", when="11-23 12:11", right="75.0%", count=4)),
        ({"right": None}, say("evaluation.run_unfinished", title="自己的题", when="11-23 12:11", done=4, total=4)),
        ({"name": "baseline"}, say("evaluation.run_label", title=say("evaluation.baseline"), when="11-23 12:11", right="75.0%", count=4)),
        ({"title": "dev"}, say("evaluation.run_label", title=suite_label("dev"), when="11-23 12:11", right="75.0%", count=4)),
        ({"created": ""}, say("evaluation.run_label", title="自己的题", when="", right="75.0%", count=4)),
    ],
)
def test_a_run_in_a_list(changes: dict[str, object], label: str) -> None:
    assert run_label(run("r2", "自己的题").model_copy(update=changes)) == label


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ([], ""),
        (["应作答，却是 abstained"], f"应作答，却是 {verdict_label('abstained')}"),
        (["没有引到标准依据", "缺 1 组必说内容（188）"], "没有引到标准依据；缺 1 组必说内容（188）"),
        (["说了不该说的 ['AI']"], "说了不该说的 ['AI']"),
    ],
)
def test_why_an_answer_is_wrong_has_its_verdict_in_words(why: list[str], told: str) -> None:
    assert why_text(row(1, "产假？", right=not why, why=why)) == told


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        (row(1, "产假？", right=True), [f'<span class="badge good">{say("evaluation.right")}</span>', "q1　产假？"]),
        (row(2, "产假？", right=False), [f'<span class="badge bad">{say("evaluation.wrong")}</span>']),
        (row(3, "产假？", right=True, breaches=["过期当现行"]), ['<span class="badge bad">过期当现行</span>']),
        (row(4, "产假？", right=True, remarks=2), [f'<span class="badge coming">{say("evaluation.has_remarks", count=2)}</span>']),
        (row(5, "<b>产假</b>", right=True), ["&lt;b&gt;产假&lt;/b&gt;"]),
        (row(6, "产假？", right=False, why=["缺"]), [say("evaluation.because", why="缺")]),
    ],
)
def test_a_question_in_a_list_says_how_it_was_judged(shown: RowSummary, parts: list[str]) -> None:
    html = row_html(shown)

    assert all(part in html for part in parts), html


def test_a_table_names_rows_and_columns_for_a_screen_reader_and_runs_no_markup() -> None:
    html = table_html(("指标", "值"), [("总体答对", "<b>75%</b>"), ("误拒", "0%")], hook="metrics")

    assert html.count('<th scope="col">') == 2
    assert html.count('<th scope="row">') == 2
    assert "&lt;b&gt;75%&lt;/b&gt;" in html
    assert 'data-hook="metrics"' in html


# -- one question in full


def whole(**fields: object) -> RowOut:
    return RowOut.model_validate({**ROWS[1].model_dump(), **fields})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"answer": "按月发[1]。"}, '<sup class="marker">[1]</sup>'),
        ({"answer": ""}, say("evaluation.no_answer")),
        ({"answer": "话", "faults": ["[1] 的段落 p1 读不到"]}, "[1] 的段落 p1 读不到"),
        ({"answer": "话", "gold_facts": ["NZG-007"], "gold_clauses": ["第七条"]}, "NZG-007、第七条"),
        ({"answer": "话", "as_of": "2025-01-02"}, "2025-01-02"),
        ({"answer": "话", "ms": 12.6}, "<dd>13</dd>"),
        ({"answer": "话", "referrals": ["工会热线 12351"]}, "工会热线 12351"),
        ({"answer": "话", "nearest": ["《特别规定》第九条"]}, "《特别规定》第九条"),
        (
            {
                "answer": "话",
                "cited": [CitedOut(marker="1", title="特别规定", clause="第七条", status="现行", quote="<i>98天", source_ids=["A"])],
            },
            "[1] 《特别规定》第七条 现行 A<br>&lt;i&gt;98天",
        ),
        ({"answer": "话", "cited": [CitedOut(marker="1", clause="第七条")]}, "[1] 第七条"),  # the baseline keeps no titles
        (
            {"said": [RemarkOut(author="小周", created="2026-11-23T05:00:00+00:00", fair="agree", faithful=False, plain=True, note="好")]},
            f"{word_for('evaluation_fair', 'agree')}；{say('evaluation.faithful_no')}；{say('evaluation.plain_yes')}；好",
        ),
    ],
)
def test_a_question_in_full_shows_what_is_known_of_it(fields: dict[str, object], told: str) -> None:
    assert told in html_of(drawn(_draw_answer, whole(**fields)))


def test_a_question_that_failed_shows_its_error_and_no_empty_answer() -> None:
    page = drawn(_draw_answer, whole(error="ConnectError: 拒绝连接"))

    assert "ConnectError" in page.error[0].value
    assert say("evaluation.no_answer") not in html_of(page)


# -- two runs


class Answering:
    """An evaluator's client that answers from what it was given, and keeps what was done."""

    def __init__(self, comparison: RunComparisonOut | None = None, *, failing: ClientError | None = None) -> None:
        self.comparison = comparison
        self.failing = failing
        self.compared: list[tuple[str, str]] = []
        self.done: list[str] = []
        self.runs_by_name: dict[str, RunSummary] = {}

    def compare(self, before: str, after: str) -> RunComparisonOut:
        self.compared.append((before, after))
        assert self.comparison is not None
        return self.comparison

    def progress(self, name: str) -> RunSummary:
        if self.failing:
            raise self.failing
        return self.runs_by_name[name]

    def datasets(self) -> DatasetList:
        return DatasetList(items=[DatasetOut(key="dev", title="dev", count=277), DatasetOut(key="own-1", title="我的", count=3, own=True)])

    def stop(self, name: str) -> None:
        self.done.append(f"stop {name}")

    def start(self, key: str) -> None:
        self.done.append(f"start {key}")

    def resume(self, name: str) -> None:
        self.done.append(f"resume {name}")

    def remark(self, run: str, remark: RemarkRequest) -> None:
        self.done.append(f"remark {run} {remark.number}")


RUNS = [run("r2", "自己的题", own=True), run("r1", "自己的题", own=True), run("baseline", "full")]


def compared(**fields: object) -> RunComparisonOut:
    base: dict[str, object] = {
        "before": RUNS[2],
        "after": RUNS[0],
        "shared": 4,
        "only_before": 0,
        "only_after": 0,
        "better": 0,
        "worse": 1,
        "difference": EstimateOut(value=-0.25, n=4, low=-0.7, high=0.0),
        "p": 1.0,
        "latency_p": 0.5,
    }
    return RunComparisonOut.model_validate({**base, **fields})


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({}, "evaluation.compare_chance"),
        ({"p": 0.049, "worse": 9}, "evaluation.compare_real"),
        ({"p": 0.05, "worse": 9}, "evaluation.compare_chance"),
        ({"better": 0, "worse": 0, "p": 1.0}, "evaluation.compare_unchanged"),
    ],
)
def test_a_change_is_called_real_only_where_it_is_more_than_chance(fields: dict[str, object], meant: str) -> None:
    html = html_of(drawn(draw_comparison, Answering(compared(**fields)), RUNS))

    assert f'<p class="title">{say(meant)}</p>' in html


@pytest.mark.parametrize(("before", "after", "told"), [(0, 0, False), (3, 0, True), (0, 2, True)])
def test_questions_that_only_one_run_asked_are_counted(before: int, after: int, told: bool) -> None:
    html = html_of(drawn(draw_comparison, Answering(compared(only_before=before, only_after=after)), RUNS))

    assert (say("evaluation.compare_left_out", before=before, after=after) in html) is told


def test_the_oldest_run_is_compared_with_the_newest_to_begin_with() -> None:
    client = Answering(compared())

    drawn(draw_comparison, client, RUNS)

    assert client.compared == [("baseline", "r2")]


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([], "evaluation.compare_none"),
        (RUNS[:1], "evaluation.compare_none"),
        ([RUNS[0], RUNS[1].model_copy(update={"done": 0})], "evaluation.compare_none"),  # nothing was asked yet
    ],
)
def test_one_run_cannot_be_compared(runs: list[RunSummary], told: str) -> None:
    client = Answering(compared())

    page = drawn(draw_comparison, client, runs)

    assert page.info[0].value == say(told)
    assert client.compared == []


def test_runs_without_a_question_in_common_say_so() -> None:
    page = drawn(draw_comparison, Answering(compared(shared=0)), RUNS)

    assert page.info[0].value == say("evaluation.compare_nothing_shared")


def test_a_lost_question_opens_in_both_runs_and_tells_what_it_was_before() -> None:
    pairs = [PairOut(before=ROWS[0], after=ROWS[1])]

    page = drawn(
        draw_comparison, Answering(compared(worse_pairs=pairs, groups=[GroupChangeOut(key="dev", better=0, worse=1, p=1.0)])), RUNS
    )

    assert say("evaluation.was", verdict=verdict_label("answered"), why=say("evaluation.right")) in html_of(page)
    assert [key for key in (b.key for b in page.button) if str(key).startswith("worse-")] == ["worse-before-1", "worse-after-2"]


def test_of_many_lost_questions_so_many_are_shown_and_all_counted() -> None:
    pairs = [PairOut(before=row(n, "甲", right=True), after=row(n, "甲", right=False)) for n in range(1, 36)]

    page = drawn(draw_comparison, Answering(compared(worse_pairs=pairs, worse=180)), RUNS)

    assert say("evaluation.pairs_more", shown=30, count=180) in html_of(page)


# -- runs


@pytest.mark.parametrize(
    ("state", "kind", "told"),
    [
        ("finished", "success", lambda r: say("evaluation.finished", run=run_label(r))),
        ("failed", "error", lambda r: say("evaluation.failed", why="知识库换了")),
        ("stopped", "info", lambda r: say("evaluation.stopped", done=4, total=4)),
    ],
)
def test_how_a_watched_run_ended_is_told_once(state: str, kind: str, told: Callable[[RunSummary], str]) -> None:
    ended = run("r2", "自己的题", state=state, failure="知识库换了" if state == "failed" else "")

    page = drawn(_watched, ended)

    assert [element.value for element in getattr(page, kind)] == [told(ended)]
    page.run()
    assert not page.exception


def _watched(ended: RunSummary) -> None:
    """A run that was under way at the last look."""
    import streamlit as st

    if "told" not in st.session_state:
        st.session_state["evaluation-started"] = ended.name
        st.session_state["told"] = True
    draw_progress(Answering(), [ended])  # type: ignore[arg-type]


def test_nothing_is_told_of_a_run_that_nobody_watched() -> None:
    page = drawn(draw_progress, Answering(), [run("r2", "自己的题")])

    assert not page.success


@pytest.mark.parametrize(("done", "total", "words"), [(1, 277, "1 / 277"), (0, 0, "…")])
def test_a_run_under_way_tells_how_far_it_is_and_can_be_stopped(done: int, total: int, words: str) -> None:
    client = Answering()
    client.runs_by_name["r3"] = run("r3", "dev", state="running", done=done, total=total, right=None)

    page = drawn(draw_progress, client, [client.runs_by_name["r3"]])

    assert say("evaluation.stop") in labels_of(page)
    assert words in page.get("progress")[0].proto.text
    page.button(key="evaluation-stop").click().run()
    assert client.done == ["stop r3"]


def test_a_service_that_is_away_during_a_run_is_told_beside_it() -> None:
    page = drawn(draw_progress, Answering(failing=UnreachableError("服务暂时连不上")), [run("r3", "dev", state="running", right=None)])

    assert page.warning[0].value == "服务暂时连不上"


@pytest.mark.parametrize(
    ("runs", "busy", "resumable"),
    [
        ([], False, []),
        ([run("r1", "dev", state="stopped")], False, ["resume-r1"]),
        ([run("r1", "dev", state="failed", failure="知识库换了")], False, ["resume-r1"]),
        ([run("r2", "dev", state="running"), run("r1", "dev", state="stopped")], True, ["resume-r1"]),
        ([run("r1", "dev")], False, []),
    ],
)
def test_only_one_run_at_a_time_may_begin(runs: Sequence[RunSummary], busy: bool, resumable: list[str]) -> None:
    page = drawn(draw_runs, Answering(), runs)

    assert page.button(key="evaluation-start").disabled is busy
    assert [b.key for b in page.button if str(b.key).startswith("resume-")] == resumable
    assert all(b.disabled is busy for b in page.button if str(b.key).startswith("resume-"))


def test_own_questions_are_told_from_suites() -> None:
    page = drawn(draw_runs, Answering(), [])

    assert page.selectbox(key="evaluation-which").options == [
        say("evaluation.dataset_label", title=suite_label("dev"), count=277, kind=""),
        say("evaluation.dataset_label", title="我的", count=3, kind=say("evaluation.own")),
    ]


def test_without_a_run_that_asked_anything_there_are_no_figures() -> None:
    page = drawn(draw_results, Answering(), [run("r1", "dev", done=0, right=None)])

    assert page.info[0].value == say("evaluation.none")
