"""Texts of the API as HTML that cannot run: everything is escaped, links and images in a text stay plain characters.

Pure functions; what they return goes to ``st.html``, which sanitises once more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from ui.wording import say

_START, _END = "\ue000", "\ue001"
"""Private-use characters that stand for the ends of a quote while Markdown is read."""

COMPARABLE_FROM = 0.4
"""Likeness from which marking single differences helps more than it disturbs."""

_SWITCHED_OFF = ["image", "link", "autolink", "html_inline", "html_block", "reference", "code", "entity", "lheading", "hr", "backticks"]
_LINE_OPENING = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+|>[ \t]?|\|[ \t]*)*")
_BASIS = re.compile(r"\n+\*\*依据\*\*(?:\n+(?:\[[^\n]*(?:\n+|$))*)?(?=\n|$|[^\[\n])")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKDOWN_PUNCTUATION = re.compile(r"([\\`*_\[\]#!|<>~$:&])")


def answer_html(text: str, opens: Mapping[str, str] | None = None) -> str:
    """An answer's text. A marker that ``opens`` names becomes a button that stands for the element with that key."""
    named = opens or {}

    def draw(piece: str) -> str:
        return _MARKER.sub(lambda found: _marker_html(found, named.get(found.group(1))), escape(piece))

    return _render(text, draw)


def without_markers(text: str) -> str:
    """An answer's text as it is read aloud: no markers, no signs of Markdown."""
    return re.sub(r"[*#|]+|^\s*[-]\s+", " ", _MARKER.sub("", text), flags=re.MULTILINE).strip()


def without_basis(text: str) -> str:
    """An answer's text, whole or as far as it has come, without its list of sources (依据): they stand beside it on the screen."""
    return _BASIS.sub("\n\n", text, count=1)


def passage_html(text: str, quote: tuple[int, int] | None = None) -> str:
    """A passage's text; code points [start, end) of it, half-open, stand in ``<mark>``.

    A range outside the text marks nothing.
    """
    clean = text.replace(_START, " ").replace(_END, " ")
    if quote is None or not 0 <= quote[0] < quote[1] <= len(clean):
        return _render(clean, escape)
    start, end = _inside_lines(clean, *quote)
    before, quoted, after = clean[:start], clean[start:end], clean[end:]
    pen = _MarkingPen()
    html = _render(before + _START + quoted + _END + after, pen.draw)
    if pen.marked:
        return html
    return f'<p class="plain">{escape(before)}<mark>{escape(quoted)}</mark>{escape(after)}</p>'


def beginning(text: str, most: int = 160) -> str:
    """The first lines of a passage, whole, up to about ``most`` characters; at least one, so that lists and tables stay what they are."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and sum(map(len, lines)) + len(line) > most:
            return "\n".join([*lines, "……"]) if not lines[-1].startswith("|") else "\n".join(lines)
        lines.append(line)
    return "\n".join(lines)


def quote_range(text: str, quote: str, start: int, end: int) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``: at [start, end) when it does, else at its first occurrence, else None."""
    if quote and text[start:end] == quote:
        return start, end
    found = text.find(quote) if quote else -1
    return (found, found + len(quote)) if found >= 0 else None


def changes_html(text: str, other: str) -> str:
    """A text line by line; what ``other`` says differently or not at all stands in ``<mark>``. Little in common marks nothing."""
    mine, theirs = _lines_without_marks(text), _lines_without_marks(other)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    if matcher.ratio() < COMPARABLE_FROM:
        return paragraph_html(mine)
    drawn = []
    for kind, _, _, start, end in matcher.get_opcodes():
        piece = escape(mine[start:end])
        drawn.append(piece if kind == "equal" or not piece.strip() else f"<mark>{piece}</mark>")
    return f'<p class="plain">{"".join(drawn)}</p>'


def _lines_without_marks(text: str) -> str:
    return "\n".join(line.lstrip("-#* ").replace("**", "") for line in text.splitlines() if line.strip())


def paragraph_html(text: str) -> str:
    """Plain text with its line breaks and nothing else."""
    return f'<p class="plain">{escape(text)}</p>'


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Names and values as a list; pairs without a value are left out."""
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts if value)
    return f'<dl class="facts">{rows}</dl>' if rows else ""


def web_address(url: str) -> str:
    """``url`` when it is an ordinary web address, else ""."""
    return url if re.match(r"https?://[^\s]+$", url, re.IGNORECASE) else ""


def dialled(number: str) -> str:
    """The first telephone number in ``number`` as a dialler wants it; "" when there is none."""
    found = re.search(r"\+?\d[\d\- ]{1,}\d", number)
    return re.sub(r"[^\d+]", "", found.group()) if found else ""


def literal(text: str) -> str:
    """``text`` for a Streamlit label, which would otherwise read it as Markdown."""
    return _MARKDOWN_PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def element_key(*parts: object) -> str:
    """A widget key that is also a CSS class: letters, digits and hyphens only."""
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(str(part) for part in parts))


class _MarkingPen:
    """Draws pieces of text in order, those between the two quote characters in ``<mark>``, across blocks and cells."""

    def __init__(self) -> None:
        self._marking = False
        self.marked = False
        """Whether anything was drawn between the two ends."""

    def draw(self, piece: str) -> str:
        drawn: list[str] = []
        for part in re.split(f"([{_START}{_END}])", piece):
            if part == _START:
                self._marking = True
            elif part == _END:
                self._marking = False
            elif part:
                self.marked = self.marked or self._marking
                drawn.append(f"<mark>{escape(part)}</mark>" if self._marking else escape(part))
        return "".join(drawn)


def _inside_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the list, heading or table characters at its ends: Markdown must see those at their place."""
    opening = _LINE_OPENING.match(text, text.rfind("\n", 0, start) + 1)
    inner_start = max(start, opening.end()) if opening else start
    inner_end = len(text[:end].rstrip(" \t\n|"))
    return (inner_start, inner_end) if inner_start < inner_end else (start, end)


def _marker_html(found: re.Match[str], key: str | None) -> str:
    if key is None:
        return f'<sup class="marker">{found.group()}</sup>'
    marker = found.group()
    label = escape(say("answer.open_marker", marker=marker))
    return f'<button type="button" class="marker" aria-label="{label}" data-opens="{escape(key)}">{marker}</button>'


def _render(text: str, draw: Callable[[str], str]) -> str:
    rendered: str = _markdown().render(text, {"draw": draw})
    return rendered


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(_SWITCHED_OFF)
    markdown.add_render_rule("text", _draw_text)
    return markdown


def _draw_text(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    drawn: str = env["draw"](tokens[index].content)
    return drawn
