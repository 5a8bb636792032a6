"""What wants looking after, and who changed what when."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import streamlit as st

from assistant.wire.schemas import ConflictOut, DocumentSummary, StaleOut
from ui.components import COMPARE_PARAMETER, DOCUMENT_PARAMETER, POLICIES_PAGE, badges_html, in_one_line_html, named
from ui.markup import element_key
from ui.officer.client import OfficerClient
from ui.officer.files import moment
from ui.officer.session import attempting
from ui.register.clause_view import open_document
from ui.wording import say, word_for

PAGE_SIZE = 30
SHOWN = 10
"""Documents of one reason that are drawn at once."""


def draw_upkeep(client: OfficerClient) -> None:
    """Draw pairs that do not go together, then documents to be looked at, by reason."""
    found = client.upkeep()
    st.html(f'<p class="lead">{escape(say("upkeep.lead"))}</p>')
    if not found.stale and not found.conflicts:
        st.info(say("upkeep.nothing"))
    if found.conflicts:
        st.html(f'<h2 class="title">{escape(say("upkeep.conflicts", count=len(found.conflicts)))}</h2>')
        for conflict in found.conflicts:
            _draw_conflict(conflict)
    elif found.stale:
        st.html(f'<p class="small">{escape(say("upkeep.no_conflicts"))}</p>')
    for why, group in groupby(found.stale, key=lambda entry: entry.why):
        _draw_stale(client, why, list(group))


def draw_changes(client: OfficerClient) -> None:
    """Draw the log of changes, the newest first."""
    page = int(st.session_state.get("changes-page", 1))
    found = client.changes(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    st.html(f'<p class="lead">{escape(say("changes.lead"))}</p>')
    if not found.items:
        st.info(say("changes.none"))
        return
    lines = []
    for change in found.items:
        detail = f'<p class="plain">{escape(change.detail)}</p>' if change.detail else ""
        who = f"{moment(change.when)} · {change.author}"
        lines.append(
            f'<li data-hook="change"><p class="part">{escape(word_for("action", change.action))}：{escape(change.subject)}</p>'
            f'{detail}<p class="small">{escape(who)}</p></li>'
        )
    st.html(f'<ul class="log">{"".join(lines)}</ul>')
    if (pages := -(-found.total // PAGE_SIZE)) > 1:
        st.pagination(pages, key="changes-page", max_visible_pages=5, persist_state="session")


def _draw_conflict(conflict: ConflictOut) -> None:
    with st.container(border=True):
        clauses = say("upkeep.clauses", clauses="、".join(conflict.clauses)) if conflict.clauses else ""
        st.html(
            f'<div data-hook="conflict"><p class="part">{escape(word_for("clash", conflict.why))}</p>'
            f'{_line_html(conflict.left)}{_line_html(conflict.right)}<p class="small">{escape(clauses)}</p></div>'
        )
        both = {DOCUMENT_PARAMETER: conflict.left.doc_id, COMPARE_PARAMETER: conflict.right.doc_id}
        st.page_link(POLICIES_PAGE, label=say("versions.compare"), icon=":material/compare_arrows:", query_params=both)


def _draw_stale(client: OfficerClient, why: str, entries: Sequence[StaleOut]) -> None:
    with st.expander(
        f"{word_for('ageing', why)}（{len(entries)}）", key=element_key("stale", why), expanded=why in ("expired", "ends_soon")
    ):
        st.html(f'<p class="small">{escape(word_for("ageing_note", why))}</p>')
        shown = int(st.session_state.get(f"stale-shown-{why}", SHOWN))
        for entry in entries[:shown]:
            _draw_entry(client, entry)
        if len(entries) > shown:
            st.button(
                say("upkeep.more", count=len(entries) - shown),
                key=element_key("stale-more", why),
                on_click=st.session_state.update,
                args=({f"stale-shown-{why}": shown + SHOWN},),
            )


def _draw_entry(client: OfficerClient, entry: StaleOut) -> None:
    document = entry.document
    with st.container(border=True):
        st.html(f'<div data-hook="stale">{_line_html(document)}</div>')
        with st.container(horizontal=True, gap="small"):
            if st.button(say("learning.open"), key=element_key("stale-open", document.doc_id), icon=":material/menu_book:"):
                open_document(document.doc_id)
            st.button(
                say("upkeep.reviewed"),
                key=element_key("reviewed", document.doc_id),
                icon=":material/check:",
                on_click=attempting(
                    lambda: client.mark_reviewed(document.doc_id), say("upkeep.reviewed_done", title=named(document.title))
                ),
            )


def _line_html(document: DocumentSummary) -> str:
    badges = badges_html(document.kind, document.status, document.region)
    return f'<p class="title">{escape(named(document.title))}</p>{badges}{in_one_line_html(document)}'
