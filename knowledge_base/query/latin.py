"""Latin letters read as Chinese words: English words of the lexicon, and pinyin with or without spaces. Costs are in nats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge_base.query.lattice import HAN, LATIN_RUN, Edge
from knowledge_base.query.pinyin import level
from knowledge_base.query.sounding import LONGEST_WORD, SoundIndex, level_letters
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.query.word_costs import KNOWN

TOKEN = re.compile(r"[a-z]+")

LATIN = 4.0
"""Nats of a Latin run that stays as it is …"""

LATIN_LETTER = 3.0
"""… and of each of its letters. All costs here were chosen by hand on the cases of the spelling tests."""

_ENGLISH = 5.5
_SYLLABLE = 9.0  # pinyin of no known word
_NEAR_SPELLING = 1.5  # pinyin as a southern speaker spells it …
_NEAR_SYLLABLE = 3.5  # … of a single character, which says less
_LONGEST_SPELLING = 24  # letters
_MAX_ENGLISH_WORDS = 4  # of a phrase
_MIN_INSIDE = 4  # letters of an English word that is looked for inside a longer run


class LatinReadings:
    """Proposes Chinese words for runs of Latin letters."""

    def __init__(self, vocabulary: Vocabulary, sounds: SoundIndex, english: Mapping[str, tuple[str, ...]]) -> None:
        self._vocabulary, self._sounds = vocabulary, sounds
        self._english = dict(english)

    def edges(self, text: str) -> Iterator[Edge]:
        """Readings of every Latin run of a text."""
        for found in LATIN_RUN.finditer(text):
            tokens = [(m.group(), found.start() + m.start()) for m in TOKEN.finditer(found.group())]
            yield from self._as_english(tokens)
            yield from self._as_pinyin(tokens)
            yield from self._half_spelt(text, tokens)

    def _as_english(self, tokens: list[tuple[str, int]]) -> Iterator[Edge]:
        for i in range(len(tokens)):
            for j in range(i + 1, min(len(tokens), i + _MAX_ENGLISH_WORDS) + 1):
                phrase = " ".join(word for word, _ in tokens[i:j])
                meant = self._english.get(phrase) or self._english.get(_singular(phrase))
                if meant is not None:
                    end = tokens[j - 1][1] + len(tokens[j - 1][0])
                    yield Edge(tokens[i][1], end, meant[0], flat=_ENGLISH, beside=meant[1:])

    def _as_pinyin(self, tokens: list[tuple[str, int]]) -> Iterator[Edge]:
        """Words spelt in letters: anywhere within a token, or across tokens from the first letter of one to the last of another."""
        for number, (token, offset) in enumerate(tokens):
            if self._vocabulary.counts.get(token, 0) >= KNOWN and len(token) > 1:
                continue
            for i in range(len(token)):
                for j in range(i + 1, min(len(token), i + _LONGEST_SPELLING) + 1):
                    yield from self._within_token(token, i, j, offset)
            joined = token
            for later, at in tokens[number + 1 : number + LONGEST_WORD]:
                joined += later
                if len(joined) > _LONGEST_SPELLING:
                    break
                yield from self._spelt_so(joined, offset, at + len(later))

    def _within_token(self, token: str, i: int, j: int, offset: int) -> Iterator[Edge]:
        """Readings of token[i:j]: as pinyin, as a known Latin word or single syllable, or as an English word."""
        letters = token[i:j]
        yield from self._spelt_so(letters, offset + i, offset + j)
        if len(letters) > 1 and self._vocabulary.counts.get(letters):
            yield Edge(offset + i, offset + j, letters)  # deepseek in deepseekzenmeyong
        elif letters in self._sounds.syllables or len(letters) == 1:
            yield Edge(offset + i, offset + j, letters, flat=_SYLLABLE + LATIN * (len(letters) == 1), slip=False)
        if j - i < len(token) and j - i >= _MIN_INSIDE and (meant := self._english.get(letters)):
            yield Edge(offset + i, offset + j, meant[0], flat=_ENGLISH, beside=meant[1:])  # studioalliance

    def _spelt_so(self, letters: str, start: int, end: int) -> Iterator[Edge]:
        exact = self._sounds.by_spelling.get(letters, ())
        for word in exact:
            yield Edge(start, end, word)
        for word in self._sounds.by_near_spelling.get(level_letters(letters), ()):
            if word not in exact:
                yield Edge(start, end, word, _NEAR_SPELLING if len(word) > 1 else _NEAR_SYLLABLE)

    def _half_spelt(self, text: str, tokens: list[tuple[str, int]]) -> Iterator[Edge]:
        """Words with some characters typed and one in pinyin (产jia, nv职工)."""
        for token, start in tokens:
            if token not in self._sounds.syllables:
                continue
            end = start + len(token)
            for i in range(max(0, start - 3), start + 1):
                for j in range(end, min(len(text), end + 3) + 1):
                    before, after = text[i:start], text[end:j]
                    if HAN.fullmatch(before + after):
                        for word in self._around(before, level(token), after):
                            yield Edge(i, j, word)

    def _around(self, before: str, sound: str, after: str) -> Iterator[str]:
        """Words with these characters before and after one character of a sound."""
        key = " ".join((*(self._sounds.levelled(c)[0] for c in before), sound, *(self._sounds.levelled(c)[0] for c in after)))
        for word in self._sounds.by_sound.get(key, ()):
            if word.startswith(before) and word.endswith(after):
                yield word


def _singular(phrase: str) -> str:
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    return phrase.removesuffix("s") if not phrase.endswith("ss") else phrase
