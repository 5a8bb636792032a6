"""The parts of a question that asks more than one thing: 「四川生二胎产假多少天，工资照发吗」."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[^，,。；;？?！!\s]+[，,。；;？?！!\s]*")
_LAST_WORD = re.compile(r"[吗嘛么不没][，,。；;？?！!\s]*$")
_SHORTEST = 3  # characters of a part


def parts_of(text: str, asking: re.Pattern[str]) -> tuple[str, ...]:
    """The parts of a text, in order, each ending with a clause that asks; one part where fewer than two clauses ask.

    Args:
        asking: matches the words that ask (多少, 怎么).
    """
    parts: list[str] = []
    begun = ""
    for clause in _CLAUSE.findall(text):
        begun += clause
        if len(begun.strip()) >= _SHORTEST and (asking.search(clause) or _LAST_WORD.search(clause)):
            parts.append(begun)
            begun = ""
    if not parts:
        return (text,)
    return tuple(part.strip("，,。；; ") for part in (*parts[:-1], parts[-1] + begun))
