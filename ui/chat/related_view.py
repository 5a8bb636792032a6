"""What belongs to a policy: its versions in time, another document to compare it with, cases and training about the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Literal

import streamlit as st

from assistant.wire.schemas import DocumentOut, DocumentSummary, SearchHit
from ui.client import Client, Filters
from ui.components import COMPARE_PARAMETER, DOCUMENT_PARAMETER, badges_html, named, status_looks
from ui.markup import element_key, literal
from ui.register.clause_view import open_document
from ui.wording import say

MOST_RELATED = 3
"""Titles offered of each kind."""

_OTHER = "compare-with"


def draw_versions(client: Client, document: DocumentOut, day: date | None = None) -> None:
    """Which document replaced which, oldest first, with the way to compare; nothing for a document without other versions."""
    versions = client.versions(document.doc_id, day).items
    if len(versions) < 2:
        return
    st.html(f'<h2 class="part">{escape(say("versions.title"))}</h2>')
    with st.container(key="timeline"):
        for version, following in zip(versions, [*versions[1:], None], strict=True):
            _draw_version(version, document, versions, following)


def _draw_version(
    version: DocumentSummary, document: DocumentOut, versions: list[DocumentSummary], following: DocumentSummary | None
) -> None:
    here = version.doc_id == document.doc_id
    note = f'<p class="small">{escape(say("versions.here"))}</p>' if here else ""
    with st.container(key=element_key("version", version.slug)):
        looks, period = status_looks(version.status), escape(_period(version, following))
        st.html(
            f'<div data-hook="version" class="version {looks}"><p class="small">{period}</p>'
            f'<p class="title">{escape(named(version.title))}</p>{badges_html("", version.status, "")}{note}</div>'
        )
        if here:
            return
        earlier, later = (version, document) if versions.index(version) < _place(document, versions) else (document, version)
        with st.container(horizontal=True, gap="small"):
            st.button(say("versions.open"), key=element_key("open-version", version.slug), on_click=_go, args=(version.slug,))
            st.button(
                say("versions.compare"),
                key=element_key("compare", version.slug),
                icon=":material/compare_arrows:",
                on_click=_go,
                args=(earlier.slug, later.slug),
            )


def _period(version: DocumentSummary, following: DocumentSummary | None) -> str:
    """From when to when it applied, as far as the documents say: its own last day, or else the day that the next one began."""
    begun = version.effective or version.issued
    since = say("versions.since" if version.effective else "versions.issued", date=begun) if begun else say("versions.no_date")
    if version.expires:
        return since + say("versions.until", date=version.expires)
    replaced = (following.effective or following.issued) if following else ""
    return since + (say("versions.replaced", date=replaced) if replaced else "")


def draw_compare_choice(document: DocumentOut, titles: Mapping[str, str]) -> None:
    """Choose any other policy to set beside this one."""
    with st.expander(say("compare.choose"), key="compare-choice"):
        others = [slug for slug in titles if slug != document.slug]
        chosen: str | None = st.selectbox(
            say("compare.with"),
            others,
            index=None,
            key=_OTHER,
            format_func=lambda slug: titles.get(slug, slug),
            placeholder=say("compare.placeholder"),
        )
        if chosen:
            st.button(say("compare.go"), key="compare-go", type="primary", on_click=_go, args=(document.slug, chosen))


def draw_related(client: Client, document: DocumentOut) -> None:
    """Cases and training material that speak of the same."""
    with st.expander(say("related.title"), key="related"):
        nothing = True
        kinds: tuple[Literal["case", "training"], ...] = ("case", "training")
        for kind in kinds:
            best: dict[str, SearchHit] = {}
            for hit in client.search(document.title[:200], Filters(kind=kind), top_k=10).items:
                best.setdefault(hit.doc_id, hit)
            if best:
                nothing = False
                st.html(f'<p class="part">{escape(say("related.cases" if kind == "case" else "related.training"))}</p>')
            for doc_id, hit in list(best.items())[:MOST_RELATED]:
                if st.button(literal(named(hit.title)), key=element_key("related", doc_id)):
                    open_document(doc_id)
        if nothing:
            st.html(f'<p class="small">{escape(say("related.none"))}</p>')


def _place(document: DocumentOut, versions: list[DocumentSummary]) -> int:
    return next((place for place, version in enumerate(versions) if version.doc_id == document.doc_id), 0)


def _go(doc_id: str, other_id: str = "") -> None:
    st.query_params.from_dict({DOCUMENT_PARAMETER: doc_id, **({COMPARE_PARAMETER: other_id} if other_id else {})})
