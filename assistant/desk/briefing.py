"""A brief of chosen documents as a Word or PDF file, with sources and the day it was made.

BriefError      a brief that cannot be made; the message says what to do
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from assistant.errors import AssistantError
from assistant.fonts import find_chinese_font
from assistant.texts.library import BriefTexts
from knowledge_base.types import Document, Passage, Source, Status

WORD_FONT = "宋体"
"""Named, not embedded: every Chinese Word and WPS has it."""

_BULLET = re.compile(r"^\s*[-*]\s+")
_TABLE_RULE = re.compile(r"^\s*\|[\s:|-]+\|\s*$")


class BriefError(AssistantError):
    """A brief that cannot be made."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a brief."""

    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says, before it becomes a file."""

    title: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    texts: BriefTexts


@dataclass(frozen=True, slots=True)
class Chosen:
    """A document to go into a brief, its standing on the day, and its passages in order."""

    document: Document
    status: Status
    passages: Sequence[Passage]


def write_brief(chosen: Sequence[Chosen], sources: Mapping[str, Source], made: dt.date, texts: BriefTexts) -> Brief:
    """The brief of documents in the given order. Every statement is the knowledge base's own; nothing is added."""
    notes = (texts.made.format(date=made.isoformat(), count=len(chosen)), texts.label, texts.official)
    return Brief(texts.title, notes, tuple(_part(one, sources, texts) for one in chosen), texts)


def word_file(brief: Brief) -> bytes:
    """The brief as DOCX."""
    file = docx.Document()
    style = file.styles["Normal"]
    style.font.name, style.font.size = WORD_FONT, Pt(12)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        fonts = file.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(script), WORD_FONT)
    file.core_properties.title, file.core_properties.author = brief.title, ""
    for style_name, text in _lines(brief):
        file.add_paragraph(_without_controls(text), style=_WORD_STYLES[style_name])
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def pdf_file(brief: Brief) -> bytes:
    """The brief as PDF, its font embedded.

    Raises:
        BriefError: this machine has no font with Chinese characters.
    """
    from fpdf import FPDF  # takes half a second to import, and few readers want a PDF
    from fpdf.enums import WrapMode

    font = find_chinese_font()
    if font is None:
        raise BriefError(brief.texts.no_font)
    file = FPDF(format="A4")
    file.set_title(brief.title)
    file.set_margin(20)
    file.set_auto_page_break(True, 20)
    file.add_font("chinese", fname=font.path, collection_font_number=font.face)
    file.add_page()
    for style_name, text in _lines(brief):
        size, indent, before = _PDF_STYLES[style_name]
        file.set_font("chinese", size=size)
        file.ln(before)
        file.set_x(file.l_margin + indent)
        file.multi_cell(0, size * 0.55, _without_controls(text), align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=WrapMode.CHAR)
    return bytes(file.output())


FORMATS: Mapping[str, tuple[Callable[[Brief], bytes], str]] = {
    "docx": (word_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_file, "application/pdf"),
}
"""Writer and media type by format."""


_WORD_STYLES = {
    "title": "Title",
    "note": "Normal",
    "document": "Heading 1",
    "fact": "Normal",
    "heading": "Heading 2",
    "line": "List Bullet",
    "sources": "Heading 3",
    "source": "List Number",
}
_PDF_STYLES = {
    "title": (20, 0, 0),
    "note": (11, 0, 1),
    "document": (16, 0, 8),
    "fact": (11, 0, 1),
    "heading": (13, 0, 4),
    "line": (11.5, 4, 1),
    "sources": (12, 0, 4),
    "source": (10, 4, 1),
}
"""Size in points, indent and space before in millimetres."""


def _lines(brief: Brief) -> Iterator[tuple[str, str]]:
    yield "title", brief.title
    for note in brief.notes:
        yield "note", note
    heading = brief.texts.sources
    for part in brief.parts:
        yield "document", part.title
        for fact in part.facts:
            yield "fact", fact
        for section in part.sections:
            yield "heading", section.heading
            for line in section.lines:
                yield "line", line
        if part.sources:
            yield "sources", heading
            for source in part.sources:
                yield "source", source


def _part(chosen: Chosen, sources: Mapping[str, Source], texts: BriefTexts) -> Part:
    document = chosen.document
    values = {
        "status": chosen.status.value,
        "issuer": document.issuer,
        "doc_no": document.doc_no,
        "issued": document.issued,
        "effective": document.effective,
        "expires": document.expires,
        "region": document.region,
    }
    facts = tuple(f"{texts.facts[name]}：{value}" for name, value in values.items() if value)
    used = dict.fromkeys(i for passage in chosen.passages for i in passage.source_ids if i in sources)
    return Part(
        f"《{document.title.removeprefix('《').removesuffix('》')}》",
        facts,
        tuple(_section(passage, document) for passage in chosen.passages),
        tuple(dict.fromkeys(_source(sources[i]) for i in used)),
    )


def _section(passage: Passage, document: Document) -> Section:
    nearest = passage.heading_path[-1] if passage.heading_path else ""
    heading = nearest if passage.clause in nearest and nearest else f"{passage.clause} {nearest}".strip() or document.title
    lines = [_plain(line) for line in passage.text.split("\n") if line.strip() and not _TABLE_RULE.match(line)]
    return Section(heading, tuple(line for line in lines if line != heading))


def _plain(line: str) -> str:
    """A line of Markdown without its marks; blanks separate the cells of a table row."""
    if line.lstrip().startswith("|"):
        return "　".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return _BULLET.sub("", line).lstrip("# ").replace("**", "").strip()


def _source(source: Source) -> str:
    return "，".join(part for part in (source.publisher, source.title, source.date, source.url) if part)


def _without_controls(text: str) -> str:
    """``text`` without the control characters that no XML may hold; uploaded files bring them."""
    return "".join(character for character in text if character >= " " or character == "\t")
