"""A claim: one statement with the sources that it cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.checking.figures import Figure, figures_in
from assistant.checking.prepared import segments
from assistant.checking.similarity import followed_segments
from assistant.texts.condition_words import ConditionWords


@dataclass(frozen=True)
class Claim:
    """One statement with the sources that it cites, all prepared.

    Attributes:
        statement: one sentence, without its markers.
        passages: texts of the cited passages.
        words: negations, bounds, duties, exceptions and places.
        particulars: titles, clauses, numbers and dates of their documents and headings, one a line.
        names: terms of art and proper names; those that the statement names must occur in the sources.
    """

    statement: str
    passages: tuple[str, ...]
    words: ConditionWords
    particulars: str = ""
    names: tuple[str, ...] = ()

    @cached_property
    def segments(self) -> list[str]:
        """Segments of the statement."""
        return segments(self.statement)

    @cached_property
    def source_segments(self) -> list[str]:
        """Segments of all passages, in order."""
        return [s for passage in self.passages for s in segments(passage)]

    @cached_property
    def source_figures(self) -> list[tuple[str, list[Figure]]]:
        """Each source segment with its figures."""
        return [(s, figures_in(s)) for s in self.source_segments]

    @cached_property
    def ground(self) -> str:
        """All text that the statement may draw on: passages, then particulars."""
        return "\n".join((*self.passages, self.particulars))

    @cached_property
    def followed(self) -> list[str]:
        """Source segments that the statement or one of its segments follows."""
        return list(dict.fromkeys(text for followed in self._followed_by_part.values() for text in followed))

    def closest(self, segment: str) -> str:
        """The source segment most similar to a segment of the statement; "" when none shares a character pair."""
        return next(iter(self._followed_by_part[segment]), "")

    @property
    def vocabularies(self) -> list[tuple[str, ...]]:
        """The lists of known names: terms and proper names, then places; an empty list is left out."""
        return [known for known in (self.names, self.words.places) if known]

    @cached_property
    def _followed_by_part(self) -> Mapping[str, list[str]]:
        return {part: followed_segments(part, self.source_segments) for part in (self.statement, *self.segments)}
