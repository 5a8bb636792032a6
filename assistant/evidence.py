"""Is what was found enough? What a question asks for must stand in the passages, not merely similar words.

A question is read as content words, weighted by how rare they are in the knowledge base, and the kind of answer that it wants
(an amount, a duration, a date …). A score threshold alone cannot decide: best scores of answerable and of near-miss questions overlap
(AUC .66).
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

ENOUGH = 0.62
"""Least share of the question's weighted content words that the evidence holds for an answer; see evals/README.md."""

RELATED = 0.45
"""Least share for showing what is there as a partial answer."""

_HAN_OR_LATIN = re.compile(r"[\u3400-\u9fffa-z0-9]")
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
    """What a question asks for."""

    terms: tuple[Term, ...]
    kinds: tuple[str, ...]
    years: tuple[str, ...]

    def coverage(self, folded: str) -> float:
        """Weighted share of the terms that a folded text holds, 0 to 1; 0 for a question without content words."""
        total = sum(t.weight for t in self.terms)
        return sum(t.weight * t.share_in(folded) for t in self.terms) / total if total else 0.0

    def lacking(self, folded: str) -> tuple[Term, ...]:
        """Terms that a folded text does not hold, heaviest first."""
        return tuple(sorted((t for t in self.terms if not t.share_in(folded)), key=lambda t: -t.weight))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The judgement: a verdict (answered, partial or abstained), the coverage it rests on and what is missing, in words."""

    verdict: Verdict
    coverage: float
    missing: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Text as terms and answer kinds are looked for in it."""
    return normalise(fold_numbers(text))


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
        for word, tag in self._segmenter.tag(text):
            if word in _stop_words() or not _HAN_OR_LATIN.search(word) or (word.isdigit() and len(word) < 3):
                continue
            terms.setdefault(word, Term(word, self._weight(word), self._others(word, text, understood), tag in ("nr", "nrt", "nt")))
        return Wanted(tuple(terms.values()), tuple(k for k, ask, _ in answer_kinds() if ask.search(text)), years_asked(text, as_of))

    def _weight(self, word: str) -> float:
        """Inverse document frequency of the word's rarest pair of characters, at least 0.5."""
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] if not word.isascii() else [word]
        frequency = min((self._frequency(p) for p in pairs or [word]), default=0)
        weight = math.log((self._passages + 1) / (frequency + 0.5))
        return max(0.5, weight) * (0.4 if len(word) == 1 else 1.0)

    def _others(self, word: str, text: str, understood: Understood) -> tuple[str, ...]:
        others: list[str] = []
        for key, values in self._lexicon.synonyms.items():
            if (word in key or key in word) and key in text:
                others += values
        # A misheard term stands for every word of what was heard.
        others += [e for e in understood.expansions if e not in others and set(word) & set(e)]
        return tuple(fold(o) for o in dict.fromkeys(others))

    @cached_property
    def _segmenter(self) -> rjieba.Jieba:
        segmenter = rjieba.Jieba()
        for word in (*self._lexicon.terms, *self._lexicon.synonyms):
            segmenter.add_word(word, None, None)
        return segmenter


def judge(wanted: Wanted, passages: Sequence[str], statements: Sequence[str], *, exact: bool = False) -> Evidence:
    """Whether passages are enough for an answer.

    Args:
        wanted: what the question asks for.
        passages: text, head and ways of asking of the passages that an answer would cite, best first.
        statements: the statements that an answer would quote.
        exact: the question named this very clause, so its words need not be found.
    """
    folded = [fold(p) for p in passages]
    if not folded:
        return Evidence(Verdict.ABSTAINED, 0.0)
    together = "\n".join(folded)
    coverage = max(max(wanted.coverage(f) for f in folded), 0.9 * wanted.coverage(together))
    if exact:
        return Evidence(Verdict.ANSWERED, max(coverage, 1.0))
    missing = list(_missing(wanted, together, [fold(s) for s in statements]))
    names = [t.word for t in wanted.lacking(together) if t.name]
    if coverage < RELATED or names:
        return Evidence(Verdict.ABSTAINED, coverage, tuple(missing))
    if coverage < ENOUGH or missing:
        words = [t.word for t in wanted.lacking(together)][:3]
        if words and not missing:
            missing.append(load_texts()["missing_kinds"]["words"].format(words="、".join(words)))
        return Evidence(Verdict.PARTIAL, coverage, tuple(missing))
    return Evidence(Verdict.ANSWERED, coverage)


def _missing(wanted: Wanted, together: str, statements: Iterable[str]) -> Iterable[str]:
    names = load_texts()["missing_kinds"]
    quoted = "\n".join(statements)
    for kind, _, given in answer_kinds():
        if kind in wanted.kinds and not given.search(quoted):
            yield str(names[kind])
    for year in wanted.years:
        if year not in together:
            yield str(names["year"]).format(year=year)


def years_asked(text: str, as_of: dt.date) -> tuple[str, ...]:
    """Years that a text names, relative ones (今年, 去年) told from a date."""
    relative = [str(as_of.year + shift) for word, shift in load_texts("question_words")["relative_years"].items() if word in text]
    return tuple(dict.fromkeys([*_YEAR.findall(text), *relative]))


@lru_cache(maxsize=1)
def answer_kinds() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Kinds of answer: name, how it is asked for, what an answer of the kind holds."""
    kinds = load_texts("question_words")["answer_kinds"]
    return tuple((name, re.compile(rule["ask"]), re.compile(rule["given"])) for name, rule in kinds.items())


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(str(load_texts("question_words")["stop"]).split())
