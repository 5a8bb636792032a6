"""An answer about two things: what the knowledge base says of each, both cited, and which side it says nothing of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.checking.markers import MARKER
from assistant.composing.extract import Composed, Extractor
from assistant.judging.candidate import Candidate
from assistant.judging.passage_view import PassageView
from assistant.judging.verdict import Missing
from assistant.texts.library import Texts
from assistant.texts.question_words import ContrastWords
from assistant.types import Citation
from assistant.understanding.comparison import Contrast, Side
from assistant.understanding.heard_figures import figures_with_units
from assistant.understanding.needs import QuestionNeeds, fold

MOST_LINES = 2
"""Statements quoted of each side."""

MOST_SOURCES_A_SIDE = 2

_LAST_MARKER = re.compile(MARKER.pattern + "$")


@dataclass(frozen=True, slots=True)
class TwoSides:
    """The statements of both sides under their names, what each side cites, and the sides that nothing was found of."""

    composed: Composed
    left: tuple[Citation, ...]
    right: tuple[Citation, ...]
    missing: tuple[Missing, ...]
    contrast: Contrast
    candidates: tuple[Candidate, ...]


def told_together(contrast: Contrast, citations: Sequence[Citation], words: ContrastWords) -> bool:
    """Whether one source is quoted on both things: in one statement that distinguishes them, or in one statement on each.

    Sides that are places are always answered one by one.
    """
    if contrast.of_places:
        return False
    left, right = fold(contrast.left.subject), fold(contrast.right.subject)
    for citation in citations:
        said = [fold(s) for s in re.split(r"[。；\n]", citation.quote)]
        both = [s for s in said if left in s and right in s]
        on_each = any(left in s and right not in s for s in said) and any(right in s and left not in s for s in said)
        if on_each or any(words.told_apart.search(s) for s in both):
            return True
    return False


def compose_sides(
    contrast: Contrast,
    find: Callable[[str], Sequence[Candidate]],
    read: Callable[[str], QuestionNeeds],
    says: Callable[[str], Sequence[str]],
    texts: Texts,
) -> TwoSides | None:
    """Both sides, each from passages that speak of it; None when neither is found, or both are one and the same statement.

    Args:
        contrast: the two sides.
        find: passages for a query, best first.
        read: what a text wants to be found.
        says: other words that sources use for a text.
        texts: fixed phrases and word lists.
    """
    extractor = Extractor(texts.phrases, texts.safety.not_quotable)
    sides = (contrast.left, contrast.right)
    lines: list[str] = []
    cited: list[tuple[Citation, ...]] = []
    statements: list[PassageView] = []
    candidates: list[Candidate] = []
    for side in sides:
        query = f"{contrast.query(side)}{_how(contrast, statements, texts)}"
        needs = read(query)
        of_place = (c for c in find(query) if side.of_place(c.document))
        speaking = [c for c in of_place if _speaks_of(side, c, read, says, contrast.of_places)]
        part = _few(extractor.compose([c.asked(needs) for c in speaking], needs), sum(map(len, cited)))
        cited.append(part.citations)
        candidates += speaking
        statements += part.statements if part.citations else ()
        lines += _titled(side, part, texts, first=not lines) if part.citations else ()
    left, right = cited
    missing = tuple(Missing("words", side.name) for side, citations in zip(sides, cited, strict=True) if not citations)
    if len(missing) == 2 or {_place(c) for c in left} == {_place(c) for c in right}:
        return None
    return TwoSides(Composed(tuple(lines), (*left, *right), tuple(statements)), left, right, missing, contrast, tuple(candidates))


def _titled(side: Side, part: Composed, texts: Texts, *, first: bool) -> tuple[str, ...]:
    """The statements of a side under its name."""
    title = (texts.phrases.side.format(name=side.name), "")
    return (*title, *part.lines) if first else ("", *title, *part.lines)


def _how(contrast: Contrast, statements: Sequence[PassageView], texts: Texts) -> str:
    """How to ask another place for what the first statement of one place measures; "" where the question says what it asks."""
    if not contrast.of_places or contrast.about or not statements:
        return ""
    measured = next((f.measure for f in figures_with_units(statements[0].whole, texts.heard)), "")
    return texts.contrasts.how.get(measured, "")


def _speaks_of(
    side: Side, candidate: Candidate, read: Callable[[str], QuestionNeeds], says: Callable[[str], Sequence[str]], by_ways_of_asking: bool
) -> bool:
    """Whether a passage names the side, by its own word or the sources', or holds all of its words.

    A rule of a place may call its subject otherwise (延长生育假 for 产假); there the ways of asking count. A thing must be named.
    """
    own = "\n".join((candidate.document.title, *candidate.passage.heading_path, candidate.passage.text))
    whole = fold(candidate.view.whole if by_ways_of_asking else own)
    if any(fold(word) in whole for word in (side.subject, *says(side.subject))):
        return True
    words = [term.word for term in read(side.subject).terms]
    return len(words) > 1 and all(word in whole for word in words)


def _few(composed: Composed, markers_before: int) -> Composed:
    """The first statements of a side with markers that follow those before."""
    kept = [c.marker for c in composed.citations[:MOST_SOURCES_A_SIDE]]
    lines = [line for line in composed.lines if _marker(line) in kept and _LAST_MARKER.sub("", line)][:MOST_LINES]
    used = [c for c in composed.citations if c.marker in {_marker(line) for line in lines}]
    new = {c.marker: number for number, c in enumerate(used, markers_before + 1)}
    renamed = tuple(_LAST_MARKER.sub(f"[{new[_marker(line)]}]", line) for line in lines)
    return Composed(renamed, tuple(replace(c, marker=new[c.marker]) for c in used), composed.statements[: len(lines)])


def _marker(line: str) -> int:
    """The marker at the end of a line; 0 where there is none."""
    match = _LAST_MARKER.search(line)
    return int(match.group(1)) if match else 0


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.passage.passage_id, citation.start, citation.end
