"""Files into the knowledge base: handing in, preview, corrections, publishing; and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assistant.wire.schemas import DocumentSummary, DraftOut, GenerationOut, KindName, PublicationOut
from ui.client import ClientError
from ui.clock import shown
from ui.components import badges_html, named
from ui.markup import element_key, facts_html, passage_html
from ui.officer.client import OfficerClient
from ui.officer.session import attempt, attempting, tell
from ui.style import label_uploader
from ui.wording import say, word_for

FILE_TYPES = ["txt", "md", "docx", "pdf", "xlsx", "csv", "pptx", "html", "htm", "markdown"]
WRITTEN_STATUSES = ["", "现行", "已失效", "征求意见稿", "未见原文"]
LEVELS = ["", "入门", "进阶", "骨干"]
POLL_SECONDS = 0.5

_TURN, _WATCHED = "upload-turn", "publication-watched"


def draw_files(client: OfficerClient) -> None:
    """Draw the way in, the drafts, and the documents that were uploaded."""
    publication = client.publication()
    if publication.state == "running" or st.session_state.get(_WATCHED):
        _draw_running(client)
        return
    _draw_upload(client)
    drafts = client.drafts()
    if not drafts:
        st.info(say("files.no_drafts"))
    ready = [draft for draft in drafts if not draft.failure and not draft.faults]
    if drafts:
        st.html(f'<h2 class="title">{escape(say("files.drafts", count=len(drafts)))}</h2>')
        for draft in drafts:
            _draw_draft(client, draft)
    if ready:
        st.button(
            say("files.publish", count=len(ready)),
            key="publish",
            type="primary",
            icon=":material/publish:",
            on_click=_publish,
            args=(client, [draft.draft_id for draft in ready]),
        )
        st.html(f'<p class="small">{escape(say("files.publish_note"))}</p>')
    _draw_uploads(client)


def draw_generations(client: OfficerClient) -> None:
    """Draw the version in use and those that can be gone back to."""
    st.html(f'<p class="lead">{escape(say("generations.lead"))}</p>')
    for generation in client.generations().items:
        _draw_generation(client, generation)


def moment(utc: str) -> str:
    """A stored time as a clock in Beijing shows it: 2026-11-23 09:30."""
    return shown(utc) if utc else ""


def _draw_upload(client: OfficerClient) -> None:
    turn = int(st.session_state.get(_TURN, 0))
    st.html(f'<p class="lead">{escape(say("files.lead"))}</p>')
    with st.container(key="uploader"):
        label_uploader(say("files.button"))
        chosen: Sequence[UploadedFile] = st.file_uploader(
            say("files.choose"), type=FILE_TYPES, accept_multiple_files=True, key=element_key("upload", turn)
        )
    if not chosen:
        return
    if st.button(say("files.read", count=len(chosen)), key="read-files", type="primary", icon=":material/upload_file:"):
        _hand_in(client, chosen)
        st.session_state[_TURN] = turn + 1  # an empty box for the next files
        st.rerun()


def _hand_in(client: OfficerClient, files: Sequence[UploadedFile]) -> None:
    """Send file by file, so that the bar tells how far it is and one that fails stops nothing."""
    bar = st.progress(0.0)
    read, failed = 0, 0
    for number, file in enumerate(files):
        bar.progress(number / len(files), text=say("files.reading", number=number + 1, count=len(files), name=file.name))
        try:
            draft = client.add_draft(file.name, file.getvalue())
        except ClientError as exc:
            tell(say("files.failed", name=file.name, reason=exc), "bad")
            continue
        failed += bool(draft.failure)
        read += not draft.failure
    if read:
        tell(say("files.handed_in", count=read))
    if failed:
        tell(say("files.some_failed", count=failed), "note")


def _draw_draft(client: OfficerClient, draft: DraftOut) -> None:
    with st.container(border=True, key=element_key("draft", draft.draft_id)):
        handed_in = say("files.handed_in_by", author=draft.author, when=moment(draft.created))
        if draft.failure:
            st.html(
                f'<div data-hook="failed"><p class="title">{escape(draft.name)}</p><p class="small">{escape(handed_in)}</p></div>'
                f'<p class="notes">{escape(say("files.cannot_read", reason=draft.failure))}</p>'
            )
        else:
            st.html(
                f'<div data-hook="draft"><p class="title">{escape(named(draft.title))}</p>'
                f"{badges_html(draft.kind, draft.status, draft.region)}{_recognised_html(draft)}"
                f'<p class="small">{escape(f"{draft.name} · {handed_in}")}</p>{_effects_html(draft)}</div>'
            )
            with st.expander(say("files.preview", count=draft.passages), key=element_key("preview", draft.draft_id)):
                _draw_preview(draft)
            with st.expander(say("files.correct"), key=element_key("correct", draft.draft_id), expanded=bool(draft.faults)):
                _draw_correction(client, draft)
        dropped = say("files.dropped", name=draft.name)
        st.button(
            say("files.drop"),
            key=element_key("drop", draft.draft_id),
            icon=":material/delete:",
            on_click=attempting(lambda: client.remove_draft(draft.draft_id), dropped),
        )


def _recognised_html(draft: DraftOut) -> str:
    return facts_html(
        [
            (say("passage.issuer"), draft.issuer),
            (say("passage.doc_no"), draft.doc_no),
            (say("passage.issued"), draft.issued),
            (say("passage.effective"), draft.effective),
            (say("passage.expires"), draft.expires),
            (say("files.topic"), draft.topic),
        ]
    )


def _effects_html(draft: DraftOut) -> str:
    """What publishing would do: what it replaces, what has its title, what forbids it."""
    said = [say("files.replaces", title=named(draft.replaces))] if draft.replaces else []
    said += [
        say("files.same_title", title=named(other.title), status=other.status, date=other.effective or other.issued or say("files.no_date"))
        for other in draft.same_title
    ]
    said += draft.faults
    items = "".join(f"<li>{escape(line)}</li>" for line in said)
    return f'<div class="notes"><ul>{items}</ul></div>' if items else ""


def _draw_preview(draft: DraftOut) -> None:
    if draft.passages > len(draft.items):
        st.html(f'<p class="small">{escape(say("files.preview_some", count=len(draft.items)))}</p>')
    for number, item in enumerate(draft.items, start=1):
        where = " ".join(filter(None, (say("files.passage", number=number), item.clause or item.heading)))
        st.html(f'<p class="part">{escape(where)}</p><div class="passage" data-hook="preview">{passage_html(item.text)}</div>')


def _draw_correction(client: OfficerClient, draft: DraftOut) -> None:
    with st.form(element_key("correction", draft.draft_id), border=False):
        given = {"title": st.text_input(say("files.title"), draft.title, max_chars=200)}
        kinds = list(get_args(KindName))
        left, right = st.columns(2)
        given["kind"] = left.selectbox(say("policies.kind"), kinds, kinds.index(draft.kind), format_func=lambda k: word_for("kind", k))
        given["status"] = right.selectbox(
            say("policies.status"),
            WRITTEN_STATUSES,
            _place(WRITTEN_STATUSES, draft.status),
            format_func=lambda s: s or say("files.not_stated"),
        )
        left, right = st.columns(2)  # rows of their own, so that a phone shows them in the order of reading
        given["issuer"] = left.text_input(say("passage.issuer"), draft.issuer)
        given["doc_no"] = right.text_input(say("passage.doc_no"), draft.doc_no)
        dates = st.columns(3)
        example = say("files.date_example")
        given["issued"] = dates[0].text_input(say("passage.issued"), draft.issued, placeholder=example)
        given["effective"] = dates[1].text_input(say("passage.effective"), draft.effective, placeholder=example)
        given["expires"] = dates[2].text_input(say("passage.expires"), draft.expires, placeholder=example)
        left, right = st.columns(2)
        given["region"] = left.text_input(say("passage.region"), draft.region, placeholder=say("files.region_example"))
        given["topic"] = right.text_input(say("files.topic"), draft.topic)
        left, right = st.columns(2)
        given["level"] = left.selectbox(
            say("learning.difficulty"), LEVELS, _place(LEVELS, draft.level), format_func=lambda level: level or say("files.not_stated")
        )
        given["id"] = right.text_input(say("files.id"), draft.id)
        if st.form_submit_button(say("files.save"), type="primary"):
            changed = {name: value.strip() for name, value in given.items() if value.strip() != getattr(draft, name)}
            if changed:
                attempt(lambda: client.correct_draft(draft.draft_id, changed), say("files.saved", title=named(given["title"])))
            st.rerun()


def _place(options: list[str], value: str) -> int:
    return options.index(value) if value in options else 0


def _publish(client: OfficerClient, draft_ids: Sequence[str], remove: Sequence[str] = ()) -> None:
    if attempt(lambda: client.publish(draft_ids, remove)):
        st.session_state[_WATCHED] = True


@st.fragment(run_every=POLL_SECONDS)
def _draw_running(client: OfficerClient) -> None:
    """Look every half second how far it is, and draw the page anew when it is over."""
    try:
        publication = client.publication()
    except ClientError as exc:
        st.session_state.pop(_WATCHED, None)
        tell(str(exc), "bad")
        st.rerun()
    if publication.state == "running":
        share = publication.done / publication.total if publication.total else 0.0
        st.progress(min(share, 1.0), text=say("files.publishing", stage=publication.stage or say("files.publishing_begun")))
        st.html(f'<p class="small" role="status">{escape(say("files.publishing_note"))}</p>')
        return
    st.session_state.pop(_WATCHED, None)
    _tell_outcome(publication)
    st.rerun()


def _tell_outcome(publication: PublicationOut) -> None:
    if publication.state == "failed":
        tell(say("files.publish_failed", reason=publication.error), "bad")
    elif publication.state == "done":
        counts = {"added": publication.added, "updated": publication.updated, "removed": publication.removed}
        tell(say("files.published", generation=publication.generation, documents=publication.documents, **counts))
    for failure in publication.failures:
        tell(say("files.failed", name=failure.path, reason=failure.reason), "bad")


def _draw_uploads(client: OfficerClient) -> None:
    uploads = client.uploads()
    if not uploads.items:
        return
    with st.expander(say("files.uploads", count=uploads.total), key="uploads"):
        for document in uploads.items:
            _draw_uploaded(client, document)


def _draw_uploaded(client: OfficerClient, document: DocumentSummary) -> None:
    asked = element_key("asked", document.doc_id)
    st.html(
        f'<div data-hook="uploaded"><p class="title">{escape(named(document.title))}</p>'
        f"{badges_html(document.kind, document.status, document.region)}</div>"
    )
    if not st.session_state.get(asked):
        st.button(say("files.remove"), key=element_key("remove", document.doc_id), on_click=st.session_state.update, args=({asked: True},))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(f'<p class="small">{escape(say("files.remove_sure"))}</p>', width="content")
        st.button(
            say("files.remove_yes"),
            key=element_key("remove-yes", document.doc_id),
            type="primary",
            on_click=_publish,
            args=(client, [], [document.doc_id]),
        )
        st.button(say("files.remove_no"), key=element_key("remove-no", document.doc_id), on_click=st.session_state.pop, args=(asked, None))


def _draw_generation(client: OfficerClient, generation: GenerationOut) -> None:
    with st.container(border=True):
        mark = f'<span class="badge good">{escape(say("generations.current"))}</span>' if generation.current else ""
        by = say("generations.by", author=generation.author) if generation.author else say("generations.by_command")
        counts = say("generations.counts", documents=generation.documents, passages=generation.passages)
        st.html(
            f'<div data-hook="generation"><div class="badges"><span class="title">{escape(moment(generation.built))}</span>{mark}</div>'
            f'<p class="small">{escape(by)} · {escape(counts)} · {escape(generation.generation)}</p></div>'
        )
        if not generation.current:
            done = say("generations.back_done", when=moment(generation.built))
            st.button(
                say("generations.back"),
                key=element_key("back", generation.generation),
                icon=":material/history:",
                on_click=attempting(lambda: client.roll_back(generation.generation), done),
            )
