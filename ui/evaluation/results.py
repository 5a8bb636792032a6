"""One run: its figures with intervals, where it is weak, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.evaluation_schemas import DownloadFormat, GroupOut, MetricOut, RowSummary, RunOut, RunSummary
from ui.evaluation.charts import Interval, interval_chart
from ui.evaluation.client import EvaluationClient, RowFilters
from ui.evaluation.view import (
    estimate_text,
    group_label,
    open_row,
    percent,
    row_html,
    run_label,
    table_html,
    verdict_label,
)
from ui.markup import element_key
from ui.style import scroll_to_list
from ui.wording import say, word_for

HEADLINES = ("right", "gold_cited", "abstain_right", "false_refusal", "faithfulness", "superseded_as_current")
PAGE_SIZE = 20
MOST_SHOWN = 25
"""Groups of a chart: the weakest; the table under it has all of them."""

_DOWNLOADS: tuple[tuple[DownloadFormat, str], ...] = (
    ("xlsx", "xlsx"),
    ("rows", "jsonl"),
    ("summary", "json"),
    ("report", "html"),
    ("labels", "jsonl"),
)
_PAGE, _TURNED = "evaluation-page", "evaluation-turned"


def draw_results(client: EvaluationClient, runs: Sequence[RunSummary]) -> None:
    """Draw the chosen run.

    Raises:
        ClientError: it could not be read.
    """
    readable = {run.name: run for run in runs if run.done}
    if not readable:
        st.info(say("evaluation.none"))
        return
    name = st.selectbox(
        say("evaluation.run"),
        list(readable),
        key="evaluation-run",
        format_func=lambda key: run_label(readable[key]),
        on_change=_first_page,
        persist_state="session",
    )
    run = client.run(name)
    _draw_head(run)
    _draw_figures(run)
    _draw_rows(client, run)
    _draw_downloads(client, run)


def _draw_head(run: RunOut) -> None:
    commit = f"{run.commit[:10]}{say('evaluation.dirty') if run.dirty else ''}" if run.commit else say("evaluation.no_commit")
    told = say("evaluation.head", system=run.system, count=run.done, asked_on=run.asked_on, commit=commit)
    by_name = {metric.name: metric for metric in run.metrics}
    cards = "".join(_card_html(by_name[name]) for name in HEADLINES if name in by_name)
    crossed = {line: count for line, count in run.breaches.items() if count}
    lines = "、".join(f"{line} {count}" for line, count in run.breaches.items())
    looks, word = ("bad", say("evaluation.crossed")) if crossed else ("good", say("evaluation.held"))
    st.html(
        f'<p class="small">{escape(told)}</p><div class="figures" data-hook="figures">{cards}</div>'
        f'<div class="badges"><span class="badge {looks}">{escape(word)}</span><span class="small">{escape(lines)}</span></div>'
        f'<p class="small" data-hook="origin">{escape(say("evaluation.origin_told", origin=run.origin))}</p>'
    )
    if run.fairness.n:
        agreed = say("evaluation.fairness", share=estimate_text(run.fairness), count=run.fairness.n)
        st.html(f'<p class="small" data-hook="fairness">{escape(agreed)}</p>')


def _card_html(metric: MetricOut) -> str:
    estimate = metric.estimate
    bounds = f"{100 * (estimate.low or 0):.1f}–{percent(estimate.high)}"
    label = f"{metric.label}（{say('evaluation.higher' if metric.higher else 'evaluation.lower')}）"
    return (
        f'<div class="figure"><span class="small">{escape(label)}</span><strong>{percent(estimate.value)}</strong>'
        f'<span class="small">{bounds}</span><span class="small">n={estimate.n}</span></div>'
    )


def _draw_figures(run: RunOut) -> None:
    with st.expander(say("evaluation.all_metrics"), key="evaluation-metrics"):
        rows = [(m.label, estimate_text(m.estimate, share=m.percent), str(m.estimate.n), run.origin) for m in run.metrics]
        st.html(table_html((say("evaluation.metric"), say("evaluation.value"), "n", say("evaluation.origin")), rows, hook="metrics"))
        told = [(word_for("evaluation_dataset", name), origin) for name, origin in run.origins.items()]
        st.html(table_html((say("evaluation.dataset"), say("evaluation.origin")), told, hook="origins"))
    with st.expander(say("evaluation.by_group"), key="evaluation-groups", expanded=True):
        _draw_groups([g for g in run.groups if "/" in g.key], say("evaluation.share_right"), "slices")
    if run.robustness:
        with st.expander(say("evaluation.by_way"), key="evaluation-ways"):
            st.html(f'<p class="small">{escape(say("evaluation.by_way_note"))}</p>')
            _draw_groups(run.robustness, say("evaluation.lost"), "ways", worst_first=-1)
    if run.families:
        with st.expander(say("evaluation.by_family"), key="evaluation-families"):
            _draw_groups(run.families, say("evaluation.share_safe"), "families")
    with st.expander(say("evaluation.confusion"), key="evaluation-confusion"):
        verdicts = sorted({verdict for row in run.confusion for verdict in row.verdicts})
        counted = [
            (word_for("evaluation_expected", row.expected), *(str(row.verdicts.get(verdict, 0)) for verdict in verdicts))
            for row in run.confusion
        ]
        head = (say("evaluation.should"), *(verdict_label(verdict) for verdict in verdicts))
        st.html(f'<p class="small">{escape(say("evaluation.confusion_note"))}</p>{table_html(head, counted, hook="confusion")}')
    with st.expander(say("evaluation.settings"), key="evaluation-settings"):
        st.html(table_html((say("evaluation.setting"), say("evaluation.value")), list(run.settings.items())))


def _draw_groups(groups: Sequence[GroupOut], title: str, key: str, *, worst_first: int = 1) -> None:
    ordered = sorted((g for g in groups if g.right.value is not None), key=lambda g: worst_first * (g.right.value or 0))
    if not ordered:
        return
    shown = [Interval(f"{group_label(g.key)}（n={g.right.n}）", g.right.value or 0, g.right.low or 0, g.right.high or 0) for g in ordered]
    st.altair_chart(interval_chart(shown[:MOST_SHOWN], title), key=f"evaluation-chart-{key}")
    if len(ordered) > MOST_SHOWN:
        st.html(f'<p class="small">{escape(say("evaluation.weakest", shown=MOST_SHOWN, count=len(ordered)))}</p>')
    rows = [(group_label(g.key), estimate_text(g.right), str(g.right.n)) for g in ordered]
    table = table_html((say("evaluation.group"), title, "n"), rows)
    st.html(f'<details class="contents"><summary>{escape(say("evaluation.as_table"))}</summary>{table}</details>')


def _draw_rows(client: EvaluationClient, run: RunOut) -> None:
    st.html(f'<h2 class="title">{escape(say("evaluation.rows"))}</h2>')
    left, right = st.columns(2)
    with left:
        wrong = st.toggle(say("evaluation.only_wrong"), value=True, key="evaluation-wrong", on_change=_first_page, persist_state="session")
    with right:
        noted = st.toggle(say("evaluation.only_noted"), key="evaluation-noted", on_change=_first_page, persist_state="session")
    with st.expander(say("evaluation.more_filters"), key="evaluation-filters"):
        words = st.text_input(
            say("evaluation.words"), key="evaluation-words", type="search", on_change=_first_page, persist_state="session"
        )
        groups = [g.key for g in (*run.groups, *run.robustness, *run.families)]
        group = _choice("group", groups, {key: group_label(key) for key in groups})
        expected = _choice(
            "expected",
            [row.expected for row in run.confusion],
            {r.expected: word_for("evaluation_expected", r.expected) for r in run.confusion},
        )
        verdicts = sorted({verdict for row in run.confusion for verdict in row.verdicts})
        verdict = _choice("verdict", verdicts, {name: verdict_label(name) for name in verdicts})
    page = int(st.session_state.get(_PAGE, 1))
    filters = RowFilters(wrong, noted, group, expected, verdict, (words or "").strip())
    found = client.rows(run.name, filters, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    st.html(f'<p class="small" role="status" data-hook="total">{escape(say("evaluation.total", total=found.total))}</p>')
    for row in found.items:
        draw_row(client, run.name, row)
    pages = -(-found.total // PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key=_PAGE, max_visible_pages=5, on_change=_turned, persist_state="session")
        if st.session_state.pop(_TURNED, False):
            scroll_to_list(page)


def draw_row(client: EvaluationClient, run: str, row: RowSummary) -> None:
    """A question with the button that opens it."""
    with st.container(border=True):
        st.html(row_html(row))
        if st.button(say("evaluation.open"), key=element_key("row", run, row.number), icon=":material/menu_book:"):
            open_row(client, run, row.number)


def _choice(name: str, options: Sequence[str], labels: dict[str, str]) -> str:
    chosen: str | None = st.selectbox(
        say(f"evaluation.{name}"),
        ["", *options],
        key=f"evaluation-{name}",
        format_func=lambda option: labels.get(option, option) or say("evaluation.any"),
        on_change=_first_page,
        persist_state="session",
    )
    return chosen or ""


def _draw_downloads(client: EvaluationClient, run: RunOut) -> None:
    with st.expander(say("evaluation.downloads"), key="evaluation-downloads"):
        for format, suffix in _DOWNLOADS:
            st.download_button(
                word_for("evaluation_download", format),
                lambda format=format: client.download(run.name, format),  # type: ignore[misc]  # bound now, called on the click
                file_name=f"{say('evaluation.file_name')}-{run.name}-{format}.{suffix}",
                key=f"evaluation-download-{format}",
                icon=":material/download:",
                on_click="ignore",
            )


def _turned() -> None:
    st.session_state[_TURNED] = True


def _first_page() -> None:
    st.session_state[_PAGE] = 1
