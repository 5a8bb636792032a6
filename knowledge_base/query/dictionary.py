"""The general dictionary: whether a word is Chinese at all, wherever it is used."""

from __future__ import annotations

from functools import lru_cache

import rjieba


def is_dictionary_word(word: str) -> bool:
    """Whether jieba's dictionary has a word."""
    return _dictionary().has_word(word)


@lru_cache(maxsize=1)
def _dictionary() -> rjieba.Jieba:
    return rjieba.Jieba()  # 24 MB and 0.1 s: one for all, when a query first needs it
