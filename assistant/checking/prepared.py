"""Prepared text: folded so that two spellings of the same thing compare equal, then cut into segments, clauses and list members."""

from __future__ import annotations

import re

from knowledge_base.text.normalise import normalise
from knowledge_base.text.numerals import fold_numbers

_SEGMENT_ENDS = re.compile(r"[。！？!?；;\n【】]+")
_CLAUSE_ENDS = re.compile(r"[。！？!?；;\n【】，,：:|]+")
_SHARED_ARTICLE = re.compile(r"第(\d+)((?:[、,和及至—-]第?\d+)+)条")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?!\d)")


def prepare(text: str) -> str:
    """The text folded for comparison, without blanks; line ends stay.

    Numerals, widths and script are folded; ISO dates become 年月日; 第1、2条 becomes 第1条、第2条.
    """
    lines = _SHARED_ARTICLE.sub(_spell_each_article, _ISO_DATE.sub(_spell_date, fold_numbers(text))).split("\n")
    return "\n".join(re.sub(r"\s+", "", normalise(line)) for line in lines)


def segments(prepared: str) -> list[str]:
    """Sentences, and their parts between semicolons."""
    return [s for s in _SEGMENT_ENDS.split(prepared) if s]


def clauses(prepared: str) -> list[str]:
    """Parts of segments between commas, colons and the cell marks of a table."""
    return [c for c in _CLAUSE_ENDS.split(prepared) if c]


def list_members(segment: str) -> list[str]:
    """Clauses, split further at 、; a table row stays whole."""
    return [segment] if "|" in segment else [m for clause in clauses(segment) for m in clause.split("、") if m]


def _spell_each_article(match: re.Match[str]) -> str:
    return "、".join(f"第{number}条" for number in re.findall(r"\d+", match.group()))


def _spell_date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")
