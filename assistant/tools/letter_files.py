"""A letter as a Word or PDF file, set to be printed on one page or two.

LetterFileError     a file that cannot be made; the message says what to do
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistant.errors import AssistantError
from assistant.fonts import find_chinese_font
from assistant.tools.letters import Paragraph, Written

WORD_FONT = "宋体"
"""Named, not embedded: every Chinese Word and WPS has it; LibreOffice takes another Chinese font."""

_SIZES = {"title": 18, "heading": 13, "line": 12, "item": 12, "right": 12, "note": 10}
_INDENTS = {"line": 24, "item": 24}
_MARGIN_CM = 2.5


class LetterFileError(AssistantError):
    """A file of a letter cannot be made; the message says what to do."""


def printed(written: Written) -> Sequence[Paragraph]:
    """The paragraphs of a letter that are printed: all but the notes, which are for the writer."""
    return [paragraph for paragraph in written.paragraphs if paragraph.style != "note"]


def word_letter(written: Written, no_font: str) -> bytes:
    """The letter as DOCX."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    style = file.styles["Normal"]
    style.font.name = WORD_FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(script), WORD_FONT)
    file.core_properties.title, file.core_properties.author = written.letter.title, ""
    for paragraph in printed(written):
        _add(file, paragraph)
    data = io.BytesIO()
    file.save(data)
    return data.getvalue()


def _add(file: docx.document.Document, paragraph: Paragraph) -> None:
    added = file.add_paragraph()
    run = added.add_run(paragraph.text)
    run.font.size = Pt(_SIZES[paragraph.style])
    run.bold = paragraph.style in ("title", "heading")
    layout = added.paragraph_format
    layout.space_after, layout.line_spacing = Pt(6 if paragraph.style == "title" else 2), 1.4
    layout.first_line_indent = Pt(_INDENTS.get(paragraph.style, 0))
    if paragraph.style in ("title", "right"):
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER if paragraph.style == "title" else WD_ALIGN_PARAGRAPH.RIGHT


def pdf_letter(written: Written, no_font: str) -> bytes:
    """The letter as PDF, its font embedded.

    Raises:
        LetterFileError: this machine has no font with Chinese characters; the message is ``no_font``.
    """
    from fpdf import FPDF  # takes half a second to import
    from fpdf.enums import WrapMode

    font = find_chinese_font()
    if font is None:
        raise LetterFileError(no_font)
    file = FPDF(format="A4")
    file.set_title(written.letter.title)
    file.set_margin(_MARGIN_CM * 10)
    file.set_auto_page_break(True, _MARGIN_CM * 10)
    file.add_font("chinese", fname=font.path, collection_font_number=font.face)
    file.add_page()
    aligned = {"title": "C", "right": "R"}
    for paragraph in printed(written):
        size = _SIZES[paragraph.style]
        file.set_font("chinese", size=size)
        file.ln(3 if paragraph.style == "heading" else 1)
        indent = "　　" if paragraph.style in _INDENTS else ""
        align = aligned.get(paragraph.style, "L")
        file.multi_cell(0, size * 0.55, indent + paragraph.text, align=align, new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR)
    return bytes(file.output())


FORMATS: Mapping[str, tuple[Callable[[Written, str], bytes], str]] = {
    "docx": (word_letter, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_letter, "application/pdf"),
}
"""Writer and media type by format."""
