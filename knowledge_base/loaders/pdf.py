"""PDF: the text layer as paragraphs, without running headers and footers."""

from __future__ import annotations

import logging
import re
import statistics
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.errors import LoadError
from knowledge_base.loaders.loaded import LoadedText, one_line, tidy

_PDFIUM = threading.Lock()  # PDFium is not thread-safe

_SCANNED = "这是扫描件，没有文字层，读不出文字。请先用 OCR 软件识别成可复制的文字（或找到原始的 Word 文件），再导入"
_GARBLED = "PDF 的文字层是乱码（字体没有附带文字对照表），复制出来也读不懂。请找原始的 Word 文件，或用 OCR 识别后再导入"
_LEAST_CHARACTERS = 10  # a page; fewer next to pictures are stamps and page numbers of a scan
_EDGE_LINES = 2  # lines at the top and bottom of a page that may be running headers and footers
_LONGEST_FURNITURE = 60
_PAGE_NUMBER = re.compile(
    r"(?i)(?:第\s*)?[-—–·\s]*\d{1,4}[-—–·\s]*(?:页|/\s*\d{1,4})?(?:[，,\s]*共\s*\d{1,4}\s*页)?|page\s*\d+(?:\s*of\s*\d+)?"
)
_LATIN_BEGUN = re.compile(r"[a-z]")
_LATIN_OPEN = re.compile(r"[A-Za-z,]$")
_OPENS_PARAGRAPH = re.compile(
    r"第[零〇一二两三四五六七八九十百千\d]+[编章节条款][\s　【]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|"
    r"\d{1,2}[.、．)）](?!\d)|\d{4}年\d{1,2}月\d{1,2}日[\s　]|[•●■◆▪➢◇○*]|[-–—]\s|#{1,6}\s|附[件录表]|　　"
)
_CLOSING_MARK = tuple("，。、；：！？）》”’〉】」』,.;:!?)")
_SENTENCE_END = tuple("。！？；：.!?:;")
_SOFT_HYPHEN = "\xad"  # marks a hyphenated word until its lines are joined
_SOFT_BREAK = _SOFT_HYPHEN + "\n"
_FULL_EM = 1.6  # a line that ends this close to the column's edge is full: its paragraph goes on
_HEADING_GROWTH = 1.15  # times the size of body text
_LONGEST_HEADING = 60
_HYPHENS = (0x02, 0xFFFE)  # PDFium's character for a hyphen at the end of a line, instead of the line break


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on the page; lengths in points."""

    text: str
    left: float
    right: float
    size: float
    hyphenated: bool = False
    """Whether its last word continues on the next line."""


def load_pdf(data: bytes, name: str) -> LoadedText:
    """The text layer of a PDF; lines of a paragraph are joined, larger text becomes a heading.

    Raises:
        LoadError: a password is needed, there is no text layer (a scan), its characters are garbled, or the file is broken.
    """
    pages, pictures = _read_pages(data)
    characters = sum(len(line.text.strip()) for page in pages for line in page)
    if not characters or (pictures and characters < _LEAST_CHARACTERS * len(pages)):
        raise LoadError(_SCANNED)
    if sum(_is_odd(c) for page in pages for line in page for c in line.text) > 0.3 * characters:
        raise LoadError(_GARBLED)
    if empty := [str(number) for number, page in enumerate(pages, 1) if not page]:
        logging.getLogger(__name__).warning("%s: no text on page %s", name, ", ".join(empty))
    lines = _without_furniture(pages)
    return LoadedText(tidy("\n\n".join(_paragraphs(lines))))


def _is_odd(character: str) -> bool:
    """Whether a character is private, unknown or a control: what a font without a table of characters gives."""
    return "\ue000" <= character <= "\uf8ff" or character == "\ufffd" or character < " "


def _read_pages(data: bytes) -> tuple[list[list[_Line]], bool]:
    """The lines of every page, and whether any page has a picture."""
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            file = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as exc:
            if getattr(exc, "err_code", None) == pdfium.raw.FPDF_ERR_PASSWORD:
                raise LoadError("PDF 加了打开密码（已加密），读不出内容。请去掉密码、另存后再导入") from exc
            raise LoadError("PDF 已损坏，打不开。请重新下载，或用 WPS、浏览器另存为新的 PDF 后再导入") from exc
        try:
            pages, pictures = [], False
            for page in file:
                pages.append(_read_lines(page.get_textpage()))
                pictures = pictures or any(True for _ in page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_IMAGE,)))
            return pages, pictures
        except pdfium.PdfiumError as exc:
            raise LoadError("PDF 有损坏的页面，读不完整。请用 WPS 或浏览器另存为新的 PDF 后再导入") from exc
        finally:
            file.close()


def _read_lines(textpage: Any) -> list[_Line]:
    from pypdfium2 import raw

    lines: list[_Line] = []
    units: list[int] = []  # UTF-16 code units or code points of the current line
    places: list[int] = []  # indices of its printed characters

    def close(*, hyphenated: bool = False) -> None:
        text = "".join(map(chr, units)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if text.strip() and places:
            first, last = textpage.get_charbox(places[0], loose=True), textpage.get_charbox(places[-1], loose=True)
            lines.append(_Line(text.rstrip(), first[0], last[2], statistics.median((first[3] - first[1], last[3] - last[1])), hyphenated))
        units.clear()
        places.clear()

    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code in (10, 13):
            close()
        elif code in _HYPHENS:
            close(hyphenated=True)
        elif code:
            units.append(code)
            if code > 32 and not 0xDC00 <= code < 0xE000:
                places.append(index)
    close()
    return lines


def _without_furniture(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """All lines in order, without page numbers and lines that repeat at the same edge of most pages."""
    seen: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        seen.update({(head, _shape(line)) for head, line in _edges(page)})
    often = max(2, 0.5 * len(pages))
    kept: list[_Line] = []
    for page in pages:
        furniture = {
            id(line)
            for head, line in _edges(page)
            if len(line.text) <= _LONGEST_FURNITURE and len(pages) > 1 and seen[head, _shape(line)] >= often
        }
        furniture |= {id(line) for line in (*page[:1], *page[-1:]) if _PAGE_NUMBER.fullmatch(line.text.strip())}
        kept += [line for line in page if id(line) not in furniture]
    return kept


def _edges(page: Sequence[_Line]) -> Iterable[tuple[bool, _Line]]:
    yield from ((True, line) for line in page[:_EDGE_LINES])
    yield from ((False, line) for line in page[max(_EDGE_LINES, len(page) - _EDGE_LINES) :])


def _shape(line: _Line) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", line.text))


def _paragraphs(lines: Sequence[_Line]) -> list[str]:
    if not lines:
        return []
    levels = _levels(lines)
    longest = max(len(line.text) for line in lines)
    paragraphs: list[tuple[int, list[str]]] = []  # heading level (0 for body text) and lines
    before: _Line | None = None
    for line in lines:
        text = line.text.strip() + (_SOFT_HYPHEN if line.hyphenated else "")
        level = levels.get(round(line.size), 0) if len(text) <= _LONGEST_HEADING else 0
        if before is not None and paragraphs[-1][0] == level and _goes_on(before, line, lines, longest, heading=level > 0):
            paragraphs[-1][1].append(text)
        else:
            paragraphs.append((level, [text]))
        before = line
    written = [(level, one_line("\n".join(parts).replace(_SOFT_BREAK, ""))) for level, parts in paragraphs]
    return [f"{'#' * level} {text}" if level and not text.startswith("#") else text for level, text in written]


def _levels(lines: Sequence[_Line]) -> Mapping[int, int]:
    """Heading level, 1 to 3, by the size of letters; the size of most letters and smaller ones have none."""
    body = statistics.median(line.size for line in lines for _ in range(len(line.text)))
    sizes = sorted({round(line.size) for line in lines if line.size > body * _HEADING_GROWTH}, reverse=True)
    return {size: min(place, 3) for place, size in enumerate(sizes, 1)}


def _goes_on(before: _Line, line: _Line, lines: Sequence[_Line], longest: int, *, heading: bool) -> bool:
    """Whether a line continues the paragraph of the line before it."""
    text, ended = line.text.strip(), before.text.rstrip()
    if before.hyphenated or text.startswith(_CLOSING_MARK) or (_LATIN_BEGUN.match(text) and _LATIN_OPEN.search(ended)):
        return True
    if _OPENS_PARAGRAPH.match(line.text) or before.text.lstrip().startswith("#"):
        return False
    if heading:
        return not ended.endswith(_SENTENCE_END)
    column = max(other.right for other in lines if abs(other.left - before.left) < 4 * before.size)
    full = column - before.right <= _FULL_EM * before.size or len(ended) >= longest - 1
    indented = line.left > before.left + 1.5 * line.size
    return full and not (indented and ended.endswith(_SENTENCE_END))
