"""「办事」: work it out, count the days, write the letter, see what applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from ui.affairs.calculate import draw_calculators
from ui.affairs.deadlines import draw_deadlines
from ui.affairs.letters import draw_letters
from ui.affairs.rights import draw_rights
from ui.wording import say, word_for

_TABS: Mapping[str, Callable[[], None]] = {
    "tool": draw_calculators,
    "deadline": draw_deadlines,
    "letter": draw_letters,
    "rights": draw_rights,
}


def render() -> None:
    """Draw the four things that can be done here, then the chosen one."""
    st.title(say("affairs.title"), anchor=False)
    st.html(f'<p class="lead">{escape(say("affairs.lead"))}</p>')
    given = st.query_params.get("tab", "")
    linked = f"{given}-{st.query_params.get(given, '')}"  # a link from one of the tabs leads to another
    if given in _TABS and st.session_state.get("tab-linked") != linked:
        st.session_state["tab-linked"], st.session_state["tab"] = linked, given
        for key in [key for key in st.session_state if str(key).startswith(("group-", f"{given}-"))]:
            del st.session_state[key]
    default = "tool" if "tab" not in st.session_state else None
    chosen = st.pills(say("affairs.tabs"), list(_TABS), default=default, format_func=lambda tab: word_for("affairs_tab", tab), key="tab")
    st.query_params["tab"] = chosen or "tool"
    st.session_state["tab-linked"] = f"{chosen}-{st.query_params.get(chosen or '', '')}"
    _TABS[chosen or "tool"]()
    st.session_state["tab-linked"] = f"{chosen}-{st.query_params.get(chosen or '', '')}"


if __name__ == "__main__":
    render()
