"""Is what was found enough? What a question asks for must stand in the passages, not merely similar words.

A question is read as content words, weighted by how rare they are in the knowledge base, and the kind of answer that it wants
(an amount, a duration, a date …). Two different errors are guarded against. A question about something else altogether shares little
information with the best passage: the weight of the shared words, in nats, tells it from an answerable one (AUC .95, against .88 for
the share of the question's words). A near miss shares a lot and still lacks the point: the year, the place, the grade or the
kind of answer asked for must be there, or the answer says what is not known.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import rjieba

from assistant.types import Verdict
from assistant.wording import load_texts
from knowledge_base.lexicon import Lexicon, Understood
from knowledge_base.numerals import fold_numbers
from knowledge_base.text import normalise

RELATED = 5.0
"""Least information, in nats, that the best passage shares with a question to be shown at all."""

FEW_TERMS = 2
"""In a question of so few content words each one matters: known words that no passage holds together are different subjects."""

ENOUGH = 6.0
"""Least shared information for an answer without reservation …"""

ENOUGH_SHARE = 0.4
"""… and the least share of the question's information that it is."""

NEARLY_ALL = 0.8
"""A short question carries little information; this share of it is enough, above :data:`LEAST`."""

LEAST = 3.0
"""Least information, in nats, of which anything is concluded."""

TERM_OF_ART = 5.0
"""Least weight in nats of a term of the lexicon: however common here, naming it says what the question is about."""

UNKNOWN_WORD = 3.5
"""Weight in nats of a word that the knowledge base does not hold: often noise of everyday speech, so no more than a fairly rare one."""

_SAID = 4.0  # nats that a statement shares with a question, enough to speak to it whatever else was asked
_SAID_SHARE = 0.3  # of the question that a statement must hold to give the kind of answer asked for
_HAN_OR_LATIN = re.compile(r"[\u3400-\u9fffa-z0-9]")
_SPECIFIC = re.compile(r"(?:第)?\d+(?:届|级|期|批)")
_NOT_KNOWN = re.compile(r"未见|未查到|没有查到|未给出|没有给出|没有写明|没有公布|未涉及|没有找到|未写明|未公布|没有说明|未说明")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\D|$)")


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question. ``others`` are the words that sources use for it."""

    word: str
    weight: float
    others: tuple[str, ...] = ()
    name: bool = False
    """A name of a person, place or body: nothing else stands for it."""

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
class Wanted:
    """What a question asks for. ``specifics`` are grades and ordinals (3级, 第4届); ``places`` are place names."""

    terms: tuple[Term, ...]
    kinds: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    specifics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Evidence:
    """The judgement: a verdict (answered, partial or abstained), the information it rests on and what is missing, in words."""

    verdict: Verdict
    shared: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as the judgement reads it: what it is about (title, headings, ways of asking) and all of its words."""

    about: str
    whole: str


def fold(text: str) -> str:
    """Text as terms and answer kinds are looked for in it."""
    return fold_numbers(normalise(text))


class QuestionReader:
    """Reads what a question wants, with the words and document frequencies of one knowledge base."""

    def __init__(self, lexicon: Lexicon, document_frequency: Callable[[str], int], passages: int) -> None:
        self._lexicon = lexicon
        self._frequency = document_frequency
        self._passages = passages

    def read(self, understood: Understood, as_of: dt.date) -> Wanted:
        """Content words, kinds of answer and years that a question asks for."""
        text = fold(understood.text)
        terms: dict[str, Term] = {}
        places: list[str] = []
        for word, tag in self._segmenter.tag(text):
            if tag == "ns" and word not in _home_places():
                places.append(word)
            if word in _stop_words() or not _HAN_OR_LATIN.search(word) or (word.isdigit() and len(word) < 3):
                continue
            terms.setdefault(word, Term(word, self._weight(word), self._others(word, text), _is_name(word, tag)))
        return Wanted(
            tuple(terms.values()),
            tuple(kind for kind, ask, _ in answer_kinds() if ask.search(text)),
            tuple(dict.fromkeys(_YEAR.findall(text))),
            tuple(dict.fromkeys(_SPECIFIC.findall(text))),
            tuple(dict.fromkeys(places)),
        )

    def _weight(self, word: str) -> float:
        """Inverse document frequency of the word's rarest pair of characters, at least 0.5."""
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if not word.isascii() else [word]
        frequency = min((self._frequency(p) for p in pairs or [word]), default=0)
        if not frequency:
            return UNKNOWN_WORD
        weight = math.log((self._passages + 1) / (frequency + 0.5))
        if word in self._lexicon.terms:
            return max(TERM_OF_ART, weight)
        return max(0.5, weight) * (0.4 if len(word) == 1 else 1.0)

    def _others(self, word: str, text: str) -> tuple[str, ...]:
        others: list[str] = []
        for key, values in self._lexicon.synonyms.items():
            if (word in key or key in word) and key in text:
                others += values
        return tuple(fold(o) for o in dict.fromkeys(others))

    @cached_property
    def _segmenter(self) -> rjieba.Jieba:
        segmenter = rjieba.Jieba()
        for word in (*self._lexicon.terms, *self._lexicon.synonyms):
            segmenter.add_word(word, None, None)
        return segmenter


def judge(wanted: Wanted, passages: Sequence[Read], statements: Sequence[Read], *, exact: bool = False) -> Evidence:
    """Whether passages are enough for an answer.

    Args:
        wanted: what the question asks for.
        passages: the passages that an answer would cite, best first.
        statements: the statements that an answer would quote, the leading one first, each with what its passage is about.
        exact: the question named this very clause, so its words need not be found.
    """
    if not passages:
        return Evidence(Verdict.ABSTAINED, 0.0)
    if exact:
        return Evidence(Verdict.ANSWERED, wanted.weight)
    # A passage counts half by all of its words and half by what it is about: a word in passing is no subject.
    shared = max((wanted.shared(fold(p.whole)) + wanted.shared(fold(p.about))) / 2 for p in passages)
    together = fold("\n".join(p.whole for p in passages))
    missing = tuple(dict.fromkeys(_missing(wanted, together, statements)))
    names = [t for t in wanted.terms if t.name]
    nameless = bool(names) and not any(t.share_in(together) for t in names)
    nearly_all = shared >= LEAST and shared >= NEARLY_ALL * wanted.weight
    split = len(wanted.terms) <= FEW_TERMS and all(_lacks_known(wanted, fold(p.whole)) for p in passages)
    if nameless or split or (shared < RELATED and not nearly_all):
        return Evidence(Verdict.ABSTAINED, shared, missing)
    if missing or not (nearly_all or (shared >= ENOUGH and shared >= ENOUGH_SHARE * wanted.weight)):
        return Evidence(Verdict.PARTIAL, shared, missing)
    return Evidence(Verdict.ANSWERED, shared)


def _missing(wanted: Wanted, together: str, statements: Sequence[Read]) -> Iterable[str]:
    """What a near miss lacks, in words."""
    names = load_texts()["missing_kinds"]
    said = [(fold(s.whole), fold(s.about)) for s in statements]
    for kind, _, given in answer_kinds():
        if kind in wanted.kinds and not any(given.search(text) and _speaks_to(wanted, text, about) for text, about in said):
            yield str(names[kind])
    for year in wanted.years:
        if year not in together:
            yield str(names["year"]).format(year=year)
    for words in (*wanted.specifics, *wanted.places, *(t.word for t in wanted.terms if t.name)):
        if words.removeprefix("第") not in together:
            yield str(names["words"]).format(words=words)
    if said and _NOT_KNOWN.search(said[0][0]):
        yield str(names["not_known"])


def _lacks_known(wanted: Wanted, folded: str) -> bool:
    """Whether a text lacks a word that the knowledge base knows well enough to tell subjects apart."""
    return any(t.weight > UNKNOWN_WORD for t in wanted.lacking(folded))


def _speaks_to(wanted: Wanted, text: str, about: str) -> bool:
    return wanted.coverage(text) >= _SAID_SHARE or wanted.shared(text) >= _SAID or wanted.coverage(f"{about}\n{text}") >= 2 * _SAID_SHARE


def years_asked(text: str, as_of: dt.date) -> tuple[str, ...]:
    """Years that a text names, relative ones (今年, 去年) told from a date."""
    relative = [str(as_of.year + shift) for word, shift in load_texts("question_words")["relative_years"].items() if word in text]
    return tuple(dict.fromkeys([*_YEAR.findall(text), *relative]))


@lru_cache(maxsize=1)
def answer_kinds() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds of answer: name, how it is asked for, what an answer of the kind holds."""
    kinds = load_texts("question_words")["answer_kinds"]
    return tuple((name, re.compile(rule["ask"]), re.compile(rule["given"])) for name, rule in kinds.items())


def _is_name(word: str, tag: str) -> bool:
    """Whether a segmented word is a person's name: tagged so, of two or three characters, under a common surname."""
    return tag in ("nr", "nrt") and len(word) in (2, 3) and word[0] in load_texts("question_words")["surnames"]


@lru_cache(maxsize=1)
def _home_places() -> frozenset[str]:
    return frozenset(load_texts("question_words")["home_places"])


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(str(load_texts("question_words")["stop"]).split())
