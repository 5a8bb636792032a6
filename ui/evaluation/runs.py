"""Starting runs, watching them, and handing in one's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.evaluation_schemas import DatasetOut, RunSummary
from ui.client import ClientError
from ui.evaluation.client import EvaluationClient
from ui.evaluation.view import run_label, suite_label
from ui.markup import element_key, literal
from ui.wording import say

_HANDED_IN, _NEXT, _STARTED = "evaluation-handed-in", "evaluation-next", "evaluation-started"
_SECONDS = 1.0

_UPLOADER_STYLE = """<style>
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p::after { content: "CHOOSE"; font-size: 1rem; }
</style>"""
"""Streamlit says "Upload" on its button, in English only."""


def draw_progress(client: EvaluationClient, runs: Sequence[RunSummary]) -> None:
    """How far the run under way is, renewed every second; and, once, that it is finished."""
    running = next((run for run in runs if run.state == "running"), None)
    if running is not None:
        st.session_state[_STARTED] = running.name
        st.fragment(_draw_bar, run_every=_SECONDS)(client, running.name)
        return
    watched = st.session_state.pop(_STARTED, None)
    ended = next((run for run in runs if run.name == watched), None)
    if ended is None:
        return
    if ended.state == "finished":
        st.session_state["evaluation-run"] = ended.name
        st.success(say("evaluation.finished", run=run_label(ended)))
    elif ended.state == "failed":
        st.error(literal(say("evaluation.failed", why=ended.failure)))
    else:
        st.info(say("evaluation.stopped", done=ended.done, total=ended.total))


def _draw_bar(client: EvaluationClient, name: str) -> None:
    try:
        run = client.progress(name)
    except ClientError as exc:
        st.warning(literal(str(exc)))
        return
    if run.state != "running":
        st.rerun()
    told = say("evaluation.running", title=suite_label(run.title), done=run.done, total=run.total or "…")
    st.progress(min(1.0, run.done / run.total) if run.total else 0.0, text=literal(told))
    if st.button(say("evaluation.stop"), key="evaluation-stop", icon=":material/stop_circle:"):
        client.stop(name)
        st.rerun()


def draw_runs(client: EvaluationClient, runs: Sequence[RunSummary]) -> None:
    """Questions to choose from, a file to hand in, and runs that can go on.

    Raises:
        ClientError: the API could not be asked.
    """
    busy = any(run.state == "running" for run in runs)
    listed = {dataset.key: dataset for dataset in client.datasets().items}
    handed_in: str | None = st.session_state.pop(_NEXT, None)
    if handed_in in listed:
        st.session_state["evaluation-which"] = handed_in
    st.html(f'<p class="lead">{escape(say("evaluation.start_lead"))}</p>')
    key = st.selectbox(
        say("evaluation.which"),
        list(listed),
        key="evaluation-which",
        format_func=lambda chosen: _dataset_label(listed[chosen]),
        persist_state="session",
    )
    if st.button(say("evaluation.start"), key="evaluation-start", type="primary", icon=":material/play_arrow:", disabled=busy):
        client.start(key)
        st.rerun()
    if busy:
        st.html(f'<p class="small">{escape(say("evaluation.busy"))}</p>')
    _draw_hand_in(client)
    _draw_unfinished(client, [run for run in runs if run.state in ("stopped", "failed")], busy=busy)


def _dataset_label(dataset: DatasetOut) -> str:
    kind = say("evaluation.own") if dataset.own else ""
    return say("evaluation.dataset_label", title=suite_label(dataset.title), count=dataset.count, kind=kind)


def _draw_hand_in(client: EvaluationClient) -> None:
    with st.expander(say("evaluation.hand_in"), key="evaluation-hand-in", expanded=True):
        st.html(f'<p class="small">{escape(say("evaluation.hand_in_note"))}</p>')
        with st.container(horizontal=True):
            for form in ("xlsx", "jsonl"):
                st.download_button(
                    say("evaluation.template", form=form.upper()),
                    lambda form=form: client.template(form),  # type: ignore[misc]  # bound now, called on the click
                    file_name=f"{say('evaluation.template_name')}.{form}",
                    key=f"evaluation-template-{form}",
                    icon=":material/download:",
                    on_click="ignore",
                )
        st.html(_UPLOADER_STYLE.replace("CHOOSE", say("evaluation.choose")))
        with st.form("evaluation-upload-form", border=False, clear_on_submit=True):
            file = st.file_uploader(say("evaluation.file"), type=["xlsx", "jsonl"], key="evaluation-file", max_upload_size=1)
            sent = st.form_submit_button(say("evaluation.upload"))
        if sent and file is not None:
            try:
                kept = client.upload(file.name, file.getvalue())
            except ClientError as exc:
                st.error(literal(str(exc)))
                return
            st.session_state[_HANDED_IN] = say("evaluation.handed_in", title=kept.title, count=kept.count)
            st.session_state[_NEXT] = kept.key
            st.rerun()
        told: str | None = st.session_state.pop(_HANDED_IN, None)
        if told:
            st.success(literal(told))


def _draw_unfinished(client: EvaluationClient, runs: Sequence[RunSummary], *, busy: bool) -> None:
    if not runs:
        return
    st.html(f'<h2 class="title">{escape(say("evaluation.unfinished"))}</h2>')
    for run in runs:
        with st.container(border=True):
            why = f" {say('evaluation.failed', why=run.failure)}" if run.failure else ""
            st.html(f'<p class="reason" data-hook="unfinished">{escape(run_label(run))}{escape(why)}</p>')
            if st.button(say("evaluation.resume"), key=element_key("resume", run.name), disabled=busy):
                client.resume(run.name)
                st.rerun()
