"""PPTX: for each slide a heading, its text in reading order, its tables and the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from knowledge_base.errors import LoadError
from knowledge_base.loaders.loaded import LoadedText, Table, one_line, tidy, write_table

if TYPE_CHECKING:
    from pptx.slide import Slide


def load_pptx(data: bytes, name: str) -> LoadedText:
    """Text of the visible slides, without slide numbers, dates and footers."""
    from pptx import Presentation

    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except Exception as exc:  # python-pptx raises anything from KeyError to XMLSyntaxError on a broken file
        raise LoadError(f"PPT 文件已损坏，打不开（{type(exc).__name__}）。请用 PowerPoint 或 WPS 重新另存为 pptx 后再导入") from exc
    shown = [slide for slide in slides if slide.element.get("show") not in ("0", "false")]
    return LoadedText(tidy("\n\n".join(block for i, slide in enumerate(shown) for block in _blocks(slide, "#" if i == 0 else "##"))))


def _blocks(slide: Slide, marks: str) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and (text := one_line(title.text_frame.text)):
        yield f"{marks} {text}"
    yield from _shape_blocks(slide.shapes, title)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and (notes := _lines(frame)):
        yield notes if notes.startswith("备注") else f"备注：{notes}"


def _shape_blocks(shapes: Iterable[Any], title: Any) -> Iterator[str]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    furniture = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
    for shape in sorted(shapes, key=lambda s: (s.top or 0, s.left or 0)):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.is_placeholder and shape.placeholder_format.type in furniture:
            continue
        if hasattr(shape, "shapes"):  # a group
            yield from _shape_blocks(shape.shapes, None)
        elif getattr(shape, "has_table", False):
            yield write_table(Table(_filled_rows(shape.table)))
        elif shape.has_text_frame and (text := _lines(shape.text_frame)):
            yield text


def _filled_rows(table: Any) -> list[list[str]]:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for below in rows[y : y + cell.span_height]:
                    below[x : x + cell.span_width] = [cell.text] * cell.span_width
    return rows


def _lines(frame: Any) -> str:
    return "\n".join(line for p in frame.paragraphs for part in p.text.split("\v") if (line := one_line(part)))
