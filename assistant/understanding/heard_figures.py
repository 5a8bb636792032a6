"""What she has heard: a figure in a question that no cited source holds, beside the one that it does hold.

「听说产假六个月」 gets a line that says so only when both are true: the figure stands in no cited passage, and the statement that
leads the answer gives a figure of the same measure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.texts.wording import load_texts, phrase
from assistant.types import Citation
from knowledge_base.text.numerals import fold_numbers, parse_chinese_number

_CHINESE_MONEY = re.compile(r"([一二两三四五六七八九十百千万]+)(?=块|元)")
_MONEY_WORDS = r"(?:补贴?|补助|津贴|奖金?|罚款?|工资|赔)"
_BARE_AMOUNT = re.compile(_MONEY_WORDS + r"[^\d，。]{0,6}?(?:1年|每年|每月|1个月)?(\d{3,})(?=$|[吗么嘛吧不，。？?,!！])")  # 补贴3000吗
_EACH_YEAR = re.compile(r"1年(?=[能可最领发补多放得])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was said, what it measures, and its value in the measure's smallest unit."""

    said: str
    measure: str
    value: float


def heard_figures(text: str) -> tuple[Figure, ...]:
    """Figures that a question gives as heard and to be confirmed; none where it asks without a figure or does not ask whether."""
    if not re.search(load_texts("premises")["heard"], text):
        return ()
    return figures_with_units(text)


def unfounded(heard: Sequence[Figure], leading: str, citations: Sequence[Citation]) -> Figure | None:
    """The first heard figure that stands in no cited passage although the leading statement gives its measure."""
    given = figures_with_units(leading)
    held = [f for c in citations for f in figures_with_units(c.passage.text)]
    for figure in heard:
        alike = [f for f in given if f.measure == figure.measure]
        if alike and not any(f.measure == figure.measure and f.value == figure.value for f in held):
            return figure
    return None


def premise_line(figure: Figure) -> str:
    """The line that stands above the answer."""
    return phrase("premise_unfounded", said=figure.said)


def figures_with_units(text: str) -> tuple[Figure, ...]:
    """Figures of a text with a unit that is known; ``said`` is as written there."""
    found: dict[tuple[str, float], Figure] = {}
    folded = _fold(text)
    for match in _figure().finditer(folded):
        unit = match.group(2)
        measure, factor = _units()[unit]
        if measure == "duration" and unit in ("年", "月", "日") and _is_date(folded, match):
            continue
        if _EACH_YEAR.match(folded, match.start()):
            continue  # 一年能领三次: the year is the measure's frame
        value = float(match.group(1)) * factor
        found.setdefault((measure, value), Figure(_as_written(text, match.group()), measure, value))
    for match in _BARE_AMOUNT.finditer(folded):
        found.setdefault(("amount", float(match.group(1))), Figure(match.group(1), "amount", float(match.group(1))))
    return tuple(found.values())


def _fold(text: str) -> str:
    return fold_numbers(_CHINESE_MONEY.sub(lambda m: str(parse_chinese_number(m.group(1)) or m.group(1)), text))


def _as_written(text: str, folded: str) -> str:
    """The stretch of the text that folds to the figure; the figure itself where none does."""
    unit = re.sub(r"[\d.\s]", "", folded)
    for match in re.finditer(rf"[\d.,，零一二两三四五六七八九十百千万]+\s*{re.escape(unit)}", text):
        if _fold(match.group()) == folded:
            return match.group()
    return folded


def _is_date(text: str, match: re.Match[str]) -> bool:
    """Whether 年, 月 or 日 is part of a date rather than a length of time."""
    number, unit = match.group(1), match.group(2)
    if unit == "年":
        return len(number) == 4
    return bool(re.search(r"[年月]\s*$", text[: match.start()])) or (unit == "月" and bool(re.match(r"\d", text[match.end() :])))


@lru_cache(maxsize=1)
def _units() -> dict[str, tuple[str, float]]:
    return {
        unit: (measure, float(factor)) for measure, units in load_texts("premises")["measures"].items() for unit, factor in units.items()
    }


@lru_cache(maxsize=1)
def _figure() -> re.Pattern[str]:
    units = "|".join(re.escape(u) for u in sorted(_units(), key=len, reverse=True))
    return re.compile(rf"(\d+(?:\.\d+)?)\s*({units})")
