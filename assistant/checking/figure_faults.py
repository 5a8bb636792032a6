"""Faults of figures: unsupported, exchanged for another, or paired with the wrong condition."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.bounds import bound_of
from assistant.checking.claim import Claim
from assistant.checking.figures import Figure, figures_in
from assistant.checking.prepared import clauses
from assistant.checking.similarity import pairs
from knowledge_base.text.similarity import containment

MIN_SHARE_OF_BEST = 0.5
"""An equal figure supports the statement if its context is at least this share as similar as the most similar one."""

CONTEXT = 8
"""Characters on either side of a figure that say what it counts."""

LEAD = 4
"""Characters before a figure by which a copied one is recognised."""

_DAY_OF_MONTH = re.compile(r"(\d+月)\d+日")


def unsupported_figures(claim: Claim) -> Iterable[str]:
    """Figures that no source states, with the same unit, in a similar context."""
    given = _given_by_particulars(claim)
    stated = _StatedFigures(claim.source_segments)
    for clause in clauses(claim.statement):
        for figure in figures_in(clause):
            if figure.key not in given and not stated.support(figure, clause) and not stated.has_its_unit_elsewhere(figure):
                yield f"“{figure.ordinal}{figure.value}{figure.unit}”和所引段落对不上"


def _given_by_particulars(claim: Claim) -> set[tuple[str, str, str]]:
    """Keys of figures that the particulars give. A day counts only with its month: 5月1日 does not give 1天."""
    dates = {m.group() for m in _DAY_OF_MONTH.finditer(claim.particulars)}
    repeated = [m.group() for m in _DAY_OF_MONTH.finditer(claim.statement) if m.group() in dates]
    without_days = _DAY_OF_MONTH.sub(r"\1", claim.particulars)
    return {figure.key for text in (without_days, *repeated) for figure in figures_in(text)}


class _StatedFigures:
    """The figures of the sources with their contexts."""

    def __init__(self, source_segments: Sequence[str]) -> None:
        self._placed = list(_figures_with_contexts(source_segments))
        self._without_unit = {figure.value for figure, _ in self._placed if not figure.unit}
        self._in_cells = {figure.value for row in source_segments if "|" in row for figure in figures_in(row) if not figure.unit}

    def support(self, figure: Figure, clause: str) -> bool:
        """Whether an equal figure has a context about as similar as the best among figures of the same unit."""
        own = pairs(_context(clause, figure))
        similar = [
            (containment(own, context), other.value)
            for other, context in self._placed
            if (other.ordinal, other.unit) == (figure.ordinal, figure.unit)
        ]
        best = max((similarity for similarity, _ in similar), default=0.0)
        return any(value == figure.value and similarity >= MIN_SHARE_OF_BEST * best for similarity, value in similar)

    def has_its_unit_elsewhere(self, figure: Figure) -> bool:
        """Whether the figure is a table cell, whose unit is in the head, or a telephone number (12333号)."""
        return figure.value in self._in_cells or (figure.unit == "号" and figure.value in self._without_unit)


def _figures_with_contexts(source_segments: Sequence[str]) -> Iterator[tuple[Figure, frozenset[str]]]:
    for clause in (c for segment in source_segments for c in clauses(segment)):
        for figure in figures_in(clause):
            yield figure, pairs(_context(clause, figure))


def _context(clause: str, figure: Figure) -> str:
    return clause[max(0, figure.start - CONTEXT) : figure.end + CONTEXT]


def exchanged_figures(claim: Claim) -> Iterable[str]:
    """Figures put where the source, after the same words, has another: 可以在1年内 said as 可以在1天内."""
    stated = [figure for figure in figures_in(claim.ground) if figure.unit]
    for figure in figures_in(claim.statement):
        lead = claim.statement[max(0, figure.start - LEAD) : figure.start]
        if len(lead) < LEAD or figure.ordinal or not figure.unit:
            continue
        same_lead = [other for other in stated if claim.ground.endswith(lead, 0, other.start)]
        if _replaces_another(figure, same_lead):
            yield f"“{lead}{figure.value}{figure.unit}”和原文不同"


def _replaces_another(figure: Figure, same_lead: Sequence[Figure]) -> bool:
    """Whether none of the figures is equal, but one shares the unit or the value."""
    comparable = any(other.unit == figure.unit or other.value == figure.value for other in same_lead)
    return comparable and all(other.key != figure.key for other in same_lead)


def mispaired_conditions(claim: Claim) -> Iterable[str]:
    """Figures paired with the wrong condition: 未满4个月 with the days that 满4个月 gives."""
    for segment in claim.segments:
        for condition, result in _conditions_and_results(segment):
            same_condition = list(_occurrences(condition, bound_of(segment, condition, claim.words), claim))
            if _has_another_result(result, same_condition):
                yield f"“{result.value}{result.unit}”不是“{condition.value}{condition.unit}”的"


def _conditions_and_results(segment: str) -> Iterator[tuple[Figure, Figure]]:
    """Neighbouring figures of different units. The parts of a date (2024年5月) touch, and are no condition and result."""
    for one, other in itertools.pairwise(f for f in figures_in(segment) if not f.ordinal):
        if one.unit != other.unit and one.end != other.start:
            yield one, other


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A condition in a source segment: all figures of the segment, and those after the condition."""

    figures: Sequence[Figure]
    after: Sequence[Figure]


def _occurrences(condition: Figure, bound: str, claim: Claim) -> Iterator[_Occurrence]:
    """Where the sources state the same figure with the same bound."""
    for text, figures in claim.source_figures:
        for position, figure in enumerate(figures):
            if figure.key == condition.key and bound_of(text, figure, claim.words) == bound:
                yield _Occurrence(figures, figures[position + 1 :])


def _has_another_result(result: Figure, same_condition: Sequence[_Occurrence]) -> bool:
    """Whether the sources never state this result with the condition, but another of the same unit after it."""
    if any(figure.key == result.key for occurrence in same_condition for figure in occurrence.figures):
        return False
    return any(figure.unit == result.unit for occurrence in same_condition for figure in occurrence.after)
