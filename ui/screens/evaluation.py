"""「评测」: how good the answers are, for the holder of an evaluator's key: figures, comparisons, rows, own questions, runs."""

from __future__ import annotations

from html import escape
from typing import Literal

import httpx
import streamlit as st

from ui.client import ClientError, NotFoundError, RejectedError
from ui.components import show_error
from ui.evaluation.client import EvaluationClient
from ui.evaluation.comparison import draw_comparison
from ui.evaluation.judging import draw_judging
from ui.evaluation.panel_results import draw_panel_results
from ui.evaluation.results import draw_results
from ui.evaluation.runs import draw_progress, draw_runs
from ui.markup import literal
from ui.settings import UiSettings
from ui.wording import say, word_for

_CLIENT, _REFUSED = "evaluation-client", "evaluation-refused"
_CLOSED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
_View = Literal["results", "comparison", "runs", "judging", "panels"]


def render() -> None:
    """Ask for the key, then draw the chosen view; a run under way stands above all of them."""
    st.html('<span data-hook="evaluation"></span>')
    st.title(say("evaluation.title"), anchor=False)
    client: EvaluationClient | None = st.session_state.get(_CLIENT)
    if client is None:
        _draw_key_form()
        return
    try:
        runs = client.runs().items
    except NotFoundError:
        st.info(say("evaluation.absent"))
        return
    except ClientError as exc:
        if isinstance(exc, RejectedError) and exc.status in _CLOSED:
            st.session_state[_REFUSED] = str(exc)
            _forget()
            st.rerun()
        show_error(exc, key="retry")
        return
    draw_progress(client, runs)
    views: tuple[_View, ...] = ("results", "comparison", "runs", "judging", "panels")
    view: _View | None = st.segmented_control(
        say("evaluation.view"),
        views,
        default="results",
        required=True,
        key="evaluation-view",
        format_func=lambda name: word_for("evaluation_view", name),
        label_visibility="collapsed",
        persist_state="session",
    )
    try:
        if view == "comparison":
            draw_comparison(client, runs)
        elif view == "runs":
            draw_runs(client, runs)
        elif view == "judging":
            draw_judging(client)
        elif view == "panels":
            draw_panel_results(client)
        else:
            draw_results(client, runs)
    except ClientError as exc:
        show_error(exc, key="retry")
    st.button(say("evaluation.leave"), key="evaluation-leave", icon=":material/logout:", on_click=_forget, type="tertiary")


def _draw_key_form() -> None:
    st.html(f'<p class="lead">{escape(say("evaluation.lead"))}</p>')
    with st.form("evaluation-key-form", border=False):
        key = st.text_input(say("evaluation.key"), type="password", key="evaluation-key", autocomplete="off")
        sent = st.form_submit_button(say("evaluation.enter"), type="primary")
    refused: str | None = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(literal(refused))
    elif not sent:
        st.html(f'<p class="small">{escape(say("evaluation.key_note"))}</p>')
    if sent and key.strip():
        st.session_state[_CLIENT] = EvaluationClient(UiSettings().base_url, key.strip())
        st.rerun()


def _forget() -> None:
    """Forget the key."""
    client: EvaluationClient | None = st.session_state.pop(_CLIENT, None)
    if client is not None:
        client.close()


if __name__ == "__main__":
    render()
