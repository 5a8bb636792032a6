"""「查政策」: find documents and clauses, and read them clause by clause."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.wire.schemas import DocumentSummary, KindName, SearchHit
from ui.chat.related_view import draw_compare_choice, draw_related, draw_versions
from ui.client import Client, ClientError, Filters, Sort
from ui.clock import today
from ui.components import (
    COMPARE_PARAMETER,
    DAY_PARAMETER,
    DOCUMENT_PARAMETER,
    PASSAGE_PARAMETER,
    badges_html,
    in_one_line_html,
    named,
    show_error,
)
from ui.connection import current_client
from ui.markup import beginning, element_key, passage_html
from ui.register.clause_view import draw_document
from ui.register.comparison_view import draw_comparison
from ui.register.facets import Facets, known_facets
from ui.register.saved_list import draw_export_button, draw_save_button, draw_saved
from ui.style import scroll_to_list
from ui.wording import say, say_each, word_for

PAGE_SIZE = 15
STATUSES = ["现行", "未生效", "已失效", "征求意见稿", "未见原文", "外省", "未注明"]

EARLIEST_DAY = date(1988, 1, 1)
"""The first rules for women workers (女职工劳动保护规定) are of this year."""

_QUERY, _PAGE, _TURNED = "query", "page", "turned"


def render() -> None:
    """Draw the document that the address names, or else the search."""
    client = current_client()
    passage_id = st.query_params.get(PASSAGE_PARAMETER, "")
    doc_id = st.query_params.get(DOCUMENT_PARAMETER, "")
    other_id = st.query_params.get(COMPARE_PARAMETER, "")
    day = _day_of(st.query_params.get(DAY_PARAMETER, ""))
    try:
        if doc_id and other_id:
            _draw_comparison(client, doc_id, other_id)
        elif passage_id or doc_id:
            _draw_document(client, doc_id, passage_id, day)
        else:
            _draw_search(client)
    except ClientError as exc:
        show_error(exc, key="retry")
        if doc_id or passage_id:
            st.button(say("policies.back"), key="back-from-error", icon=":material/arrow_back:", on_click=st.query_params.clear)


def _draw_document(client: Client, doc_id: str, passage_id: str, day: date | None) -> None:
    document = client.document(doc_id or client.passage(passage_id).doc_id, day)
    with st.container(horizontal=True, gap="small"):
        st.button(say("policies.back"), key="back", icon=":material/arrow_back:", on_click=st.query_params.clear)
        draw_save_button(document.slug, document.title)
        draw_export_button([document.slug], "export")
    _draw_day(day)
    draw_document(document, target=passage_id)
    if document.kind == "policy":
        draw_versions(client, document, day)
        draw_compare_choice(document, known_facets(client).policies)
        draw_related(client, document)
    st.page_link("screens/ask.py", label=say("policies.ask"), icon=":material/forum:")


def _draw_comparison(client: Client, doc_id: str, other_id: str) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button(say("policies.back"), key="back", icon=":material/arrow_back:", on_click=st.query_params.clear)
        st.button(say("compare.back"), key="back-to-document", on_click=_go_to, args=(DOCUMENT_PARAMETER, doc_id))
    st.title(say("compare.title"), anchor=False)
    draw_comparison(client.comparison(doc_id, other_id))


def _draw_search(client: Client) -> None:
    st.title(say("policies.title"), anchor=False)
    st.html(f'<p class="lead">{escape(say("policies.lead"))}</p>')
    query = st.text_input(
        say("policies.query"),
        key=_QUERY,
        type="search",
        placeholder=say("policies.query_placeholder"),
        on_change=_first_page,
        persist_state="session",
    )
    draw_saved()
    filters = _chosen_filters(known_facets(client))
    if query and query.strip():
        _draw_day(_past(filters.as_of))
        _draw_hits(client, query.strip(), filters)
    else:
        _draw_day(_past(filters.as_of))
        _draw_list(client, filters)


def _chosen_filters(facets: Facets) -> Filters:
    kind: KindName | None = st.segmented_control(
        say("policies.kind"),
        get_args(KindName),
        default="policy",
        key="kind",
        format_func=lambda name: word_for("kind", name),
        on_change=_first_page,
        persist_state="session",
    )
    with st.expander(say("policies.filters"), key="filters"):
        left, right = st.columns(2)
        status = _choice(left, "status", STATUSES)
        as_of = right.date_input(
            say("policies.as_of"),
            value=today(),
            min_value=EARLIEST_DAY,
            key="as_of",
            format="YYYY-MM-DD",
            on_change=_first_page,
            persist_state="session",
        )
        region = _choice(left, "region", facets.regions)
        issuer = _choice(right, "issuer", facets.issuers)
        topic = _choice(left, "topic", facets.topics)
        year = _choice(right, "year", facets.years)
    day = as_of if isinstance(as_of, date) else None
    return Filters(kind=kind, status=status, region=region, issuer=issuer, as_of=day, topic=topic, year=year)


def _choice(column: DeltaGenerator, name: str, options: list[str]) -> str:
    chosen: str | None = column.selectbox(
        say(f"policies.{name}"),
        ["", *options],
        key=name,
        format_func=lambda option: option or say("policies.any"),
        on_change=_first_page,
        persist_state="session",
    )
    return chosen or ""


def _draw_hits(client: Client, query: str, filters: Filters) -> None:
    found = client.search(query, filters)
    if found.understood_as and found.understood_as != query:
        st.html(f'<p class="small">{escape(say("policies.understood", query=found.understood_as))}</p>')
    if not found.items:
        _draw_nothing()
        return
    st.html(f'<p class="small" role="status">{escape(say("policies.hits", count=len(found.items)))}</p>')
    for hit in found.items:
        _draw_hit(hit, _past(filters.as_of))


def _draw_list(client: Client, filters: Filters) -> None:
    page = int(st.session_state.get(_PAGE, 1))
    sort = st.segmented_control(
        say("policies.sort"),
        get_args(Sort),
        default="newest",
        required=True,
        key="sort",
        format_func=lambda name: word_for("sort", name),
        on_change=_first_page,
        persist_state="session",
    )
    listed = client.documents(filters, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE, sort=sort)
    if not listed.items:
        _draw_nothing()
        return
    st.html(f'<p class="small" role="status" data-hook="total">{escape(say("policies.total", total=listed.total))}</p>')
    for document in listed.items:
        _draw_entry(document, _past(filters.as_of), kind="" if filters.kind else document.kind)  # said once, above the list
    pages = -(-listed.total // PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key=_PAGE, max_visible_pages=5, on_change=_turned, persist_state="session")
        if st.session_state.pop(_TURNED, False):
            scroll_to_list(page)


def _draw_nothing() -> None:
    st.info(say("policies.none"))
    st.html(f'<p class="part">{escape(say("policies.examples_title"))}</p>')
    with st.container(horizontal=True, gap="small"):
        for position, example in enumerate(say_each("policies.examples"), start=1):
            st.button(example, key=element_key("example", position), on_click=_search_for, args=(example,))


def _draw_hit(hit: SearchHit, day: date | None) -> None:
    with st.container(border=True):
        heading = "" if hit.clause and hit.clause in hit.heading else hit.clause
        shown = passage_html(beginning(hit.text or hit.excerpt))
        st.html(
            f'<div data-hook="hit"><p class="title">{escape(named(hit.title))} {escape(f"{heading} {hit.heading}".strip())}</p>'
            f'{badges_html(hit.kind, hit.status, hit.region)}<div class="passage">{shown}</div></div>'
        )
        key = element_key("hit", hit.passage_id)
        st.button(say("policies.open_hit"), key=key, on_click=_go_to, args=(PASSAGE_PARAMETER, hit.passage_id, day))


def _draw_entry(document: DocumentSummary, day: date | None, *, kind: str) -> None:
    with st.container(border=True):
        st.html(
            f'<div data-hook="entry"><p class="title">{escape(named(document.title))}</p>'
            f"{badges_html(kind, document.status, document.region)}{in_one_line_html(document)}</div>"
        )
        key = element_key("document", document.doc_id)
        with st.container(horizontal=True, gap="small"):
            st.button(say("policies.open"), key=key, on_click=_go_to, args=(DOCUMENT_PARAMETER, document.doc_id, day))
            draw_save_button(document.slug, document.title)


def _draw_day(day: date | None) -> None:
    """Say that another day's standing is shown, so that nobody takes a past rule for today's."""
    if day is not None:
        st.html(f'<p class="notes" role="status" data-hook="day">{escape(say("policies.on_day", date=day.isoformat()))}</p>')


def _past(day: date | None) -> date | None:
    """The day when it is not today."""
    return day if day != today() else None


def _day_of(written: str) -> date | None:
    """The day that the address names; None for none and for what is no date."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _go_to(parameter: str, value: str, day: date | None = None) -> None:
    st.query_params.from_dict({parameter: value, **({DAY_PARAMETER: day.isoformat()} if day else {})})


def _search_for(query: str) -> None:
    st.session_state[_QUERY] = query


def _turned() -> None:
    st.session_state[_TURNED] = True


def _first_page() -> None:
    st.session_state[_PAGE] = 1


if __name__ == "__main__":
    render()
