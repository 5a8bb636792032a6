"""Two runs: what got better, what got worse, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.evaluation_schemas import PairOut, RunComparisonOut, RunSummary
from ui.evaluation.client import EvaluationClient
from ui.evaluation.view import estimate_text, group_label, open_row, row_html, run_label, table_html, verdict_label, why_text
from ui.markup import element_key
from ui.wording import say

CHANCE = 0.05
"""p under which a change is called more than chance."""

_SHOWN = 30


def draw_comparison(client: EvaluationClient, runs: Sequence[RunSummary]) -> None:
    """Draw two chosen runs side by side.

    Raises:
        ClientError: they could not be read.
    """
    readable = {run.name: run for run in runs if run.done}
    if len(readable) < 2:
        st.info(say("evaluation.compare_none"))
        return
    names = list(readable)
    before = _choice("before", names, len(names) - 1, readable)
    after = _choice("after", names, 0, readable)
    if before == after:
        st.info(say("evaluation.compare_same"))
        return
    found = client.compare(before, after)
    if not found.shared:
        st.info(say("evaluation.compare_nothing_shared"))
        return
    _draw_figures(found)
    _draw_pairs(client, found, found.worse_pairs, found.worse, "worse")
    _draw_pairs(client, found, found.better_pairs, found.better, "better")


def _choice(name: str, names: list[str], index: int, runs: dict[str, RunSummary]) -> str:
    chosen: str = st.selectbox(
        say(f"evaluation.{name}"),
        names,
        index=index,
        key=f"evaluation-{name}",
        format_func=lambda key: run_label(runs[key]),
        persist_state="session",
    )
    return chosen


def _draw_figures(found: RunComparisonOut) -> None:
    told = say(
        "evaluation.compare_told",
        shared=found.shared,
        better=found.better,
        worse=found.worse,
        difference=estimate_text(found.difference),
        p=f"{found.p:.3f}",
    )
    changed = "evaluation.compare_real" if found.p < CHANCE else "evaluation.compare_chance"
    meant = say(changed if found.better or found.worse else "evaluation.compare_unchanged")
    left_out = (
        f'<p class="small">{escape(say("evaluation.compare_left_out", before=found.only_before, after=found.only_after))}</p>'
        if found.only_before or found.only_after
        else ""
    )
    st.html(f'<div data-hook="run-comparison"><p class="title">{escape(meant)}</p><p class="reason">{escape(told)}</p>{left_out}</div>')
    with st.expander(say("evaluation.all_metrics"), key="comparison-metrics"):
        rows = [(m.label, estimate_text(m.before, share=m.percent), estimate_text(m.after, share=m.percent)) for m in found.metrics]
        st.html(table_html((say("evaluation.metric"), say("evaluation.before"), say("evaluation.after")), rows))
        st.html(f'<p class="small">{escape(say("evaluation.compare_latency", p=f"{found.latency_p:.3f}"))}</p>')
    if found.groups:
        with st.expander(say("evaluation.compare_groups"), key="comparison-groups"):
            groups = [(group_label(g.key), str(g.better), str(g.worse), f"{g.p:.3f}") for g in found.groups]
            head = (say("evaluation.group"), say("evaluation.better"), say("evaluation.worse"), "p（Holm）")
            st.html(table_html(head, groups))


def _draw_pairs(client: EvaluationClient, found: RunComparisonOut, pairs: Sequence[PairOut], count: int, which: str) -> None:
    if not pairs:
        return
    with st.expander(say(f"evaluation.{which}_pairs", count=count), key=f"comparison-{which}", expanded=which == "worse"):
        for pair in pairs[:_SHOWN]:
            with st.container(border=True):
                st.html(row_html(pair.after))
                was = say(
                    "evaluation.was", verdict=verdict_label(pair.before.verdict), why=why_text(pair.before) or say("evaluation.right")
                )
                st.html(f'<p class="small">{escape(was)}</p>')
                with st.container(horizontal=True):
                    for side, run, row in (("before", found.before, pair.before), ("after", found.after, pair.after)):
                        if st.button(say(f"evaluation.open_{side}"), key=element_key(which, side, row.number)):
                            open_row(client, run.name, row.number)
        if count > _SHOWN:
            st.html(f'<p class="small">{escape(say("evaluation.pairs_more", shown=_SHOWN, count=count))}</p>')
