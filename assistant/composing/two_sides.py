"""An answer about two things: what the knowledge base says of each, both cited; a side that it says nothing of is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.composing.extract import Composed, Found, compose_extract
from assistant.texts.wording import load_texts, phrase
from assistant.types import Citation
from assistant.understanding.comparison import Contrast, Side
from assistant.understanding.evidence import Read, Wanted, fold
from assistant.understanding.heard_figures import figures_with_units

MOST_LINES = 2
"""Statements quoted of each side."""

MOST_SOURCES_A_SIDE = 2

_MARKER = re.compile(r"\[(\d+)\]$")


@dataclass(frozen=True, slots=True)
class TwoSides:
    """The statements of both sides under their names, what each side cites, and the sides that nothing was found of."""

    composed: Composed
    left: tuple[Citation, ...]
    right: tuple[Citation, ...]
    missing: tuple[str, ...]
    contrast: Contrast
    found: tuple[Found, ...]


def told_together(contrast: Contrast, citations: Sequence[Citation]) -> bool:
    """Whether one source is quoted on both things: in a statement that tells them apart, or in a statement on each.

    Sides that are places are always told one by one.
    """
    if contrast.of_places:
        return False
    left, right = fold(contrast.left.subject), fold(contrast.right.subject)
    for citation in citations:
        said = [fold(s) for s in re.split(r"[。；\n]", citation.quote)]
        both = [s for s in said if left in s and right in s]
        on_each = any(left in s and right not in s for s in said) and any(right in s and left not in s for s in said)
        if on_each or any(_told_apart().search(s) for s in both):
            return True
    return False


def compose_sides(
    contrast: Contrast, find: Callable[[str], Sequence[Found]], read: Callable[[str], Wanted], says: Callable[[str], Sequence[str]]
) -> TwoSides | None:
    """Both sides, each from passages that speak of it; None when neither is found, or both are one and the same statement.

    Args:
        contrast: the two sides.
        find: passages for a query, best first.
        read: what a text wants to be found.
        says: other words that sources use for a text.
    """
    lines: list[str] = []
    cited: list[tuple[Citation, ...]] = []
    statements: list[Read] = []
    found: list[Found] = []
    for side in (contrast.left, contrast.right):
        query = contrast.query(side)
        if contrast.of_places and not contrast.about and statements:
            query = f"{query}{_how(statements[0].whole)}"
        wanted = read(query)
        speaking = [f for f in find(query) if side.of_place(f.document) and _speaks_of(side, f, read, says, contrast.of_places)]
        part = _few(compose_extract([f.asked(wanted) for f in speaking], wanted), sum(len(c) for c in cited))
        cited.append(part.citations)
        found += speaking
        if part.citations:
            lines += [*(("",) if lines else ()), phrase("side", name=side.name), "", *part.lines]
            statements += part.statements
    left, right = cited
    missing = tuple(
        str(load_texts()["missing_kinds"]["words"]).format(words=side.name)
        for side, citations in zip((contrast.left, contrast.right), cited, strict=True)
        if not citations
    )
    if len(missing) == 2 or {_place(c) for c in left} == {_place(c) for c in right}:
        return None
    return TwoSides(Composed(tuple(lines), (*left, *right), tuple(statements)), left, right, missing, contrast, tuple(found))


def _how(statement: str) -> str:
    """How to ask for what a statement measures; "" for one without a figure."""
    measured = next((f.measure for f in figures_with_units(statement)), "")
    return str(load_texts("contrasts")["how"].get(measured, ""))


def _speaks_of(
    side: Side, found: Found, read: Callable[[str], Wanted], says: Callable[[str], Sequence[str]], by_ways_of_asking: bool
) -> bool:
    """Whether a passage names the side, by its own word or the sources', or holds all of its words.

    A rule of a place may call its subject otherwise (延长生育假 for 产假); there the ways of asking count. A thing must be named.
    """
    own = "\n".join((found.document.title, *found.passage.heading_path, found.passage.text))
    whole = fold(found.read.whole if by_ways_of_asking else own)
    if any(fold(word) in whole for word in (side.subject, *says(side.subject))):
        return True
    words = [term.word for term in read(side.subject).terms]
    return len(words) > 1 and all(word in whole for word in words)


@lru_cache(maxsize=1)
def _told_apart() -> re.Pattern[str]:
    return re.compile(load_texts("contrasts")["told_apart"])


def _few(composed: Composed, markers_before: int) -> Composed:
    """The first statements of a side with markers that follow those before."""
    kept = [c.marker for c in composed.citations[:MOST_SOURCES_A_SIDE]]
    lines = [line for line in composed.lines if _marker(line) in kept and _MARKER.sub("", line)][:MOST_LINES]
    used = [c for c in composed.citations if c.marker in {_marker(line) for line in lines}]
    new = {c.marker: number for number, c in enumerate(used, markers_before + 1)}
    renamed = tuple(_MARKER.sub(f"[{new[_marker(line)]}]", line) for line in lines)
    return Composed(renamed, tuple(replace(c, marker=new[c.marker]) for c in used), composed.statements[: len(lines)])


def _marker(line: str) -> int:
    """The marker at the end of a line; 0 where there is none."""
    match = _MARKER.search(line)
    return int(match.group(1)) if match else 0


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.passage.passage_id, citation.start, citation.end
