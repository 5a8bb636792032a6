"""The documents that the reader put aside, and the brief made of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import get_args

import streamlit as st

from ui.browser_memory import forget, remember, remembered
from ui.client import BriefFormat, ClientError
from ui.clock import today
from ui.components import DOCUMENT_PARAMETER, named
from ui.connection import current_client
from ui.markup import element_key, literal
from ui.wording import say, word_for


def draw_save_button(slug: str, title: str) -> None:
    """A button that puts a document aside or takes it back."""
    saved = slug in remembered("saved")
    st.button(
        say("saved.remove" if saved else "saved.save"),
        key=element_key("save", slug),
        icon=":material/bookmark_remove:" if saved else ":material/bookmark_add:",
        on_click=forget if saved else remember,
        args=("saved", slug) if saved else ("saved", slug, title[:200]),
    )


def draw_saved() -> None:
    """What was put aside, with buttons to open, take back and export; nothing while there is nothing."""
    saved = dict(remembered("saved"))
    if not saved:
        return
    with st.expander(say("saved.title", count=len(saved)), key="saved", icon=":material/bookmarks:"):
        for slug, title in saved.items():
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(literal(named(title)), key=element_key("open-saved", slug), on_click=_open, args=(slug,), type="tertiary")
                st.button(
                    say("saved.remove"),
                    key=element_key("unsave", slug),
                    icon=":material/close:",
                    on_click=forget,
                    args=("saved", slug),
                    type="tertiary",
                )
        draw_export_button(list(saved), "export-saved")


def draw_export_button(slugs: Sequence[str], key: str) -> None:
    """A button that makes a brief of documents and offers it as Word and as PDF."""
    if st.button(say("saved.export"), key=key, icon=":material/ios_share:"):
        st.dialog(say("saved.export"))(_draw_files)(slugs)


def _draw_files(slugs: Sequence[str]) -> None:
    st.html(f'<p class="small">{escape(say("saved.export_note", count=len(slugs)))}</p>')
    day = today().isoformat()
    for format in get_args(BriefFormat):
        name = word_for("brief_format", format)
        try:
            data = current_client().brief(slugs, format)
        except ClientError as exc:
            st.warning(literal(f"{name}：{exc}"))
            continue
        st.download_button(
            say("saved.download", format=name),
            data,
            file_name=f"{say('saved.file_name')}-{day}.{format}",
            key=element_key("download", format),
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )


def _open(slug: str) -> None:
    st.query_params.from_dict({DOCUMENT_PARAMETER: slug})
