"""Reports: one file without the network, everything in it escaped, worst answers in full."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from evals_pieces import make_row
from markupsafe import escape
from playwright.sync_api import Browser

from evals.figures import newest_panel
from evals.metrics.intervals import Estimate
from evals.report.markdown import render_markdown, render_systems
from evals.report.page import render_page, show, worst_rows
from evals.report.panel_opening import open_with
from evals.report.plots import plot_confusion, plot_estimates, plot_latency, plot_tradeoff
from evals.rows import Cited, Row
from evals.run_folder import Run, RunConfig
from evals.summary import summarise

ROWS: tuple[Row, ...] = (
    *(make_row(f"q{i}", ms=float(i), best_score=0.5 + i / 40, gold_facts=("F",), ranks=(1,), relevant=1) for i in range(12)),
    *(
        make_row(f"n{i}", right=i > 2, expected="abstain", verdict="abstained" if i > 2 else "answered", ms=3.0, best_score=0.4)
        for i in range(6)
    ),
    make_row(
        "bad",
        right=False,
        why=("缺 1 组必说内容",),
        answer="<script>alert(1)</script>\n第二行",
        cited=(Cited("1", "《标题》", "第七条", "现行", ("F",), "引文"),),
    ),
    make_row("err", right=False, verdict="", error="ConnectError: 拒绝连接"),
    make_row("line", right=False, breaches=("过期当现行",), answer="旧规定"),
    make_row("q1-1", right=False, parent="q1", way="错字"),
    make_row("a1", expected="refuse", verdict="refused", family="unlawful"),
)
RUN = Run(
    "试跑",
    RunConfig(
        "dev",
        "本系统",
        {"corpus_hash": "0123456789abcdef" * 4},
        {"dev": "fedcba9876543210" * 4},
        len(ROWS),
        "2026-11-22",
        machine={"cores": 2},
    ),
    ROWS,
    summarise(ROWS),
)


def test_the_page_is_whole_by_itself() -> None:
    page = render_page(RUN, systems={"甲": RUN.summary, "本系统": RUN.summary}, before=RUN)

    assert not re.search(r"""(?:src|href)=["']?https?:""", page)
    assert "<link" not in page
    assert page.count("<svg") >= 6
    for words in ("硬线", "与别的做法比", "哪里强，哪里弱", "红队", "时延", "缺 1 组必说内容", "第二行", "ConnectError"):
        assert words in page


def test_what_an_answer_says_cannot_become_markup() -> None:
    page = render_page(RUN)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_worst_come_first_errors_then_lines_then_reasons() -> None:
    assert [r.sample_id for r in worst_rows(ROWS)][:3] == ["err", "line", "bad"]
    assert len(worst_rows(ROWS, 2)) == 2


def test_an_empty_run_still_gives_a_page() -> None:
    empty = Run("空", RUN.config, (), summarise(()))

    assert "评测报告" in render_page(empty)


def test_plots_without_data_are_nothing() -> None:
    assert plot_estimates({"空": Estimate(None, 0)}, "x") == ""
    assert plot_confusion([]) == plot_latency([]) == plot_tradeoff([]) == ""


def test_markdown_has_the_figures_and_the_weakest_slices() -> None:
    text = render_markdown(RUN, systems={"本系统": RUN.summary})

    assert "| 总体答对 |" in text
    assert "## 最弱的切片" in text
    assert "过期当现行 1" in text
    assert render_systems({"本系统": RUN.summary}) in text


@pytest.mark.parametrize(
    ("estimate", "percent", "shown"),
    [
        (Estimate(0.5, 4, 0.25, 0.75), True, "50.0% [25.0, 75.0]"),
        (Estimate(12.34, 4, 10.0, 15.0), False, "12.3 [10.0, 15.0]"),
        (Estimate(None, 0), True, "—"),
    ],
)
def test_an_estimate_is_shown_with_its_interval(estimate: Estimate, percent: bool, shown: str) -> None:
    assert show(estimate, percent) == shown


@pytest.mark.browser
def test_the_page_fits_a_phone(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "report.html").write_text(render_page(RUN, systems={"甲": RUN.summary, "本系统": RUN.summary}), encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((tmp_path / "report.html").as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert width == 390


def test_a_report_opens_with_the_panel_and_its_twenty_worst_turns_in_full() -> None:
    newest = newest_panel()
    assert newest is not None
    opening = open_with(newest.read())

    html = render_page(RUN, panel=opening)
    markdown = render_markdown(RUN, panel=opening)

    assert len(opening.worst) == 20
    assert html.index("第一句就答到（能答的轮次）") < html.index("回归题")
    assert markdown.startswith("## 评读")
    for turn in opening.worst:
        assert escape(turn.text) in html
        assert turn.answer.split("\n")[0] in markdown
