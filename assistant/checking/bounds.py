"""Bounds of figures: 以上, 以内, 满, 不超过."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.checking.claim import Claim
from assistant.checking.figures import Figure, figures_in
from assistant.checking.prepared import clauses
from assistant.texts.condition_words import ConditionWords

CHARACTERS_BEFORE = 8
"""Characters before a figure in which its bound is looked for."""

CHARACTERS_AFTER = 6
"""Characters after a figure in which its bound is looked for."""

_KINDS = ("upper", "lower")


def bound_of(text: str, figure: Figure, words: ConditionWords) -> str:
    """Which bound the text gives a figure: "upper" (at most), "lower" (at least) or "" (none).

    A bound before the figure wins over one after it. Of two that fit before it the longer counts: 不少于, not 少于.
    """
    before = text[max(0, figure.start - CHARACTERS_BEFORE) : figure.start]
    fitting = [(match.start(), kind) for kind in _KINDS if (match := words.bound_before[kind].search(before))]
    if fitting:
        return min(fitting)[1]
    after = text[figure.end : figure.end + CHARACTERS_AFTER]
    return next((kind for kind in _KINDS if words.bound_after[kind].match(after)), "")


def bounds_in(text: str, words: ConditionWords) -> frozenset[str]:
    """The kinds of bound, "upper" and "lower", that a text states of anything."""
    return frozenset("upper" if words["upper"].fullmatch(m.group()) else "lower" for m in words["bounds"].finditer(text))


def changed_bounds(claim: Claim) -> Iterable[str]:
    """Figures whose bound the statement dropped, added or reversed: 以上 said as 以下."""
    stated = _stated_bounds(claim.followed, claim.words)
    for clause in clauses(claim.statement):
        for figure in figures_in(clause):
            theirs = stated.get(figure.key)
            if theirs and not figure.ordinal and not any(_Bounds.of(clause, figure, claim.words).keep(other) for other in theirs):
                yield f"“{figure.value}{figure.unit}”的界限（以上、以内、满、不超过）变了"


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The bound of a figure, and the bounds that its whole clause states."""

    of_figure: str
    of_clause: frozenset[str]

    @classmethod
    def of(cls, clause: str, figure: Figure, words: ConditionWords) -> _Bounds:
        return cls(bound_of(clause, figure, words), bounds_in(clause, words))

    def keep(self, source: _Bounds) -> bool:
        """Whether these bounds say what the source's do. A figure without a bound must not lose one stated elsewhere in its clause."""
        return self.of_figure == source.of_figure and (bool(self.of_figure) or source.of_clause <= self.of_clause)


def _stated_bounds(texts: Iterable[str], words: ConditionWords) -> Mapping[tuple[str, str, str], list[_Bounds]]:
    stated = defaultdict(list)
    for clause in (c for text in texts for c in clauses(text)):
        for figure in figures_in(clause):
            stated[figure.key].append(_Bounds.of(clause, figure, words))
    return stated
