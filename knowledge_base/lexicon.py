"""How people say it to how sources say it: dialect, everyday words and misheard terms of a question.

The words stand in ``corpus/lexicon.yaml``; this module holds the general rules. The question itself is never thrown away:
dialect words are replaced, everything else is added beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from knowledge_base.errors import CorpusError
from knowledge_base.text import normalise

SOUNDS_ALIKE = 87.0
"""Least similarity (0–100, of letters) of two toneless pinyin spellings that count as one misheard term.

人才工只能训练师 against 人工智能训练师 gives 94, 直播嘻收园 against 直播销售员 92, 直播带货 against 直播销售员 63.
"""

_MIN_TERM = 3  # characters; shorter terms have too many homophones
_HAN = re.compile(r"[\u3400-\u9fff]+")
# What southern speakers and voice input confuse: flat and curled tongue, n and l, front and back nasals, f and h.
_CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("hu", "fu"))


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the search understands it.

    ``text`` is the question with dialect words and misheard terms replaced; ``expansions`` are words searched for beside it;
    ``notes`` say in Chinese what was understood as what.
    """

    original: str
    text: str
    expansions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """What to search with."""
        return " ".join((self.text, *self.expansions))


@dataclass(frozen=True)
class Lexicon:
    """Words of ``lexicon.yaml``, checked."""

    dialect: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read and check a lexicon file.

        Raises:
            CorpusError: it is not YAML of the form that its first lines describe; the message names the entry.
        """
        try:
            data: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except UnicodeDecodeError as exc:
            raise CorpusError(f"{path.name} 不是 UTF-8 编码。请用记事本打开，另存为时编码选 UTF-8") from exc
        except yaml.YAMLError as exc:
            raise CorpusError(f"{path.name} 不是合法的 YAML：{exc}") from exc
        if not isinstance(data, dict) or set(data) - {"dialect", "synonyms", "terms"}:
            raise CorpusError(f"{path.name} 只能有 dialect、synonyms、terms 三部分")
        for part, kind in (("dialect", dict), ("synonyms", dict), ("terms", list)):
            if not isinstance(data.get(part) or kind(), kind):
                raise CorpusError(f"{path.name} 的 {part} 应是{'一行一条的“词: 词”' if kind is dict else '一个列表'}")
        for key, value in (data.get("dialect") or {}).items():
            if not isinstance(value, str | int):
                raise CorpusError(f"{path.name} 的 dialect「{key}」后面应写一个词，例如 咋个: 怎么")
        for key, value in (data.get("synonyms") or {}).items():
            if not isinstance(value, list) or not value:
                raise CorpusError(f"{path.name} 的 synonyms「{key}」后面应是一个列表，例如 [产假]")
        return cls(
            {normalise(str(k)): normalise(str(v)) for k, v in (data.get("dialect") or {}).items()},
            {normalise(str(k)): tuple(normalise(str(v)) for v in values) for k, values in (data.get("synonyms") or {}).items()},
            tuple(dict.fromkeys(normalise(str(t)) for t in data.get("terms") or ())),
        )

    def joined_by(self, own: Lexicon) -> Lexicon:
        """This lexicon with another one's words: its dialect goes first, its synonyms and terms are added."""
        synonyms = {word: tuple(dict.fromkeys((*own.synonyms.get(word, ()), *found))) for word, found in self.synonyms.items()}
        return Lexicon(
            {**self.dialect, **own.dialect},
            {**synonyms, **{word: found for word, found in own.synonyms.items() if word not in synonyms}},
            tuple(dict.fromkeys((*self.terms, *own.terms))),
        )

    def plain(self, text: str) -> str:
        """A text, normalised, with its dialect words in standard words."""
        plain = normalise(text)
        return self._dialect_pattern.sub(lambda m: self.dialect[m.group()], plain) if self.dialect else plain

    def understand(self, question: str) -> Understood:
        """The question with its dialect in standard words, and the terms that its words stand for."""
        plain = normalise(question)
        notes: list[str] = []
        text = self.plain(question)
        if text != plain:
            notes.append(f"按普通话理解：{text}")
        expansions: list[str] = []
        for word in dict.fromkeys(m.group() for t in (plain, text) for m in self._synonym_pattern.finditer(t)) if self.synonyms else ():
            expansions += [term for term in self.synonyms[word] if term not in text]
        for heard, term in self._misheard(text):
            notes.append(f"「{heard}」按「{term}」查")
            # What was typed is still searched for beside it, in case it was meant.
            text = text.replace(heard, term)
            expansions.append(heard)
        return Understood(question, text, tuple(dict.fromkeys(expansions)), tuple(notes))

    def _misheard(self, text: str) -> Iterable[tuple[str, str]]:
        """Stretches of the text that sound like a term without being it, at most three, the likeliest first."""
        best: dict[str, tuple[float, str]] = {}
        known = self._known_places(text)
        for found in _HAN.finditer(text):
            run, offset = found.group(), found.start()
            spelt = _pinyin(run) if len(run) >= _MIN_TERM else []
            if len(spelt) != len(run):
                continue
            for length, (terms, wanted) in self._spelt.items():
                # As long as the term, or with one character that voice input put in.
                stretches = [(start, start + size) for size in (length, length + 1) for start in range(len(run) - size + 1)]
                stretches = [(start, end) for start, end in stretches if not all(known[offset + start : offset + end])]
                heard = [run[start:end] for start, end in stretches]
                if not heard:
                    continue
                sounds = ["".join(spelt[start:end]) for start, end in stretches]
                scores = process.cdist(sounds, wanted, scorer=fuzz.ratio, score_cutoff=SOUNDS_ALIKE)
                for row, column in zip(*scores.nonzero(), strict=True):
                    term, score = terms[column], float(scores[row, column])
                    if term not in text and score > best.get(term, (0.0, ""))[0]:
                        best[term] = (score, heard[row])
        for term, (_, heard_as) in sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:3]:
            yield heard_as, term

    @cached_property
    def _dialect_pattern(self) -> re.Pattern[str]:
        return _any_of(self.dialect)

    @cached_property
    def _synonym_pattern(self) -> re.Pattern[str]:
        return _any_of(self.synonyms)

    @cached_property
    def _spelt(self) -> dict[int, tuple[list[str], list[str]]]:
        """Terms with their pinyin, by the number of their characters."""
        spelt: dict[int, tuple[list[str], list[str]]] = {}
        for term in self.terms:
            if len(term) >= _MIN_TERM and _HAN.fullmatch(term):
                terms, sounds = spelt.setdefault(len(term), ([], []))
                terms.append(term)
                sounds.append("".join(_pinyin(term)))
        return spelt

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


def _pinyin(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # 0.4 s; only once a question needs it

    spelt = []
    for syllable in lazy_pinyin(text):
        for heard, folded in _CONFUSED:
            syllable = syllable.replace(heard, folded)
        spelt.append("l" + syllable[1:] if syllable.startswith("n") else syllable)
    return spelt
