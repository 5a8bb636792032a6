"""Words of a vocabulary by their sound and their spelling: look-up tables for slips of Han characters and for pinyin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

from knowledge_base.query.pinyin import level, spell
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.query.word_costs import KNOWN

LONGEST_WORD = 8
"""Characters of the longest word that is looked for."""

_ALTERNATIVES = 12  # words of one levelled spelling that are tried


class SoundIndex:
    """Words by sound. "Levelled" sounds merge what a southwestern ear does not tell apart (:func:`~knowledge_base.query.pinyin.level`)."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._levelled: dict[str, tuple[str, ...]] = {}

    def levelled(self, character: str) -> tuple[str, ...]:
        """Levelled sounds of a character: those that words use it with, then its commonest."""
        known = self._levelled.get(character)
        if known is None:
            known = self._levelled[character] = tuple(dict.fromkeys(level(s) for s in self._sounds_of(character)))
        return known

    def share_sound(self, one: str, other: str) -> bool:
        """Whether two characters have an exact sound in common."""
        return bool(set(self._sounds_of(one)) & set(self._sounds_of(other)))

    def _sounds_of(self, character: str) -> tuple[str, ...]:
        attested = self._attested.get(character, ())
        return (*attested, *(s for s in spell(character) if s not in attested))

    @cached_property
    def _attested(self) -> dict[str, list[str]]:
        """Sounds that words use a character with."""
        sounds = self._vocabulary.sounds
        found = grouped((c, s) for word in sounds for c, s in zip(word, sounds[word], strict=True))
        return {c: list(dict.fromkeys(s)) for c, s in found.items()}

    @cached_property
    def syllables(self) -> frozenset[str]:
        """Every syllable of the vocabulary."""
        return frozenset(s for syllables in self._vocabulary.sounds.values() for s in syllables)

    @cached_property
    def words(self) -> list[str]:
        """Words that a slip may stand for: used in the knowledge base, two characters and more."""
        counts, sounds = self._vocabulary.counts, self._vocabulary.sounds
        return [w for w, n in counts.items() if n >= KNOWN and 2 <= len(w) <= LONGEST_WORD and w in sounds]

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Words by their levelled syllables, separated by spaces."""
        return grouped((" ".join(level(s) for s in self._vocabulary.sounds[w]), w) for w in self.words)

    @cached_property
    def by_spelling(self) -> dict[str, list[str]]:
        """Words by their pinyin in one run of letters."""
        return grouped(("".join(syllables), w) for w, syllables in self._vocabulary.sounds.items())

    @cached_property
    def by_near_spelling(self) -> dict[str, list[str]]:
        """Words by their pinyin without southern confusions, the most used first."""
        counts = self._vocabulary.counts
        groups = grouped((level_letters("".join(syllables)), w) for w, syllables in self._vocabulary.sounds.items())
        return {key: sorted(words, key=lambda w: (-counts[w], w))[:_ALTERNATIVES] for key, words in groups.items()}


@lru_cache(maxsize=16384)
def level_letters(letters: str) -> str:
    """A spelling without its southern confusions, whatever its syllables."""
    for heard, plain in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        letters = letters.replace(heard, plain)
    return re.sub(r"n(?=[aeiouv])", "l", letters)


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by key, in order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key, word in pairs:
        groups[key].append(word)
    return dict(groups)
