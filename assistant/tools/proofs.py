"""Proof that the rules' files say what their facts say: every constant, every date, every figure in a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from assistant.tools.rules import Rule, Variant, Wording
from knowledge_base.editorial.proofs import unproven
from knowledge_base.text.numerals import fold_numbers
from knowledge_base.types import Source
from knowledge_base.validity import NATIONWIDE, first_day, is_date, last_day

_PLACE_TO_FILL = re.compile(r"\{[^}]*\}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RULE_FIGURE = re.compile(r"(?<![\d.+])(?!0(?![\d.]))\d+(?:\.\d+)?(?![\d.N])")
"""A figure that only a fact can give: in digits, other than 0, and no part of the names N+1 and 2N. 一个月 counts, it states nothing."""

_ZERO = re.compile(r"(?<![\d.])0(?![\d.])")  # nothing is due: no fact gives that figure
_FRACTION = re.compile(r"(\d+)/(\d+)")
_HALF = Decimal("0.5")
_PRECISION = Decimal("0.0001")


def rule_faults(rule: Rule, sources: Mapping[str, Source]) -> Iterator[str]:
    """What a rule says that its facts do not carry; nothing when all of it is proven."""
    for name, variants in rule.constants.items():
        for variant in variants:
            yield from (f"{rule.name}.{name}：{fault}" for fault in _variant_faults(variant, sources))
    for name, wording in rule.wordings.items():
        yield from (f"{rule.name}.says.{name}：{fault}" for fault in wording_faults(wording, sources))
    yield from (f"{rule.name}：没有来源 {fact}" for fact in rule.facts if fact not in sources)


def wording_faults(wording: Wording, sources: Mapping[str, Source]) -> Iterator[str]:
    """Figures of a sentence that none of its facts states; places to fill in do not count."""
    yield from (f"没有来源 {fact}" for fact in wording.facts if fact not in sources)
    text = _PLACE_TO_FILL.sub("", wording.text)
    known = [sources[fact] for fact in wording.facts if fact in sources]
    if known:
        yield from unproven(_ZERO.sub("", text), known)
    elif numbers := _RULE_FIGURE.findall(text):
        yield f"写了数字 {numbers}，没有注来源"


def _variant_faults(variant: Variant, sources: Mapping[str, Source]) -> Iterator[str]:
    source = sources.get(variant.fact)
    if source is None:
        yield f"没有来源 {variant.fact}"
        return
    if variant.says not in source.statement:
        yield f"“{variant.says}”不在 {variant.fact} 里"
    if variant.value not in set(values_in(variant.says)):
        yield f"{variant.value} 不在“{variant.says}”里"
    if (
        variant.region != NATIONWIDE
        and source.details.get("region", "") not in ("", variant.region)
        and variant.region not in source.statement
    ):
        yield f"{variant.fact} 的地区是 {source.details['region']}，不是 {variant.region}"
    for day, field in ((variant.begins, "effective"), (variant.ends, "expires")):
        if day is not None and not _states(source, day, field, variant.dated):
            yield f"{variant.fact} 没有写 {day.isoformat()}"
    if variant.dated and variant.dated not in source.statement:
        yield f"“{variant.dated}”不在 {variant.fact} 里"


def values_in(text: str) -> Iterator[Decimal]:
    """Numbers that a text states: figures, percentages as shares, fractions, 万, halves (半) and multiples."""
    folded = fold_numbers(text)
    yield from (Decimal(number) for number in _NUMBER.findall(folded))
    yield from (Decimal(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?)%", folded))
    yield from (Decimal(number) * 10_000 for number in re.findall(r"(\d+(?:\.\d+)?)万", folded))
    yield from ((Decimal(top) / Decimal(bottom)).quantize(_PRECISION) for top, bottom in _FRACTION.findall(folded))
    if "半" in text:
        yield _HALF


def _states(source: Source, day: dt.date, field: str, dated: str) -> bool:
    stated = source.details.get(field, "")
    if stated and is_date(stated) and day in (first_day(stated), last_day(stated)):
        return True
    return day in set(_days_in(dated or source.statement, field))


def _days_in(text: str, field: str) -> Iterable[dt.date]:
    """Days that a text states; a year or a month counts from its first or up to its last day."""
    for year, month, day in re.findall(r"((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?", fold_numbers(text)):
        written = "-".join(part.zfill(2) for part in (year, month, day) if part)
        yield first_day(written) if field == "effective" else last_day(written)
