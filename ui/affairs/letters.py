"""「写材料」: fill in, look at it, take it along. What is filled in stays in this tab and is gone when it is closed."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.tool_schemas import LetterFormat, LetterOut, LetterPreview, ParagraphOut
from ui.affairs.client import affairs_client
from ui.affairs.forms import draw_inputs
from ui.affairs.pick import pick
from ui.affairs.results import draw_sources, numbers_html
from ui.browser_actions import action_html, actions_html
from ui.client import ClientError
from ui.components import show_error
from ui.markup import element_key, literal
from ui.wording import say, word_for

_MIME = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}
_FORMATS: tuple[LetterFormat, ...] = ("docx", "pdf")


def draw_letters() -> None:
    """Draw the forms, then the chosen one's fields, preview and files."""
    try:
        letters = affairs_client().letters().items
    except ClientError as exc:
        show_error(exc, key="letters-retry")
        return
    chosen = pick(letters, "letter")
    if chosen is not None:
        _draw_form(chosen)


def _draw_form(letter: LetterOut) -> None:
    st.html(f'<p class="lead">{escape(letter.about)}</p><p class="small">{escape(say("affairs.kept_here"))}</p>')
    fields = {name: str(value) for name, value in draw_inputs(letter.inputs, letter.name).items()}
    key = element_key("preview", letter.name)
    if st.button(say("affairs.preview"), key=key, type="primary", width="stretch"):
        st.session_state[f"{key}-asked"] = True
    if not st.session_state.get(f"{key}-asked"):
        return
    try:
        preview = affairs_client().preview(letter.name, fields)
    except ClientError as exc:
        st.error(literal(str(exc)))
        return
    _draw_preview(preview)
    _draw_files(letter, fields)
    draw_sources(preview.sources, f"letter-{letter.name}")


def _draw_preview(preview: LetterPreview) -> None:
    if preview.empty:
        st.warning(literal(say("affairs.empty", fields="、".join(field.label.split("（")[0] for field in preview.empty))))
    body = "".join(_paragraph_html(paragraph) for paragraph in preview.paragraphs if paragraph.style != "note")
    st.html(f'<div class="letter" data-hook="letter">{body}</div>')
    notes = [paragraph for paragraph in preview.paragraphs if paragraph.style == "note"]
    items = "".join(f"<li>{escape(note.text)}{numbers_html(note.sources)}</li>" for note in notes)
    items += "".join(f"<li>{escape(line)}</li>" for line in preview.whom)
    st.html(f'<p class="part">{escape(say("affairs.before"))}</p><ul class="lines">{items}</ul>')


def _paragraph_html(paragraph: ParagraphOut) -> str:
    return f'<p class="letter-{paragraph.style}">{escape(paragraph.text)}{numbers_html(paragraph.sources)}</p>'


def _draw_files(letter: LetterOut, fields: dict[str, str]) -> None:
    with st.container(horizontal=True):
        for kind in _FORMATS:
            try:
                data = affairs_client().letter_file(letter.name, fields, kind)
            except ClientError as exc:
                st.info(literal(str(exc)))
                continue
            label, key = word_for("letter_file", kind), element_key("file", letter.name, kind)
            st.download_button(label, data, file_name=f"{letter.title}.{kind}", mime=_MIME[kind], key=key, icon=":material/download:")
    st.html(actions_html(action_html("print", say("affairs.print"))))
