"""Questions that got no good answer, and the answers that the officer approves, changes and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import streamlit as st

from assistant.wire.schemas import ApprovedOut, UnansweredGroup
from ui.client import Filters
from ui.clock import today
from ui.components import named
from ui.markup import element_key, passage_html
from ui.officer.client import OfficerClient, approval
from ui.officer.files import moment
from ui.officer.session import attempt, attempting
from ui.wording import say, word_for

PAGE_SIZE = 10
PASSAGES_OFFERED = 6
ONE_YEAR = timedelta(days=365)
_LOOKS = {"active": "good", "expired": "bad", "stale": "warn"}
_EDITED = "answer-edited"


@dataclass(frozen=True, slots=True)
class Edited:
    """The answer that is being written: a new one to some questions, or another text of an approved one."""

    questions: tuple[str, ...] = ()
    approved: ApprovedOut | None = None


def draw_answers(client: OfficerClient) -> None:
    """Draw the answer that is being written, or else the open questions and the approved answers."""
    edited: Edited | None = st.session_state.get(_EDITED)
    if edited is not None:
        _draw_editor(client, edited)
        return
    page = int(st.session_state.get("unmet-page", 1))
    found = client.unanswered(limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    st.html(f'<h2 class="title">{escape(say("unmet.title", count=found.total))}</h2><p class="lead">{escape(say("unmet.lead"))}</p>')
    if not found.items:
        st.info(say("unmet.none"))
    for group in found.items:
        _draw_group(group)
    if (pages := -(-found.total // PAGE_SIZE)) > 1:
        st.pagination(pages, key="unmet-page", max_visible_pages=5, persist_state="session")
    approved = client.approved()
    st.html(
        f'<h2 class="title">{escape(say("approved.title", count=len(approved)))}</h2><p class="lead">{escape(say("approved.lead"))}</p>'
    )
    st.button(say("approved.new"), key="approved-new", icon=":material/add:", on_click=_edit, args=(Edited(),))
    for answer in approved:
        _draw_approved(client, answer)


def _draw_group(group: UnansweredGroup) -> None:
    with st.container(border=True):
        counted = [
            say("unmet.count", count=group.count),
            say("unmet.abstained", count=group.abstained) if group.abstained else "",
            say("unmet.partial", count=group.partial) if group.partial else "",
            say("unmet.disliked", count=group.disliked) if group.disliked else "",
            say("unmet.last", when=moment(group.last_asked)),
        ]
        others = "".join(f"<li>{escape(wording)}</li>" for wording in group.wordings[1:])
        also = f'<p class="small">{escape(say("unmet.also"))}</p><ul class="source-list">{others}</ul>' if others else ""
        reasons = f'<p class="small">{escape(say("unmet.reasons", reasons="；".join(group.reasons)))}</p>' if group.reasons else ""
        st.html(
            f'<div data-hook="unmet"><p class="title">{escape(group.example)}</p>'
            f'<p class="small">{escape(" · ".join(filter(None, counted)))}</p>{also}{reasons}</div>'
        )
        edited = Edited(tuple(group.wordings))
        st.button(say("unmet.write"), key=element_key("write", group.example), icon=":material/edit:", on_click=_edit, args=(edited,))


def _draw_approved(client: OfficerClient, answer: ApprovedOut) -> None:
    with st.container(border=True):
        state = f'<span class="badge {_LOOKS[answer.state]}">{escape(word_for("approved_state", answer.state))}</span>'
        signed = say("approved.signed", author=answer.author, when=moment(answer.created), expires=answer.expires)
        sources = "".join(f"<li>{escape(f'[{c.marker}] {named(c.title, c.clause)}')}</li>" for c in answer.citations)
        st.html(
            f'<div data-hook="approved"><div class="badges">{state}</div><p class="title">{escape(" / ".join(answer.questions))}</p>'
            f'<p class="plain">{escape(answer.text)}</p><ul class="source-list">{sources}</ul><p class="small">{escape(signed)}</p></div>'
        )
        with st.container(horizontal=True, gap="small"):
            edited = Edited(tuple(answer.questions), answer)
            st.button(say("approved.change"), key=element_key("change", answer.approved_id), on_click=_edit, args=(edited,))
            if answer.state != "expired":
                st.button(
                    say("approved.expire"),
                    key=element_key("expire", answer.approved_id),
                    on_click=attempting(lambda: client.expire(answer.approved_id), say("approved.expired")),
                )
            else:
                st.button(
                    say("approved.remove"),
                    key=element_key("withdraw", answer.approved_id),
                    on_click=attempting(lambda: client.withdraw(answer.approved_id), say("approved.removed")),
                )


def _draw_editor(client: OfficerClient, edited: Edited) -> None:
    st.button(say("approved.back"), key="editor-back", icon=":material/arrow_back:", on_click=_edit, args=(None,))
    st.html(f'<h2 class="title">{escape(say("approved.write"))}</h2><p class="lead">{escape(say("approved.rules"))}</p>')
    former = edited.approved
    questions = st.text_area(say("approved.questions"), "\n".join(edited.questions), key="editor-questions", height=110)
    looked_for = st.text_input(say("approved.look"), edited.questions[0] if edited.questions else "", key="editor-look", type="search")
    offered = {c.passage_id: f"{named(c.title, c.clause)}：{c.quote.lstrip('- ')}" for c in former.citations} if former else {}
    if looked_for and looked_for.strip():
        for hit in client.search(looked_for.strip()[:200], Filters(), top_k=PASSAGES_OFFERED).items:
            offered.setdefault(hit.passage_id, f"{named(hit.title, hit.clause or hit.heading)}：{hit.excerpt.lstrip('- ')}")
    chosen = _choose_passages(offered, [c.passage_id for c in former.citations] if former else [])
    for number, passage_id in enumerate(chosen, start=1):
        passage = client.passage(passage_id)
        st.html(
            f'<p class="part">[{number}] {escape(named(passage.title, passage.clause))}</p>'
            f'<div class="passage" data-hook="chosen">{passage_html(passage.text)}</div>'
        )
    text = st.text_area(
        say("approved.text"), former.text if former else "", key="editor-text", height=160, placeholder=say("approved.example")
    )
    day = today()
    until = max(former.expires, day) if former else day + ONE_YEAR
    expires = st.date_input(say("approved.expires"), until, min_value=day, key="editor-expires", format="YYYY-MM-DD")
    if st.button(say("approved.save"), key="editor-save", type="primary", icon=":material/check:"):
        _hand_in(client, questions, text, chosen, expires, former)


def _choose_passages(offered: dict[str, str], cited: Sequence[str]) -> list[str]:
    """The passages that are ticked, in the order in which they were offered."""
    if not offered:
        st.info(say("approved.no_passages"))
        return []
    st.html(f'<p class="part">{escape(say("approved.choose"))}</p>')
    return [
        passage_id
        for passage_id, label in offered.items()
        if st.checkbox(label.replace("[", "\\["), value=passage_id in cited, key=element_key("cite", passage_id))
    ]


def _hand_in(
    client: OfficerClient, questions: str, text: str, passage_ids: Sequence[str], expires: object, former: ApprovedOut | None
) -> None:
    asked = [line.strip() for line in questions.splitlines() if line.strip()]
    if not asked or not text.strip() or not passage_ids or not isinstance(expires, date):
        st.warning(say("approved.incomplete"))
        return
    request = approval(asked, text, passage_ids, client.name, expires)
    if attempt(lambda: client.approve(request, former.approved_id if former else ""), say("approved.saved")):
        _edit(None)
    st.rerun()


def _edit(edited: Edited | None) -> None:
    for key in [key for key in st.session_state if str(key).startswith(("editor-", "cite-"))]:
        del st.session_state[key]
    if edited is None:
        st.session_state.pop(_EDITED, None)
    else:
        st.session_state[_EDITED] = edited
