"""Entry of the pages: ``streamlit run ui/app.py``.

Streamlit's own navigation folds into a side menu on a phone, where nobody finds it; so the links stand on the page.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from ui.browser_actions import action_html, actions_html, prepare_actions
from ui.browser_memory import exchange_with_browser, tell_browser
from ui.logo import logo_html, logo_svg
from ui.style import apply_style
from ui.wording import say


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title=say("app.title"), page_icon=logo_svg(), layout="centered")
    pages = [
        st.Page("screens/ask.py", title=say("app.ask"), icon=":material/forum:", url_path="ask", default=True),
        st.Page("screens/affairs.py", title=say("app.affairs"), icon=":material/task_alt:", url_path="affairs"),
        st.Page("screens/policies.py", title=say("app.policies"), icon=":material/gavel:", url_path="policies"),
        st.Page("screens/learning.py", title=say("app.learning"), icon=":material/school:", url_path="learning"),
        st.Page("screens/cases.py", title=say("app.cases"), icon=":material/groups:", url_path="cases"),
    ]
    staff = [
        st.Page("screens/knowledge.py", title=say("app.knowledge"), icon=":material/folder_managed:", url_path="knowledge"),
        st.Page("screens/evaluation.py", title=say("app.evaluation"), icon=":material/monitoring:", url_path="evaluation"),
    ]
    page = st.navigation([*pages, *staff], position="hidden")
    frame = st.container(key="frame")
    with frame:
        apply_style()
        prepare_actions()
        exchange_with_browser()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="navigation"):
        st.html(f'<p class="brand">{logo_html()}{escape(say("app.title"))}</p>', width="content")
        for listed in pages:
            st.page_link(listed, width="content")
    switches = actions_html(
        action_html("large-type", say("actions.large_type")), action_html("high-contrast", say("actions.high_contrast"))
    )
    # On a phone the name stands beside the switches, where it costs no line of its own.
    st.html(f'<div class="top"><p class="brand">{logo_html()}{escape(say("app.short_title"))}</p>{switches}</div>')
    page.run()
    if page not in (pages[0], *staff):  # a conversation ends with its question box
        with st.container(horizontal=True, gap="small", key="staff"):
            for listed in staff:
                st.page_link(listed, width="content")
    with frame:
        tell_browser()


if __name__ == "__main__":
    main()
