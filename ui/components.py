"""Pieces of the screen that both pages use: titles, status badges, a passage with its sources, errors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assistant.wire.schemas import DocumentSummary, PassageOut, QuoteOut, SourceOut
from ui.client import ClientError
from ui.connection import current_client
from ui.markup import facts_html, literal, passage_html, quote_range, web_address
from ui.wording import say, word_for

POLICIES_PAGE = "screens/policies.py"
PASSAGE_PARAMETER = "passage"
DOCUMENT_PARAMETER = "doc"
COMPARE_PARAMETER = "with"
DAY_PARAMETER = "on"
"""The day whose standing a document is shown with; without it, today."""


_STATUS_LOOKS = {"现行": "good", "未生效": "coming", "已失效": "bad", "征求意见稿": "warn", "未见原文": "warn", "外省": "warn"}


def named(title: str, clause: str = "") -> str:
    """A title in its brackets and the clause: 《女职工劳动保护特别规定》第七条."""
    bare = title[1:-1] if title.startswith("《") and title.endswith("》") else title
    return f"《{bare}》{clause}"


def status_looks(status: str) -> str:
    """The CSS class that a status is coloured with; "" for a neutral one."""
    return _STATUS_LOOKS.get(status, "")


def badges_html(kind: str, status: str, region: str) -> str:
    """Kind, standing and region in words; the colour only underlines them."""
    words = [(word_for("kind", kind), ""), (status, status_looks(status)), (region, "")]
    return f'<div class="badges">{"".join(_badge(word, looks) for word, looks in words if word)}</div>'


def dates_and_numbers_html(item: PassageOut | DocumentSummary) -> str:
    """Who issued it, its number and its dates."""
    return facts_html(
        [
            (say("passage.issuer"), item.issuer),
            (say("passage.doc_no"), item.doc_no),
            (say("passage.issued"), item.issued),
            (say("passage.effective"), item.effective),
            (say("passage.expires"), item.expires),
            (say("passage.region"), item.region),
        ]
    )


def in_one_line_html(item: DocumentSummary) -> str:
    """Issuer, number and dates for a list."""
    in_force = say("passage.in_force_from", date=item.effective) if item.effective else ""
    issued = say("passage.issued_on", date=item.issued) if item.issued and not item.effective else ""
    until = say("passage.in_force_until", date=item.expires) if item.expires else ""
    told = [part for part in (item.issuer, item.doc_no, issued, in_force, until) if part]
    return f'<p class="small">{escape(" · ".join(told))}</p>' if told else ""


def status_note_html(status: str) -> str:
    """What the status means for the reader; "" for a status that needs no word."""
    note = word_for("status_note", status) if status else ""
    return f'<p class="small">{escape(status)}：{escape(note)}</p>' if note and note != status else ""


def sources_html(sources: Sequence[SourceOut]) -> str:
    """Publisher, title and date of each source, with its link, and that the official text counts."""
    items = "".join(f"<li>{_source_html(source)}</li>" for source in sources)
    listed = f'<p class="part">{escape(say("passage.sources"))}</p><ol class="source-list">{items}</ol>' if items else ""
    return f'{listed}<p class="official">{escape(say("passage.official"))}</p>'


def open_passage(passage_id: str, citation: QuoteOut | None = None) -> None:
    """Open the passage over the page; what ``citation`` quotes is marked."""
    st.dialog(say("passage.dialog"), width="medium")(_draw_passage)(passage_id, citation)


def show_error(error: ClientError, key: str) -> None:
    """What went wrong, with a button that tries again by running the page once more."""
    st.error(literal(str(error)))
    st.button(say("ask.retry"), key=key, type="primary")


def _draw_passage(passage_id: str, citation: QuoteOut | None) -> None:
    try:
        passage = current_client().passage(passage_id)
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    status = citation.status if citation and citation.status else passage.status
    quote = quote_range(passage.text, citation.quote, citation.start, citation.end) if citation else None
    st.html(
        f'<p class="title">{escape(named(passage.title, passage.clause))}</p>'
        + badges_html(passage.kind, status, passage.region)
        + status_note_html(status)
    )
    if citation and quote is None:
        st.html(f'<p class="part">{escape(say("passage.quote"))}</p><p class="plain">{escape(citation.quote)}</p>')
    note = f'<p class="small">{escape(say("passage.quote_note"))}</p>' if quote else ""
    st.html(f'<div class="passage" data-hook="passage">{passage_html(passage.text, quote)}</div>{note}')
    st.html(dates_and_numbers_html(passage) + sources_html(passage.sources))
    st.page_link(POLICIES_PAGE, label=say("passage.whole"), icon=":material/article:", query_params={PASSAGE_PARAMETER: passage_id})


def _badge(word: str, looks: str) -> str:
    return f'<span class="badge {looks}">{escape(word)}</span>'


def _source_html(source: SourceOut) -> str:
    told = "，".join(escape(part) for part in (source.publisher, source.title, source.date) if part)
    confidence = f"（{escape(word_for('confidence', source.confidence))}）" if source.confidence else ""
    url = web_address(source.url)
    link = f' <a href="{escape(url)}" target="_blank">{escape(say("passage.open_link"))}</a>' if url else ""
    return f"{told}{confidence}{link}"
