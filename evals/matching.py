"""Does a text say it? Widths, numerals and scripts are folded, and a figure must stand whole."""

from __future__ import annotations

import re

from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers, parse_chinese_number

_SPACE = re.compile(r"\s+")


def fold_said(text: str) -> str:
    """Text for comparing what is said: numerals of counted things as digits, widths and scripts folded, no white space."""
    return _SPACE.sub("", normalise(fold_numbers(text)))


def says(folded: str, wanted: str) -> bool:
    """Whether a folded text holds a string. A figure stands whole: 5天 is not in 15天, nor 110 in 96110.

    A bare Chinese numeral (一百八十八) is also looked for in digits. An empty string is never said.
    """
    forms = {fold_said(wanted)}
    value = parse_chinese_number(wanted)
    if value is not None:
        forms.add(str(value))
    return any(form and _whole(form).search(folded) for form in forms)


def _whole(form: str) -> re.Pattern[str]:
    before = r"(?<![\d.])" if form[0].isdigit() else ""
    after = r"(?!\d)" if form[-1].isdigit() else ""
    return re.compile(before + re.escape(form) + after)


def fold_question(text: str) -> str:
    """A text as the same one is recognised elsewhere: folded, without spaces and punctuation."""
    return "".join(c for c in fold_said(text) if c.isalnum())
