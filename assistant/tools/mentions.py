"""Amounts, lengths of time, days and counts that a text mentions, in digits or as people say them (三千八, 1万2, 八年半, 76年5月).

A general reading: it knows how numbers and dates are written, not which questions are asked. What is vague (四五千, 十几年, 几个月) is
not a mention, so that it is asked for.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge_base.text.numerals import fold_widths, parse_chinese_number

Spoken = Decimal | int | dt.date


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that a text mentions at [start, end) of its folded form.

    ``kind``: money (元), months (a length of time), date, month, year, hours, days, percent, or a unit of count such as 级.
    ``exact`` is false for 八年多 and 快八年. ``per`` is month, day, hour or year for money, day for hours, "" where it is not said.
    """

    kind: str
    value: Spoken
    start: int
    end: int
    said: str
    exact: bool = True
    per: str = ""


_DIGITS = "零〇一二两三四五六七八九"
_CHINESE = rf"(?<![{_DIGITS}十百千万])(?:(?:零?[{_DIGITS[2:]}]?[十百千万])+(?:零?[{_DIGITS[2:]}])?|[{_DIGITS}]+(?![十百千万]))"
_PLAIN = r"\d+(?:\.\d+)?"
_NUMBER = rf"(?:{_PLAIN}(?:[万千百wWkK](?:\d(?!\d)|[{_DIGITS[2:]}](?![{_DIGITS}十百千万]))?)?|{_CHINESE})"
_SCALES = {"万": 10_000, "千": 1_000, "百": 100, "w": 10_000, "k": 1_000}
_VAGUE = re.compile(rf"[{_DIGITS[2:]}]{{2,}}[十百千万]|[十百千万]几|几")
_ENDING = re.compile(rf"^(.*([百千万]))([{_DIGITS[2:]}])$")

_ABOUT_BEFORE = r"(?:快|近|将近|差不多|大概|大约|大半|约)"
_ABOUT_AFTER = r"(?:多|来|出头|左右|上下|不到|把)"
_LENGTH = re.compile(
    rf"(?P<about>{_ABOUT_BEFORE})?(?:"
    rf"(?P<years>{_NUMBER})\s*年(?P<half>半)|"
    rf"(?P<years2>{_NUMBER})\s*年(?:零|又|加|，)?(?P<months2>{_NUMBER})\s*个(?P<halfmonth2>半)?月|"
    rf"(?P<half_year>半)年|"
    rf"(?P<months>{_NUMBER})\s*个(?P<halfmonth>半)?(?P<more_months>多)?月|"
    rf"(?P<years3>{_NUMBER})\s*(?P<more_years>多|来)?年(?P<more>{_ABOUT_AFTER})?(?![级代]|\d{{1,2}}月)"
    rf")(?P<after>{_ABOUT_AFTER})?"
)
_NO_LENGTH_BEFORE = re.compile(r"(?:第|每|今|去|前|明|当|全|几)$|[〔\[(（]$")
_NO_LENGTH_AFTER = re.compile(r"^(?:的)?(?:工资|工钱|薪水|薪|押金|房租|奖金)")
_LONGEST_LIFE = 80
"""Years: a number before 年 that is larger is a year, not a length of time."""

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d|\d\d)\s*(?:年|[-./])\s*(?P<month>1[0-2]|0?[1-9])(?!\d)"
    r"(?:\s*(?:月|[-./])\s*(?:(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?)?)?"
)
_YEAR = re.compile(r"(?<![\d〔\[(（])(?P<year>(?:19|20)\d\d)\s*年(?!\s*\d{1,2}\s*月)")
_DAY_OF_YEAR = re.compile(
    r"(?:(?P<which>今年|去年|前年|明年)|(?<![\d年]))(?P<month>1[0-2]|0?[1-9])\s*月\s*(?:份)?\s*(?:(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号])?"
)
_RELATIVE_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
_RELATIVE_YEAR = re.compile(r"(?:今年|去年|前年)(?!\s*\d{1,2}\s*月)")
_NEAR_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_NEAR_DAY = re.compile("|".join(_NEAR_DAYS))

_HOURS = re.compile(rf"(?P<number>{_NUMBER}|半)\s*个?(?P<half>半)?(?:多)?(?:小时|钟头|个钟|h(?![a-z]))", re.I)
_DAYS = re.compile(rf"(?P<number>{_NUMBER})\s*(?:多)?天")
_PERCENT = re.compile(rf"(?P<number>{_PLAIN})\s*[%％]|百分之(?P<chinese>{_CHINESE}|{_PLAIN})")
_GRADE = re.compile(rf"(?P<number>{_CHINESE}|\d{{1,2}})\s*(?P<unit>级)")
_MONEY = re.compile(rf"(?P<number>{_NUMBER})(?P<more>多|来|几)?\s*(?P<unit>块钱|块|元|圆)?")
_NO_MONEY_AFTER = re.compile(
    r"^(?:个|年|月|天|日|号|小时|点|岁|人|次|级|条|%|％|[-./:：]\d|号线|平米|平方|度|米|斤|公里|多?天|多?年|多?个|名|家|款|项|章|分钟)"
)
_PERIODS = (
    (
        "hour",
        re.compile(r"(?:时薪|每小时|一小时|小时工资|一个小时|每个小时)[^\d]{0,4}$"),
        re.compile(r"^(?:块|元|圆|块钱)?(?:[一每1/]?个?小时|/?h)"),
    ),
    ("day", re.compile(r"(?:日薪|每天|一天|日工资)[^\d]{0,4}$"), re.compile(r"^(?:块|元|圆|块钱)?[一每1/]天")),
    ("year", re.compile(r"(?:年薪|年收入|每年|一年)[^\d]{0,4}$"), re.compile(r"^(?:块|元|圆|块钱)?[一每1/]年")),
    ("month", re.compile(r"(?:月薪|每月|一个月|每个月|月工资)[^\d]{0,6}$"), re.compile(r"^(?:块|元|圆|块钱)?(?:一个?月|每个?月|/月)")),
)
_EACH_DAY = re.compile(r"(?:每天|天天|一天|每晚|每日)[^，。；！？]{0,8}$")
_LEAST_BARE = 300
"""A bare number in digits counts as an amount of money from here: smaller ones are ages, days or pieces."""

_RATE_GAP = 4
"""Characters between an amount and the time that it is paid for: 一个月拿到手三千."""

_RANGE = re.compile(r"\s*(?:到|至|[-~～—])+\s*")


def fold(text: str) -> str:
    """The text as mentions count it: widths folded, separators of thousands removed."""
    return re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", fold_widths(text))


def number_of(text: str) -> Decimal | None:
    """The value of a number as it is said or written: 4000, 1万2, 5k, 三千八, 一百零五; None for 四五千 and what is no number."""
    if _VAGUE.search(text):
        return None
    match = re.fullmatch(rf"({_PLAIN})([万千百wWkK])?([\d{_DIGITS}])?", text)
    if match and (match[2] or not match[3]):
        scale = _SCALES[match[2].lower()] if match[2] else 1
        tail = parse_chinese_number(match[3]) if match[3] and not match[3].isdigit() else int(match[3] or 0)
        return Decimal(match[1]) * scale + Decimal(tail or 0) * scale / 10
    if re.fullmatch(_PLAIN, text):
        return Decimal(text)
    ending = _ENDING.match(text)
    if ending and "零" not in text:
        head = parse_chinese_number(ending[1])
        return None if head is None else Decimal(head) + Decimal(parse_chinese_number(ending[3]) or 0) * _SCALES[ending[2]] / 10
    value = parse_chinese_number(text)
    return None if value is None else Decimal(value)


def read_mentions(text: str, today: dt.date) -> tuple[Mention, ...]:
    """Everything that a text mentions, in its order; nothing is mentioned twice. ``today`` completes days without a year."""
    folded = fold(text)
    taken: list[Mention] = []
    for read in (_dates, _dates_near, _lengths, _hours, _days, _percents, _grades, _money):
        taken += [m for m in read(folded, today) if not any(m.start < other.end and other.start < m.end for other in taken)]
    return tuple(sorted(_without_rates(folded, _without_ranges(folded, taken)), key=lambda m: m.start))


def _without_rates(text: str, mentions: list[Mention]) -> list[Mention]:
    """Without 一个月, 一天, 一小时 beside an amount of money: they say what it is paid for."""
    money = [m for m in mentions if m.kind == "money"]

    def is_rate(mention: Mention) -> bool:
        if mention.kind not in ("months", "hours", "days") or not mention.said.startswith("一"):
            return False
        gaps = [text[mention.end : m.start] if mention.end <= m.start else text[m.end : mention.start] for m in money]
        return any(len(gap) <= _RATE_GAP and not re.search(r"[，。；！？,;!?]", gap) for gap in gaps)

    return [m for m in mentions if not is_rate(m)]


def _without_ranges(text: str, mentions: list[Mention]) -> list[Mention]:
    """Without the ends of a range (4000到5000): it is no single value."""
    ordered = sorted(mentions, key=lambda m: m.start)
    ends = [
        (one, other)
        for one, other in itertools.pairwise(ordered)
        if one.kind == other.kind != "date" and _RANGE.fullmatch(text[one.end : other.start])
    ]
    dropped = {id(m) for pair in ends for m in pair}
    return [m for m in ordered if id(m) not in dropped]


def _dates(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _DATE.finditer(text):
        if len(match["year"]) == 2 and "年" not in match.group():
            continue  # 12.5 and 08-30 are no dates without a year in full
        if len(match["year"]) == 2 and re.match(r"\s*个", text[match.end() :]):
            continue  # 18年3个月
        if (mention := _dated(_full_year(match["year"], today), match["month"], match["day"], match)) is not None:
            yield mention
    for match in _YEAR.finditer(text):
        yield Mention("year", int(match["year"]), *match.span(), match.group())


def _dates_near(text: str, today: dt.date) -> Iterator[Mention]:
    """Days and years that only today completes: 今年, 去年12月5号, 3月5号, 昨天."""
    for match in _RELATIVE_YEAR.finditer(text):
        yield Mention("year", today.year + _RELATIVE_YEARS[match.group()], *match.span(), match.group())
    for match in _DAY_OF_YEAR.finditer(text):
        year = today.year + _RELATIVE_YEARS.get(match["which"] or "", 0)
        if match["which"] or match["day"]:
            mention = _dated(year, match["month"], match["day"], match)
            if mention is not None:
                yield mention
    for match in _NEAR_DAY.finditer(text):
        yield Mention("date", today + dt.timedelta(days=_NEAR_DAYS[match.group()]), *match.span(), match.group())


def _full_year(year: str, today: dt.date) -> int:
    if len(year) == 4:
        return int(year)
    century = today.year // 100 * 100
    return century + int(year) if century + int(year) <= today.year + 1 else century - 100 + int(year)


def _dated(year: int, month: str, day: str | None, match: re.Match[str]) -> Mention | None:
    try:
        value = dt.date(year, int(month), int(day or 1))
    except ValueError:
        return None
    return Mention("date" if day else "month", value, *match.span(), match.group())


def _lengths(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _LENGTH.finditer(text):
        if _NO_LENGTH_BEFORE.search(text[: match.start()]) or _NO_LENGTH_AFTER.match(text[match.end() :]):
            continue
        months = _months(match)
        if months is None:
            continue
        vague = ("about", "after", "more", "more_years", "more_months", "halfmonth", "halfmonth2")
        exact = not any(match.group(name) for name in vague)
        yield Mention("months", months, *match.span(), match.group(), exact)


def _months(match: re.Match[str]) -> int | None:
    if match["half_year"]:
        return 6
    if match["months"]:
        return _whole(match["months"])
    years = _whole(match["years"] or match["years2"] or match["years3"])
    if years is None or years > _LONGEST_LIFE:
        return None
    more = _whole(match["months2"]) if match["months2"] else 0
    return None if more is None else 12 * years + more + (6 if match["half"] else 0)


def _whole(text: str) -> int | None:
    value = number_of(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _hours(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _HOURS.finditer(text):
        value = Decimal("0.5") if match["number"] == "半" else number_of(match["number"])
        if value is not None:
            value += Decimal("0.5") if match["half"] else 0
            per = "day" if _EACH_DAY.search(text[: match.start()]) else ""
            yield Mention("hours", value, *match.span(), match.group(), per=per)


def _days(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _DAYS.finditer(text):
        value = number_of(match["number"])
        if value is not None and not re.search(r"(?:第|每)$", text[: match.start()]):
            yield Mention("days", value, *match.span(), match.group())


def _percents(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _PERCENT.finditer(text):
        value = number_of(match["number"] or match["chinese"])
        if value is not None:
            yield Mention("percent", value, *match.span(), match.group())


def _grades(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _GRADE.finditer(text):
        value = _whole(match["number"])
        if value is not None:
            yield Mention(match["unit"], value, *match.span(), match.group())


def _money(text: str, today: dt.date) -> Iterator[Mention]:
    for match in _MONEY.finditer(text):
        value = number_of(match["number"])
        if value is None or match["more"] == "几":
            continue
        period = _period(text, match)
        if not match["unit"] and not (_may_be_bare_money(text, match, value) or (period and match["number"].isdigit())):
            continue
        if not match["unit"] and _NO_MONEY_AFTER.match(text[match.end() :]):
            continue
        yield Mention("money", value, *match.span(), match.group(), not match["more"], period)


def _may_be_bare_money(text: str, match: re.Match[str], value: Decimal) -> bool:
    """Whether a number without 元 may be an amount: with 千 or 万, or large, and not the year of a 文号."""
    if text[match.start() - 1 : match.start()] in tuple("〔[(第"):
        return False
    large = match["number"].replace(".", "").isdigit() and value >= _LEAST_BARE
    return large or bool(re.search(r"[百千万wWkK]", match["number"]))


def _period(text: str, match: re.Match[str]) -> str:
    before, after = text[max(0, match.start() - 10) : match.start()], text[match.end() : match.end() + 6]
    for period, lead, tail in _PERIODS:
        if lead.search(before) or tail.match(after):
            return period
    return ""
