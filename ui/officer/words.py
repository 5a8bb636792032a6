"""The house's own words, and its own places to ask."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from assistant.wire.schemas import LexiconLines, LexiconTrial, ReferralBook, ReferralEntry
from ui.client import ClientError
from ui.clock import today
from ui.markup import element_key, literal
from ui.officer.client import OfficerClient
from ui.officer.session import attempt, attempting
from ui.wording import say

_EDITED = "place-edited"


def draw_lexicon(client: OfficerClient) -> None:
    """Draw the three lists of own words, a question to try them on, and what speaks against some."""
    known = client.lexicon()
    st.html(f'<p class="lead">{escape(say("lexicon.lead", **known.shipped))}</p>')
    with st.form("lexicon", border=True):
        lines = LexiconLines(
            dialect=st.text_area(say("lexicon.dialect"), known.dialect, height=120, placeholder=say("lexicon.dialect_example")),
            synonyms=st.text_area(say("lexicon.synonyms"), known.synonyms, height=120, placeholder=say("lexicon.synonyms_example")),
            terms=st.text_area(say("lexicon.terms"), known.terms, height=100, placeholder=say("lexicon.terms_example")),
        )
        question = st.text_input(say("lexicon.question"), key="lexicon-question", placeholder=say("lexicon.question_example"))
        with st.container(horizontal=True, gap="small"):
            tried = st.form_submit_button(say("lexicon.try_it"), icon=":material/visibility:")
            saved = st.form_submit_button(say("lexicon.save"), type="primary")
    if tried:
        _draw_trial(client, lines, question)
    elif saved:
        attempt(lambda: client.save_lexicon(lines), say("lexicon.saved"))
        st.rerun()
    elif known.advice:
        _draw_advice(known.advice)


def _draw_trial(client: OfficerClient, lines: LexiconLines, question: str) -> None:
    if not question.strip():
        st.warning(say("lexicon.question_missing"))
        return
    try:
        found = client.try_lexicon(LexiconTrial(**lines.model_dump(), question=question))
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    searched = f'<p class="small">{escape(say("lexicon.searched", words="、".join(found.searched)))}</p>' if found.searched else ""
    st.html(
        f'<div class="call" data-hook="trial" role="status"><p class="title">{escape(question)} → {escape(found.after)}</p>'
        f'<p class="small">{escape(say("lexicon.before", text=found.before))}</p>{searched}</div>'
    )
    _draw_advice(found.advice)


def _draw_advice(advice: list[str]) -> None:
    if advice:
        items = "".join(f"<li>{escape(said)}</li>" for said in advice)
        st.html(f'<div class="notes" data-hook="advice"><p>{escape(say("lexicon.advice"))}</p><ul>{items}</ul></div>')


def draw_places(client: OfficerClient) -> None:
    """Draw the place that is being written, or else the own ones and the shipped ones."""
    book = client.referral_book()
    edited: ReferralEntry | None = st.session_state.get(_EDITED)
    if edited is not None:
        _draw_place_form(client, book, edited)
        return
    st.html(f'<p class="lead">{escape(say("places.lead"))}</p>')
    fresh = ReferralEntry(name="", purpose="", checked=today().isoformat())
    st.button(say("places.new"), key="place-new", icon=":material/add:", on_click=_edit, args=(fresh,))
    if not book.own:
        st.info(say("places.none"))
    for entry in book.own:
        _draw_place(entry)
        with st.container(horizontal=True, gap="small"):
            st.button(say("places.change"), key=element_key("place", entry.id), on_click=_edit, args=(entry,))
            left = [other for other in book.own if other.id != entry.id]
            st.button(
                say("places.remove"),
                key=element_key("place-remove", entry.id),
                on_click=attempting(partial(client.save_referrals, left), say("places.removed", name=entry.name)),
            )
    replaced = {entry.id for entry in book.own}
    with st.expander(say("places.shipped", count=len(book.shipped)), key="places-shipped"):
        st.html(f'<p class="small">{escape(say("places.shipped_note"))}</p>')
        for entry in book.shipped:
            if entry.id not in replaced:
                _draw_place(entry)
                st.button(say("places.change"), key=element_key("place", entry.id), on_click=_edit, args=(entry,))


def _draw_place(entry: ReferralEntry) -> None:
    words = f'<p class="small">{escape(say("places.words_are", words="、".join(entry.words)))}</p>' if entry.words else ""
    checked = say("answer.checked", date=entry.checked)
    st.html(
        f'<div class="call" data-hook="place"><strong class="name">{escape(entry.name)} {escape(entry.number)}</strong>'
        f'<p>{escape(entry.purpose)}</p>{words}<p class="small">{escape(f"{entry.region} · {checked}")}</p></div>'
    )


def _draw_place_form(client: OfficerClient, book: ReferralBook, edited: ReferralEntry) -> None:
    st.button(say("places.back"), key="place-back", icon=":material/arrow_back:", on_click=_edit, args=(None,))
    with st.form("place"):
        name = st.text_input(say("places.name"), edited.name, max_chars=60)
        number = st.text_input(say("places.number"), edited.number, max_chars=60)
        purpose = st.text_area(say("places.purpose"), edited.purpose, max_chars=300, height=100)
        words = st.text_input(say("places.words"), "、".join(edited.words), placeholder=say("places.words_example"))
        left, right = st.columns(2)
        region = left.text_input(say("passage.region"), edited.region, max_chars=40)
        checked = right.text_input(say("places.checked"), edited.checked, max_chars=10)
        if not st.form_submit_button(say("places.save"), type="primary"):
            return
    said = {"name": name, "number": number, "purpose": purpose, "region": region, "checked": checked}
    entry = edited.model_copy(update={**{key: value.strip() for key, value in said.items()}, "words": _split(words)})
    others = [other for other in book.own if not edited.id or other.id != edited.id]
    if attempt(lambda: client.save_referrals([entry, *others]), say("places.saved", name=entry.name)):
        _edit(None)
        st.rerun()
    st.session_state[_EDITED] = entry  # what she wrote stays in the form
    st.rerun()


def _split(words: str) -> list[str]:
    for mark in "，,；;":
        words = words.replace(mark, "、")
    return [word.strip() for word in words.split("、") if word.strip()]


def _edit(entry: ReferralEntry | None) -> None:
    if entry is None:
        st.session_state.pop(_EDITED, None)
    else:
        st.session_state[_EDITED] = entry
