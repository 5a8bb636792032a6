"""Self-check questions made from the documents' own statements: one figure, phone number or quoted term is left out.

Nothing is invented: a question is a statement with a gap, the right option is what was in the gap, and the wrong options are of the
same kind and come from nearby passages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge_base.types import Passage

GAP = "＿＿＿＿"
"""Placeholder for the right option."""

MOST_OPTIONS = 4
FEWEST_OPTIONS = 3
"""Least options: with two, half of the guesses are right."""

FEWEST_CHARACTERS, MOST_CHARACTERS = 16, 120
"""Characters of a statement: short enough for a phone, long enough to say what the gap is about. Chosen here."""

_STATEMENT = re.compile(r"[^。\n]+。?")
_LIST_MARK = re.compile(r"\s*(?:[-*+]\s+|\d{1,2}[.、)]\s*)?")
_UNITS = "个工作日|标准学时|个月|个小时|小时|课时|学时|分钟|万元|周岁|个百分点|天|元|年|岁|倍|级|门|人|%|％"
_FIGURE = re.compile(rf"(?<![\d.．,，/〔\[（(第—–~～-])(\d+(?:\.\d+)?)({_UNITS})(?![\d个])")
_HOTLINE = re.compile(r"(?<![\d.-])(?:1[12]\d{1,3}|9[56]\d{3})(?![\d.%％]|年|元|人|个|号|万)")
_TERM = re.compile(r"“([^“”，。；！？\s\d]{2,12})”")
_MAX_TERMS = 2
"""A statement with more quoted terms lists examples, and a term from elsewhere might be another one."""

_NEWS = "报道|消息|曾|累计|带动|截至|以来|受害人|记者|案例|警方|办案"
"""A statement with such a word reports what once happened; it is nothing to remember."""

_OPEN_AFTER = re.compile(r"”?(?:不|并非|等|一类|之类|以外|除外)")
_OPEN_BEFORE = re.compile(r"(?:不是|并非|例如|比如|譬如|如|包括)“?$")
"""Next to a gap these words mean that other options fit too: 12377不是报警电话, and neither is 12351."""

_LEFT_OUT = re.compile(rf"[|#>]|https?://|{_NEWS}|未见|未查到|没有查到|未公布")  # unknown figures are nothing to learn


@dataclass(frozen=True, slots=True)
class _Gap:
    """What may be left out: its kind (a unit, 电话 or 词), its position in the passage, and its words."""

    kind: str
    start: int
    end: int
    words: str

    @property
    def value(self) -> float:
        """Its value as a number; 0 for a term."""
        number = re.match(r"\d+(?:\.\d+)?", self.words)
        return float(number.group()) if number and self.kind != "词" else 0.0


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A statement with a gap. The quote is passage.text[start:end] and contains ``options[answer]`` once."""

    passage: Passage
    start: int
    end: int
    prompt: str
    options: tuple[str, ...]
    answer: int

    @property
    def quote(self) -> str:
        """The statement as in the passage."""
        return self.passage.text[self.start : self.end]


def make_quiz(passages: Sequence[Passage], others: Iterable[Passage] = (), most: int = 5) -> tuple[QuizQuestion, ...]:
    """At most ``most`` questions, one a passage, from the documents in turn. Equal passages give equal questions.

    Args:
        passages: what to ask about, document by document in reading order.
        others: further passages for wrong options, used if ``passages`` have too few of a kind.
        most: the largest number of questions.
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
    """Questions about a passage: first on figures and phone numbers, then on terms."""
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
    """Gaps of the same kind whose words are not in the statement; nearby passages first, then similar values first."""
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
    """Values that no wrong option may have: 30天 is as right as 30.0天."""
    return () if gap.kind == "词" else (gap.value,)


def _distance(one: _Gap, other: _Gap) -> float:
    """Distance of two gaps: figures by ratio, terms by length."""
    if one.kind == "词":
        return abs(len(one.words) - len(other.words))
    return abs(math.log((one.value + 1) / (other.value + 1)))


def _in_order(gap: _Gap, options: Sequence[_Gap]) -> tuple[str, ...]:
    """Options in ascending order, terms by their characters, so that the order does not give the answer away."""
    return tuple(option.words for option in sorted(options, key=lambda g: (g.value, g.words)))


def _gaps(passage: Passage) -> Iterator[tuple[tuple[int, int], _Gap]]:
    """The gaps of each statement of a passage, with the statement's [start, end)."""
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
        for term in terms if len(terms) <= _MAX_TERMS else ():
            yield (start, end), _Gap("词", start + term.start(1), start + term.end(1), term.group(1))
