"""How words sound: toneless pinyin, and what southern speakers, voice input and hasty fingers confuse in it."""

from __future__ import annotations

import re
from functools import lru_cache

_CURLED = str.maketrans({"ü": "v"})
# Flat and curled tongue, n and l, front and back nasals, f and h: what a southwestern ear levels.
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
    """Toneless pinyin of a word, a syllable a character, as the word is read (重庆 is chong qing); a character without one is itself."""
    from pypinyin import lazy_pinyin  # 0.2 s; only once a question needs it

    return tuple(s.translate(_CURLED) for s in lazy_pinyin(word))


@lru_cache(maxsize=2048)
def level(syllable: str) -> str:
    """A syllable as it sounds to an ear that levels zh/z, ch/c, sh/s, n/l, f/hu, ang/an, eng/en and ing/in."""
    for pattern, plain in _FOLDS:
        syllable = pattern.sub(plain, syllable)
    return syllable
