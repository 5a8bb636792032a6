"""Self-check questions made of documents' own statements: one figure, number to ring or quoted term is left out.

Nothing is written here that does not stand in a passage: a question is a statement with a gap, its right option is what stood in the
gap, and its wrong options are of the same kind, from passages beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.types import Passage

GAP = "＿＿＿＿"
"""What stands in a question where the right option stood."""

MOST_OPTIONS = 4
FEWEST_OPTIONS = 3
"""Of two options one is guessed half of the time."""

FEWEST_CHARACTERS, MOST_CHARACTERS = 16, 120
"""A statement within these is read in one breath on a phone and still says what the gap is about."""

_STATEMENT = re.compile(r"[^。\n]+。?")
_LIST_MARK = re.compile(r"\s*(?:[-*+]\s+|\d{1,2}[.、)]\s*)?")
_UNITS = "个工作日|标准学时|个月|个小时|小时|课时|学时|分钟|万元|周岁|个百分点|天|元|年|岁|倍|级|门|人|%|％"
_FIGURE = re.compile(rf"(?<![\d.．,，/〔\[（(第—–~～-])(\d+(?:\.\d+)?)({_UNITS})(?![\d个])")
_HOTLINE = re.compile(r"(?<![\d.-])(?:1[12]\d{1,3}|9[56]\d{3})(?![\d.%％]|年|元|人|个|号|万)")
_TERM = re.compile(r"“([^“”，。；！？\s\d]{2,12})”")
_MOST_TERMS = 2
"""A statement with more quoted terms lists examples, and a term of another statement might be one as well."""

_NEWS = "报道|消息|曾|累计|带动|截至|以来|受害人|记者|案例|警方|办案"
"""A statement with such a word tells what once happened, not what to keep in mind."""

_OPEN_AFTER = re.compile(r"”?(?:不|并非|等|一类|之类|以外|除外)")
_OPEN_BEFORE = re.compile(r"(?:不是|并非|例如|比如|譬如|如|包括)“?$")
"""Beside a gap these words say that other things fit there as well: 12377不是报警电话, and nor is 12351."""

_LEFT_OUT = re.compile(rf"[|#>]|https?://|{_NEWS}|未见|未查到|没有查到|未公布")  # what is not known is nothing to know


@dataclass(frozen=True, slots=True)
class _Gap:
    """What may be left out: its kind (a unit, 电话 or 词), where it stands in the passage, and its words."""

    kind: str
    start: int
    end: int
    words: str

    @property
    def value(self) -> float:
        """The figure; 0 for a term."""
        number = re.match(r"\d+(?:\.\d+)?", self.words)
        return float(number.group()) if number and self.kind != "词" else 0.0


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A statement with a gap. The quote stands at [start, end) of the passage's text, and ``options[answer]`` once in the quote."""

    passage: Passage
    start: int
    end: int
    prompt: str
    options: tuple[str, ...]
    answer: int

    @property
    def quote(self) -> str:
        """The statement as it stands in the passage."""
        return self.passage.text[self.start : self.end]


def make_quiz(passages: Sequence[Passage], others: Iterable[Passage] = (), most: int = 5) -> tuple[QuizQuestion, ...]:
    """At most ``most`` questions, one a passage, taken from the documents in turn; the same for the same passages.

    Args:
        passages: what is asked about, document by document in reading order.
        others: where further wrong options may come from, when ``passages`` hold too few of a kind.
        most: how many questions at most.
    """
    near = [gap for passage in passages for _, gap in _gaps(passage)]
    far = [gap for passage in others for _, gap in _gaps(passage)]
    by_document: dict[str, list[QuizQuestion]] = {}
    for passage in passages:
        question = next(_questions(passage, near, far), None)
        if question:
            by_document.setdefault(passage.doc_id, []).append(question)
    rounds = max((len(questions) for questions in by_document.values()), default=0)
    in_turn = [questions[turn] for turn in range(rounds) for questions in by_document.values() if turn < len(questions)]
    return tuple(in_turn[:most])


def _questions(passage: Passage, near: Sequence[_Gap], far: Sequence[_Gap]) -> Iterator[QuizQuestion]:
    """Questions about a passage: on figures and numbers to ring first, then on terms."""
    found = sorted(_gaps(passage), key=lambda pair: pair[1].kind == "词")
    for (start, end), gap in found:
        quote = passage.text[start:end]
        if (
            quote.count(gap.words) > 1
            or _OPEN_AFTER.match(passage.text, gap.end, end)
            or _OPEN_BEFORE.search(passage.text[start : gap.start])
        ):
            continue
        wrong = _wrong_options(gap, quote, near, far)
        if len(wrong) + 1 < FEWEST_OPTIONS:
            continue
        options = _in_order(gap, (*wrong, gap))
        prompt = passage.text[start : gap.start] + GAP + passage.text[gap.end : end]
        yield QuizQuestion(passage, start, end, prompt, options, options.index(gap.words))


def _wrong_options(gap: _Gap, quote: str, near: Sequence[_Gap], far: Sequence[_Gap]) -> list[_Gap]:
    """Gaps of the same kind with other words that do not stand in the statement; those of near passages first, near in value first."""
    chosen: dict[str, _Gap] = {}
    for pool in (near, far):
        fitting = [
            g for g in pool if g.kind == gap.kind and g.value not in _values(gap) and g.words not in quote and gap.words not in g.words
        ]
        for candidate in sorted(fitting, key=lambda g: (_distance(g, gap), g.words)):
            if len(chosen) < MOST_OPTIONS - 1:
                chosen.setdefault(candidate.words, candidate)
    return list(chosen.values())


def _values(gap: _Gap) -> tuple[float, ...]:
    """Values that no wrong option may have: 30天 would be as right as 30.0天."""
    return () if gap.kind == "词" else (gap.value,)


def _distance(one: _Gap, other: _Gap) -> float:
    """How far two gaps are apart: figures by their ratio, terms by length."""
    if one.kind == "词":
        return abs(len(one.words) - len(other.words))
    return abs(math.log((one.value + 1) / (other.value + 1)))


def _in_order(gap: _Gap, options: Sequence[_Gap]) -> tuple[str, ...]:
    """Options from the smallest to the largest figure; terms in the order of their characters. Neither tells which is right."""
    return tuple(option.words for option in sorted(options, key=lambda g: (g.value, g.words)))


def _gaps(passage: Passage) -> Iterator[tuple[tuple[int, int], _Gap]]:
    """What may be left out of each statement of a passage, with the statement's [start, end)."""
    for found in _STATEMENT.finditer(passage.text):
        mark = _LIST_MARK.match(found.group())
        start, end = found.start() + (mark.end() if mark else 0), found.end()
        statement = passage.text[start:end]
        if not FEWEST_CHARACTERS <= len(statement) <= MOST_CHARACTERS or _LEFT_OUT.search(statement):
            continue
        for figure in _FIGURE.finditer(statement):
            if figure.group(2) == "年" and len(figure.group(1)) == 4:
                continue  # a date, not a duration
            yield (start, end), _Gap(figure.group(2), start + figure.start(), start + figure.end(), figure.group())
        for hotline in _HOTLINE.finditer(statement):
            yield (start, end), _Gap("电话", start + hotline.start(), start + hotline.end(), hotline.group())
        terms = list(_TERM.finditer(statement))
        for term in terms if len(terms) <= _MOST_TERMS else ():
            yield (start, end), _Gap("词", start + term.start(1), start + term.end(1), term.group(1))
