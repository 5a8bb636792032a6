"""Is what was found enough? The passages must hold what a question needs, not merely similar words.

Two different errors are guarded against. A question about something else altogether shares little information, in nats, with the best
passage: there is no answer. A near miss shares a lot and still lacks the point: the year, the place, the grade, the focus or the kind of
answer must be there, or the answer says what is not known. ``texts/evidence.yaml`` says how much is enough; cross-validation chose it
(``python -m evals calibrate``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.judging.passage_view import PassageView
from assistant.types import Verdict
from assistant.understanding.needs import FEW_TERMS, UNKNOWN_WORD, YEAR, QuestionNeeds, Term, fold

NEARLY_ALL = 0.8
"""A short question carries little information; this share of it in a passage is enough."""

LEADING = 0.8
"""Share of the best statement's coverage that another statement needs to be searched for what was asked."""

LEAST = 3.0
"""Least weight in nats of a word that an answer names as missing: a common word says nothing."""

_HALF = 0.5  # share of a word that a text holds from which it counts as said
_SAID = 4.0  # nats that a statement shares with a question, enough to speak to it whatever else was asked
_SAID_SHARE = 0.3  # of the question that a statement must hold to give the kind of answer asked for
_ATTRIBUTION = re.compile(r"(?:据|截至|按|到)[^，。；]{0,40}?(?:报道|转述|消息|口径|资料|新闻|月)[^，。；]{0,8}[，,]")
_NOT_KNOWN = re.compile(
    r"报道未写|未写|报道未给|未给|未见|未查到|没有查到|未给出|没有给出|没有写明|没有公布|未涉及|没有找到|未写明|未公布|没有说明|未说明"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the evidence lacks: a kind of :class:`~assistant.texts.phrases.MissingKinds`, and the word that fills its phrase."""

    kind: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The judgement: a verdict (answered, partial or abstained), the information it rests on and what is missing."""

    verdict: Verdict
    shared: float
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """What a verdict rests on. Information is in nats, shares are 0 to 1."""

    shared: float
    """Information that the best passage shares with the question, half of it by what it is about: a word in passing is no subject."""
    weight: float
    """Information of the whole question."""
    passage: float
    """Share of the question that the best passage holds."""
    focus: float
    """Weight of the heaviest word next to the one that asks which no quoted statement or its heading holds; 0 when all are held."""
    missing: tuple[Missing, ...]
    """What is known to be missing."""
    elsewhere: bool
    """The question is about a person, or a pair of subjects, that no passage holds."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much is enough (``texts/evidence.yaml``).

    Below ``related`` nats shared, or below ``related_few`` where the best passage holds ``related_share`` of the question, there is no
    answer. Above, the answer is without reservation when nothing is missing and ``constant + Σ coefficient · signal`` reaches 0.
    """

    related: float
    related_few: float
    related_share: float
    constant: float
    passage: float
    focus: float
    weight: float

    def sure(self, signals: Signals) -> float:
        """How sure an answer is that lacks nothing known: log-odds that the question can be answered."""
        return (
            self.constant + self.passage * signals.passage + self.focus * signals.focus + self.weight * math.log(max(1.0, signals.weight))
        )


class Weigh(Protocol):
    """Says whether passages are enough, as :func:`judge` does."""

    def __call__(
        self, needs: QuestionNeeds, passages: Sequence[PassageView], statements: Sequence[PassageView], *, exact: bool = ...
    ) -> Evidence:
        """The judgement."""
        ...


@dataclass(frozen=True, slots=True)
class EvidenceJudge:
    """The judge in use: :func:`judge` with its thresholds."""

    thresholds: Thresholds

    def __call__(
        self, needs: QuestionNeeds, passages: Sequence[PassageView], statements: Sequence[PassageView], *, exact: bool = False
    ) -> Evidence:
        """The judgement."""
        return judge(needs, passages, statements, self.thresholds, exact=exact)


def judge(
    needs: QuestionNeeds,
    passages: Sequence[PassageView],
    statements: Sequence[PassageView],
    thresholds: Thresholds,
    *,
    exact: bool = False,
) -> Evidence:
    """Whether passages are enough for an answer.

    Args:
        needs: what the question asks for.
        passages: the passages that an answer would cite, best first.
        statements: the statements that an answer would quote, the leading one first, each with what its passage is about.
        thresholds: how much is enough.
        exact: the question named this very clause, so its words need not be found.
    """
    if not passages:
        return Evidence(Verdict.ABSTAINED, 0.0)
    if exact:
        return Evidence(Verdict.ANSWERED, needs.weight)
    signals = read_signals(needs, passages, statements)
    verdict = decide(signals, thresholds)
    return Evidence(verdict, signals.shared, () if verdict is Verdict.ANSWERED else signals.missing)


def read_signals(needs: QuestionNeeds, passages: Sequence[PassageView], statements: Sequence[PassageView]) -> Signals:
    """What the verdict on passages (at least one) and the statements quoted from them rests on."""
    held = [(fold(p.whole), fold(p.about)) for p in passages]
    quoted = [(fold(s.whole), fold(s.about)) for s in statements]
    said = _leading(needs, quoted)
    unsaid = _unsaid_focus(needs, [pair for pair in quoted if pair in said or _speaks_to(needs, *pair)])
    missing = (*_missing(needs, said, quoted), *_missing_current(needs, statements), *_missing_focus(unsaid))
    return Signals(
        shared=max((needs.shared(whole) + needs.shared(about)) / 2 for whole, about in held),
        weight=needs.weight,
        passage=max(needs.coverage(whole) for whole, _ in held),
        focus=max((term.weight for term in unsaid), default=0.0),
        missing=tuple(dict.fromkeys(missing)),
        elsewhere=_names_nobody_held(needs, held) or _splits_everywhere(needs, held),
    )


def _unsaid_focus(needs: QuestionNeeds, speaking: Sequence[tuple[str, str]]) -> list[Term]:
    """Words next to the one that asks that no statement on the subject holds."""
    return [t for t in needs.terms if t.focus and all(t.share_in(f"{about}\n{text}") < _HALF for text, about in speaking)]


def _missing_current(needs: QuestionNeeds, statements: Sequence[PassageView]) -> Iterable[Missing]:
    """The rule in force, where a question about today is answered by none."""
    if not needs.past and statements and not any(s.current for s in statements):
        yield Missing("current")


def _missing_focus(unsaid: Sequence[Term]) -> Iterable[Missing]:
    """Words next to the one that asks, but common ones."""
    return (Missing("words", term.word) for term in unsaid if term.weight >= LEAST)


def _names_nobody_held(needs: QuestionNeeds, held: Sequence[tuple[str, str]]) -> bool:
    """Whether a question names people, and no passage any of them."""
    names = [term for term in needs.terms if term.name]
    everything = "\n".join(whole for whole, _ in held)
    return bool(names) and not any(term.share_in(everything) for term in names)


def _splits_everywhere(needs: QuestionNeeds, held: Sequence[tuple[str, str]]) -> bool:
    """Whether a short question is about a pair of subjects of which every passage lacks one."""
    return len(needs.terms) <= FEW_TERMS and all(_splits(needs, whole, about) for whole, about in held)


def decide(signals: Signals, thresholds: Thresholds) -> Verdict:
    """The verdict that signals give."""
    few = signals.shared >= thresholds.related_few and signals.passage >= thresholds.related_share
    if signals.elsewhere or not (signals.shared >= thresholds.related or few):
        return Verdict.ABSTAINED
    thin = signals.shared < thresholds.related and signals.passage < NEARLY_ALL
    whole = signals.passage >= NEARLY_ALL and not signals.focus  # however little information that is: few documents, common words
    if signals.missing or thin or (thresholds.sure(signals) < 0 and not whole):
        return Verdict.PARTIAL
    return Verdict.ANSWERED


def _leading(needs: QuestionNeeds, said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The statements that speak to the subject about as well as the best one; the others are about something else.

    Places and years are no subject: 北京 in a court case is not about 北京's 产假.
    """
    subject = tuple(t for t in needs.terms if t.word not in (*needs.places, *needs.years))
    asked = replace(needs, terms=subject or needs.terms)
    shares = [asked.coverage(f"{about}\n{text}") for text, about in said]
    return [pair for pair, share in zip(said, shares, strict=True) if share >= LEADING * max(shares)]


def _missing(needs: QuestionNeeds, said: Sequence[tuple[str, str]], quoted: Sequence[tuple[str, str]]) -> Iterable[Missing]:
    """What a near miss lacks. ``said`` are the leading ones of all ``quoted`` statements, with what each passage is about."""
    together = "\n".join(part for pair in said for part in pair)
    yield from _missing_kinds(needs, quoted)
    yield from _missing_years(needs, together, said)
    yield from _missing_places(needs, together, said)
    if any(words not in together for words in needs.quoted):
        yield Missing("quoted")  # not in the user's words: quotes may hold an order to repeat them
    for words in (*needs.specifics, *(t.word for t in needs.terms if t.name)):
        if words.removeprefix("第") not in together:
            yield Missing("words", words)
    if any(_says_unknown(needs, text) for text, _ in said):
        yield Missing("not_known")


def _missing_kinds(needs: QuestionNeeds, quoted: Sequence[tuple[str, str]]) -> Iterable[Missing]:
    """Kinds of answer that no statement on the subject gives."""
    for kind, given in needs.given:
        if not any(given.search(text) and _speaks_to(needs, text, about) for text, about in quoted):
            yield Missing(kind)


def _missing_years(needs: QuestionNeeds, together: str, said: Sequence[tuple[str, str]]) -> Iterable[Missing]:
    """Years that are named but in no rule, and the year of asking where every statement holds as of an earlier one."""
    undated = _ATTRIBUTION.sub("", together)
    for year in needs.years:
        if year not in undated:
            yield Missing("year", year)
    if needs.now and said and all(_of_the_past(text, needs.now) for text, _ in said):
        yield Missing("year", needs.now)


def _missing_places(needs: QuestionNeeds, together: str, said: Sequence[tuple[str, str]]) -> Iterable[Missing]:
    """Places that are not spoken of. A rule of the home province speaks of its cities, too."""
    home = any(_at_home(needs, about) for _, about in said[:1])
    for place in needs.places:
        if place not in together and not (home and needs.is_home_city(place)):
            yield Missing("words", place)


def _says_unknown(needs: QuestionNeeds, text: str) -> bool:
    """Whether a statement says that what is asked about it is not known."""
    focus = [term for term in needs.terms if term.focus]
    return _NOT_KNOWN.search(text) is not None and (not focus or any(term.share_in(text) for term in focus))


def _of_the_past(text: str, year: str) -> bool:
    """Whether a statement says as of when it holds, and that is before a year."""
    dated = YEAR.findall("".join(_ATTRIBUTION.findall(text)))
    return bool(dated) and max(dated) < year


def _at_home(needs: QuestionNeeds, about: str) -> bool:
    """Whether what a passage is about says that it holds for the whole province, or for the country."""
    return bool(set(about.split("\n")) & needs.words.home_places)


def _splits(needs: QuestionNeeds, whole: str, about: str) -> bool:
    """Whether a passage lacks a word known well enough to tell subjects apart, and is not about a term of art that was asked."""
    lacks = any(t.weight > UNKNOWN_WORD and t.word not in needs.words.general for t in needs.lacking(whole))
    return lacks and not any(t.art and t.share_in(about) == 1.0 for t in needs.terms)


def _speaks_to(needs: QuestionNeeds, text: str, about: str) -> bool:
    return needs.coverage(text) >= _SAID_SHARE or needs.shared(text) >= _SAID or needs.coverage(f"{about}\n{text}") >= 2 * _SAID_SHARE
