"""Proof that what a statement says in figures stands in its sources: figures, dates, numbers to ring, document numbers (文号)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge_base.text.numerals import figures, fold_numbers
from knowledge_base.types import Source

CRAFT = "craft"
"""Kind of a source that the editors vouch for themselves: how to do something with a tool, with how it was checked."""

FENCED = re.compile(r"^\s*(```|~~~).*?^\s*\1[^\n]*$", re.M | re.S)
"""A fenced block of code or of what it prints."""

URL = re.compile(r"https?://[^\s)>\]」』”）。，；、]+")

_NO_GROUND = frozenset({"kind", "checked", "confidence"})  # what a source says of itself, not of its subject
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年(\d{1,2})月(?:(\d{1,2})日)?|[-./](\d{1,2})(?:[-./](\d{1,2}))?(?!\d))")
_DAY_OF_YEAR = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})日")
_MONTH_OF_YEAR = re.compile(r"(?<![\d年])(\d{1,2})月")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{0,12}[〔\[(（]((?:19|20)\d\d)[〕\])）](?:第)?(\d+)号|令第(\d+)号")
_RINGING = re.compile(r"(?:打|拨|拨打|致电|热线|专线|电话)[“”「」：:，、 ]{0,2}(?<!\d)(1[12]\d|1\d{4}|9\d{4})(?!\d)")
_COUNTED_AFTER = r"(?![\d.]|\s*[个条款项天日月年元角分万亿次级岁时人名%％倍亩件场台学位篇])"
_MONEY_OR_LAW = re.compile(r"\d[\d.]*\s*(?:万|亿)?元|\d[\d.]*\s*[%％]|第\d+条|[法例定]》|(?:医保|医疗|医药|药品|剂量|诊断)[^。；]{0,12}\d")
_QUOTED = re.compile(r"“[^”]*”")
_MENU = re.compile(r"“[^”]+”\s*→\s*“|(?:点|点击|点开|选)“[^”]+”")


def without_code(text: str) -> str:
    """The text without fenced blocks: code proves itself by running in a test."""
    return FENCED.sub("", text)


def unproven(text: str, sources: Iterable[Source], *, made_up: bool = False) -> Iterator[str]:
    """What is wrong with the figures of a statement that these sources are cited for; addresses have a rule of their own.

    ``made_up`` is true for the sections of a lesson whose figures are an example: dates in it are no facts.
    """
    known = list(sources)
    if not known:
        return
    said = fold_numbers(URL.sub("", without_code(text)))
    ground = fold_numbers(" ".join(_ground(s) for s in known))
    named = [s.source_id for s in known]
    shown = text[:40].replace("\n", " ")
    missing = sorted(figures(said) - figures(ground))
    if missing:
        yield f"数字 {missing} 不在所注来源 {named} 里：「{shown}…」"
    if made_up:
        return
    for what, wrong in (
        ("日期", sorted(_dates(said) - _dates_proven(ground))),
        ("文号", sorted(_document_numbers(said) - _document_numbers(ground))),
        ("号码", sorted({n for n in _RINGING.findall(said) if not re.search(rf"(?<![\d.]){n}{_COUNTED_AFTER}", ground)})),
    ):
        if wrong and not set(wrong) & set(missing):
            yield f"{what} {wrong} 不在所注来源 {named} 里：「{shown}…」"


def craft_faults(text: str, sources: Iterable[Source], *, made_up: bool = False) -> Iterator[str]:
    """What the editors may not vouch for themselves: law, money and health in figures.

    ``made_up`` is true for the sections of a lesson whose figures are an example.
    """
    known = list(sources)
    if made_up or not known or any(s.details.get("kind") != CRAFT for s in known):
        return
    if match := _MONEY_OR_LAW.search(fold_numbers(_QUOTED.sub("", without_code(text)))):
        yield f"只注编者经验，却写了法律、金额或医药的数字（{match.group()}）：「{text[:30]}…」请注事实的来源"


def craft_advice(text: str, sources: Iterable[Source]) -> Iterator[str]:
    """Names of menus that stand on the editors' word alone."""
    known = list(sources)
    if known and all(s.details.get("kind") == CRAFT for s in known) and (match := _MENU.search(without_code(text))):
        yield f"菜单名称（{match.group()}）只注编者经验：「{text[:30]}…」请注写明应用和日期的来源"


def _ground(source: Source) -> str:
    details = (value for name, value in source.details.items() if name not in _NO_GROUND)
    return " ".join((source.statement, source.title, source.publisher, source.date, *details))


def _dates(text: str) -> set[str]:
    """Dates that a text states, as 2025-11-28, 2025-11 or 11-28."""
    dates = {f"{int(m):02}-{int(d):02}" for m, d in _DAY_OF_YEAR.findall(text)}
    for year, *parts in _DATE.findall(text):
        month, day = parts[0] or parts[2], parts[1] or parts[3]
        if 1 <= int(month) <= 12:
            dates.add(f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else ""))
    return dates


def _dates_proven(ground: str) -> set[str]:
    """Every date that a ground proves: those it states, their months and days, and its bare months and days in any of its years."""
    stated = _dates(ground)
    months = {date[:7] for date in stated if len(date) > len("11-28")}
    days = {date[5:] for date in stated if len(date) == len("2025-11-28")}
    bare = {date for date in stated if len(date) == len("11-28")} | {f"{int(m):02}" for m in _MONTH_OF_YEAR.findall(ground)}
    return stated | months | days | {f"{year}-{part}" for year in _YEAR.findall(ground) for part in bare}


def _document_numbers(text: str) -> set[str]:
    return {f"〔{year}〕{number}号" if year else f"令第{order}号" for year, number, order in _DOCUMENT_NUMBER.findall(text)}
