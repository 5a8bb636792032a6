"""How words sound: toneless pinyin, and the sounds that southern speakers and voice input confuse."""

from __future__ import annotations

import re
from functools import lru_cache

_CURLED = str.maketrans({"ü": "v"})
# Sounds that southwestern speakers merge: zh/z, ch/c, sh/s; n/l; front and back nasals; f/hu.
_FOLDS = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^n(?=[aeiouv])"), "l"),
    (re.compile(r"^hu(?=[aoe]|$)"), "f"),
    (re.compile(r"^hui$"), "fei"),
    (re.compile(r"^hun$"), "fen"),
    (re.compile(r"^f$"), "fu"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
    (re.compile(r"^([ln])ue$"), r"\1ve"),
)


@lru_cache(maxsize=8192)
def spell(word: str) -> tuple[str, ...]:
    """Toneless pinyin of a word, one syllable a character, as read in it (重庆: chong qing). A character without pinyin stays."""
    from pypinyin import lazy_pinyin  # 0.2 s; imported when a query first needs it

    return tuple(s.translate(_CURLED) for s in lazy_pinyin(word))


@lru_cache(maxsize=2048)
def level(syllable: str) -> str:
    """A syllable with zh/z, ch/c, sh/s, n/l, f/hu, ang/an, eng/en and ing/in merged."""
    for pattern, plain in _FOLDS:
        syllable = pattern.sub(plain, syllable)
    return syllable
