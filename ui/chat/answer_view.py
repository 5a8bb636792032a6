"""An answer on the screen: what kind it is, its text, its sources, whom to ring, and what may be asked next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from assistant.wire.schemas import AnswerOut, CitationOut, FeedbackRequest, PassageSummary, ReferralOut
from ui.browser_actions import action_html, actions_html
from ui.chat.answer_in_progress import AnswerInProgress, Progress
from ui.chat.cards_view import draw_cards
from ui.chat.session import ask
from ui.client import ClientError
from ui.components import named, open_passage
from ui.connection import current_client
from ui.markup import answer_html, dialled, element_key, literal, paragraph_html, without_basis, without_markers
from ui.wording import say, say_each

REDRAW_SECONDS = 0.1
"""Pieces of text that come closer together are drawn at once."""

MOST_REASON_CHARACTERS = 300
"""Longest reason of one's own; with all that can be ticked it stays under what the API takes."""

CHIP_CHARACTERS = 34
"""Longest name on a source chip: two lines on a phone."""

_LOOKS = {"answered": "good", "partial": "warn", "clarify": "coming", "abstained": "warn", "referred": "coming", "refused": "bad"}
_ICONS = {"answered": "✓", "partial": "◐", "clarify": "？", "abstained": "∅", "referred": "☎", "refused": "✕"}


def draw_question(question: str) -> None:
    """What the reader asked."""
    with st.chat_message("user", avatar=":material/person:"):
        st.html(f'<div data-hook="question">{paragraph_html(question)}</div>')


def draw_plain_answer(text: str) -> None:
    """A stored answer of which only the text was kept."""
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        st.html(f'<div class="answer" data-hook="answer">{answer_html(text)}</div>')


def draw_progress(answer: AnswerInProgress, on_begun: Callable[[str], None]) -> Progress:
    """Draw an answer while it comes and give back how it ended. ``on_begun`` gets the conversation's id once it is known."""
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        state, text = st.empty(), st.empty()
        seen, begun = answer.progress, False
        while True:
            if seen.conversation_id and not begun:
                begun = True
                on_begun(seen.conversation_id)
            state.html(_state_html(seen))
            if seen.text:
                text.html(f'<div class="answer" data-hook="draft">{answer_html(without_basis(seen.text))}</div>')
            if seen.finished:
                state.empty()
                return seen
            seen = answer.wait_beyond(seen, REDRAW_SECONDS)


def draw_answer(answer: AnswerOut, turn: int, *, helpful: bool | None, latest: bool, asking: bool = True) -> None:
    """Draw a whole answer. ``turn`` counts the answers of the conversation from 1; only the latest offers follow-ups.

    Without ``asking`` it is only looked at: its buttons ask nothing, and nobody is asked whether it helped.
    """
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        keys = _chip_keys(answer.citations, turn)
        opens = {_digits(citation.marker): key for citation, key in reversed(list(zip(answer.citations, keys, strict=True)))}
        text = without_basis(answer.text) if answer.citations else answer.text  # the chips below say the same, and open
        st.html(
            f'<div data-hook="verdict" data-verdict="{escape(answer.verdict)}">{_badges_html(answer)}</div>'
            f'<div class="answer" data-hook="answer">{answer_html(text, opens)}</div>'
        )
        _draw_caveats(answer.caveats)
        draw_cards(answer.cards, turn)
        asks_back = answer.verdict == "clarify"
        if asks_back and latest:
            _draw_followups(answer, turn, asking=asking)  # what to click comes before all else
        if not answer.citations:
            _draw_referrals(answer.referrals, brief=asks_back)  # nothing was found: whom to ring comes first, in full
        _draw_sources(answer.citations, keys)
        _draw_nearest(answer, turn)
        if answer.citations:
            _draw_referrals(answer.referrals, brief=True)
        if asking:
            st.html(actions_html(*_action_buttons(answer)))
            _draw_feedback(answer.message_id, helpful)
    if latest and not asks_back:
        _draw_followups(answer, turn, asking=asking)


def _state_html(progress: Progress) -> str:
    """Where the answer is: 查找 → 核对 → 回答. A screen reader hears only the sentence beside it."""
    stage = 0 if progress.found is None else 2 if progress.text else 1
    words = [say("state.searching"), say("state.checking", count=progress.found or 0), say("state.writing")][stage]
    looks = ["done" if place < stage else "now" if place == stage else "" for place in range(3)]
    steps = "".join(f'<li class="{look}">{escape(name)}</li>' for look, name in zip(looks, say_each("state.steps"), strict=True))
    return (
        f'<div data-hook="state" data-stage="{stage + 1}"><ol class="stages" aria-hidden="true">{steps}</ol>'
        f'<p class="state" role="status">{escape(words)}</p></div>'
    )


def _badges_html(answer: AnswerOut) -> str:
    verdict = f"{_ICONS[answer.verdict]} {say(f'verdict.{answer.verdict}')}"
    label = _label_of(answer)
    shown = [f'<span class="badge {_LOOKS[answer.verdict]}">{escape(verdict)}</span>']
    if label:
        shown.append(f'<span class="badge {"ai" if answer.ai_generated else ""}" data-hook="label">{escape(label)}</span>')
    return f'<div class="badges">{"".join(shown)}</div>'


def _draw_caveats(caveats: Sequence[str]) -> None:
    if caveats:
        items = "".join(f"<li>{escape(caveat)}</li>" for caveat in caveats)
        st.html(f'<div class="notes" data-hook="caveats"><strong>{escape(say("answer.caveats"))}</strong><ul>{items}</ul></div>')


def _draw_referrals(referrals: Sequence[ReferralOut], *, brief: bool = False) -> None:
    if referrals:
        calls = "".join(_call_html(referral, brief=brief) for referral in referrals)
        title = escape(say("answer.referrals"))
        st.html(f'<p class="part">{title}</p><div class="calls" data-hook="referrals">{calls}</div>')


def _call_html(referral: ReferralOut, *, brief: bool) -> str:
    number = dialled(referral.number)
    if number:
        head = f'<a class="dial" href="tel:{escape(number)}">☎&nbsp;{escape(referral.number)}</a>'
    else:
        head = f"<p>{escape(referral.number)}</p>" if referral.number else ""
    name = f'<strong class="name">{escape(referral.name)}</strong>'
    if brief:
        return f'<div class="call brief">{head}{name}</div>'
    checked = f'<p class="small">{escape(say("answer.checked", date=referral.checked))}</p>' if referral.checked else ""
    purpose = f"<p>{escape(referral.purpose)}</p>" if referral.purpose else ""
    return f'<div class="call">{head}{name}{purpose}{checked}</div>'


def _draw_sources(citations: Sequence[CitationOut], keys: Sequence[str]) -> None:
    if not citations:
        return
    st.html(f'<p class="part">{escape(say("answer.sources"))}</p>')
    with st.container(horizontal=True, gap="small"):
        for citation, key in zip(citations, keys, strict=True):
            name = literal(f"[{_digits(citation.marker)}] {_short(named(citation.title, citation.clause))}")
            if st.button(f"{name} :small[{literal(_facts_of(citation))}]" if _facts_of(citation) else name, key=key):
                open_passage(citation.passage_id, citation)


def _draw_nearest(answer: AnswerOut, turn: int) -> None:
    if not answer.nearest:
        return
    st.html(f'<p class="part">{escape(say("answer.nearest" if answer.citations else "answer.nearest_only"))}</p>')
    with st.container(horizontal=True, gap="small"):
        for position, passage in enumerate(answer.nearest, start=1):
            if st.button(literal(_short(_passage_name(passage))), key=element_key("nearest", turn, position)):
                open_passage(passage.passage_id)


def _draw_feedback(message_id: str, helpful: bool | None) -> None:
    key = element_key("feedback", message_id)
    sent = helpful is not None or st.session_state.get(f"{key}-sent", False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="small">{escape(say("answer.thanks" if sent else "answer.helpful"))}</p>', width="content")
        st.feedback(
            "thumbs",
            key=key,
            default=None if helpful is None else int(helpful),
            disabled=sent,
            on_change=_send_feedback,
            args=(message_id, key),
        )
    if st.session_state.pop(f"{key}-failed", False):
        st.error(say("answer.not_sent"))
    if st.session_state.get(f"{key}-down", False):
        _draw_reasons(message_id, key)


def _send_feedback(message_id: str, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is None or st.session_state.get(f"{key}-sent"):
        return
    try:
        current_client().send_feedback(FeedbackRequest(message_id=message_id, helpful=bool(chosen)))
    except ClientError:
        st.session_state[key] = None
        st.session_state[f"{key}-failed"] = True
    else:
        st.session_state[f"{key}-sent"] = True
        st.session_state[f"{key}-down"] = not chosen


def _draw_reasons(message_id: str, key: str) -> None:
    """What was wrong with an answer that did not help; offered once."""
    if st.session_state.get(f"{key}-told"):
        st.html(f'<p class="small" role="status">{escape(say("answer.reason_thanks"))}</p>')
        return
    with st.form(f"{key}-form", border=True):
        chosen = st.pills(say("answer.reason"), say_each("answer.reasons"), selection_mode="multi", key=f"{key}-reasons")
        more = st.text_input(say("answer.reason_more"), key=f"{key}-more", max_chars=MOST_REASON_CHARACTERS)
        if not st.form_submit_button(say("answer.reason_send"), key=f"{key}-send"):
            return
    reason = "；".join([*chosen, *([more.strip()] if more and more.strip() else [])])
    if reason:
        try:
            current_client().send_feedback(FeedbackRequest(message_id=message_id, helpful=False, reason=reason))
        except ClientError:
            st.error(say("answer.not_sent"))
            return
        st.session_state[f"{key}-told"] = True
        st.rerun()


def _action_buttons(answer: AnswerOut) -> list[str]:
    text = shared_text(answer)
    return [
        action_html("copy", say("answer.copy"), text),
        action_html("share", say("answer.share"), text),
        action_html("speak", say("answer.speak"), without_markers(answer.text)),
    ]


def shared_text(answer: AnswerOut) -> str:
    """An answer as it may leave this page: with its label, its sources and whose word counts."""
    sources = [f"[{_digits(citation.marker)}] {named(citation.title, citation.clause)}" for citation in answer.citations]
    calls = [f"{referral.name} {referral.number}".strip() for referral in answer.referrals]
    parts = [answer.text, "\n".join(answer.caveats), "\n".join(sources), "\n".join(calls), _label_of(answer), say("answer.shared_from")]
    return "\n\n".join(part for part in parts if part)


def _label_of(answer: AnswerOut) -> str:
    if answer.label or not answer.citations:
        return answer.label
    return say("answer.ai" if answer.ai_generated else "answer.extract")


def _draw_followups(answer: AnswerOut, turn: int, *, asking: bool) -> None:
    if answer.followups:
        title = say("answer.choices" if answer.verdict == "clarify" else "answer.followups")
        st.html(f'<p class="part">{escape(title)}</p>')
        draw_questions(answer.followups, f"followup-{turn}", asking=asking)


def draw_questions(questions: Sequence[str], key: str, *, asking: bool = True) -> None:
    """Questions that a click asks; without ``asking`` it does nothing."""
    with st.container(horizontal=True, gap="small"):
        for position, question in enumerate(questions, start=1):
            st.button(literal(question), key=element_key(key, position), on_click=ask if asking else None, args=(question,))


def _chip_keys(citations: Sequence[CitationOut], turn: int) -> list[str]:
    """``source-TURN-MARKER`` for each citation; a further one with the same marker gets its position at the end."""
    keys: list[str] = []
    for position, citation in enumerate(citations, start=1):
        key = element_key("source", turn, _digits(citation.marker))
        keys.append(f"{key}-{position}" if key in keys else key)
    return keys


def _facts_of(citation: CitationOut) -> str:
    """What a reader wants to know of a rule before she opens it: does it hold, since when, under which number."""
    if citation.kind != "policy":
        return ""
    since = say("passage.in_force_from", date=citation.effective) if citation.effective else ""
    return " · ".join(part for part in (citation.status, since, citation.doc_no) if part)


def _digits(marker: str) -> str:
    return marker.strip("[]")


def _passage_name(passage: PassageSummary) -> str:
    return named(passage.title, passage.clause) + ("" if passage.clause else f" {passage.heading}".rstrip())


def _short(name: str) -> str:
    return name if len(name) <= CHIP_CHARACTERS else f"{name[: CHIP_CHARACTERS - 1]}…"
