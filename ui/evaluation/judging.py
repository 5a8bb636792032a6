"""A judge's turns, one after the other: the conversation, the answer as on the phone, and the row to fill in; mostly by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import streamlit as st

from assistant.wire.evaluation_schemas import JudgementRequest, PanelBrief, PanelExchange, PanelTurnList, PanelTurnOut
from ui.chat.answer_view import draw_answer, draw_plain_answer, draw_question
from ui.client import ClientError
from ui.evaluation.client import EvaluationClient
from ui.evaluation.view import when
from ui.markup import element_key, literal, paragraph_html
from ui.wording import say, word_for

PHONE_WIDTH = 420
"""Pixels: what an answer has on a common phone, with its margins."""

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_JUDGE, _PLACE, _SAVED = "panel-judge", "panel-place", "panel-saved"
_FIRST = ("yes", "partly", "no", "na")
_CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("harm", "panel.harm", ("none", "misleading", "dangerous")),
    ("verdict", "panel.verdict", ("yes", "no")),
    ("complete", "panel.complete", ("yes", "partly", "no")),
    ("understood", "panel.understood", ("yes", "no")),
    ("kind", "panel.kind", ("ok", "not_in_corpus", "understanding", "retrieval", "judging", "composing", "routing", "dialogue")),
)
_FIELD_OF = {"verdict": "verdict_right"}


def draw_judging(client: EvaluationClient) -> None:
    """Ask who judges, then draw the turn that this judge is at.

    Raises:
        ClientError: the API could not be asked.
    """
    panels = client.panels().items
    if not panels:
        st.info(say("panel.none"))
        return
    st.html(f'<p class="lead">{escape(say("panel.lead"))}</p>')
    panel = choose_panel(panels, key="panel-which", on_change=_from_the_beginning)
    judge: str | None = st.session_state.get(_JUDGE)
    if judge is None:
        _draw_code_form()
        return
    turns = client.panel_turns(panel, judge)
    _draw_progress(turns, judge)
    place = _place(turns)
    _draw_turn(client, panel, judge, client.panel_turn(panel, place, judge), turns)


def choose_panel(panels: Sequence[PanelBrief], *, key: str, on_change: Callable[[], None] | None = None) -> str:
    """The name of the chosen panel."""
    named = {p.name: p for p in panels}
    chosen: str = st.selectbox(
        say("panel.which"),
        list(named),
        key=key,
        format_func=lambda name: say("panel.which_label", name=name, turns=named[name].turns, asked=_day(named[name].asked)),
        on_change=on_change,
        persist_state="session",
    )
    return chosen


def _day(asked: str) -> str:
    return when(asked) if "T" in asked else asked


def _draw_code_form() -> None:
    with st.form("panel-code-form", border=False):
        code = st.text_input(say("panel.judge"), key="panel-code", max_chars=64)
        sent = st.form_submit_button(say("panel.start"), type="primary")
    st.html(f'<p class="small">{escape(say("panel.judge_note"))}</p>')
    if not sent:
        return
    if not _CODE.fullmatch(code.strip()):
        st.warning(say("panel.judge_wrong"))
        return
    st.session_state[_JUDGE] = code.strip()
    st.rerun()


def _draw_progress(turns: PanelTurnList, judge: str) -> None:
    total = len(turns.items)
    st.progress(turns.done / total if total else 0.0, text=literal(say("panel.progress", done=turns.done, total=total)))
    if total and turns.done == total:
        st.success(say("panel.all_done"))
    st.button(f"{literal(judge)} · {say('panel.leave')}", key="panel-leave", type="tertiary", on_click=_forget)


def _place(turns: PanelTurnList) -> int:
    """The number of the turn to show: where the judge went, else the first that is not judged."""
    place = st.session_state.get(_PLACE)
    if isinstance(place, int) and 1 <= place <= len(turns.items):
        return place
    return next((t.number for t in turns.items if not t.done), 1)


def _draw_turn(client: EvaluationClient, panel: str, judge: str, turn: PanelTurnOut, turns: PanelTurnList) -> None:
    done = say("panel.done_mark") if turn.done else ""
    told = say("panel.place", number=turn.number, total=len(turns.items), done=done)
    st.html(f'<h2 class="title" data-hook="panel-place">{escape(told)}</h2><p class="small">{escape(say("panel.keys"))}</p>')
    _draw_moves(turn, turns)
    if st.session_state.pop(_SAVED, False):
        st.toast(say("panel.saved"))
    left, right = st.columns([1, 1], gap="large")
    with left, st.container(width=PHONE_WIDTH, key="panel-phone"):
        if turn.before:
            with st.expander(say("panel.earlier"), expanded=True):
                for place, exchange in enumerate(turn.before, 1):
                    _draw_exchange(exchange, 1000 * turn.number + place, latest=False)
        _draw_exchange(turn.now, 1000 * turn.number, latest=True)
    with right:
        _draw_row(client, panel, judge, turn, turns)


def _draw_exchange(exchange: PanelExchange, key: int, *, latest: bool) -> None:
    draw_question(exchange.text)
    if exchange.error:
        st.error(literal(say("panel.failed", error=exchange.error)))
    elif exchange.answer is not None:
        draw_answer(exchange.answer, key, helpful=None, latest=latest, asking=False)
    else:
        draw_plain_answer(exchange.read)
        if latest:
            buttons = "".join(paragraph_html(say("panel.button", text=text)) for text in exchange.buttons)
            st.html(f'<div class="small" data-hook="panel-buttons">{buttons}</div>')


def _draw_moves(turn: PanelTurnOut, turns: PanelTurnList) -> None:
    total = len(turns.items)
    later = [t.number for t in turns.items if not t.done and t.number > turn.number]
    still_open = next(iter([*later, *(t.number for t in turns.items if not t.done)]), 0)
    with st.container(horizontal=True, gap="small"):
        _move(say("panel.previous"), "panel-previous", turn.number - 1, "left", enabled=turn.number > 1)
        _move(say("panel.next"), "panel-next", turn.number + 1, "right", enabled=turn.number < total)
        _move(say("panel.next_open"), "panel-open", still_open, None, enabled=still_open not in (0, turn.number))


def _move(label: str, key: str, to: int, shortcut: str | None, *, enabled: bool) -> None:
    st.button(label, key=key, shortcut=shortcut, disabled=not enabled, on_click=_go, args=(to,))


def _draw_row(client: EvaluationClient, panel: str, judge: str, turn: PanelTurnOut, turns: PanelTurnList) -> None:
    prefix = element_key("panel-row", panel, judge, turn.number)
    own: dict[str, Any] = turn.own.model_dump() if turn.own else {}
    row: dict[str, Any] = {"first_sentence_answers": _draw_first(prefix, own)}
    with st.container(horizontal=True):
        row["statements"] = st.number_input(say("panel.statements"), 0, 200, own.get("statements", 0), key=f"{prefix}-statements")
        most = int(row["statements"])
        given = min(own.get("irrelevant_statements", 0), most)
        row["irrelevant_statements"] = st.number_input(say("panel.irrelevant"), 0, most, given, key=f"{prefix}-irrelevant-{most}")
    row |= _draw_danger(prefix, own)
    for name, label, options in _CHOICES:
        field = _FIELD_OF.get(name, name)
        row[field] = st.segmented_control(
            say(label),
            options,
            default=own.get(field),
            key=f"{prefix}-{name}",
            format_func=lambda value, table=f"panel_{name}": word_for(table, value),  # bound now, called while drawn
        )
    row["note"] = st.text_area(say("panel.note"), own.get("note", ""), key=f"{prefix}-note", height=80, max_chars=2000)
    if st.button(say("panel.save"), key="panel-save", type="primary", shortcut="ctrl+enter"):
        _save(client, panel, judge, turn, turns, row)


def _draw_first(prefix: str, own: dict[str, Any]) -> str | None:
    """Four buttons for the keys 1 to 4; the chosen one stands out."""
    key = f"{prefix}-first"
    chosen: str | None = st.session_state.get(key, own.get("first_sentence_answers"))
    st.html(f'<p class="part">{escape(say("panel.first"))}</p>')
    with st.container(horizontal=True, gap="small"):
        for number, value in enumerate(_FIRST, 1):
            st.button(
                f"{number} {word_for('panel_first', value)}",
                key=f"{key}-{value}",
                shortcut=str(number),
                type="primary" if chosen == value else "secondary",
                on_click=_choose,
                args=(key, value),
            )
    return chosen


def _draw_danger(prefix: str, own: dict[str, Any]) -> dict[str, bool | None]:
    danger = st.toggle(say("panel.danger"), own.get("danger_turn", False), key=f"{prefix}-danger")
    if danger:
        first = st.toggle(say("panel.danger_first"), bool(own.get("danger_help_first")), key=f"{prefix}-danger-first")
        return {"danger_turn": True, "danger_help_first": first, "false_alarm": False}
    alarm = st.toggle(say("panel.alarm"), own.get("false_alarm", False), key=f"{prefix}-alarm")
    return {"danger_turn": False, "danger_help_first": None, "false_alarm": alarm}


def _save(client: EvaluationClient, panel: str, judge: str, turn: PanelTurnOut, turns: PanelTurnList, row: dict[str, Any]) -> None:
    labels = {"first_sentence_answers": "panel.first", **{_FIELD_OF.get(name, name): label for name, label, _ in _CHOICES}}
    missing = [say(label) for field, label in labels.items() if row[field] is None]
    if missing:
        st.warning(say("panel.missing", fields="；".join(missing)))
        return
    try:
        client.judge(panel, JudgementRequest(number=turn.number, judge=judge, **row))
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    st.session_state[_SAVED] = True
    st.session_state[_PLACE] = min(turn.number + 1, len(turns.items))
    st.rerun()


def _choose(key: str, value: str) -> None:
    st.session_state[key] = value


def _go(to: int) -> None:
    st.session_state[_PLACE] = to


def _from_the_beginning() -> None:
    st.session_state.pop(_PLACE, None)


def _forget() -> None:
    st.session_state.pop(_JUDGE, None)
    _from_the_beginning()
