"""What a question asks for: content words weighted by rarity, the word it is after, the kind of answer, years, grades and places.

The focus is the word beside the one that asks (学费 in 学费多少). Whether candidates meet the needs is judged in
:mod:`assistant.judging.verdict`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import rjieba

from assistant.texts.question_words import QuestionWords
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers

FEW_TERMS = 2
"""In a question of so few content words each one matters: known words that no passage holds together are different subjects."""

TERM_OF_ART = 5.0
"""Least weight in nats of a term of the lexicon: however common here, naming it says what the question is about."""

UNKNOWN_WORD = 3.5
"""Weight in nats of a word that the knowledge base does not hold: often noise of everyday speech, so no more than a fairly rare one."""

_OURS_FIRST = 10_000  # uses of a word of the lexicon, so that 管家暴 is 管 and 家暴 and not a 管家
_HAN_OR_LATIN = re.compile(r"[\u3400-\u9fffa-z0-9]")
_SPECIFIC = re.compile(r"(?:第)?\d+(?:届|级|期|批)")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\D|$)")
_QUOTED = re.compile(r"[“\"「]([^“”\"「」]{2,12})[”\"」]")
_BREAK = re.compile(r"[，,。；;？?！!、\s]")  # what comes behind it is another clause of the question
_IDLE_TAGS = frozenset({"r", "y", "e", "o", "c", "p", "d", "f", "uj", "ul", "ug", "uv", "ud", "uz"})  # pronouns, particles, adverbs …


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question. ``others`` are the words that sources use for it."""

    word: str
    weight: float
    others: tuple[str, ...] = ()
    name: bool = False
    """A name of a person, place or body: nothing else stands for it."""
    art: bool = False
    """A term of the lexicon: naming it says what the question is about."""
    focus: bool = False
    """It is next to the word that asks (学费 in 学费多少, 找回 in 怎么找回): what the question is after."""

    def share_in(self, folded: str) -> float:
        """How much of the word a folded text holds, 0 to 1."""
        if self.word in folded or any(other in folded for other in self.others):
            return 1.0
        if self.name or len(self.word) < 3:
            return 0.0
        pairs = [self.word[i : i + 2] for i in range(len(self.word) - 1)]
        held = sum(pair in folded for pair in pairs) / len(pairs)
        return 0.8 * held if held >= 0.5 else 0.0


@dataclass(frozen=True, slots=True)
class QuestionNeeds:
    """What a question asks for. ``specifics`` are grades and ordinals (3级, 第4届); ``places`` are place names."""

    terms: tuple[Term, ...]
    words: QuestionWords = field(repr=False, compare=False)
    """The word lists it was read with."""
    kinds: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    specifics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    """What is counted (人, 家, 学时) where the question asks how many."""
    now: str = ""
    """The year of asking, where the question says 今年 or 现在."""
    past: bool = False
    """It asks for what held before, or elsewhere: a year, a place, 以前, 去年."""
    meaning: bool = False
    """It asks what a thing is (什么是提示词, RPA是什么)."""
    nationwide: bool = False
    """It asks for what holds in the whole country (国家规定)."""

    @property
    def given(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """What an answer of each kind asked for holds."""
        return tuple((kind, self.words.given(kind, self.measures)) for kind in self.kinds)

    @property
    def placed(self) -> bool:
        """Whether it names a place other than home, or the whole country."""
        return bool(self.places) or self.nationwide

    @property
    def elsewhere(self) -> bool:
        """Whether every place it names lies outside the home province."""
        home = any(term.word in self.words.home_places for term in self.terms)
        return bool(self.places) and not home and not any(self.is_home_city(place) for place in self.places)

    def is_home_city(self, place: str) -> bool:
        """Whether a place is a city of the home province."""
        return place.removesuffix("市") in self.words.home_cities

    def defined_in(self, folded: str) -> bool:
        """Whether a folded text defines a thing that the question asks about."""
        words = (word for term in self.terms for word in (term.word, *term.others) if len(word) > 1)
        return self.meaning and any(re.search(re.escape(word) + self.words.defines, folded) for word in words)

    @property
    def weight(self) -> float:
        """Information of the whole question, in nats."""
        return sum(t.weight for t in self.terms)

    def shared(self, folded: str) -> float:
        """Information that a folded text shares with the question, in nats."""
        return sum(t.weight * t.share_in(folded) for t in self.terms)

    def coverage(self, folded: str) -> float:
        """Share of the question's information that a folded text holds, 0 to 1; 0 for a question without content words."""
        return self.shared(folded) / self.weight if self.terms else 0.0

    def lacking(self, folded: str) -> tuple[Term, ...]:
        """Terms that a folded text does not hold, heaviest first."""
        return tuple(sorted((t for t in self.terms if not t.share_in(folded)), key=lambda t: -t.weight))


@lru_cache(maxsize=16_384)  # the same passages and their questions are read for every question near them
def fold(text: str) -> str:
    """Text as terms and answer kinds are looked for in it."""
    return fold_numbers(normalise(text))


class QuestionParser:
    """Reads what a question needs, with the lexicon and document frequencies of one knowledge base."""

    def __init__(self, lexicon: Lexicon, document_frequency: Callable[[str], int], passages: int, words: QuestionWords) -> None:
        self._lists = words
        self._lexicon = lexicon
        self._frequency = document_frequency
        self._passages = passages

    def read(self, understood: Understood, as_of: dt.date) -> QuestionNeeds:
        """Content words, kinds of answer and years that a question asks for."""
        text = fold(understood.text)
        measures = tuple(dict.fromkeys(match.group(1) for match in self._lists.measured.finditer(text)))
        asking = [match.span() for match in self._lists.asking.finditer(text)]
        near = self._lists.home_places | self._lists.general
        terms: dict[str, Term] = {}
        spans: list[tuple[int, int, str]] = []
        places: list[str] = []
        for start, word, tag in self._words(text):
            if tag == "ns" and word not in near:
                places.append(word)
            if self._is_idle(word, tag) or word in measures:
                continue
            spans.append((start, start + len(word), word))
            terms.setdefault(word, self._term(word, tag, text))
        focus = _beside(asking, spans, text) - self._lists.general
        return QuestionNeeds(
            tuple(replace(term, focus=len(term.word) > 1 and term.word in focus) for term in terms.values()),
            self._lists,
            tuple(kind.name for kind in self._lists.answer_kinds if kind.ask.search(text)),
            tuple(dict.fromkeys(YEAR.findall(text))),
            tuple(dict.fromkeys(_SPECIFIC.findall(text))),
            tuple(dict.fromkeys(places)),
            tuple(dict.fromkeys(_QUOTED.findall(text))),
            measures,
            self._year_of_today(text, as_of),
            bool(places) or self._asks_past(text),
            self._lists.meaning.search(text) is not None,
            any(word in text for word in self._lists.nation),
        )

    def _year_of_today(self, text: str, as_of: dt.date) -> str:
        return str(as_of.year) if self._lists.time.asks_today.search(text) else ""

    def _asks_past(self, text: str) -> bool:
        return bool(YEAR.search(text) or self._lists.time.asks_past.search(text))

    def _term(self, word: str, tag: str, text: str) -> Term:
        return Term(word, self._weight(word), self._others(word, text), self._is_name(word, tag), word in self._lexicon.terms)

    def _words(self, text: str) -> Iterable[tuple[int, str, str]]:
        """Words with their offset and tag. A guessed word with a function word in it (能休) is none; surname and given name are one."""
        tagged: list[tuple[str, str]] = []
        for word, tag in self._segmenter.tag(text):
            if not tag.startswith("nr") and not self._segmenter.has_word(word) and self._lists.function_characters & set(word):
                tagged += self._segmenter.tag(word, False)
            elif tag == "nr" and tagged and tagged[-1][1] == "nr" and len(tagged[-1][0]) == 1 and len(word) <= 2:
                tagged[-1] = (tagged[-1][0] + word, "nr")
            else:
                tagged.append((word, tag))
        offset = 0
        for word, tag in tagged:
            yield offset, word, tag
            offset += len(word)

    def _is_idle(self, word: str, tag: str) -> bool:
        """Whether a word carries no content: a question need not find it in the sources."""
        if word in self._lexicon.terms or word in self._lexicon.synonyms:
            return False
        idle = tag in _IDLE_TAGS or word in self._lists.stop or self._lists.asking.match(word) is not None
        return idle or not _HAN_OR_LATIN.search(word) or (word.isdigit() and len(word) < 3)

    def _is_name(self, word: str, tag: str) -> bool:
        """Whether a segmented word is a person's name: tagged so, of two or three characters, under a common surname."""
        return tag in ("nr", "nrt") and len(word) in (2, 3) and word[0] in self._lists.surnames

    def _weight(self, word: str) -> float:
        """Inverse document frequency of the word's rarest pair of characters, at least 0.5."""
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if not word.isascii() else [word]
        frequency = min((self._frequency(p) for p in pairs or [word]), default=0)
        single = 0.4 if len(word) == 1 else 1.0
        if not frequency:
            means_art = any(other in self._lexicon.terms for other in self._lexicon.synonyms.get(word, ()))
            return TERM_OF_ART if means_art else UNKNOWN_WORD * single
        weight = math.log((self._passages + 1) / (frequency + 0.5))
        if word in self._lexicon.terms:
            return max(TERM_OF_ART, weight)
        return max(0.5, weight) * single

    def _others(self, word: str, text: str) -> tuple[str, ...]:
        others: list[str] = []
        for key, values in self._lexicon.synonyms.items():
            if (word in key or key in word) and key in text:
                others += values
        return tuple(fold(o) for o in dict.fromkeys(others))

    @cached_property
    def _segmenter(self) -> rjieba.Jieba:
        segmenter = rjieba.Jieba()
        for word in (w for w in self._lists.stop if len(w) > 1):
            segmenter.add_word(word, None, None)
        for word in (*self._lexicon.terms, *self._lexicon.synonyms):
            segmenter.add_word(word, _OURS_FIRST, None)
        return segmenter


def years_asked(text: str, as_of: dt.date, words: QuestionWords) -> tuple[str, ...]:
    """Years that a text names; relative ones (今年, 去年) count from a date."""
    relative = [str(as_of.year + shift) for word, shift in words.relative_years.items() if word in text]
    return tuple(dict.fromkeys([*YEAR.findall(text), *relative]))


def _beside(asking: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]], text: str) -> frozenset[str]:
    """Words next to a word that asks, before it and behind it, within its clause."""
    near: set[str] = set()
    for begin, end in asking:
        before = [(s, e, w) for s, e, w in spans if e <= begin and not _BREAK.search(text[e:begin])]
        after = [(s, e, w) for s, e, w in spans if s >= end and not _BREAK.search(text[end:s])]
        near |= {w for _, _, w in (*before[-1:], *after[:1])}
    return frozenset(near)
