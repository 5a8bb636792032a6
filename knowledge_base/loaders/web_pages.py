"""HTML: the visible text of a page with headings, lists and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge_base.loaders.encodings import decode
from knowledge_base.loaders.loaded import LoadedText, Table, one_line, tidy, write_table

if TYPE_CHECKING:
    from bs4 import Tag

_DECLARED = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""")
_PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")
_UNSEEN = (
    *("script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "canvas"),
    *("nav", "footer", "button", "select", "option", "textarea", "input", "rt", "rp"),
)
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_SITE_NAME = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|(?<=[\u4e00-\u9fff])-+(?=[\u4e00-\u9fff])")
_BREAK = "\v"  # replaces <br> until white space is folded
_LARGEST_SPAN = 1000


def load_html(data: bytes, name: str) -> LoadedText:
    """The visible text of a page; its title is the <title> without the site's name."""
    from bs4 import BeautifulSoup

    declared = _DECLARED.search(data[:2048])
    markup = _PROLOG.sub("", decode(data, declared.group(1).decode("ascii") if declared else None), count=1)
    if "<" not in markup:
        return LoadedText(tidy(markup))
    soup = BeautifulSoup(markup, "lxml")
    title = one_line(soup.title.get_text()) if soup.title else ""
    _remove_unseen(soup)
    writer = _PageWriter()
    writer.walk(soup)
    return LoadedText(tidy(writer.text()), title=_SITE_NAME.split(title)[0])


def _remove_unseen(soup: Tag) -> None:
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        hidden = tag.has_attr("hidden") or str(tag.get("aria-hidden", "")).lower() == "true" or str(tag.get("role", "")) == "navigation"
        unseen = tag.name in _UNSEEN and not (tag.name == "footer" and tag.find_parent(("article", "main", "section")))
        if hidden or unseen or _HIDDEN_STYLE.search(str(tag.get("style", ""))):
            tag.decompose()


class _PageWriter:
    """Collects blocks of text while walking a page; inline text accumulates until a block ends."""

    def __init__(self) -> None:
        self._blocks: list[tuple[str, bool]] = []  # text, and whether it is a list item
        self._inline: list[str] = []
        self._marker = ""  # marker of a list item whose first text has not come yet

    def text(self) -> str:
        self._close()
        parts: list[str] = []
        for index, (block, item) in enumerate(self._blocks):
            if index:
                parts.append("\n" if item and self._blocks[index - 1][1] else "\n\n")
            parts.append(block)
        return "".join(parts)

    def walk(self, node: Tag) -> None:
        from bs4 import Tag
        from bs4.element import PreformattedString

        for child in node.children:
            if isinstance(child, Tag):
                self._add(child)
            elif not isinstance(child, PreformattedString):  # comments, declarations
                self._inline.append(str(child).replace(_BREAK, " "))

    def _add(self, tag: Tag) -> None:
        if tag.name == "br":
            self._inline.append(_BREAK)
        elif tag.name in _HEADINGS:
            self._close()
            if title := one_line(tag.get_text()):
                self._blocks.append((f"{'#' * _HEADINGS[tag.name]} {title}", False))
        elif tag.name == "pre":
            self._close()
            self._blocks.append((tag.get_text().strip("\n"), False))
        elif tag.name == "table" and (table := _read_table(tag)) is not None:
            self._close()
            if written := write_table(table):
                self._blocks.append((written, False))
        elif tag.name == "li":
            self._close()
            self._marker = _marker(tag)
            self.walk(tag)
            self._close()
            self._marker = ""
        elif tag.name in _BLOCKS:
            self._close()
            self.walk(tag)
            self._close()
        else:
            self.walk(tag)

    def _close(self) -> None:
        lines = [line for part in "".join(self._inline).split(_BREAK) if (line := one_line(part))]
        self._inline.clear()
        if lines:
            self._blocks.append((self._marker + "\n".join(lines), bool(self._marker)))
            self._marker = ""


def _marker(item: Tag) -> str:
    parent = item.parent
    if parent is None or parent.name != "ol":
        return "- "
    return f"{1 + len(item.find_previous_siblings('li'))}. "


def _read_table(tag: Tag) -> Table | None:
    """A table's cells with spans filled in; None for a layout table."""
    if tag.find("table") or tag.find(list(_HEADINGS)):
        return None
    grid: dict[tuple[int, int], str] = {}
    for y, row in enumerate(tag.find_all("tr")):
        x = 0
        for cell in row.find_all(("td", "th"), recursive=False):
            while (y, x) in grid:
                x += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            text = one_line(cell.get_text(" ") if cell.find(("p", "br", "div", "li")) else cell.get_text())
            for dy in range(height):
                for dx in range(width):
                    grid[y + dy, x + dx] = text
            x += width
    columns = 1 + max((x for _, x in grid), default=0)
    if columns < 2:
        return None
    last = max(y for y, _ in grid)
    rows = [[grid.get((y, x), "") for x in range(columns)] for y in range(last + 1)]
    return Table(rows, tag.caption.get_text() if tag.caption else "")


def _span(cell: Tag, attribute: str) -> int:
    value = str(cell.get(attribute, "1"))
    return min(max(int(value), 1), _LARGEST_SPAN) if value.isdecimal() and value.isascii() else 1
