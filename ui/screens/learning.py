"""「学技能」: who she is, how far she is and what she wants -> what to read in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from assistant.wire.schemas import PathOut, PathStepOut
from ui.browser_actions import action_html, actions_html
from ui.browser_memory import browser_has_told, forget, remember, remembered
from ui.client import ClientError
from ui.components import badges_html, named, show_error
from ui.connection import current_client
from ui.markup import element_key
from ui.quiz_view import draw_quiz
from ui.register.clause_view import open_document
from ui.wording import say

_DONE = "done"
"""Query parameter: slugs of the steps that are ticked off, so that the address alone brings them back."""


def render() -> None:
    """Draw the three choices, then the path they lead to."""
    try:
        paths = current_client().paths().items
    except ClientError as exc:
        show_error(exc, key="retry")
        return
    _take_over_ticks()
    st.title(say("learning.title"), anchor=False)
    st.html(f'<p class="lead">{escape(say("learning.lead"))}</p>')
    with st.container(key="choices"):
        found = _choose(paths)
    for path in found:
        _draw_path(path)
    _show_ticks(found)


def _choose(paths: Sequence[PathOut]) -> list[PathOut]:
    """The paths that all three choices lead to; empty until they are made."""
    occupations = _each(path.occupation for path in paths)
    occupation = _choice("occupation", occupations, "occupation")
    if not occupation:
        st.info(say("learning.begin"))
        return []
    place = occupations.index(occupation)
    fitting = [path for path in paths if path.occupation == occupation]
    level = _choice("level", _each(path.level for path in fitting), f"level-{place}")
    fitting = [path for path in fitting if level in ("", path.level)]
    goal = _choice("goal", _each(path.goal for path in fitting), element_key("goal", place))
    if not goal:
        st.info(say("learning.choose_goal"))
    return [path for path in fitting if path.goal == goal]


def _choice(name: str, options: list[str], key: str) -> str:
    given = st.query_params.get(name, "")
    if st.session_state.get(key) not in [None, *options]:
        st.session_state[key] = None
    default = given if key not in st.session_state and given in options else None
    chosen: str | None = st.pills(say(f"learning.{name}"), options, default=default, key=key, persist_state="session")
    if chosen:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)
    return chosen or ""


def _draw_path(path: PathOut) -> None:
    learned = remembered("learned")
    done = sum(step.slug in learned for step in path.steps)
    progress = say("learning.progress", done=done, count=len(path.steps))
    st.html(
        f'<h2 class="title" data-hook="path">{escape(path.occupation)} · {escape(path.goal)} · {escape(path.level)}</h2>'
        f'<p class="small" role="status" data-hook="progress">{escape(progress)}</p>'
    )
    for number, step in enumerate(path.steps, start=1):
        _draw_step(number, step)
    st.html(actions_html(action_html("print", say("learning.print"))))
    draw_quiz(path)


def _draw_step(number: int, step: PathStepOut) -> None:
    with st.container(border=True, key=element_key("step", step.slug)):
        title = named(step.title) if step.doc_id else say("learning.missing")
        rows = [
            (say("learning.difficulty"), step.level),
            (say("learning.audience"), "、".join(step.audience)),
            (say("learning.time"), step.time),
        ]
        status = step.status if step.kind == "policy" else ""  # material to learn from has none
        facts = "".join(f'<p class="small">{escape(name)}：{escape(value)}</p>' for name, value in rows if value)
        st.html(
            f'<div data-hook="step"><p class="title">{escape(say("learning.step", number=number))} {escape(title)}</p>'
            f'{badges_html(step.kind, status, "") if step.doc_id else ""}<p class="reason">{escape(step.reason)}</p>{facts}</div>'
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            # A widget of its own once the browser has told what it keeps: setting one that is drawn could undo a click on its way.
            key = element_key("learned", step.slug, "kept" if browser_has_told() else "")
            learned = step.slug in remembered("learned")
            st.checkbox(say("learning.done"), value=learned, key=key, on_change=_tick, args=(step.slug, key))
            if step.doc_id and st.button(say("learning.open"), key=element_key("open", step.slug), icon=":material/menu_book:"):
                open_document(step.doc_id)


def _tick(slug: str, key: str) -> None:
    if st.session_state[key]:
        remember("learned", slug)
    else:
        forget("learned", slug)


def _take_over_ticks() -> None:
    """Once a session: what the address says was learned, was learned."""
    if not st.session_state.get("ticks-taken-over"):
        st.session_state["ticks-taken-over"] = True
        for slug in st.query_params.get(_DONE, "").split(","):
            if slug:
                remember("learned", slug[:100])


def _show_ticks(paths: Sequence[PathOut]) -> None:
    done = [step.slug for path in paths for step in path.steps if step.slug in remembered("learned")]
    if done:
        st.query_params[_DONE] = ",".join(dict.fromkeys(done))
    else:
        st.query_params.pop(_DONE, None)


def _each(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


if __name__ == "__main__":
    render()
