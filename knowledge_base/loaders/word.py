"""DOCX: paragraphs, headings by style, automatic numbers and tables in the order of the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from knowledge_base.errors import LoadError
from knowledge_base.loaders.loaded import LoadedText, Table, one_line, tidy, write_table
from knowledge_base.text.clauses import to_chinese

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.table import Table as WordTable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_SHOWN = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}instrText", _FALLBACK})
_HEADING_STYLE = re.compile(r"(?i)(?:heading|标题)\s*([1-9])")
_TITLE_STYLES = frozenset({"title", "标题", "文档标题"})
_LEVEL_PLACE = re.compile(r"%([1-9])")
_DEEPEST_HEADING = 6


def load_docx(data: bytes, name: str) -> LoadedText:
    """The body of a Word file: headers, footers, deleted and hidden text are left out, inserted text is in."""
    import docx

    try:
        file = docx.Document(io.BytesIO(data))
        reader = _Reader(file)
    except Exception as exc:  # python-docx raises anything from KeyError to XMLSyntaxError on a broken file
        raise LoadError(f"Word 文件已损坏，打不开（{type(exc).__name__}）。请用 Word 或 WPS 重新另存为 docx 后再导入") from exc
    return LoadedText(tidy("\n\n".join(reader.blocks(file.element.body))))


class _Reader:
    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._styles = {style.style_id: style for style in file.styles}
        self._numbering = _Numbering(file)
        self._has_title = any(self._style_level(p) == 0 for p in file.element.body.iterchildren(f"{_W}p"))

    def blocks(self, container: Any) -> Iterator[str]:
        """Paragraphs and tables below an element, as Markdown."""
        from docx.table import Table as WordTable

        for child in container.iterchildren():
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(WordTable(child, self._file), child)
            elif child.tag == f"{_W}sdt" and not _is_contents_table(child):
                yield from self.blocks(child.find(f"{_W}sdtContent"))
            elif child.tag in (f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        text = "\n".join(line for part in _text_of(paragraph).split("\n") if (line := one_line(part)))
        if text:
            level = self._style_level(paragraph)
            number = self._numbering.next_label(paragraph, self._style_chain(paragraph))
            if level is None:
                yield number + text
            else:
                marks = "#" * min(level + (1 if self._has_title else 0) if level else 1, _DEEPEST_HEADING)
                yield f"{marks} {number if not number.startswith('-') else ''}{one_line(text)}"
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box)

    def _table(self, table: WordTable, element: Any) -> Iterator[str]:
        rows = [[one_line(_cell_text(cell._tc)) for cell in row.cells] for row in table.rows]
        if max(map(len, rows), default=0) > 1:
            if written := write_table(Table(rows)):
                yield written
            return
        for cell in element.iter(f"{_W}tc"):  # one column: a frame around text
            if next(cell.iterancestors(f"{_W}tbl")) is element:
                yield from self.blocks(cell)

    def _style_chain(self, paragraph: Any) -> list[Any]:
        named = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(named.get(f"{_W}val")) if named is not None else None
        chain: list[Any] = []
        while style is not None and style not in chain:
            chain.append(style)
            style = getattr(style, "base_style", None)
        return chain

    def _style_level(self, paragraph: Any) -> int | None:
        """0 for a document title, 1–9 for headings, None for running text."""
        properties = paragraph.find(f"{_W}pPr")
        if (level := _outline_level(properties)) is not None:
            return level
        for style in self._style_chain(paragraph):
            name = (style.name or "").strip()
            if name.lower() in _TITLE_STYLES:
                return 0
            if match := _HEADING_STYLE.fullmatch(name):
                return int(match.group(1))
            if (level := _outline_level(style.element.find(f"{_W}pPr"))) is not None:
                return level
        return None


class _Numbering:
    """The numbers that Word writes before paragraphs of automatic lists (第%1条, %1.%2); they stand in no run of text."""

    def __init__(self, file: WordFile) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # (list, level) -> format, text, start
        self._lists: dict[str, str] = {}  # numId -> abstractNumId
        self._counts: dict[tuple[str, int], int] = {}
        try:
            root = file.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a file without lists
            return
        for abstract in root.iterchildren(f"{_W}abstractNum"):
            for level in abstract.iterchildren(f"{_W}lvl"):
                key = (abstract.get(f"{_W}abstractNumId"), _integer(level.get(f"{_W}ilvl")))
                self._levels[key] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _integer(_value(level, "start") or "1"),
                )
        for number in root.iterchildren(f"{_W}num"):
            self._lists[number.get(f"{_W}numId")] = _value(number, "abstractNumId") or ""

    def next_label(self, paragraph: Any, styles: list[Any]) -> str:
        """The label of a paragraph, with the space that follows it; "" for one that is not numbered."""
        number_id, level = None, None
        for properties in [paragraph.find(f"{_W}pPr"), *(style.element.find(f"{_W}pPr") for style in styles)]:
            numbering = properties.find(f"{_W}numPr") if properties is not None else None
            if numbering is not None:
                number_id = number_id or _value(numbering, "numId")
                level = level or _value(numbering, "ilvl")
        key = (self._lists.get(number_id or "", ""), _integer(level or "0"))
        if number_id in (None, "0") or key not in self._levels:
            return ""
        shape, pattern, start = self._levels[key]
        self._counts[key] = self._counts.get(key, start - 1) + 1
        for deeper in range(key[1] + 1, 9):
            self._counts.pop((key[0], deeper), None)
        if shape in ("bullet", "none"):
            return "- " if shape == "bullet" else ""
        label = _LEVEL_PLACE.sub(lambda place: self._number(key[0], int(place.group(1)) - 1), pattern)
        return f"{label} " if label else ""

    def _number(self, list_id: str, level: int) -> str:
        shape, _, start = self._levels.get((list_id, level), ("decimal", "", 1))
        return _written(self._counts.get((list_id, level), start), shape)


def _written(number: int, shape: str) -> str:
    lowered = shape.lower()
    if number > 0 and ("chinese" in lowered or "japanese" in lowered or "ideograph" in lowered):
        return to_chinese(number)
    if lowered.endswith("letter") and 0 < number <= 26:
        return chr((ord("a") if shape.startswith("lower") else ord("A")) + number - 1)
    if lowered.endswith("roman") and 0 < number < 40:
        roman = "X" * (number // 10) + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][number % 10]
        return roman.lower() if shape.startswith("lower") else roman
    if lowered.startswith("decimalenclosedcircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _text_of(element: Any) -> str:
    """Text of a paragraph's runs in order; text boxes are blocks of their own."""
    parts: list[str] = []
    for child in element.iterchildren():
        tag = child.tag
        if tag in _NOT_SHOWN or tag == f"{_W}txbxContent" or (tag == f"{_W}r" and _is_hidden(child)):
            continue
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag == f"{_W}tab":
            parts.append("\t")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{_W}cr" or (tag == f"{_W}br" and child.get(f"{_W}type") in (None, "textWrapping")):
            parts.append("\n")
        else:
            parts.append(_text_of(child))
    return "".join(parts)


def _cell_text(cell: Any) -> str:
    return "\n".join(text for p in cell.iter(f"{_W}p") if (text := " ".join(_text_of(p).split())))


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false")


def _is_contents_table(block: Any) -> bool:
    gallery = block.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
    return block.find(f"{_W}sdtContent") is None or (gallery is not None and gallery.get(f"{_W}val") == "Table of Contents")


def _outline_level(properties: Any) -> int | None:
    value = _value(properties, "outlineLvl") if properties is not None else None
    return _integer(value) + 1 if value is not None and _integer(value) < 9 else None  # 9 is running text


def _value(element: Any, tag: str) -> str | None:
    child = element.find(f"{_W}{tag}")
    return None if child is None else child.get(f"{_W}val")


def _integer(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
