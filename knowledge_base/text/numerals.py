"""Chinese and Arabic numbers brought to one written form, so that 九十八天 and 98 天 compare equal."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}

# Full-width forms and the marks that Chinese text writes where Latin text has an ASCII sign.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# Counted things. A numeral before none of these (一定, 统一, 三八节) is a word, not a figure.
_COUNTED = (
    "条|款|项|天|日|个月|个工作日|月|年|元|角|分钟|分|万|亿|周|次|级|岁|小时|家|人|名|%|倍|孩|类|种|门|期|批|届|学时|亩|件|起|场|台|"
    "所|部门|步|章|号|平方米|公里|个"
)
_CHINESE_FIGURE = re.compile(
    rf"(?<=第)[零〇一二两三四五六七八九十百千]+|[零〇一二两三四五六七八九十百千]+(?=余|多)?(?=(?:余|多)?(?:{_COUNTED}))"
)
_PERCENT = re.compile(r"百分之([零〇一二两三四五六七八九十百点]+)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def parse_chinese_number(text: str) -> int | None:
    """Value of a Chinese numeral (九十八, 二〇二五, 一千五百); None when it is not one.

    万 and 亿 are read too (一万二千). Digit strings such as 二〇二五 are read digit by digit.
    """
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = below = section = digit = 0  # below: what 亿 does not cover yet, already multiplied by 万
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL_UNITS:
            section += (digit or 1) * _SMALL_UNITS[c]
            digit = 0
        elif c == "万":
            below += (section + digit) * _LARGE_UNITS[c]
            section = digit = 0
        elif c == "亿":
            total += (below + section + digit) * _LARGE_UNITS[c]
            below = section = digit = 0
        else:
            return None
    return total + below + section + digit


def fold_widths(text: str) -> str:
    """The text with full-width letters, digits and marks as ASCII; length in code points is kept."""
    return text.translate(_WIDTHS)


def fold_numbers(text: str) -> str:
    """The text with widths folded, thousands separators gone and Chinese numerals of counted things as digits.

    >>> fold_numbers("九十八天、１,５００元、百分之七十、第十二条")
    '98天、1500元、70%、第12条'
    """
    text = _THOUSANDS.sub("", fold_widths(text))
    text = _PERCENT.sub(lambda m: _percent(m.group(1)), text)
    return _CHINESE_FIGURE.sub(_digits, text)


def figures(text: str) -> set[str]:
    """Every number the text states, as plain digit strings without leading zeros (2025-06 gives 2025 and 6)."""
    return {_canonical(f) for f in _FIGURE.findall(fold_numbers(text))}


def _canonical(figure: str) -> str:
    whole, _, fraction = figure.partition(".")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


def _digits(match: re.Match[str]) -> str:
    value = parse_chinese_number(match.group())
    if value is None:
        return match.group()
    # After an item's number (2.九十八天) the digits must not grow together into 2.98.
    before = match.string[match.start() - 1 : match.start()]
    return f" {value}" if before.isdigit() or before == "." else str(value)


def _percent(numeral: str) -> str:
    whole, _, fraction = numeral.partition("点")
    value = parse_chinese_number(whole)
    if value is None:
        return f"百分之{numeral}"
    decimals = "".join(str(_DIGITS[c]) for c in fraction if c in _DIGITS)
    return f"{value}.{decimals}%" if decimals else f"{value}%"
