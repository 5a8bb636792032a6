"""Cards beside an answer: what to bring, what to learn in which order, studios like ours, two rules side by side.

Every field is words of a document with the way to them, or says that the document does not state it. A button in the HTML stands for a
Streamlit button that is not shown: it opens the passage or the document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from assistant.wire.schemas import CardDocument, CardField, CardOut, ChecklistCard, ComparisonCard, PathCard, QuoteOut, StudiosCard
from ui.browser_actions import action_html, actions_html
from ui.components import COMPARE_PARAMETER, DOCUMENT_PARAMETER, POLICIES_PAGE, badges_html, named, open_passage
from ui.markup import element_key, paragraph_html
from ui.register.clause_view import open_document
from ui.wording import say

LEARNING_PAGE = "screens/learning.py"


class _Openers:
    """Buttons of one card that open something, drawn hidden once the card's HTML is written."""

    def __init__(self, *place: object) -> None:
        self._place = place
        self._opens: list[Callable[[], None]] = []

    def html(self, words: str, spoken: str, opens: Callable[[], None]) -> str:
        """A button in the HTML that opens something. ``spoken`` is what a screen reader says instead of ``words``."""
        self._opens.append(opens)
        key = element_key("opener", *self._place, len(self._opens))
        return f'<button type="button" class="marker" aria-label="{escape(spoken)}" data-opens="{key}">{escape(words)}</button>'

    def draw(self) -> None:
        """Draw the buttons that those in the HTML stand for."""
        with st.container(key=element_key("openers", *self._place)):
            for number, opens in enumerate(self._opens, start=1):
                if st.button(say("card.source"), key=element_key("opener", *self._place, number)):
                    opens()


def draw_cards(cards: Sequence[CardOut], turn: int) -> None:
    """Draw the cards of an answer; ``turn`` counts the answers of the conversation from 1."""
    for position, card in enumerate(cards, start=1):
        with st.container(border=True, key=element_key("card", turn, position)):
            openers = _Openers(turn, position)
            match card:
                case ChecklistCard():
                    _draw_checklist(card, openers)
                case PathCard():
                    _draw_path(card, openers)
                case StudiosCard():
                    _draw_studios(card, openers)
                case ComparisonCard():
                    _draw_comparison(card, openers)
            openers.draw()


def checklist_text(card: ChecklistCard) -> str:
    """A checklist to take along: what every field says, and whose word counts."""
    lines = [f"{row.label}：{row.value}" for row in card.rows]
    return "\n".join([card.title, *lines, named(card.document.title), say("answer.shared_from")])


def _draw_checklist(card: ChecklistCard, openers: _Openers) -> None:
    rows = "".join(f"<div><dt>{escape(row.label)}</dt><dd>{_value_html(row, openers)}</dd></div>" for row in card.rows)
    copy = actions_html(action_html("copy", say("card.copy_checklist"), checklist_text(card)))
    st.html(f'{_head_html(card, card.document)}<dl class="facts rows">{rows}</dl>{copy}')


def _draw_path(card: PathCard, openers: _Openers) -> None:
    steps = "".join(
        f"<li><strong>{escape(named(step.title))}</strong> {_document_opener(step.title, step.doc_id, openers)}"
        f'<p class="reason">{escape(step.reason)}</p>'
        f'<p class="small">{escape(step.time.label)}：{_line_html(step.time, openers)}</p></li>'
        for step in card.steps
    )
    st.html(f'{_head_html(card)}<ol class="steps">{steps}</ol>')
    chosen = {"occupation": card.occupation, "level": card.level, "goal": card.goal}
    st.page_link(LEARNING_PAGE, label=say("card.whole_path"), icon=":material/school:", query_params=chosen)
    if card.others:
        st.html(f'<p class="part">{escape(say("card.other_paths"))}</p>')
        with st.container(horizontal=True, gap="small"):
            for other in card.others:
                given = {"occupation": other.occupation, "level": other.level, "goal": other.goal}
                label = " · ".join((other.occupation, other.goal, other.level))
                st.page_link(LEARNING_PAGE, label=label, query_params=given, width="content")


def _draw_studios(card: StudiosCard, openers: _Openers) -> None:
    all_shown = len(card.rows) == card.total
    shown = say("card.studios_all", total=card.total) if all_shown else say("card.studios_total", shown=len(card.rows), total=card.total)
    note = "".join(f'<p class="small">{escape(line)}</p>' for line in (shown, card.note) if line)
    rows = []
    for row in card.rows:
        about = " · ".join(part for part in (row.org, row.lead, row.region, say("card.as_of", date=row.as_of) if row.as_of else "") if part)
        matched = "".join(f'<span class="badge">{escape(word)}</span>' for word in row.matched)
        fields = "".join(f"<div><dt>{escape(field.label)}</dt><dd>{_value_html(field, openers)}</dd></div>" for field in row.fields)
        rows.append(
            f"<li><strong>{escape(row.title)}</strong> {_document_opener(row.title, row.doc_id, openers)}"
            f'<p class="small">{escape(about)}</p><div class="badges">{matched}</div><dl class="facts rows">{fields}</dl></li>'
        )
    st.html(f'{_head_html(card)}{note}<ol class="steps">{"".join(rows)}</ol>')


def _draw_comparison(card: ComparisonCard, openers: _Openers) -> None:
    heads = "".join(f"<div>{_document_html(document)}</div>" for document in (card.left, card.right))
    rows = "".join(
        f'<section class="clause"><p class="part">{escape(row.label)}</p><div class="compare-row">'
        f"{_side_html(row.left, openers)}{_side_html(row.right, openers)}</div></section>"
        for row in card.rows
    )
    st.html(f'{_head_html(card)}<div class="compare-row heads">{heads}</div>{rows}')
    if card.left.doc_id != card.right.doc_id:
        both = {DOCUMENT_PARAMETER: card.left.doc_id, COMPARE_PARAMETER: card.right.doc_id}
        st.page_link(POLICIES_PAGE, label=say("card.compare_all"), icon=":material/compare_arrows:", query_params=both)


def _head_html(card: CardOut, document: CardDocument | None = None) -> str:
    about = badges_html("", document.status, document.region) if document else ""
    return f'<div data-hook="card" data-kind="{escape(card.kind)}"><h2 class="title">{escape(card.title)}</h2>{about}</div>'


def _document_html(document: CardDocument) -> str:
    told = " · ".join(part for part in (document.doc_no, document.effective) if part)
    facts = f'<p class="small">{escape(told)}</p>' if told else ""
    return f'<p class="title">{escape(named(document.title))}</p>{badges_html("", document.status, document.region)}{facts}'


def _side_html(field: CardField, openers: _Openers) -> str:
    return f'<div><p class="small">{escape(field.label)}</p>{_value_html(field, openers)}</div>'


def _value_html(field: CardField, openers: _Openers) -> str:
    """A field's words, each quote with the way to it; words that it is not stated are told apart by more than their colour."""
    if field.status == "not_stated":
        return f'<p class="small">{escape("— " + field.value)}</p>'
    if not field.quotes:
        return paragraph_html(field.value)  # from the document's head, such as the day it took effect
    return "".join(
        f"{paragraph_html(quote.quote).removesuffix('</p>')} {_quote_opener(quote, openers)}</p>{_standing_html(quote)}"
        for quote in field.quotes
    )


def _line_html(field: CardField, openers: _Openers) -> str:
    if field.status == "not_stated" or not field.quotes:
        return escape(field.value)
    return "".join(f"{escape(quote.quote)} {_quote_opener(quote, openers)}" for quote in field.quotes)


def _standing_html(quote: QuoteOut) -> str:
    """A word on a rule that is not simply in force."""
    return "" if quote.kind != "policy" or quote.status in ("", "现行") else badges_html("", quote.status, quote.region)


def _quote_opener(quote: QuoteOut, openers: _Openers) -> str:
    spoken = say("card.open_source", title=named(quote.title, quote.clause))
    return openers.html(say("card.source"), spoken, lambda: open_passage(quote.passage_id, quote))


def _document_opener(title: str, doc_id: str, openers: _Openers) -> str:
    return openers.html(say("card.open"), say("card.open_named", title=title), lambda: open_document(doc_id))
