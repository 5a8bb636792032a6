"""Slips of Han characters: words that sound the same, look alike, lack a character, have one too many or two swapped.

Costs are in nats, about the logarithm of how rare a slip is per word. They were chosen by hand on the cases of the spelling tests;
no set of real slips is large enough to fit them.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from knowledge_base.query.dictionary import is_dictionary_word
from knowledge_base.query.lattice import HAN, Edge
from knowledge_base.query.lookalikes import Lookalikes
from knowledge_base.query.sounding import LONGEST_WORD, SoundIndex, grouped
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.query.word_costs import KNOWN

SLIP = 3.0
"""Nats for there being a slip at all."""

_SAME_SOUND = 1.0  # a character picked wrong in the input method
_NEAR_SOUND = 2.0  # as a southern ear hears it
_FURTHER = 3.0  # each further character within one word
_LOOKALIKE = 1.5
_SWAPPED = 3.0
_DOUBLED = 1.0
_EXTRA = 4.0  # inside a word; at its ends it is a word of its own
_MISSING = 4.0
_OTHER = 4.5  # any other character, in words of four and more
_SPACE = 1.0
_TAKEN = 4.0  # what was typed is a word of the general dictionary
_COMBINATIONS = 12  # of the sounds of a stretch's characters that are tried

_SPACE_BETWEEN_HAN = re.compile(r"[\u3400-\u9fff] (?=[\u3400-\u9fff])")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万第几]")


class HanSlips:
    """Proposes words that a stretch of Han characters may have been meant for.

    ``spoken`` are words of speech, such as dialect: they may be misheard, but nothing that looks like them is read as them.
    """

    def __init__(self, vocabulary: Vocabulary, sounds: SoundIndex, lookalikes: Lookalikes, spoken: Iterable[str]) -> None:
        self._vocabulary, self._sounds, self._lookalikes = vocabulary, sounds, lookalikes
        self._spoken = frozenset(spoken)

    def edges(self, run: str, offset: int, loose: Sequence[bool]) -> Iterator[Edge]:
        """Slips within a run of Han characters that starts at an offset; ``loose`` marks the text's characters that may be slips."""
        spelt = [self._sounds.levelled(c) for c in run]
        counts = self._vocabulary.counts
        for i in range(len(run)):
            for j in range(i + 2, min(len(run), i + LONGEST_WORD) + 1):
                typed = run[i:j]
                if counts.get(typed, 0) >= KNOWN or not any(loose[offset + i : offset + j]):
                    continue
                slip = SLIP + (_TAKEN if j - i <= 4 and is_dictionary_word(typed) else 0.0)
                for word, cost in self._cheapest_words(typed, spelt[i:j]).items():
                    yield Edge(offset + i, offset + j, word, slip + cost)

    def spaces(self, text: str) -> Iterator[Edge]:
        """Words of the knowledge base typed with a space inside."""
        for found in _SPACE_BETWEEN_HAN.finditer(text):
            place = found.start() + 1
            for i in range(max(0, place - 4), place):
                for j in range(place + 2, min(len(text), place + 5) + 1):
                    word = text[i:place] + text[place + 1 : j]
                    if self._is_used(word) and HAN.fullmatch(word):
                        yield Edge(i, j, word, _SPACE)

    def _cheapest_words(self, typed: str, spelt: list[tuple[str, ...]]) -> Mapping[str, float]:
        """Words that a stretch may have been, each with the cost of its cheapest slip."""
        best: dict[str, float] = {}
        candidates = itertools.chain(
            self._sounding_alike(typed, spelt), self._with_swap(typed), self._with_one_changed(typed), self._with_one_missing(typed)
        )
        for word, cost in candidates:
            if cost < best.get(word, math.inf) and not _changes_numerals(typed, word):
                best[word] = cost
        return best

    def _sounding_alike(self, typed: str, spelt: list[tuple[str, ...]]) -> Iterator[tuple[str, float]]:
        for sounds in itertools.islice(itertools.product(*spelt), _COMBINATIONS) if all(spelt) else ():
            for word in self._sounds.by_sound.get(" ".join(sounds), ()):
                if word != typed:
                    costs = [self._sound_cost(a, b) for a, b in zip(typed, word, strict=True) if a != b]
                    yield word, sum(costs) + _FURTHER * (len(costs) - 1)

    def _with_swap(self, typed: str) -> Iterator[tuple[str, float]]:
        for word in self._swapped.get(typed, ()):
            yield word, _SWAPPED

    def _with_one_changed(self, typed: str) -> Iterator[tuple[str, float]]:
        """Words that lack one of the typed characters or have another in its place."""
        length = len(typed)
        for k in range(length):
            left = typed[:k] + typed[k + 1 :]
            if k and typed[k] == typed[k - 1]:
                if self._is_used(left):
                    yield left, _DOUBLED
            elif length >= 4 and 0 < k < length - 1 and self._is_used(left):
                yield left, _EXTRA
            for word in self._with_gap.get(typed[:k] + "?" + typed[k + 1 :], ()):
                if self._lookalikes.are_alike(typed[k], word[k]):
                    yield word, _LOOKALIKE
                elif length >= 4 and word != typed:
                    yield word, _OTHER

    def _with_one_missing(self, typed: str) -> Iterator[tuple[str, float]]:
        for word in self._shortened.get(typed, ()):
            yield word, _MISSING

    def _sound_cost(self, typed: str, meant: str) -> float:
        return _SAME_SOUND if self._sounds.share_sound(typed, meant) else _NEAR_SOUND

    def _is_used(self, word: str) -> bool:
        return len(word) > 1 and self._vocabulary.counts.get(word, 0) >= KNOWN

    @cached_property
    def _written(self) -> list[str]:
        return [w for w in self._sounds.words if w not in self._spoken]

    @cached_property
    def _with_gap(self) -> dict[str, list[str]]:
        """Words by their form with one character replaced by "?"."""
        return grouped((w[:k] + "?" + w[k + 1 :], w) for w in self._written for k in range(len(w)))

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Words by their form without one character: an inner one from four characters on, any from five on."""
        return grouped(
            (w[:k] + w[k + 1 :], w) for w in self._written if len(w) >= 4 for k in range(len(w)) if len(w) > 4 or 0 < k < len(w) - 1
        )

    @cached_property
    def _swapped(self) -> dict[str, list[str]]:
        """Words by their form with two neighbours swapped."""
        return grouped((w[:k] + w[k + 1] + w[k] + w[k + 2 :], w) for w in self._written for k in range(len(w) - 1) if w[k] != w[k + 1])


def _changes_numerals(typed: str, word: str) -> bool:
    """Whether a change would add or remove a numeral: figures are never slips."""
    return sorted(_NUMERAL.findall(typed)) != sorted(_NUMERAL.findall(word))
