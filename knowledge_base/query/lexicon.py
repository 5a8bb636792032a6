"""How people say it to how sources say it: dialect, everyday words, English, pinyin and slips of a question.

The words stand in ``corpus/lexicon.yaml``; this module holds the general rules. What is clear is replaced, what is possible is
searched for beside the question, and both are told in :class:`Understood`.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from knowledge_base.errors import CorpusError
from knowledge_base.query.spelling import Heard, Speller
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.text.normalise import normalise
from knowledge_base.text.yaml import parse_yaml

SOUNDS_ALIKE = 87.0
"""Least similarity (0–100, of letters) of two toneless pinyin spellings that count as one misheard term.

人才工只能训练师 against 人工智能训练师 gives 94, 直播嘻收园 against 直播销售员 92, 直播带货 against 直播销售员 63.
"""

_PARTS = {"dialect": dict, "synonyms": dict, "terms": list, "english": dict, "everyday": list}
_LISTED = 8  # uses that a word of the lexicon counts beyond those in the knowledge base …
_EVERYDAY = 20  # … and an everyday one, which sources hardly write
_MIN_TERM = 3  # characters; shorter terms have too many homophones
_MIN_LONG_TERM = 5  # with a vocabulary, which weighs the slips in shorter ones against what was typed
_HAN = re.compile(r"[\u3400-\u9fff]+")
# What southern speakers and voice input confuse: flat and curled tongue, n and l, front and back nasals, f and h.
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("hu", "fu"))


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the search understands it.

    ``text`` is the question in standard words, with clear slips, pinyin and English replaced; ``expansions`` are words searched for
    beside it; ``notes`` say in Chinese what was understood as what.
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
    """Each character's own, whatever it is read as in the word."""


@dataclass(frozen=True)
class Lexicon:
    """Words of ``lexicon.yaml``, checked."""

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
            CorpusError: it is not YAML of the form that its first lines describe; the message names the entry.
        """
        try:
            data: Any = parse_yaml(path.read_text(encoding="utf-8")) or {}
        except UnicodeDecodeError as exc:
            raise CorpusError(f"{path.name} 不是 UTF-8 编码。请用记事本打开，另存为时编码选 UTF-8") from exc
        except yaml.YAMLError as exc:
            raise CorpusError(f"{path.name} 不是合法的 YAML：{exc}") from exc
        if not isinstance(data, dict) or set(data) - set(_PARTS):
            raise CorpusError(f"{path.name} 只能有 {'、'.join(_PARTS)} 这几部分")
        for part, kind in _PARTS.items():
            if not isinstance(data.get(part) or kind(), kind):
                raise CorpusError(f"{path.name} 的 {part} 应是{'一行一条的“词: 词”' if kind is dict else '一个列表'}")
        for key, value in (data.get("dialect") or {}).items():
            if not isinstance(value, str | int):
                raise CorpusError(f"{path.name} 的 dialect「{key}」后面应写一个词，例如 咋个: 怎么")
        for part, example in (("synonyms", "[产假]"), ("english", "[补贴]")):
            for key, value in (data.get(part) or {}).items():
                if not isinstance(value, list) or not value:
                    raise CorpusError(f"{path.name} 的 {part}「{key}」后面应是一个列表，例如 {example}")
        return cls(
            {normalise(str(k)): normalise(str(v)) for k, v in (data.get("dialect") or {}).items()},
            _lists(data.get("synonyms")),
            _words(data.get("terms")),
            _lists(data.get("english")),
            _words(data.get("everyday")),
        )

    def with_vocabulary(self, vocabulary: Vocabulary) -> Lexicon:
        """This lexicon, reading slips, pinyin and English with the words of a knowledge base; without one it leaves them alone."""
        return replace(self, vocabulary=vocabulary)

    def readings(self, question: str) -> tuple[str, ...]:
        """The question as typed, in standard words and as it was understood, each once."""
        return tuple(dict.fromkeys((normalise(question), self.plain(question), self.understand(question).text)))

    def joined_by(self, own: Lexicon) -> Lexicon:
        """This lexicon with another one's words: its dialect goes first, its synonyms and terms are added."""
        return replace(
            self,
            dialect={**self.dialect, **own.dialect},
            synonyms=_joined(self.synonyms, own.synonyms),
            terms=tuple(dict.fromkeys((*self.terms, *own.terms))),
            english=_joined(self.english, own.english),
            everyday=tuple(dict.fromkeys((*self.everyday, *own.everyday))),
        )

    def plain(self, text: str) -> str:
        """A text, normalised, with its dialect words in standard words."""
        return self._standard(normalise(text))

    def understand(self, question: str) -> Understood:
        """The question in standard words with its slips mended, and the terms that its words stand for."""
        return self._understand(question)

    @cached_property
    def _understand(self) -> Callable[[str], Understood]:
        return lru_cache(maxsize=64)(self._read)  # one question is read for its route, its search and its answer

    def _read(self, question: str) -> Understood:
        plain = normalise(question)
        notes: list[str] = []
        expansions: list[str] = []
        text = self.plain(question)
        if text != plain:
            notes.append(f"按普通话理解：{text}")
        if not self.vocabulary.counts:
            for heard in self._misheard(text):
                notes.append(f"「{heard.typed}」按「{heard.term}」查")
                # What was typed is still searched for beside it, in case it was meant.
                text = text.replace(heard.typed, heard.term)
                expansions.append(heard.typed)
        else:
            reading = self._speller.read(text, self._misheard(text))
            notes += [f"「{change.typed}」按「{change.meant}」查" for change in reading.changes]
            text = self._standard(reading.text)
            expansions += reading.beside
        words = dict.fromkeys(m.group() for t in (plain, text) for m in self._synonym_pattern.finditer(t)) if self.synonyms else ()
        said = [term for word in words for term in self.synonyms[word] if term not in text]
        return Understood(question, text, tuple(dict.fromkeys((*said, *expansions))), tuple(notes))

    @cached_property
    def _speller(self) -> Speller:
        ours = (*self.synonyms, *itertools.chain(*self.synonyms.values()), *self.dialect, *self.dialect.values())
        vocabulary = self.vocabulary.with_words((*self.terms, *ours), _LISTED).with_words(self.everyday, _EVERYDAY)
        return Speller(vocabulary, self.english, self.dialect)

    def _standard(self, normalised: str) -> str:
        return self._dialect_pattern.sub(lambda m: self.dialect[m.group()], normalised) if self.dialect else normalised

    def _misheard(self, text: str) -> Iterable[Heard]:
        """Stretches of the text that sound like a term without being it, at most three, the likeliest first."""
        best: dict[str, tuple[float, str]] = {}
        known = self._known_places(text)
        shortest = _MIN_TERM if not self.vocabulary.counts else _MIN_LONG_TERM
        for found in _HAN.finditer(text):
            run, offset = found.group(), found.start()
            worth = self._worth_hearing(run, shortest) if len(run) >= shortest else {}
            spelt = _pinyin(run) if worth else []
            if len(spelt) != len(run):
                continue
            for length, terms in worth.items():
                # As long as the term, or with one character that voice input put in.
                stretches = [(start, start + size) for size in (length, length + 1) for start in range(len(run) - size + 1)]
                stretches = [(start, end) for start, end in stretches if not all(known[offset + start : offset + end])]
                sounds = ["".join(spelt[start:end]) for start, end in stretches]
                for term in terms:
                    if term.text in text:
                        continue
                    nearest = process.extractOne(term.sound, sounds, scorer=fuzz.ratio, score_cutoff=SOUNDS_ALIKE)
                    if nearest is not None and nearest[1] > best.get(term.text, (0.0, ""))[0]:
                        start, end = stretches[nearest[2]]
                        best[term.text] = (nearest[1], run[start:end])
        for term_text, (score, heard_as) in sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:3]:
            yield Heard(heard_as, term_text, score)

    def _worth_hearing(self, run: str, shortest: int) -> Mapping[int, list[_Spelt]]:
        """Terms of at least so many characters that share half of their syllables with a run, by their length."""
        shared = Counter(number for syllable in set(map(_syllable, run)) for number in self._with_syllable.get(syllable, ()))
        worth: dict[int, list[_Spelt]] = {}
        for number, count in sorted(shared.items()):
            term = self._spelt[number]
            if len(term.text) >= shortest and 2 * count >= len(term.text):
                worth.setdefault(len(term.text), []).append(term)
        return worth

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
        """Places in ``_spelt`` of the terms that hold a syllable."""
        places: dict[str, list[int]] = {}
        for number, term in enumerate(self._spelt):
            for syllable in term.syllables:
                places.setdefault(syllable, []).append(number)
        return places

    @cached_property
    def _known_pattern(self) -> re.Pattern[str]:
        return _any_of((*self.terms, *self.synonyms))

    def _known_places(self, text: str) -> list[bool]:
        """For each character whether it belongs to a word that the lexicon knows, and so was not misheard."""
        known = [False] * len(text)
        for match in self._known_pattern.finditer(text) if self.terms or self.synonyms else ():
            known[match.start() : match.end()] = [True] * (match.end() - match.start())
        return known


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the words, the longest first."""
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))


def _lists(part: Any) -> dict[str, tuple[str, ...]]:
    return {normalise(str(k)): tuple(normalise(str(v)) for v in values) for k, values in (part or {}).items()}


def _joined(words: Mapping[str, tuple[str, ...]], own: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Both, the second one's values first where both have a word."""
    return {word: tuple(dict.fromkeys((*own.get(word, ()), *words.get(word, ())))) for word in dict.fromkeys((*words, *own))}


def _words(part: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(str(word)) for word in part or ()))


@lru_cache(maxsize=16_384)
def _syllable(character: str) -> str:
    """How a character sounds by itself: fast, and near enough to tell what is worth comparing."""
    return "".join(_pinyin(character))


def _pinyin(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # 0.4 s; only once a question needs it

    spelt = []
    for syllable in lazy_pinyin(text):
        for heard, folded in _CONFUSED:
            syllable = syllable.replace(heard, folded)
        spelt.append("l" + syllable[1:] if syllable.startswith("n") else syllable)
    return spelt
