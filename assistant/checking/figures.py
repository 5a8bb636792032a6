"""Figures: numbers with their units, read from prepared text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIGURE = re.compile(
    r"(第?)(\d+(?:\.\d+)?)(?:余|多)?(个工作日|个月|个小时|万元|亿元|万人|平方米|公里|工作日|小时|分钟|周岁|学时|课时|"
    r"条|款|项|天|日|月|年|元|块|角|分|万|亿|周|次|级|岁|家|人|名|%|‰|倍|孩|类|种|门|期|批|届|亩|件|场|台|所|部门|步|章|号|个)?"
)
_SAME_UNIT = {"日": "天", "块": "元", "个小时": "小时", "周岁": "岁", "个工作日": "工作日", "课时": "学时", "名": "人"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, at half-open offsets of a prepared text. ``ordinal`` is "第" in 第7条 and the like, else ""."""

    ordinal: str
    value: str
    unit: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str, str]:
        """Equal for two figures that say the same."""
        return (self.ordinal, self.value, self.unit)


def figures_in(prepared: str) -> list[Figure]:
    """Numbers with their units, in order; units that mean the same are one (28日 is 28天)."""
    found = []
    for match in _FIGURE.finditer(prepared):
        ordinal, value, unit = match.group(1), match.group(2), match.group(3) or ""
        whole, _, fraction = value.partition(".")
        value = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
        found.append(Figure(ordinal, value, _SAME_UNIT.get(unit, unit), match.start(), match.end()))
    return found
