"""The words of a knowledge base: how often each is used, what follows it and how it sounds. Built and stored with a generation.

Ways of asking (问法) and titles count more than running text, because the vocabulary is used to read queries.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import rjieba

from knowledge_base.errors import IndexUnavailable
from knowledge_base.query.pinyin import spell
from knowledge_base.text.normalise import normalise

PROMINENT = 4
"""Weight of a use in a way of asking (问法), a title or a heading; a use in running text has weight 1. Not tuned."""

_MAX_PAIRS = 200_000
"""Most pairs kept. A rare phrase of a way of asking that is cut off is read as a frequent one that sounds alike."""
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|[^\u3400-\u9fffa-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[\u3400-\u9fff]{1,16}|[a-z]{2,}")


@dataclass(frozen=True)
class Vocabulary:
    """Words with their counts and syllables, and counts of neighbouring words ("产假 多少")."""

    counts: Mapping[str, int] = field(default_factory=dict)
    sounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[tuple[str, int]]) -> Vocabulary:
        """The vocabulary of texts, each with the weight of a use in it."""
        counts: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text, weight in texts:
            for run in _RUN.findall(normalise(text)):
                if not _WORD.match(run):
                    continue
                words = rjieba.cut(run, False) if _HAN.match(run) else [run]
                counts.update(dict.fromkeys(words, 0))
                for word in words:
                    counts[word] += weight
                    for part in rjieba.cut_for_search(word, False)[:-1] if len(word) > 2 else ():
                        counts[part] += weight
                for pair in pairwise(words):
                    pairs[pair] += weight
        return cls(dict(counts), _sounds(counts), {p: n for p, n in pairs.most_common(_MAX_PAIRS) if n > 1})

    def with_words(self, words: Iterable[str], count: int) -> Vocabulary:
        """This vocabulary with ``count`` more uses of each of these words."""
        more = [w for w in dict.fromkeys(words) if _WORD.fullmatch(w)]
        counts = {**self.counts, **{w: self.counts.get(w, 0) + count for w in more}}
        return Vocabulary(counts, {**self.sounds, **_sounds(w for w in more if w not in self.sounds)}, self.pairs)

    def save(self, path: Path) -> None:
        """Write a file that :meth:`load` reads."""
        words = {w: [n, " ".join(self.sounds.get(w, ()))] for w, n in self.counts.items()}
        pairs = [[a, b, n] for (a, b), n in self.pairs.items()]
        path.write_text(json.dumps({"words": words, "pairs": pairs}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a file that :meth:`save` wrote.

        Raises:
            IndexUnavailable: it is missing or damaged.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                {w: int(n) for w, (n, _) in data["words"].items()},
                {w: tuple(s.split()) for w, (_, s) in data["words"].items() if s},
                {(a, b): int(n) for a, b, n in data["pairs"]},
            )
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise IndexUnavailable(f"词表 {path} 读不了：{exc}。请运行 assistant ingest --rebuild") from exc


def _sounds(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    spelt: dict[str, tuple[str, ...]] = {}
    for word in words:
        if _HAN.fullmatch(word) and len(syllables := spell(word)) == len(word):
            spelt[word] = syllables
    return spelt
