"""What was meant by what was typed: a noisy channel over the words of the knowledge base.

A query is a path through a lattice of words. A word as typed costs what its frequency in the knowledge base says; a word that sounds
the same, lacks a character, has one too many, one wrong or two swapped costs that and the slip; Latin runs are read as pinyin, as
English or as themselves. The cheapest path is what was meant. What was typed stays unless that path is clearly cheaper, so that a
well-formed query is left alone: words of the knowledge base and of the general dictionary are never slips on their own.
Source: Kernighan, Church and Gale, "A spelling correction program based on a noisy channel model", 1990.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge_base.query.dictionary import is_dictionary_word
from knowledge_base.query.han_slips import SLIP, HanSlips
from knowledge_base.query.latin import LATIN, LATIN_LETTER, TOKEN, LatinReadings
from knowledge_base.query.lattice import HAN, SIGNIFICANT, Edge, cheapest_path, join_pieces, join_words, stretches
from knowledge_base.query.lookalikes import Lookalikes
from knowledge_base.query.sounding import SoundIndex
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.query.word_costs import DICTIONARY_WORD, WordCosts

# Thresholds in nats, chosen by hand on the cases of the spelling tests.
SURE = 5.0
"""A reading that is cheaper than what was typed by this much replaces it; one that gains less is searched for beside it."""

POSSIBLE = 2.0
"""Least gain of a reading that is searched for beside what was typed."""

SURPRISING = 8.0
"""Cost from which a single character, or a word known to the general dictionary only, may be a slip."""

SURPRISING_PAIR = 13.0
"""The same for two single characters in a row."""

_UNKNOWN_CHARACTER = 11.5
_PER_POINT_UNLIKE = 0.5  # for each point of 100 by which a whole term sounds different
_CLOSE = 3.0  # another word of the same spelling within this is searched for beside the likeliest


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of what was typed, and what it is read as."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch that sounds like a term; ``alike`` says how much, 0 to 100."""

    typed: str
    term: str
    alike: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was meant: the text with every sure change made, those changes, and further words that may have been meant."""

    text: str
    changes: tuple[Change, ...] = ()
    beside: tuple[str, ...] = ()


class Speller:
    """Reads what was typed with a vocabulary and a list of English words (``maternity leave`` to 产假).

    ``spoken`` are words of speech, such as dialect: they may be misheard, but nothing that looks like them is read as them.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        english: Mapping[str, tuple[str, ...]] | None = None,
        spoken: Iterable[str] = (),
        lookalikes: Lookalikes | None = None,
    ) -> None:
        """Make a speller; without ``lookalikes`` no character is mistaken for one of similar shape."""
        self._vocabulary = vocabulary
        self._costs = WordCosts(vocabulary)
        sounds = SoundIndex(vocabulary)
        self._han = HanSlips(vocabulary, sounds, lookalikes or Lookalikes(), spoken)
        self._latin = LatinReadings(vocabulary, sounds, english or {})

    def read(self, text: str, heard: Iterable[Heard] = ()) -> Reading:
        """What was meant by a normalised text. ``heard`` are terms that parts of it sound like; they are weighed with the rest."""
        if not self._vocabulary.counts or not SIGNIFICANT.search(text):
            return Reading(text)
        typed = [*self._typed(text)]
        slips = [*self._slips(text, cheapest_path(text, typed, self._costs.of_edge)), *_as_heard(text, heard)]
        return self._decide(text, cheapest_path(text, typed + slips, self._costs.of_edge), slips) if slips else Reading(text)

    def _decide(self, text: str, best: Sequence[Edge], slips: Sequence[Edge]) -> Reading:
        """The reading of the cheapest path: only stretches that gain enough over what was typed are changed."""
        pieces: list[tuple[str, bool]] = []
        changes: list[Change] = []
        beside: list[str] = []
        for part in stretches(text, best):
            typed, meant = text[part[0].start : part[-1].end], join_words(part)
            if not any(edge.slip for edge in part):
                pieces.append((typed, False))
                continue
            as_typed = cheapest_path(typed, [*self._typed(typed)], self._costs.of_edge)
            gain = self._costs.of_path(as_typed) - self._costs.of_path(part)
            if gain >= SURE:
                changes.append(Change(typed, meant))
            elif gain >= POSSIBLE:
                beside.append(meant)
            pieces.append((meant, True) if gain >= SURE else (typed, False))
            beside += [word for edge in part for word in edge.beside]
            if TOKEN.search(typed):
                beside += self._close(part, slips)
        read = join_pieces(pieces)
        return Reading(read, tuple(changes), tuple(w for w in dict.fromkeys(beside) if w and w not in read))

    def _close(self, chosen: Sequence[Edge], slips: Sequence[Edge]) -> Iterator[str]:
        """Other words that are nearly as likely for the same letters (产假 beside 参加, both typed canjia)."""
        before = ""
        for edge in chosen:
            if edge.slip and edge.flat is None and len(edge.word) > 1:
                most = self._costs.of_edge(edge, before) + _CLOSE
                for other in slips:
                    same = (other.start, other.end) == (edge.start, edge.end)
                    if same and other.word != edge.word and len(other.word) > 1 and self._costs.of_edge(other, before) <= most:
                        yield other.word
            before = edge.word or before

    def _typed(self, text: str) -> Iterator[Edge]:
        """The text as it was typed, in every way of cutting it into words."""
        counts = self._vocabulary.counts
        for found in HAN.finditer(text):
            yield from self._typed_han(found.group(), found.start())
        for found in TOKEN.finditer(text):
            word = found.group()
            if counts.get(word):
                yield Edge(found.start(), found.end(), word, slip=False)
            else:
                yield Edge(found.start(), found.end(), word, flat=LATIN + LATIN_LETTER * len(word), slip=False)

    def _typed_han(self, run: str, offset: int) -> Iterator[Edge]:
        counts = self._vocabulary.counts
        for i in range(len(run)):
            for j in range(i + 1, min(len(run), i + max(4, self._longest.get(run[i], 1))) + 1):
                word = run[i:j]
                if counts.get(word):
                    yield Edge(offset + i, offset + j, word, slip=False)
                elif j == i + 1:
                    yield Edge(offset + i, offset + j, word, flat=_UNKNOWN_CHARACTER, slip=False)
                elif j - i <= 4 and is_dictionary_word(word):
                    yield Edge(offset + i, offset + j, word, flat=DICTIONARY_WORD, slip=False)

    def _slips(self, text: str, literal: Iterable[Edge]) -> Iterator[Edge]:
        """What may have been meant. Stretches that read well as words of the knowledge base are skipped."""
        loose = self._loose(text, literal)
        for found in HAN.finditer(text):
            if any(loose[found.start() : found.end()]):
                yield from self._han.edges(found.group(), found.start(), loose)
        yield from self._han.spaces(text)
        yield from self._latin.edges(text)

    def _loose(self, text: str, literal: Iterable[Edge]) -> list[bool]:
        """For each character whether it may be part of a slip: it is a word of its own or in no known word, and surprising there."""
        loose = [False] * len(text)
        earlier: Edge | None = None
        earlier_cost = 0.0
        for edge in literal:
            cost = self._costs.of_edge(edge, earlier.word if earlier else "")
            if edge.end - edge.start == 1 or edge.flat is not None:
                if cost >= SURPRISING:
                    loose[edge.start : edge.end] = [True] * (edge.end - edge.start)
                if earlier and _are_single(earlier, edge) and cost + earlier_cost >= SURPRISING_PAIR:
                    loose[earlier.start : edge.end] = [True] * (edge.end - earlier.start)
            earlier, earlier_cost = edge, cost
        return loose

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Length of the longest word that begins with a character."""
        longest: dict[str, int] = {}
        for word in self._vocabulary.counts:
            longest[word[0]] = max(longest.get(word[0], 0), len(word))
        return longest


def _are_single(earlier: Edge, edge: Edge) -> bool:
    """Whether the earlier edge is one character and neither is a mark, which costs nothing."""
    return earlier.end - earlier.start == 1 and edge.flat != 0.0 and earlier.flat != 0.0


def _as_heard(text: str, heard: Iterable[Heard]) -> Iterator[Edge]:
    for one in heard:
        for found in re.finditer(re.escape(one.typed), text):
            yield Edge(found.start(), found.end(), one.term, SLIP + _PER_POINT_UNLIKE * (100 - one.alike))
