"""The one normaliser and tokeniser: what the index holds, what a query is and what metrics compare all pass through here."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import opencc

from knowledge_base.text.numerals import fold_numbers

TOKENISER_VERSION = "uni-bigram-2"
"""Written into an index's manifest; change it whenever :func:`tokens` gives other tokens for the same text."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"[{_HAN}]+|[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\+\+|#)?")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def strip_control(text: str) -> str:
    """The text without control, zero-width and direction characters; line feeds and tabs stay."""
    return _CONTROL.sub("", text)


def normalise(text: str) -> str:
    """Text for comparison: widths folded (NFKC), traditional to simplified characters, lower case, no control characters.

    Idempotent. Not for display, and offsets into the result do not fit the original.
    """
    plain = _plain(strip_control(text))
    if _to_simplified().convert(plain) == plain == _plain(plain):
        return plain
    folded = _fold(plain)
    while (again := _fold(folded)) != folded:  # a simplified character may have a simpler one still (薴, 苧, 苎)
        folded = again
    return folded


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _fold(text: str) -> str:
    return _plain(_to_simplified().convert(_plain(text)))


def tokens(text: str) -> list[str]:
    """Search tokens of a text: characters and character pairs of Han runs, whole words and numbers of Latin runs.

    Numerals of counted things become digits (第七条 and 第7条 give the same tokens), and a number also joins the character
    after it (98天). Order follows the text; repeats stay.
    """
    return list(_tokens(fold_numbers(normalise(text))))


def _tokens(normalised: str) -> Iterator[str]:
    for match in _RUNS.finditer(normalised):
        run = match.group()
        if run[0].isascii():
            yield run
            if run[-1].isdigit() and _HAN_CHARACTER.match(normalised, match.end()):
                yield run + normalised[match.end()]
            continue
        yield from run
        for first, second in itertools.pairwise(run):
            yield first + second
