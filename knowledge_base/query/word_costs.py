"""What a word costs in nats: the less a knowledge base uses it, the more. The language model of the noisy channel."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property

from knowledge_base.query.lattice import Edge
from knowledge_base.query.vocabulary import Vocabulary

DICTIONARY_WORD = 10.5
"""Nats of a Chinese word that the knowledge base does not use. Chosen by hand on the cases of the spelling tests."""

KNOWN = 2
"""Uses in the knowledge base from which a word is never a slip."""

_BIGRAM = 0.6  # weight of the word before; chosen by hand
_NO_BIGRAM = -math.log(1 - _BIGRAM)


class WordCosts:
    """Costs of words and of edges by a vocabulary: an interpolated bigram model."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def of_edge(self, edge: Edge, before: str) -> float:
        """Nats of an edge after a word."""
        if edge.flat is not None:
            return edge.flat + edge.cost
        return edge.cost + self._of_word(edge.word, before)

    def of_path(self, edges: Iterable[Edge]) -> float:
        """Nats of a path."""
        total, before = 0.0, ""
        for edge in edges:
            total += self.of_edge(edge, before)
            before = edge.word or before
        return total

    def _of_word(self, word: str, before: str) -> float:
        alone = self._alone.get(word, DICTIONARY_WORD)
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
