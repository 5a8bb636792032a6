"""The results of a panel: every measure with its interval, by group, the judges' agreement, and the worst turns in full."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.evaluation_schemas import EstimateOut, PanelMeasureOut, PanelResultsOut
from ui.evaluation.charts import Interval, interval_chart
from ui.evaluation.client import EvaluationClient
from ui.evaluation.judging import choose_panel
from ui.evaluation.view import estimate_text, table_html
from ui.markup import answer_html, literal
from ui.wording import say, word_for


def draw_panel_results(client: EvaluationClient) -> None:
    """Draw the results of the chosen panel.

    Raises:
        ClientError: the API could not be asked.
    """
    panels = client.panels().items
    if not panels:
        st.info(say("panel.none"))
        return
    name = choose_panel(panels, key="panel-results-which")
    results = client.panel_results(name)
    if not results.judged:
        st.info(say("panel.result_none"))
        return
    told = say("panel.result_head", judged=results.judged, turns=results.turns, origin=results.origin)
    st.html(f'<p class="small">{escape(told)}</p><p class="small">{escape(say("panel.result_note"))}</p>')
    rows = [(m.label, _figure(m.estimate), m.must) for m in results.measures]
    st.html(table_html((say("panel.measure"), say("panel.figure"), say("panel.must")), rows, hook="panel-measures"))
    _draw_measures(results.measures)
    _draw_groups(results)
    _draw_kinds(results)
    _draw_agreement(results)
    _draw_worst(results)
    st.download_button(
        say("panel.workbook"),
        lambda: client.panel_workbook(name),
        file_name=f"{say('panel.workbook_name')}-{name}.xlsx",
        key="panel-workbook",
        icon=":material/download:",
        on_click="ignore",
    )


def _draw_measures(measures: Sequence[PanelMeasureOut]) -> None:
    chart = interval_chart([_interval(m.label, m.estimate) for m in measures if m.estimate.value is not None], say("panel.shown"))
    st.altair_chart(chart, key="panel-chart")


def _draw_groups(results: PanelResultsOut) -> None:
    tables = list(dict.fromkeys(g.table for g in results.groups))
    names = {m.name: m.label for g in results.groups for m in g.measures}
    if not tables:
        return
    with st.container(horizontal=True):
        table = st.selectbox(say("panel.by"), tables, key="panel-by", format_func=lambda key: word_for("panel_by", key))
        measure = st.selectbox(say("panel.of"), list(names), key="panel-of", format_func=lambda key: names[key])
    chosen = [
        (word_for("panel_group", g.key), m.estimate)
        for g in results.groups
        if g.table == table
        for m in g.measures
        if m.name == measure and m.estimate.value is not None
    ]
    st.altair_chart(interval_chart([_interval(name, estimate) for name, estimate in chosen], names[measure]), key="panel-groups")
    rows = [(name, _figure(estimate)) for name, estimate in chosen]
    st.html(table_html((word_for("panel_by", table), names[measure]), rows, hook="panel-groups"))


def _draw_kinds(results: PanelResultsOut) -> None:
    counted = "，".join(say("panel.kind_count", kind=word_for("panel_kind", k), count=count) for k, count in results.kinds.items())
    st.html(f'<p class="part">{escape(say("panel.kinds"))}</p><p class="reason" data-hook="panel-kinds">{escape(counted)}</p>')


def _draw_agreement(results: PanelResultsOut) -> None:
    st.html(f'<p class="part">{escape(say("panel.agreement"))}</p>')
    if not results.agreement:
        st.html(f'<p class="small">{escape(say("panel.agreement_none"))}</p>')
        return
    rows = [(word_for("panel_field", name), f"{e.value or 0:.2f}", str(e.n)) for name, e in results.agreement.items()]
    st.html(table_html((say("panel.field"), "κ", "n"), rows, hook="panel-agreement"))
    if results.differing:
        st.html(f'<p class="small">{escape(say("panel.differing", turns="、".join(results.differing)))}</p>')


def _draw_worst(results: PanelResultsOut) -> None:
    st.html(f'<p class="part">{escape(say("panel.worst"))}</p>')
    for place, turn in enumerate(results.worst, 1):
        with st.expander(literal(say("panel.worst_label", text=turn.text, kind=turn.kind)), key=f"panel-worst-{place}"):
            note = f'<p class="reason">{escape(turn.note)}</p>' if turn.note else ""
            st.html(f'{note}<div class="answer" data-hook="panel-worst">{answer_html(turn.answer)}</div>')


def _figure(estimate: EstimateOut) -> str:
    return f"{estimate_text(estimate)}（n={estimate.n}）" if estimate.n else "—"


def _interval(name: str, estimate: EstimateOut) -> Interval:
    return Interval(f"{name}（n={estimate.n}）", estimate.value or 0.0, estimate.low or 0.0, estimate.high or 0.0)
