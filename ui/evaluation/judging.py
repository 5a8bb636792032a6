"""A judge's turns, one after the other: the conversation, the answer as on the phone, and the row to fill in; mostly by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to a judge with its answers, each with a key; the words are in the table ``panel_NAME``."""

    name: str
    asks: str
    keys: Mapping[str, str]


CHOICES = (
    Choice("first", "panel.first", {"yes": "1", "partly": "2", "no": "3", "na": "4"}),
    Choice("danger", "panel.danger", {"nobody": "5", "helped": "6", "missed": "7", "alarm": "8"}),
    Choice("harm", "panel.harm", {"none": "Q", "misleading": "W", "dangerous": "E"}),
    Choice("verdict", "panel.verdict", {"yes": "A", "no": "S"}),
    Choice("complete", "panel.complete", {"yes": "D", "partly": "F", "no": "G"}),
    Choice("understood", "panel.understood", {"yes": "H", "no": "J"}),
    Choice(
        "kind",
        "panel.kind",
        {
            "ok": "Z",
            "not_in_corpus": "X",
            "understanding": "V",
            "retrieval": "B",
            "judging": "N",
            "composing": "M",
            "routing": "K",
            "dialogue": "L",
        },
    ),
)
"""The keys are where the hands are; C and R belong to Streamlit."""

_DANGER: Mapping[str, Mapping[str, bool | None]] = {
    "nobody": {"danger_turn": False, "danger_help_first": None, "false_alarm": False},
    "helped": {"danger_turn": True, "danger_help_first": True, "false_alarm": False},
    "missed": {"danger_turn": True, "danger_help_first": False, "false_alarm": False},
    "alarm": {"danger_turn": False, "danger_help_first": None, "false_alarm": True},
}
_FIELD_OF = {"first": "first_sentence_answers", "verdict": "verdict_right"}


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
    given: dict[str, str | None] = {}
    for choice in CHOICES:
        given[choice.name] = _draw_choice(choice, f"{prefix}-{choice.name}", _chosen_before(choice.name, own))
        if choice.name == "first":
            counts = _draw_counts(prefix, own)
    note = st.text_area(say("panel.note"), own.get("note", ""), key=f"{prefix}-note", height=80, max_chars=2000)
    if st.button(say("panel.save"), key="panel-save", type="primary", shortcut="0"):
        _save(client, panel, judge, turn, turns, given, {**counts, "note": note})


def _draw_choice(choice: Choice, key: str, before: str | None) -> str | None:
    """A button an answer, each with its key; the chosen one stands out. Buttons, because only they leave the keys alone."""
    chosen: str | None = st.session_state.get(key, before)
    st.html(f'<p class="part">{escape(say(choice.asks))}</p>')
    with st.container(horizontal=True, gap="small"):
        for value, shortcut in choice.keys.items():
            st.button(
                word_for(f"panel_{choice.name}", value),
                key=f"{key}-{value}",
                shortcut=shortcut,
                type="primary" if chosen == value else "secondary",
                on_click=_choose,
                args=(key, value),
            )
    return chosen


def _draw_counts(prefix: str, own: dict[str, Any]) -> dict[str, Any]:
    with st.container(horizontal=True):
        statements = st.number_input(say("panel.statements"), 0, 200, own.get("statements", 0), key=f"{prefix}-statements")
        most = int(statements)
        given = min(own.get("irrelevant_statements", 0), most)
        irrelevant = st.number_input(say("panel.irrelevant"), 0, most, given, key=f"{prefix}-irrelevant-{most}")
    return {"statements": most, "irrelevant_statements": int(irrelevant)}


def _chosen_before(name: str, own: dict[str, Any]) -> str | None:
    """What the judge's own row says; where there is none, only that nobody is in danger is taken for granted."""
    if name != "danger":
        return own.get(_FIELD_OF.get(name, name))
    told = {field: own.get(field) for field in _DANGER["nobody"]}
    return next((value for value, fields in _DANGER.items() if fields == told), "nobody")


def _save(
    client: EvaluationClient,
    panel: str,
    judge: str,
    turn: PanelTurnOut,
    turns: PanelTurnList,
    given: Mapping[str, str | None],
    more: dict[str, Any],
) -> None:
    missing = [say(choice.asks) for choice in CHOICES if given[choice.name] is None]
    if missing:
        st.warning(say("panel.missing", fields="；".join(missing)))
        return
    chosen = {_FIELD_OF.get(name, name): value for name, value in given.items() if name != "danger"}
    row = {**chosen, **_DANGER[given["danger"] or "nobody"], **more, "number": turn.number, "judge": judge}
    try:
        client.judge(panel, JudgementRequest.model_validate(row))
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
