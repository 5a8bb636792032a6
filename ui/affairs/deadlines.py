"""「最后一天」: from a day to the last day, how it is counted, how many days are left, and into the phone's calendar."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from assistant.wire.tool_schemas import DeadlineOut, LastDayOut
from ui.affairs.client import affairs_client
from ui.affairs.forms import FIRST_DAY, LAST_DAY
from ui.affairs.pick import pick
from ui.affairs.results import draw_end, draw_lines, draw_sources
from ui.client import ClientError
from ui.components import show_error
from ui.markup import element_key, literal
from ui.wording import say


def draw_deadlines() -> None:
    """Draw the deadlines, then the chosen one from a day."""
    try:
        deadlines = affairs_client().deadlines().items
    except ClientError as exc:
        show_error(exc, key="deadlines-retry")
        return
    chosen = pick(deadlines, "deadline")
    if chosen is not None:
        _draw_chosen(chosen)


def _draw_chosen(deadline: DeadlineOut) -> None:
    label = say("affairs.from_day", begins=deadline.begins)
    key = element_key("start", deadline.name)
    start = st.date_input(literal(label), value=None, min_value=FIRST_DAY, max_value=LAST_DAY, format="YYYY-MM-DD", key=key)
    if not isinstance(start, date):
        st.info(say("affairs.choose_day"))
        return
    try:
        found = affairs_client().last_day(deadline.name, start)
        calendar = affairs_client().calendar(deadline.name, start)
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    _draw_last_day(found)
    st.download_button(
        say("affairs.calendar"),
        calendar,
        file_name=f"{deadline.title}.ics",
        mime="text/calendar",
        key=f"{key}-ics",
        icon=":material/event:",
    )
    draw_sources(found.sources, f"deadline-{deadline.name}")
    draw_end(found.official)


def _draw_last_day(found: LastDayOut) -> None:
    whose = say("affairs.yours" if found.deadline.who == "you" else "affairs.theirs")
    left = say(
        "affairs.left" if found.left > 0 else "affairs.last_day_is_today" if found.left == 0 else "affairs.past", days=abs(found.left)
    )
    looks = "good" if found.left > 7 else "warn" if found.left >= 0 else "bad"
    longest = f"<p>{escape(say('affairs.longest', day=_words(found.longest)))}</p>" if found.longest else ""
    badges = f'<span class="badge">{escape(whose)}</span> <span class="badge {looks}">{escape(left)}</span>'
    last = escape(say("affairs.last_day", day=_words(found.last)))
    st.html(f'<div data-hook="last-day" role="status">{badges}<p class="figure">{last}</p>{longest}</div>')
    items = "".join(f"<li>{escape(line)}</li>" for line in found.counted)
    st.html(f'<p class="part">{escape(say("affairs.counted"))}</p><ul class="lines">{items}</ul>')
    draw_lines("affairs.notes", found.notes)


def _words(day: date) -> str:
    return say("affairs.day", year=day.year, month=day.month, day=day.day)
