"""What was meant by what was typed: a noisy channel over the words of the knowledge base.

A question is a path through a lattice of words. Words as typed cost what they are worth in the knowledge base; words that sound the
same, lack a character, have one too many, one wrong or two swapped cost that and the slip; Latin runs are read as pinyin, as English
or as themselves. The cheapest path is what was meant. What was typed stands unless the path is clearly cheaper, so that a
well-formed question is left alone: words of the knowledge base and of the general dictionary are never slips on their own.
Source: Kernighan, Church and Gale 1990, A spelling correction program based on a noisy channel model.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import rjieba

from knowledge_base.query.lookalikes import lookalikes
from knowledge_base.query.pinyin import level, spell
from knowledge_base.query.vocabulary import Vocabulary

SURE = 5.0
"""Nats by which a reading must beat what was typed to take its place; one that beats it by less is searched for beside it."""

POSSIBLE = 2.0
"""Nats by which it must beat it to be searched for at all."""

SURPRISING = 8.0
"""Nats from which a character on its own, or a word that only the general dictionary knows, may be a slip."""

SURPRISING_PAIR = 13.0
"""The same for two characters in a row, each on its own."""

# Nats that a slip costs: about the logarithm of how rare it is, a word.
_SLIP = 3.0  # that there is one at all
_SAME_SOUND = 1.0  # a character picked wrong in the input method
_NEAR_SOUND = 2.0  # heard so by a southern ear
_FURTHER = 3.0  # each character after the first in one word
_LOOKALIKE = 1.5
_SWAPPED = 3.0
_DOUBLED = 1.0
_EXTRA = 4.0  # inside a word; at its ends it is a word of its own
_MISSING = 4.0
_OTHER = 4.5  # any other character, in words of four and more
_SPACE = 1.0
_UNLIKE = 0.5  # a hundredth by which a whole term sounds otherwise
_TAKEN = 4.0  # what was typed is a word of the general dictionary
_NEAR_SPELLING = 1.5  # pinyin as a southern speaker spells it …
_NEAR_SYLLABLE = 3.5  # … of one character, which says less

_BIGRAM = 0.6  # weight of the word before
_NO_BIGRAM = -math.log(1 - _BIGRAM)
_UNKNOWN_CHARACTER = 11.5
_DICTIONARY_WORD = 10.5  # not used in the knowledge base, but Chinese
_ENGLISH = 5.5
_LATIN = 4.0
_LATIN_LETTER = 3.0
_SYLLABLE = 9.0  # pinyin of no known word
_KNOWN = 2  # uses in the knowledge base from which a word is no slip
_LONGEST = 8  # characters of a word that is looked for
_LONGEST_SPELLING = 24
_ENGLISH_WORDS = 4
_WITHIN = 4  # letters of an English word that is looked for inside a longer run
_BEAM = 6
_ALTERNATIVES = 12  # words of one levelled spelling that are tried
_CLOSE = 3.0  # nats within which another word of the same spelling is searched for beside the likeliest
_COMBINATIONS = 12

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]+(?:['’ ]+[a-z]+)*")
_PARTED = re.compile(r"[\u3400-\u9fff] (?=[\u3400-\u9fff])")
_TOKEN = re.compile(r"[a-z]+")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万第几]")
_SIGNIFICANT = re.compile(r"[\u3400-\u9fffa-z]")


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of what was typed, and what it is read as."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch that sounds like a term; ``alike`` is how much, 0 to 100."""

    typed: str
    term: str
    alike: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was meant: the text with every sure change made, those changes, and further words that may have been meant."""

    text: str
    changes: tuple[Change, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    """A word that may stand for text[start:end].

    ``cost`` is of the slip alone, the word's own is added to it; ``flat`` takes the place of the word's own.
    """

    start: int
    end: int
    word: str
    cost: float = 0.0
    flat: float | None = None
    slip: bool = True
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    word: str = ""
    edge: _Edge | None = None
    before: _Path | None = None


class Speller:
    """Reads what was typed with a vocabulary and a list of English words (``maternity leave`` to 产假).

    ``spoken`` are words of speech, dialect for one: they may be misheard, but nothing that looks like them is taken for them.
    """

    def __init__(self, vocabulary: Vocabulary, english: Mapping[str, tuple[str, ...]] | None = None, spoken: Iterable[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._english = dict(english or {})
        self._spoken = frozenset(spoken)
        self._character_sounds: dict[str, tuple[str, ...]] = {}

    def read(self, text: str, heard: Iterable[Heard] = ()) -> Reading:
        """What was meant by a normalised text. ``heard`` are terms that stretches of it sound like, to be weighed with the rest."""
        if not self._vocabulary.counts or not _SIGNIFICANT.search(text):
            return Reading(text)
        typed = [*self._typed(text)]
        slips = [*self._slips(text, _cheapest(text, typed, self._cost)), *_as_heard(text, heard)]
        return self._decide(text, _cheapest(text, typed + slips, self._cost), slips) if slips else Reading(text)

    def _decide(self, text: str, best: Sequence[_Edge], slips: Sequence[_Edge]) -> Reading:
        """What stands of the cheapest path: stretches that beat what was typed clearly enough."""
        pieces: list[tuple[str, bool]] = []
        changes: list[Change] = []
        beside: list[str] = []
        for part in _stretches(text, best):
            typed, meant = text[part[0].start : part[-1].end], _join(part)
            if not any(edge.slip for edge in part):
                pieces.append((typed, False))
                continue
            gain = self._worth(_cheapest(typed, [*self._typed(typed)], self._cost)) - self._worth(part)
            if gain >= SURE:
                changes.append(Change(typed, meant))
            elif gain >= POSSIBLE:
                beside.append(meant)
            pieces.append((meant, True) if gain >= SURE else (typed, False))
            beside += [word for edge in part for word in edge.beside]
            if _TOKEN.search(typed):
                beside += self._close(part, slips)
        read = _closed_up(pieces)
        return Reading(read, tuple(changes), tuple(w for w in dict.fromkeys(beside) if w and w not in read))

    def _close(self, chosen: Sequence[_Edge], slips: Sequence[_Edge]) -> Iterator[str]:
        """Other words that were nearly as likely for the same letters (产假 beside 参加, both typed canjia)."""
        before = ""
        for edge in chosen:
            if edge.slip and edge.flat is None and len(edge.word) > 1:
                most = self._cost(edge, before) + _CLOSE
                for other in slips:
                    same = (other.start, other.end) == (edge.start, edge.end)
                    if same and other.word != edge.word and len(other.word) > 1 and self._cost(other, before) <= most:
                        yield other.word
            before = edge.word or before

    def _worth(self, edges: Iterable[_Edge]) -> float:
        total, before = 0.0, ""
        for edge in edges:
            total += self._cost(edge, before)
            before = edge.word or before
        return total

    def _cost(self, edge: _Edge, before: str) -> float:
        """Nats of an edge after a word."""
        if edge.flat is not None:
            return edge.flat + edge.cost
        return edge.cost + self._word_cost(edge.word, before)

    def _word_cost(self, word: str, before: str) -> float:
        alone = self._alone.get(word, _DICTIONARY_WORD)
        pair = self._vocabulary.pairs.get((before, word))
        if pair is None:
            return alone + _NO_BIGRAM if before in self._alone else alone
        after = _BIGRAM * pair / max(pair, self._vocabulary.counts.get(before, pair))
        return -math.log((1 - _BIGRAM) * math.exp(-alone) + after)

    @cached_property
    def _alone(self) -> dict[str, float]:
        """Nats of each word by itself."""
        total = math.log(sum(self._vocabulary.counts.values()))
        return {word: total - math.log(count) for word, count in self._vocabulary.counts.items() if count}

    def _typed(self, text: str) -> Iterator[_Edge]:
        """What stands there as it stands."""
        counts = self._vocabulary.counts
        for found in _HAN.finditer(text):
            run, offset = found.group(), found.start()
            for i in range(len(run)):
                for j in range(i + 1, min(len(run), i + max(4, self._longest.get(run[i], 1))) + 1):
                    word = run[i:j]
                    if counts.get(word):
                        yield _Edge(offset + i, offset + j, word, slip=False)
                    elif j == i + 1:
                        yield _Edge(offset + i, offset + j, word, flat=_UNKNOWN_CHARACTER, slip=False)
                    elif j - i <= 4 and _dictionary().has_word(word):
                        yield _Edge(offset + i, offset + j, word, flat=_DICTIONARY_WORD, slip=False)
        for found in _TOKEN.finditer(text):
            word = found.group()
            if counts.get(word):
                yield _Edge(found.start(), found.end(), word, slip=False)
            else:
                yield _Edge(found.start(), found.end(), word, flat=_LATIN + _LATIN_LETTER * len(word), slip=False)

    def _slips(self, text: str, literal: Iterable[_Edge]) -> Iterator[_Edge]:
        """What may have been meant. A stretch that reads well as words of the knowledge base is not looked at."""
        loose = self._loose(text, literal)
        for found in _HAN.finditer(text):
            if any(loose[found.start() : found.end()]):
                yield from self._han_slips(found.group(), found.start(), loose)
        yield from self._parted(text)
        for found in _LATIN_RUN.finditer(text):
            tokens = [(m.group(), found.start() + m.start()) for m in _TOKEN.finditer(found.group())]
            yield from self._as_english(tokens)
            yield from self._as_pinyin(tokens)
            yield from self._half_spelt(text, tokens)

    def _loose(self, text: str, literal: Iterable[_Edge]) -> list[bool]:
        """For each character whether it may belong to a slip: it stands alone or in no word of ours, and surprises there."""
        loose = [False] * len(text)
        before: tuple[_Edge | None, float] = (None, 0.0)
        for edge in literal:
            cost = self._cost(edge, before[0].word if before[0] else "")
            alone = edge.end - edge.start == 1 or edge.flat is not None
            if alone and cost >= SURPRISING:
                loose[edge.start : edge.end] = [True] * (edge.end - edge.start)
            earlier = before[0]
            if (
                alone
                and earlier
                and earlier.end - earlier.start == 1
                and edge.flat != 0.0 != earlier.flat
                and cost + before[1] >= SURPRISING_PAIR
            ):
                loose[earlier.start : edge.end] = [True] * (edge.end - earlier.start)
            before = (edge, cost)
        return loose

    def _parted(self, text: str) -> Iterator[_Edge]:
        """Words of the knowledge base with a space inside."""
        for found in _PARTED.finditer(text):
            place = found.start() + 1
            for i in range(max(0, place - 4), place):
                for j in range(place + 2, min(len(text), place + 5) + 1):
                    word = text[i:place] + text[place + 1 : j]
                    if self._meant(word) and _HAN.fullmatch(word):
                        yield _Edge(i, j, word, _SPACE)

    def _han_slips(self, run: str, offset: int, loose: Sequence[bool]) -> Iterator[_Edge]:
        spelt = [self._levelled(c) for c in run]
        counts = self._vocabulary.counts
        for i in range(len(run)):
            for j in range(i + 2, min(len(run), i + _LONGEST) + 1):
                heard = run[i:j]
                if counts.get(heard, 0) >= _KNOWN or not any(loose[offset + i : offset + j]):
                    continue
                slip = _SLIP + (_TAKEN if j - i <= 4 and _dictionary().has_word(heard) else 0.0)
                best: dict[str, float] = {}
                for word, cost in self._meant_by(heard, spelt[i:j]):
                    if cost < best.get(word, math.inf) and not _touches_number(heard, word):
                        best[word] = cost
                for word, cost in best.items():
                    yield _Edge(offset + i, offset + j, word, slip + cost)

    def _meant_by(self, heard: str, spelt: list[tuple[str, ...]]) -> Iterator[tuple[str, float]]:
        """Words that a stretch may have been, each with what the slip costs."""
        length = len(heard)
        for sounds in itertools.islice(itertools.product(*spelt), _COMBINATIONS) if all(spelt) else ():
            for word in self._by_sound.get(" ".join(sounds), ()):
                if word != heard:
                    costs = [self._sound_cost(a, b) for a, b in zip(heard, word, strict=True) if a != b]
                    yield word, sum(costs) + _FURTHER * (len(costs) - 1)
        for word in self._swapped.get(heard, ()):
            yield word, _SWAPPED
        for k in range(length):
            left = heard[:k] + heard[k + 1 :]
            if k and heard[k] == heard[k - 1]:
                if self._meant(left):
                    yield left, _DOUBLED
            elif length >= 4 and 0 < k < length - 1 and self._meant(left):
                yield left, _EXTRA
            for word in self._with_gap.get(heard[:k] + "?" + heard[k + 1 :], ()):
                if word[k] in lookalikes().get(heard[k], ()):
                    yield word, _LOOKALIKE
                elif length >= 4 and word != heard:
                    yield word, _OTHER
        for word in self._shortened.get(heard, ()):
            yield word, _MISSING

    def _levelled(self, character: str) -> tuple[str, ...]:
        """Sounds of a character, levelled: those with which words use it, or else its commonest."""
        known = self._character_sounds.get(character)
        if known is None:
            known = self._character_sounds[character] = tuple(dict.fromkeys(level(s) for s in self._readings(character)))
        return known

    def _readings(self, character: str) -> tuple[str, ...]:
        attested = self._attested.get(character, ())
        return (*attested, *(s for s in spell(character) if s not in attested))

    def _sound_cost(self, typed: str, meant: str) -> float:
        return _SAME_SOUND if set(self._readings(typed)) & set(self._readings(meant)) else _NEAR_SOUND

    @cached_property
    def _attested(self) -> dict[str, list[str]]:
        return {
            c: list(dict.fromkeys(s))
            for c, s in _grouped(
                (c, s) for w in self._vocabulary.sounds for c, s in zip(w, self._vocabulary.sounds[w], strict=True)
            ).items()
        }

    def _meant(self, word: str) -> bool:
        return len(word) > 1 and self._vocabulary.counts.get(word, 0) >= _KNOWN

    def _as_english(self, tokens: list[tuple[str, int]]) -> Iterator[_Edge]:
        for i in range(len(tokens)):
            for j in range(i + 1, min(len(tokens), i + _ENGLISH_WORDS) + 1):
                phrase = " ".join(word for word, _ in tokens[i:j])
                meant = self._english.get(phrase) or self._english.get(_singular(phrase))
                if meant is not None:
                    end = tokens[j - 1][1] + len(tokens[j - 1][0])
                    yield _Edge(tokens[i][1], end, meant[0], flat=_ENGLISH, beside=meant[1:])

    def _as_pinyin(self, tokens: list[tuple[str, int]]) -> Iterator[_Edge]:
        """Words spelt in Latin letters: anywhere within a token, or from the first letter of one to the last of another."""
        for number, (token, offset) in enumerate(tokens):
            counts = self._vocabulary.counts
            if counts.get(token, 0) >= _KNOWN and len(token) > 1:
                continue
            for i in range(len(token)):
                for j in range(i + 1, min(len(token), i + _LONGEST_SPELLING) + 1):
                    letters = token[i:j]
                    yield from self._spelt_so(letters, offset + i, offset + j)
                    if len(letters) > 1 and self._vocabulary.counts.get(letters):
                        yield _Edge(offset + i, offset + j, letters)  # deepseek in deepseekzenmeyong
                    elif letters in self._syllables or len(letters) == 1:
                        yield _Edge(offset + i, offset + j, letters, flat=_SYLLABLE + _LATIN * (len(letters) == 1), slip=False)
                    if j - i < len(token) and j - i >= _WITHIN and (meant := self._english.get(letters)):
                        yield _Edge(offset + i, offset + j, meant[0], flat=_ENGLISH, beside=meant[1:])  # studioalliance
            joined = token
            for later, at in tokens[number + 1 : number + _LONGEST]:
                joined += later
                if len(joined) > _LONGEST_SPELLING:
                    break
                yield from self._spelt_so(joined, offset, at + len(later))

    def _spelt_so(self, letters: str, start: int, end: int) -> Iterator[_Edge]:
        exact = self._by_spelling.get(letters, ())
        for word in exact:
            yield _Edge(start, end, word)
        for word in self._by_near_spelling.get(_level_letters(letters), ()):
            if word not in exact:
                yield _Edge(start, end, word, _NEAR_SPELLING if len(word) > 1 else _NEAR_SYLLABLE)

    def _half_spelt(self, text: str, tokens: list[tuple[str, int]]) -> Iterator[_Edge]:
        """Words of which some characters are typed and one is spelt (产jia, nv职工)."""
        for token, start in tokens:
            sound, end = level(token), start + len(token)
            if token not in self._syllables:
                continue
            for i in range(max(0, start - 3), start + 1):
                for j in range(end, min(len(text), end + 3) + 1):
                    before, after = text[i:start], text[end:j]
                    around = before + after
                    if not around or not _HAN.fullmatch(around):
                        continue
                    key = " ".join((*(self._levelled(c)[0] for c in before), sound, *(self._levelled(c)[0] for c in after)))
                    for word in self._by_sound.get(key, ()):
                        if word.startswith(before) and word.endswith(after):
                            yield _Edge(i, j, word)

    @cached_property
    def _syllables(self) -> frozenset[str]:
        return frozenset(s for syllables in self._vocabulary.sounds.values() for s in syllables)

    @cached_property
    def _longest(self) -> dict[str, int]:
        """Length of the longest word that begins with a character."""
        longest: dict[str, int] = {}
        for word in self._vocabulary.counts:
            longest[word[0]] = max(longest.get(word[0], 0), len(word))
        return longest

    @cached_property
    def _words(self) -> list[str]:
        """Words that a slip may have been meant for: of the knowledge base, two characters and more."""
        counts, sounds = self._vocabulary.counts, self._vocabulary.sounds
        return [w for w, n in counts.items() if n >= _KNOWN and 2 <= len(w) <= _LONGEST and w in sounds]

    @cached_property
    def _written(self) -> list[str]:
        return [w for w in self._words if w not in self._spoken]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return _grouped((" ".join(level(s) for s in self._vocabulary.sounds[w]), w) for w in self._words)

    @cached_property
    def _with_gap(self) -> dict[str, list[str]]:
        return _grouped((w[:k] + "?" + w[k + 1 :], w) for w in self._written for k in range(len(w)))

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Words of four characters and more without one inside; of five and more without any one."""
        return _grouped(
            (w[:k] + w[k + 1 :], w) for w in self._written if len(w) >= 4 for k in range(len(w)) if len(w) > 4 or 0 < k < len(w) - 1
        )

    @cached_property
    def _swapped(self) -> dict[str, list[str]]:
        return _grouped((w[:k] + w[k + 1] + w[k] + w[k + 2 :], w) for w in self._written for k in range(len(w) - 1) if w[k] != w[k + 1])

    @cached_property
    def _by_spelling(self) -> dict[str, list[str]]:
        return _grouped(("".join(syllables), w) for w, syllables in self._vocabulary.sounds.items())

    @cached_property
    def _by_near_spelling(self) -> dict[str, list[str]]:
        counts = self._vocabulary.counts
        groups = _grouped((_level_letters("".join(syllables)), w) for w, syllables in self._vocabulary.sounds.items())
        return {key: sorted(words, key=lambda w: (-counts[w], w))[:_ALTERNATIVES] for key, words in groups.items()}


def _cheapest(text: str, edges: Iterable[_Edge], cost_of: Callable[[_Edge, str], float]) -> list[_Edge]:
    """The cheapest path from end to end. Marks and digits pass as they are; all but a space end what words say of their neighbours."""
    starting: dict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        starting[edge.start].append(edge)
    states: list[dict[str, _Path]] = [{} for _ in range(len(text) + 1)]
    states[0][""] = _Path(0.0)
    for place, character in enumerate(text):
        paths = sorted(states[place].values(), key=lambda p: p.cost)[:_BEAM]
        if not paths:
            continue
        if not _SIGNIFICANT.match(character):
            starting[place].append(_Edge(place, place + 1, "" if character != " " else paths[0].word, flat=0.0, slip=False))
        for edge in starting.get(place, ()):
            cost, before = min(((p.cost + cost_of(edge, p.word), p) for p in paths), key=lambda c: c[0])
            after = states[edge.end]
            if edge.word not in after or cost < after[edge.word].cost:
                after[edge.word] = _Path(cost, edge.word, edge, before)
    path: _Path | None = min(states[-1].values(), key=lambda p: p.cost)
    found: list[_Edge] = []
    while path is not None and path.edge is not None:
        found.append(path.edge)
        path = path.before
    return found[::-1]


def _as_heard(text: str, heard: Iterable[Heard]) -> Iterator[_Edge]:
    for one in heard:
        for found in re.finditer(re.escape(one.typed), text):
            yield _Edge(found.start(), found.end(), one.term, _SLIP + _UNLIKE * (100 - one.alike))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, word in pairs:
        groups[key].append(word)
    return dict(groups)


def _stretches(text: str, path: Sequence[_Edge]) -> Iterator[list[_Edge]]:
    """The edges of a path one by one, but those over one run of Latin letters together: they were typed in one way."""
    latin = [m.span() for m in _LATIN_RUN.finditer(text)]
    stretch: list[_Edge] = []
    until = 0
    for edge in path:
        if stretch and edge.start >= until:
            yield stretch
            stretch = []
        stretch.append(edge)
        until = max([until, edge.end, *(end for start, end in latin if start < edge.end and edge.start < end)])
    if stretch:
        yield stretch


def _join(edges: Iterable[_Edge]) -> str:
    """Words in a row, Latin ones apart."""
    text = ""
    for word in (edge.word for edge in edges if edge.word and edge.end > edge.start and edge.flat != 0.0):
        text += f" {word}" if text and text[-1].isascii() and word[0].isascii() else word
    return text


def _closed_up(pieces: Sequence[tuple[str, bool]]) -> str:
    """The pieces in a row, without the spaces that parted a spelt word (True) from Han characters."""
    kept = []
    for place, (piece, _) in enumerate(pieces):
        if piece == " " and 0 < place < len(pieces) - 1:
            (left, left_spelt), (right, right_spelt) = pieces[place - 1], pieces[place + 1]
            if (left_spelt or right_spelt) and _HAN.match(left[-1:]) and _HAN.match(right):
                continue
        kept.append(piece)
    return "".join(kept)


@lru_cache(maxsize=16384)
def _level_letters(letters: str) -> str:
    """A spelling without its southern confusions, whatever its syllables."""
    for heard, plain in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        letters = letters.replace(heard, plain)
    return re.sub(r"n(?=[aeiouv])", "l", letters)


def _touches_number(heard: str, word: str) -> bool:
    """Whether a change would put in or take out a numeral: figures are never slips."""
    return sorted(_NUMERAL.findall(heard)) != sorted(_NUMERAL.findall(word))


def _singular(phrase: str) -> str:
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    return phrase.removesuffix("s") if not phrase.endswith("ss") else phrase


@lru_cache(maxsize=1)
def _dictionary() -> rjieba.Jieba:
    return rjieba.Jieba()
