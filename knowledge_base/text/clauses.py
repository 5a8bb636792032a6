"""Clause numbers (第几条) in every form that people and documents write them.

第十二条, 第12条, 12条 and 第１２条 are one clause; 第二十条之一 is another than 第二十条.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge_base.text.numerals import fold_widths, parse_chinese_number

_NUMBER = r"[零〇一二两三四五六七八九十百千]+|\d{1,4}"
_ONE_CLAUSE = re.compile(rf"第?\s*({_NUMBER})\s*条(?:\s*之\s*({_NUMBER}))?")
_SHARED_TIAO = re.compile(rf"第((?:{_NUMBER})(?:[、,和及](?:第)?(?:{_NUMBER}))+)条")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True, order=True)
class ClauseNumber:
    """A 条 by number; ``insert`` is the n of 第X条之n, 0 for the clause itself."""

    number: int
    insert: int = 0

    def __str__(self) -> str:
        return f"第{to_chinese(self.number)}条" + (f"之{to_chinese(self.insert)}" if self.insert else "")


@dataclass(frozen=True, slots=True)
class LocatedClause:
    """A clause that a text names at [start:end). ``bare``: written without 第, as things are counted too (三条红线)."""

    clause: ClauseNumber
    start: int
    end: int
    bare: bool = False


def find_clauses(text: str) -> list[ClauseNumber]:
    """Clauses that a text names, in order, without repeats.

    >>> [str(c) for c in find_clauses("特别规定第7条、第二十条之一和第20、21条")]
    ['第七条', '第二十条之一', '第二十条', '第二十一条']
    """
    return list(dict.fromkeys(located.clause for located in locate_clauses(text)))


def locate_clauses(text: str) -> list[LocatedClause]:
    """Clauses that a text names, in order, with their places."""
    folded = fold_widths(text).replace("條", "条")
    found: list[LocatedClause] = []
    for match in _SHARED_TIAO.finditer(folded):
        for part in re.finditer(_NUMBER, match.group(1)):
            if (number := _value(part.group())) is not None:
                found.append(LocatedClause(ClauseNumber(number), match.start() + part.start(), match.end()))
    taken = {m.end() for m in _SHARED_TIAO.finditer(folded)}
    for match in _ONE_CLAUSE.finditer(folded):
        if match.end() in taken:
            continue
        number = _value(match.group(1))
        if number is not None:
            clause = ClauseNumber(number, _value(match.group(2) or "") or 0)
            found.append(LocatedClause(clause, match.start(), match.end(), bare=not match.group().startswith("第")))
    return sorted(found, key=lambda located: located.start)


def to_chinese(number: int) -> str:
    """A number from 1 to 9999 as statutes write it (107 is 一百零七, 12 is 十二)."""
    if not 0 < number < 10_000:
        raise ValueError(f"clause numbers run from 1 to 9999, not {number}")
    text, pending_zero = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            text += ("零" if pending_zero else "") + _DIGITS[digit] + unit
            pending_zero = False
        elif text:
            pending_zero = True
    return text.removeprefix("一") if text.startswith("一十") else text


def _value(numeral: str) -> int | None:
    return int(numeral) if numeral.isdigit() and numeral.isascii() else parse_chinese_number(numeral)
