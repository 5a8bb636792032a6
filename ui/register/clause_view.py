"""One document, clause by clause."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.schemas import DocumentOut, PassageOut
from ui.browser_actions import action_html, actions_html
from ui.client import ClientError
from ui.components import DOCUMENT_PARAMETER, POLICIES_PAGE, badges_html, dates_and_numbers_html, named, sources_html, status_note_html
from ui.connection import current_client
from ui.markup import literal, passage_html
from ui.style import scroll_to_target
from ui.wording import say

CONTENTS_FROM = 4
"""A document with fewer passages is read faster than its table of contents."""


def open_document(doc_id: str) -> None:
    """Open a document over the page, to be read and closed again."""
    st.dialog(say("document.dialog"), width="large")(_draw_opened)(doc_id)


def draw_document(document: DocumentOut, target: str = "") -> None:
    """Draw all passages in reading order; the one with the id ``target`` is framed and brought into view."""
    st.html(
        f'<div data-hook="document"><p class="title" role="heading" aria-level="1">{escape(named(document.title))}</p>'
        f"{badges_html(document.kind, document.status, document.region)}{status_note_html(document.status)}"
        f"{dates_and_numbers_html(document)}</div>"
    )
    if len(document.items) >= CONTENTS_FROM:
        st.html(_contents_html(document.items))
    st.html("".join(_clause_html(passage, is_target=passage.passage_id == target) for passage in document.items))
    st.html(f'<p class="official">{escape(say("passage.official"))}</p>')
    if any(passage.passage_id == target for passage in document.items):
        scroll_to_target()


def _draw_opened(doc_id: str) -> None:
    try:
        document = current_client().document(doc_id)
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    draw_document(document)
    st.page_link(POLICIES_PAGE, label=say("passage.whole"), icon=":material/article:", query_params={DOCUMENT_PARAMETER: doc_id})


def _contents_html(passages: list[PassageOut]) -> str:
    links = "".join(f'<li><a href="#{_anchor(passage)}" target="_self">{escape(_heading(passage))}</a></li>' for passage in passages)
    return f'<details class="contents"><summary>{escape(say("policies.contents"))}（{len(passages)}）</summary><ul>{links}</ul></details>'


def _clause_html(passage: PassageOut, *, is_target: bool) -> str:
    note = f'<p class="small">{escape(say("policies.target"))}</p>' if is_target else ""
    copy = action_html("copy", say("document.cite"), cited(passage), name=say("document.cite_named", clause=_heading(passage)))
    sources = f"<details><summary>{escape(say('passage.sources'))}</summary>{sources_html(passage.sources)}</details>"
    foot = (sources if passage.sources else "") + actions_html(copy)
    return (
        f'<section class="clause{" target" if is_target else ""}" id="{_anchor(passage)}" data-hook="clause">{note}'
        f"<h2>{escape(_heading(passage))}</h2>"
        f'<div class="passage">{passage_html(_without_heading(passage))}</div>{foot}</section>'
    )


def cited(passage: PassageOut) -> str:
    """How a clause is cited in a text of one's own: 《…》第七条（国务院令第619号）."""
    return named(passage.title, passage.clause) + (f"（{passage.doc_no}）" if passage.doc_no else "")


def _anchor(passage: PassageOut) -> str:
    return escape(f"passage-{passage.passage_id}")


def _heading(passage: PassageOut) -> str:
    """The heading nearest to the passage, which begins with the clause where there is one."""
    nearest = passage.heading_path[-1] if passage.heading_path else ""
    return nearest if passage.clause in nearest and nearest else f"{passage.clause} {nearest}".strip() or named(passage.title)


def _without_heading(passage: PassageOut) -> str:
    """The text without a first line that only repeats the heading."""
    first, _, rest = passage.text.partition("\n")
    return rest.lstrip("\n") if rest and first.lstrip("# ").strip() == _heading(passage) else passage.text
