"""「看案例」: what other women and studios do; all of them, or those that resemble ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Literal

import altair as alt
import streamlit as st

from assistant.wire.schemas import CaseOut, DocumentSummary, SearchHit
from ui.client import Client, ClientError, Filters
from ui.components import show_error
from ui.connection import current_client
from ui.markup import beginning, element_key, facts_html, passage_html
from ui.register.clause_view import open_document
from ui.style import scroll_to_list
from ui.wording import say, say_each, word_for

PAGE_SIZE = 12
MOST_CASES = 500
NEAREST = 6
"""Cases that resemble ours: more than anyone reads, and the list ends before it is no longer true."""

_BAR, _INK = "#A32638", "#2A211E"
"""Primary and text colour of the theme."""

AXIS_PIXELS = 110
"""What the axis with its title takes of a chart's height."""

_PAGE, _TURNED = "cases-page", "cases-turned"
_View = Literal["all", "near"]


def render() -> None:
    """Draw the gallery with its filters and chart, or the cases that resemble ours."""
    client = current_client()
    st.title(say("cases.title"), anchor=False)
    st.html(f'<p class="lead">{escape(say("cases.lead"))}</p>')
    try:
        cases = client.documents(Filters(kind="case"), limit=MOST_CASES).items
        views: tuple[_View, ...] = ("all", "near")
        view: _View | None = st.segmented_control(
            say("cases.view"),
            views,
            default="all",
            required=True,
            key="cases-view",
            format_func=lambda name: word_for("case_view", name),
            label_visibility="collapsed",
            persist_state="session",
        )
        if view == "near":
            _draw_near(client, cases)
        else:
            _draw_all(client, cases)
    except ClientError as exc:
        show_error(exc, key="retry")


def _draw_all(client: Client, cases: Sequence[DocumentSummary]) -> None:
    technologies = {item.name: set(item.doc_ids) for item in client.technologies().items}
    query = st.text_input(
        say("cases.query"),
        key="cases-query",
        type="search",
        placeholder=say("cases.query_placeholder"),
        on_change=_first_page,
        persist_state="session",
    )
    with st.expander(say("cases.filters"), key="cases-filters"):
        left, middle, right = st.columns(3)
        with left:
            sector = _choice("sector", _by_frequency(sector for case in cases for sector in _of(case).sectors))
        with middle:
            technology = _choice("technology", list(technologies))
        with right:
            province = _choice("province", _by_frequency(_of(case).province for case in cases))
    found = [
        case
        for case in cases
        if sector in ("", *_of(case).sectors)
        and province in ("", _of(case).province)
        and (not technology or case.doc_id in technologies.get(technology, ()))
    ]
    if query and query.strip():
        ranks = {hit.doc_id: hit.rank for hit in reversed(client.search(query.strip(), Filters(kind="case")).items)}
        found = sorted((case for case in found if case.doc_id in ranks), key=lambda case: ranks[case.doc_id])
    _draw_charts(found, technologies)
    _draw_gallery(found)


def _choice(name: str, options: list[str]) -> str:
    chosen: str | None = st.selectbox(
        say(f"cases.{name}"),
        ["", *options],
        key=f"cases-{name}",
        format_func=lambda option: option or say("cases.any"),
        on_change=_first_page,
        persist_state="session",
    )
    return chosen or ""


def _draw_gallery(found: Sequence[DocumentSummary]) -> None:
    if not found:
        st.info(say("cases.none"))
        return
    st.html(f'<p class="small" role="status" data-hook="total">{escape(say("cases.total", total=len(found)))}</p>')
    pages = -(-len(found) // PAGE_SIZE)
    page = min(int(st.session_state.get(_PAGE, 1)), pages)
    for case in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        _draw_case(case)
    if pages > 1:
        st.pagination(pages, key=_PAGE, max_visible_pages=5, on_change=_turned, persist_state="session")
        if st.session_state.pop(_TURNED, False):
            scroll_to_list(page)


def _draw_case(case: DocumentSummary, hit: SearchHit | None = None) -> None:
    about = _of(case)
    facts = [
        (say("cases.org"), about.org),
        (say("cases.lead_by"), about.lead),
        (say("cases.place"), case.region),
        (say("cases.as_of"), about.as_of),
    ]
    why = (
        f'<p class="part">{escape(say("cases.near_hit"))}</p><div class="passage">{passage_html(beginning(hit.text))}</div>' if hit else ""
    )
    sectors = "".join(f'<span class="badge">{escape(sector)}</span>' for sector in about.sectors)
    with st.container(border=True):
        st.html(
            f'<div data-hook="case"><p class="title">{escape(case.title)}</p><div class="badges">{sectors}</div>'
            f"{facts_html(facts)}{why}</div>"
        )
        if st.button(say("cases.open"), key=element_key("case", case.slug), icon=":material/menu_book:"):
            open_document(case.doc_id)


def _draw_charts(found: Sequence[DocumentSummary], technologies: Mapping[str, set[str]]) -> None:
    """How many cases there are of each sector, and how many speak of each technology."""
    sectors = Counter(sector for case in found for sector in _of(case).sectors)
    if len(sectors) < 2:
        return
    rest = say("cases.chart_rest")
    several, mentioned = _several(sectors, rest), _mentioned(found, technologies)
    dates = sorted(date for case in found if (date := _of(case).as_of))
    period = {"count": len(found), "first": dates[0] if dates else "", "last": dates[-1] if dates else ""}
    with st.expander(say("cases.chart"), key="cases-chart"):
        _draw_chart(say("cases.chart_sector"), several, "cases-bars", say("cases.chart_note", rest=rest, **period))
        if mentioned:
            _draw_chart(say("cases.chart_technology"), mentioned, "cases-technology-bars", say("cases.chart_technology_note", **period))


def _several(sectors: Counter[str], rest: str) -> dict[str, int]:
    """Sectors of several cases, the largest first, and how many have one case alone, under ``rest``."""
    several = {sector: number for sector, number in sectors.most_common() if number > 1}
    alone = len(sectors) - len(several)
    return several | {rest: alone} if alone else several


def _mentioned(found: Sequence[DocumentSummary], technologies: Mapping[str, set[str]]) -> dict[str, int]:
    """How many of the cases speak of each technology, the most first; those of which none speaks are left out."""
    shown = {case.doc_id for case in found}
    named = Counter({name: len(doc_ids & shown) for name, doc_ids in technologies.items()})
    return {name: number for name, number in named.most_common() if number}


def _draw_chart(title: str, counted: Mapping[str, int], key: str, note: str) -> None:
    st.html(f'<h2 class="part">{escape(say("cases.chart_title", by=title))}</h2>')
    st.altair_chart(_bars(title, counted), key=key)
    # The bars once more in words: a chart is a picture, which neither a screen reader nor a small screen shows well.
    figures = "，".join(f"{name} {number}" for name, number in counted.items())
    st.html(f'<p class="unseen">{escape(figures)}</p><p class="small" data-hook="chart-note">{escape(note)}</p>')


def _bars(title: str, counted: Mapping[str, int]) -> alt.LayerChart:
    """Bars from left to right in the given order from the top, each with its number."""
    number = say("cases.chart_count")
    data = alt.InlineData(values=[{"name": name, "number": count} for name, count in counted.items()])
    base = alt.Chart(data).encode(
        x=alt.X("number:Q", title=number, axis=alt.Axis(tickMinStep=1)),
        y=alt.Y(
            "name:N", title=title, sort=None, axis=alt.Axis(titleAngle=0, titleAlign="left", titleY=-8, labelLimit=140, labelOverlap=False)
        ),
    )
    bars = base.mark_bar(color=_BAR)
    figures = base.mark_text(align="left", dx=4, color=_INK, fontSize=13).encode(text="number:Q")
    chart: alt.LayerChart = (bars + figures).properties(height=28 * len(counted) + AXIS_PIXELS)
    configured: alt.LayerChart = chart.configure_axis(labelColor=_INK, titleColor=_INK, labelFontSize=13)
    return configured


def _draw_near(client: Client, cases: Sequence[DocumentSummary]) -> None:
    st.html(f'<p class="lead">{escape(say("cases.near_lead"))}</p>')
    with st.container(key="choices"):
        sectors = _by_frequency(sector for case in cases for sector in _of(case).sectors)
        sector: str | None = st.selectbox(
            say("cases.near_sector"), sectors, index=None, placeholder=say("cases.any"), key="near-sector", persist_state="session"
        )
        technologies = st.pills(
            say("cases.near_technologies"),
            say_each("cases.technologies"),
            selection_mode="multi",
            key="near-technologies",
            persist_state="session",
        )
    words = [*([sector] if sector else []), *technologies]
    if not words:
        st.info(say("cases.near_begin"))
        return
    by_id = {case.doc_id: case for case in cases}
    best: dict[str, SearchHit] = {}
    for hit in client.search(" ".join(words), Filters(kind="case")).items:
        if hit.doc_id in by_id:
            best.setdefault(hit.doc_id, hit)
    if not best:
        st.info(say("cases.none"))
    for doc_id, hit in list(best.items())[:NEAREST]:
        _draw_case(by_id[doc_id], hit)


def _of(case: DocumentSummary) -> CaseOut:
    return case.case or CaseOut()


def _by_frequency(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(values).most_common() if value]


def _turned() -> None:
    st.session_state[_TURNED] = True


def _first_page() -> None:
    st.session_state[_PAGE] = 1


if __name__ == "__main__":
    render()
