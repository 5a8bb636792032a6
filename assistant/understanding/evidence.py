"""Is what was found enough? What a question asks for must stand in the passages, not merely similar words.

A question is read as content words, weighted by how rare they are in the knowledge base, the words next to the one that asks (学费 in
学费多少: its focus), and the kind of answer that it wants (an amount, a duration, a date …). Two different errors are guarded against. A
question about something else altogether shares little information, in nats, with the best passage: no answer. A near miss shares a lot and
still lacks the point: the year, the place, the grade, the focus or the kind of answer asked for must be there, or the answer says
what is not known. How much is enough stands in ``texts/evidence.yaml``, chosen by cross-validation (``python -m evals calibrate``).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol

import rjieba

from assistant.texts.wording import load_texts
from assistant.types import Verdict
from knowledge_base.query.lexicon import Lexicon, Understood
from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers

FEW_TERMS = 2
"""In a question of so few content words each one matters: known words that no passage holds together are different subjects."""

NEARLY_ALL = 0.8
"""A short question carries little information; this share of it in a passage is enough."""

LEADING = 0.8
"""Share of the best statement's share of the question from which another is looked at for what was asked."""

LEAST = 3.0
"""Least weight in nats of a word that is told to be missing: a common one says nothing."""

TERM_OF_ART = 5.0
"""Least weight in nats of a term of the lexicon: however common here, naming it says what the question is about."""

UNKNOWN_WORD = 3.5
"""Weight in nats of a word that the knowledge base does not hold: often noise of everyday speech, so no more than a fairly rare one."""

_OURS_FIRST = 10_000  # uses of a word of the lexicon, so that 管家暴 is 管 and 家暴 and not a 管家
_HALF = 0.5  # share of a word that a text holds from which it counts as said
_SAID = 4.0  # nats that a statement shares with a question, enough to speak to it whatever else was asked
_SAID_SHARE = 0.3  # of the question that a statement must hold to give the kind of answer asked for
_HAN_OR_LATIN = re.compile(r"[\u3400-\u9fffa-z0-9]")
_SPECIFIC = re.compile(r"(?:第)?\d+(?:届|级|期|批)")
_ATTRIBUTION = re.compile(r"(?:据|截至|按|到)[^，。；]{0,40}?(?:报道|转述|消息|口径|资料|新闻|月)[^，。；]{0,8}[，,]")
_NOT_KNOWN = re.compile(
    r"报道未写|未写|报道未给|未给|未见|未查到|没有查到|未给出|没有给出|没有写明|没有公布|未涉及|没有找到|未写明|未公布|没有说明|未说明"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\D|$)")
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
    """It stands next to the word that asks (学费 in 学费多少, 找回 in 怎么找回): what the question is after."""

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
        return tuple((kind, _given(kind, self.measures)) for kind in self.kinds)

    @property
    def placed(self) -> bool:
        """Whether it says of what place, other than her own, or of the whole country."""
        return bool(self.places) or self.nationwide

    @property
    def elsewhere(self) -> bool:
        """Whether all places that it names lie outside her own province."""
        home = any(term.word in _home_places() for term in self.terms)
        return bool(self.places) and not home and not any(place.removesuffix("市") in _home_cities() for place in self.places)

    def defined_in(self, folded: str) -> bool:
        """Whether a folded text says what a thing that was asked for is."""
        words = (word for term in self.terms for word in (term.word, *term.others) if len(word) > 1)
        return self.meaning and any(re.search(re.escape(word) + _defines(), folded) for word in words)

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
    current: bool = True
    """Whether it holds here on the date asked for."""


@lru_cache(maxsize=16_384)  # the same passages and their questions are read for every question near them
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
        measures = tuple(dict.fromkeys(match.group(1) for match in _measured().finditer(text)))
        asking = [match.span() for match in _asking().finditer(text)]
        terms: dict[str, Term] = {}
        spans: list[tuple[int, int, str]] = []
        places: list[str] = []
        for start, word, tag in self._words(text):
            if tag == "ns" and word not in _home_places() | _general_words():
                places.append(word)
            if self._is_idle(word, tag) or word in measures:
                continue
            spans.append((start, start + len(word), word))
            terms.setdefault(
                word, Term(word, self._weight(word), self._others(word, text), _is_name(word, tag), word in self._lexicon.terms)
            )
        focus = _beside(asking, spans, text)
        return Wanted(
            tuple(replace(term, focus=len(term.word) > 1 and term.word in focus - _general_words()) for term in terms.values()),
            tuple(kind for kind, ask, _ in answer_kinds() if ask.search(text)),
            tuple(dict.fromkeys(_YEAR.findall(text))),
            tuple(dict.fromkeys(_SPECIFIC.findall(text))),
            tuple(dict.fromkeys(places)),
            tuple(dict.fromkeys(_QUOTED.findall(text))),
            measures,
            str(as_of.year) if _now().search(text) else "",
            bool(places or _YEAR.search(text) or _past().search(text)),
            _meaning().search(text) is not None,
            any(word in text for word in load_texts("question_words")["nation"]),
        )

    def _words(self, text: str) -> Iterable[tuple[int, str, str]]:
        """Words with their offset and tag. A guessed word with a function word in it (能休) is none; surname and given name are one."""
        tagged: list[tuple[str, str]] = []
        for word, tag in self._segmenter.tag(text):
            if not tag.startswith("nr") and not self._segmenter.has_word(word) and _function_characters() & set(word):
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
        idle = tag in _IDLE_TAGS or word in _stop_words() or _asking().match(word) is not None
        return idle or not _HAN_OR_LATIN.search(word) or (word.isdigit() and len(word) < 3)

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
        for word in (w for w in _stop_words() if len(w) > 1):
            segmenter.add_word(word, None, None)
        for word in (*self._lexicon.terms, *self._lexicon.synonyms):
            segmenter.add_word(word, _OURS_FIRST, None)
        return segmenter


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
    missing: tuple[str, ...]
    """What is known to be missing, in words."""
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


@lru_cache(maxsize=1)
def shipped_thresholds() -> Thresholds:
    """The thresholds in use."""
    return Thresholds(**load_texts("evidence")["thresholds"])


class Weigh(Protocol):
    """Says whether passages are enough, as :func:`judge` does."""

    def __call__(self, wanted: Wanted, passages: Sequence[Read], statements: Sequence[Read], *, exact: bool = ...) -> Evidence:
        """The judgement."""
        ...


def judge(
    wanted: Wanted, passages: Sequence[Read], statements: Sequence[Read], *, exact: bool = False, thresholds: Thresholds | None = None
) -> Evidence:
    """Whether passages are enough for an answer.

    Args:
        wanted: what the question asks for.
        passages: the passages that an answer would cite, best first.
        statements: the statements that an answer would quote, the leading one first, each with what its passage is about.
        exact: the question named this very clause, so its words need not be found.
        thresholds: how much is enough; the shipped ones when not given.
    """
    if not passages:
        return Evidence(Verdict.ABSTAINED, 0.0)
    if exact:
        return Evidence(Verdict.ANSWERED, wanted.weight)
    signals = read_signals(wanted, passages, statements)
    verdict = decide(signals, thresholds or shipped_thresholds())
    return Evidence(verdict, signals.shared, () if verdict is Verdict.ANSWERED else signals.missing)


def read_signals(wanted: Wanted, passages: Sequence[Read], statements: Sequence[Read]) -> Signals:
    """What the verdict on passages (at least one) and the statements quoted from them rests on."""
    wholes = [fold(p.whole) for p in passages]
    quoted = [(fold(s.whole), fold(s.about)) for s in statements]
    said = _leading(wanted, quoted)
    together = "\n".join(part for pair in said for part in pair)
    speaking = [pair for pair in quoted if pair in said or _speaks_to(wanted, *pair)]
    unsaid = [t for t in wanted.terms if t.focus and all(t.share_in(f"{about}\n{text}") < _HALF for text, about in speaking)]
    stale = (
        [str(load_texts()["missing_kinds"]["current"])] if not wanted.past and statements and not any(s.current for s in statements) else []
    )
    missing = [*_missing(wanted, together, said, quoted), *stale, *(_named_words(t.word) for t in unsaid if t.weight >= LEAST)]
    names = [t for t in wanted.terms if t.name]
    everything = "\n".join(wholes)
    return Signals(
        shared=max((wanted.shared(whole) + wanted.shared(fold(p.about))) / 2 for whole, p in zip(wholes, passages, strict=True)),
        weight=wanted.weight,
        passage=max(map(wanted.coverage, wholes)),
        focus=max((t.weight for t in unsaid), default=0.0),
        missing=tuple(dict.fromkeys(missing)),
        elsewhere=(bool(names) and not any(t.share_in(everything) for t in names))
        or (
            len(wanted.terms) <= FEW_TERMS and all(_splits(wanted, whole, fold(p.about)) for whole, p in zip(wholes, passages, strict=True))
        ),
    )


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


def _leading(wanted: Wanted, said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The statements that speak to the subject about as well as the best one; what stands in others is about something else.

    Places and years are no subject: 北京 in a court case is not about 北京's 产假.
    """
    subject = tuple(t for t in wanted.terms if t.word not in (*wanted.places, *wanted.years))
    asked = replace(wanted, terms=subject or wanted.terms)
    shares = [asked.coverage(f"{about}\n{text}") for text, about in said]
    return [pair for pair, share in zip(said, shares, strict=True) if share >= LEADING * max(shares)]


def _missing(wanted: Wanted, together: str, said: Sequence[tuple[str, str]], quoted: Sequence[tuple[str, str]]) -> Iterable[str]:
    """What a near miss lacks, in words. ``said`` are the leading ones of all ``quoted`` statements, with what each passage is about."""
    names = load_texts()["missing_kinds"]
    for kind, given in wanted.given:
        if not any(given.search(text) and _speaks_to(wanted, text, about) for text, about in quoted):
            yield str(names[kind])
    undated = _ATTRIBUTION.sub("", together)
    for year in wanted.years:
        if year not in undated:
            yield str(names["year"]).format(year=year)
    if wanted.now and said and all(_of_the_past(text, wanted.now) for text, _ in said):
        yield str(names["year"]).format(year=wanted.now)
    home = any(_at_home(about) for _, about in said[:1])
    for place in wanted.places:
        if place not in together and not (home and place.removesuffix("市") in _home_cities()):
            yield _named_words(place)
    if any(words not in together for words in wanted.quoted):
        yield str(names["quoted"])  # not in her words: what stands in quotes may be an order to say it
    for words in (*wanted.specifics, *(t.word for t in wanted.terms if t.name)):
        if words.removeprefix("第") not in together:
            yield _named_words(words)
    focus = [t for t in wanted.terms if t.focus]
    if any(_NOT_KNOWN.search(text) and (not focus or any(t.share_in(text) for t in focus)) for text, _ in said):
        yield str(names["not_known"])


def _named_words(words: str) -> str:
    return str(load_texts()["missing_kinds"]["words"]).format(words=words)


def _of_the_past(text: str, year: str) -> bool:
    """Whether a statement says as of when it holds, and that is before a year."""
    dated = _YEAR.findall("".join(_ATTRIBUTION.findall(text)))
    return bool(dated) and max(dated) < year


def _at_home(about: str) -> bool:
    """Whether what a passage is about says that it holds for the whole province, or for the country."""
    return bool(set(about.split("\n")) & set(_home_places()))


def _splits(wanted: Wanted, whole: str, about: str) -> bool:
    """Whether a passage lacks a word known well enough to tell subjects apart, and is not about a term of art that was asked."""
    lacks = any(t.weight > UNKNOWN_WORD and t.word not in _general_words() for t in wanted.lacking(whole))
    return lacks and not any(t.art and t.share_in(about) == 1.0 for t in wanted.terms)


def _speaks_to(wanted: Wanted, text: str, about: str) -> bool:
    return wanted.coverage(text) >= _SAID_SHARE or wanted.shared(text) >= _SAID or wanted.coverage(f"{about}\n{text}") >= 2 * _SAID_SHARE


def years_asked(text: str, as_of: dt.date) -> tuple[str, ...]:
    """Years that a text names, relative ones (今年, 去年) told from a date."""
    relative = [str(as_of.year + shift) for word, shift in load_texts("question_words")["relative_years"].items() if word in text]
    return tuple(dict.fromkeys([*_YEAR.findall(text), *relative]))


def _beside(asking: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]], text: str) -> frozenset[str]:
    """Words next to a word that asks, before it and behind it, within its clause."""
    near: set[str] = set()
    for begin, end in asking:
        before = [(s, e, w) for s, e, w in spans if e <= begin and not _BREAK.search(text[e:begin])]
        after = [(s, e, w) for s, e, w in spans if s >= end and not _BREAK.search(text[end:s])]
        near |= {w for _, _, w in (*before[-1:], *after[:1])}
    return frozenset(near)


@lru_cache(maxsize=256)
def _given(kind: str, measures: tuple[str, ...]) -> re.Pattern[str]:
    """What an answer of a kind holds; a count also the thing that is counted."""
    given = next(given for name, _, given in answer_kinds() if name == kind)
    same: Mapping[str, str] = load_texts("question_words")["same_measures"]
    if kind != "count" or not measures or any(m in same["any"] for m in measures):
        return given
    counted = "|".join(same.get(m, m) for m in measures)
    return re.compile(rf"(?:\d|[一两])[余多万亿]*\s*(?:{counted})")


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
def _asking() -> re.Pattern[str]:
    """Words that ask: 多少, 谁, 哪里, 怎么, 几家 …"""
    return re.compile(str(load_texts("question_words")["asking"]))


@lru_cache(maxsize=1)
def _measured() -> re.Pattern[str]:
    """What is counted, in its first group."""
    return re.compile(str(load_texts("question_words")["measured"]))


@lru_cache(maxsize=1)
def _now() -> re.Pattern[str]:
    """Words that ask for the state of today."""
    return re.compile(str(load_texts("question_words")["now"]))


@lru_cache(maxsize=1)
def _past() -> re.Pattern[str]:
    """Words that ask for what held before."""
    return re.compile(str(load_texts("question_words")["past"]))


@lru_cache(maxsize=1)
def _meaning() -> re.Pattern[str]:
    """Words that ask what a thing is."""
    return re.compile(str(load_texts("question_words")["meaning"]))


@lru_cache(maxsize=1)
def _defines() -> str:
    """What stands behind a word in a text that says what it is."""
    return str(load_texts("question_words")["defines"])


@lru_cache(maxsize=1)
def _home_cities() -> frozenset[str]:
    return frozenset(load_texts("question_words")["home_cities"])


@lru_cache(maxsize=1)
def _function_characters() -> frozenset[str]:
    return frozenset(str(load_texts("question_words")["function_characters"]))


@lru_cache(maxsize=1)
def _general_words() -> frozenset[str]:
    return frozenset(str(load_texts("question_words")["general"]).split())


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(str(load_texts("question_words")["stop"]).split())
