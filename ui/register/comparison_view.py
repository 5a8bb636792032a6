"""Two documents side by side, clause by clause; on a phone one under the other."""

from __future__ import annotations

from html import escape

import streamlit as st

from assistant.wire.schemas import ComparisonOut, ComparisonRow, DocumentSummary, PassageOut
from ui.components import badges_html, in_one_line_html, named
from ui.markup import changes_html, paragraph_html
from ui.wording import say

SAME = 99.9
"""Likeness from which two clauses count as the same words."""


def draw_comparison(compared: ComparisonOut) -> None:
    """Draw both heads, then a row for each clause; words that the other side lacks are marked."""
    heads = f"{_head_html(compared.left)}{_head_html(compared.right)}"
    rows = "".join(_row_html(row, compared) for row in compared.rows)
    st.html(
        f'<div class="compare" data-hook="comparison"><div class="compare-row heads">{heads}</div>'
        f'<p class="small">{escape(say("compare.note"))}</p>{rows}<p class="official">{escape(say("passage.official"))}</p></div>'
    )


def _head_html(document: DocumentSummary) -> str:
    return (
        f'<div><h2 class="title">{escape(named(document.title))}</h2>'
        f"{badges_html('', document.status, document.region)}{in_one_line_html(document)}</div>"
    )


def _row_html(row: ComparisonRow, compared: ComparisonOut) -> str:
    if row.left and row.right:
        same = row.likeness >= SAME
        word, looks = (say("compare.same"), "good") if same else (say("compare.changed"), "warn")
    else:
        word, looks = say("compare.one_side"), "coming"
    left = _cell_html(row.left, row.right, compared.left)
    right = _cell_html(row.right, row.left, compared.right)
    return (
        f'<section class="clause" data-hook="comparison-row"><div class="badges"><span class="badge {looks}">{escape(word)}</span></div>'
        f'<div class="compare-row">{left}{right}</div></section>'
    )


def _cell_html(passage: PassageOut | None, other: PassageOut | None, document: DocumentSummary) -> str:
    whose = f'<p class="small whose">{escape(named(document.title))}</p>'
    if passage is None:
        return f'<div>{whose}<p class="small">{escape(say("compare.nothing"))}</p></div>'
    heading = passage.heading_path[-1] if passage.heading_path else ""
    heading = heading if passage.clause in heading else f"{passage.clause} {heading}".strip()
    text = changes_html(passage.text, other.text) if other else paragraph_html(passage.text.lstrip("- "))
    return f'<div>{whose}<h3 class="part">{escape(heading)}</h3><div class="passage">{text}</div></div>'
