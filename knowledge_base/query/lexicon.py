"""From everyday words to the words of the sources: dialect, synonyms, English, pinyin and slips in a query.

The words are in ``corpus/lexicon.yaml``; this module has the general rules. Clear readings replace what was typed, possible ones are
searched for beside it, and :class:`Understood` records both.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.errors import CorpusError
from knowledge_base.query.lookalikes import Lookalikes
from knowledge_base.query.spelling import Heard, Speller
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.text.normalise import normalise
from knowledge_base.text.similarity import closest_spelling
from knowledge_base.text.yaml import parse_yaml

SOUNDS_ALIKE = 87.0
"""Least similarity (0–100, of letters) of a toneless pinyin spelling to a term's for the term to count as misheard. Chosen on:

人才工只能训练师 against 人工智能训练师 gives 94, 直播嘻收园 against 直播销售员 92, 直播带货 against 直播销售员 63.
"""

_PARTS = {"dialect": dict, "synonyms": dict, "terms": list, "english": dict, "everyday": list}
_LISTED = 8  # uses added to a word of the lexicon on top of those in the knowledge base …
_EVERYDAY = 20  # … and to an everyday word, which sources rarely use
_MIN_TERM = 3  # characters; shorter terms have too many homophones
_MIN_LONG_TERM = 5  # with a vocabulary, which handles slips in shorter terms better
_HAN = re.compile(r"[\u3400-\u9fff]+")
# What southern speakers and voice input confuse: flat and curled tongue, n and l, front and back nasals, f and h.
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("hu", "fu"))


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as the search understands it.

    ``text`` is the query in standard words, with clear slips, pinyin and English replaced. ``expansions`` are words searched for
    beside it. ``notes`` say in Chinese what was read as what.
    """

    original: str
    text: str
    expansions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """What to search with."""
        return " ".join((self.text, *self.expansions))


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A term as it sounds."""

    text: str
    sound: str
    syllables: frozenset[str]
    """The sound of each character by itself, which may differ from its sound in the word."""


@dataclass(frozen=True)
class Lexicon:
    """The words of ``lexicon.yaml``, checked."""

    dialect: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    english: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everyday: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read and check a lexicon file.

        Raises:
            CorpusError: it is not YAML of the form described at its top; the message names the entry.
        """
        try:
            data: Any = parse_yaml(path.read_text(encoding="utf-8")) or {}
        except UnicodeDecodeError as exc:
            raise CorpusError(f"{path.name} 不是 UTF-8 编码。请用记事本打开，另存为时编码选 UTF-8") from exc
        except yaml.YAMLError as exc:
            raise CorpusError(f"{path.name} 不是合法的 YAML：{exc}") from exc
        _check(data, path.name)
        return cls(
            {normalise(str(k)): normalise(str(v)) for k, v in (data.get("dialect") or {}).items()},
            _lists(data.get("synonyms")),
            _words(data.get("terms")),
            _lists(data.get("english")),
            _words(data.get("everyday")),
        )

    def with_vocabulary(self, vocabulary: Vocabulary) -> Lexicon:
        """This lexicon with the words of a knowledge base, which it needs to read slips, pinyin and English."""
        return replace(self, vocabulary=vocabulary)

    def readings(self, query: str) -> tuple[str, ...]:
        """The query as typed, in standard words and as understood, without repeats."""
        return tuple(dict.fromkeys((normalise(query), self.plain(query), self.understand(query).text)))

    def joined_by(self, own: Lexicon) -> Lexicon:
        """This lexicon with the words of another added. Where both define a word, the other's dialect wins and its synonyms come first."""
        return replace(
            self,
            dialect={**self.dialect, **own.dialect},
            synonyms=_joined(self.synonyms, own.synonyms),
            terms=tuple(dict.fromkeys((*self.terms, *own.terms))),
            english=_joined(self.english, own.english),
            everyday=tuple(dict.fromkeys((*self.everyday, *own.everyday))),
        )

    def plain(self, text: str) -> str:
        """A normalised text with dialect words replaced by standard ones."""
        return self._standard(normalise(text))

    def understand(self, query: str) -> Understood:
        """The query in standard words with its slips corrected, and the terms its words stand for."""
        return self._understand(query)

    @cached_property
    def _understand(self) -> Callable[[str], Understood]:
        return lru_cache(maxsize=64)(self._read)  # routing, search and composing all read the same query

    def _read(self, query: str) -> Understood:
        plain = normalise(query)
        notes: list[str] = []
        expansions: list[str] = []
        text = self.plain(query)
        if text != plain:
            notes.append(f"按普通话理解：{text}")
        if not self.vocabulary.counts:
            for heard in self._misheard(text):
                notes.append(f"「{heard.typed}」按「{heard.term}」查")
                # Search for what was typed as well, in case it was meant.
                text = text.replace(heard.typed, heard.term)
                expansions.append(heard.typed)
        else:
            reading = self._speller.read(text, self._misheard(text))
            notes += [f"「{change.typed}」按「{change.meant}」查" for change in reading.changes]
            text = self._standard(reading.text)
            expansions += reading.beside
        words = dict.fromkeys(m.group() for t in (plain, text) for m in self._synonym_pattern.finditer(t)) if self.synonyms else ()
        said = [term for word in words for term in self.synonyms[word] if term not in text]
        return Understood(query, text, tuple(dict.fromkeys((*said, *expansions))), tuple(notes))

    @cached_property
    def _speller(self) -> Speller:
        ours = (*self.synonyms, *itertools.chain(*self.synonyms.values()), *self.dialect, *self.dialect.values())
        vocabulary = self.vocabulary.with_words((*self.terms, *ours), _LISTED).with_words(self.everyday, _EVERYDAY)
        return Speller(vocabulary, self.english, self.dialect, Lookalikes.load())

    def _standard(self, normalised: str) -> str:
        return self._dialect_pattern.sub(lambda m: self.dialect[m.group()], normalised) if self.dialect else normalised

    def _misheard(self, text: str) -> Iterable[Heard]:
        """Stretches of the text that sound like a term but are not that term: at most three, the most similar first."""
        best: dict[str, Heard] = {}
        known = self._known_places(text)
        for found in _HAN.finditer(text):
            for heard in self._misheard_in(found.group(), known[found.start() : found.end()]):
                if heard.term not in text and heard.alike > (best[heard.term].alike if heard.term in best else 0.0):
                    best[heard.term] = heard
        yield from sorted(best.values(), key=lambda h: (-h.alike, h.term))[:3]

    def _misheard_in(self, run: str, known: Sequence[bool]) -> Iterator[Heard]:
        """For each promising term, the stretch of a run of Han characters that sounds most like it. ``known`` stretches are skipped."""
        shortest = _MIN_TERM if not self.vocabulary.counts else _MIN_LONG_TERM
        candidates = self._terms_sharing_syllables(run, shortest) if len(run) >= shortest else {}
        spelt = _pinyin(run) if candidates else []
        if len(spelt) != len(run):
            return
        for length, terms in candidates.items():
            # As long as the term, or with one character that voice input added.
            stretches = [(start, start + size) for size in (length, length + 1) for start in range(len(run) - size + 1)]
            stretches = [(start, end) for start, end in stretches if not all(known[start:end])]
            sounds = ["".join(spelt[start:end]) for start, end in stretches]
            for term in terms:
                nearest = closest_spelling(term.sound, sounds, SOUNDS_ALIKE)
                if nearest is not None:
                    start, end = stretches[nearest[0]]
                    yield Heard(run[start:end], term.text, nearest[1])

    def _terms_sharing_syllables(self, run: str, shortest: int) -> Mapping[int, list[_Spelt]]:
        """Terms of at least ``shortest`` characters that share half of their syllables with a run, by their length."""
        shared = Counter(number for syllable in set(map(_syllable, run)) for number in self._with_syllable.get(syllable, ()))
        found: dict[int, list[_Spelt]] = {}
        for number, count in sorted(shared.items()):
            term = self._spelt[number]
            if len(term.text) >= shortest and 2 * count >= len(term.text):
                found.setdefault(len(term.text), []).append(term)
        return found

    @cached_property
    def _dialect_pattern(self) -> re.Pattern[str]:
        return _any_of(self.dialect)

    @cached_property
    def _synonym_pattern(self) -> re.Pattern[str]:
        return _any_of(self.synonyms)

    @cached_property
    def _spelt(self) -> Sequence[_Spelt]:
        """Terms long enough to be recognised by their sound."""
        terms = [term for term in self.terms if len(term) >= _MIN_TERM and _HAN.fullmatch(term)]
        return [_Spelt(term, "".join(_pinyin(term)), frozenset(map(_syllable, term))) for term in terms]

    @cached_property
    def _with_syllable(self) -> Mapping[str, list[int]]:
        """Indices in ``_spelt`` of the terms with a syllable."""
        places: dict[str, list[int]] = {}
        for number, term in enumerate(self._spelt):
            for syllable in term.syllables:
                places.setdefault(syllable, []).append(number)
        return places

    @cached_property
    def _known_pattern(self) -> re.Pattern[str]:
        return _any_of((*self.terms, *self.synonyms))

    def _known_places(self, text: str) -> list[bool]:
        """For each character whether it belongs to a word of the lexicon, and so was not misheard."""
        known = [False] * len(text)
        for match in self._known_pattern.finditer(text) if self.terms or self.synonyms else ():
            known[match.start() : match.end()] = [True] * (match.end() - match.start())
        return known


def _check(data: Any, name: str) -> None:
    """Check the form of a lexicon file's content.

    Raises:
        CorpusError: an entry is malformed; the message names it.
    """
    if not isinstance(data, dict) or set(data) - set(_PARTS):
        raise CorpusError(f"{name} 只能有 {'、'.join(_PARTS)} 这几部分")
    for part, kind in _PARTS.items():
        if not isinstance(data.get(part) or kind(), kind):
            raise CorpusError(f"{name} 的 {part} 应是{'一行一条的“词: 词”' if kind is dict else '一个列表'}")
    for key, value in (data.get("dialect") or {}).items():
        if not isinstance(value, str | int):
            raise CorpusError(f"{name} 的 dialect「{key}」后面应写一个词，例如 咋个: 怎么")
    for part, example in (("synonyms", "[产假]"), ("english", "[补贴]")):
        for key, value in (data.get(part) or {}).items():
            if not isinstance(value, list) or not value:
                raise CorpusError(f"{name} 的 {part}「{key}」后面应是一个列表，例如 {example}")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of the words; the longest match wins."""
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))


def _lists(part: Any) -> dict[str, tuple[str, ...]]:
    return {normalise(str(k)): tuple(normalise(str(v)) for v in values) for k, values in (part or {}).items()}


def _joined(words: Mapping[str, tuple[str, ...]], own: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The entries of both; for a word in both, the second mapping's values come first."""
    return {word: tuple(dict.fromkeys((*own.get(word, ()), *words.get(word, ())))) for word in dict.fromkeys((*words, *own))}


def _words(part: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(str(word)) for word in part or ()))


@lru_cache(maxsize=16_384)
def _syllable(character: str) -> str:
    """The sound of a character by itself: fast, and good enough to choose what to compare."""
    return "".join(_pinyin(character))


def _pinyin(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # 0.4 s; imported when a query first needs it

    spelt = []
    for syllable in lazy_pinyin(text):
        for heard, folded in _CONFUSED:
            syllable = syllable.replace(heard, folded)
        spelt.append("l" + syllable[1:] if syllable.startswith("n") else syllable)
    return spelt
