"""The form of a guide (``corpus/guides``): its sections and their order, the direct answer first, slots and near misses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from knowledge_base.loaders.corpus_markdown import AnnotatedText, list_field, slot_variant, text_field
from knowledge_base.text.numerals import figures, fold_numbers
from knowledge_base.types import DANGERS, SLOT_NAMES, VOICES, Source
from knowledge_base.validity import NATIONWIDE

SECTIONS = ("答", "马上", "步骤", "看情况", "找谁")
MOST_FURTHER_LINES = 3
MOST_AT_ONCE = 4  # lines of 马上: what can be done in ten minutes
LONGEST_FIRST_SENTENCE = 40
FEWEST_WAYS = 20
FEWEST_NEAR_MISSES = 5

_HEADING = re.compile(r"^#{2,6}\s+(.+?)\s*$", re.M)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.、)])\s+")
_BARE_SLOT = re.compile(rf"【(?:{'|'.join(SLOT_NAMES)})】")
_SUM = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:万)?元")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PROVINCE = "四川省"


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section of a document's readable text: where its heading begins, its heading, and what stands below."""

    start: int
    heading: str
    body_start: int
    body: str


def sections_of(text: str) -> list[SectionText]:
    """Sections under headings of the second level and below, in order; what stands before the first is left out."""
    found = list(_HEADING.finditer(text))
    ends = [*(m.start() for m in found), len(text)][1:]
    return [SectionText(m.start(), m.group(1), m.end(), text[m.end() : end]) for m, end in zip(found, ends, strict=True)]


def guide_faults(meta: Mapping[str, object], parsed: AnnotatedText) -> Iterator[str]:
    """What breaks the form of a guide."""
    sections = sections_of(parsed.text)
    headings = [s.heading for s in sections]
    urgent = text_field(meta.get("urgent"))
    if headings != [s for s in SECTIONS if s in headings] or "答" not in headings:
        yield f"小节应是 {'、'.join(SECTIONS)}，按这个顺序，必有“答”；现在是 {headings}"
    if urgent and urgent not in DANGERS:
        yield f"urgent {urgent!r} 应为 {'、'.join(DANGERS)} 之一"
    if bool(urgent) != ("马上" in headings):
        yield "有人可能正有危险的（urgent）才写“马上”，写了 urgent 就要写“马上”"
    for section in sections:
        if section.heading == "答":
            yield from _answer_faults(section.body)
        elif section.heading == "马上" and (n := len(_lines(section.body))) > MOST_AT_ONCE:
            yield f"“马上”有 {n} 行，最多 {MOST_AT_ONCE} 行"
    yield from _slot_faults(meta, sections)
    if (n := len(parsed.near_misses)) < FEWEST_NEAR_MISSES:
        yield f"“不是”有 {n} 个，要有 {FEWEST_NEAR_MISSES} 个以上"


def guide_advice(meta: Mapping[str, object], parsed: AnnotatedText, sources: Mapping[str, Source]) -> Iterator[str]:
    """What would make a guide better."""
    sections = sections_of(parsed.text)
    ways = sum(len(a.questions) for a in parsed.asks)
    if ways < FEWEST_WAYS:
        yield f"问法有 {ways} 个，宜有 {FEWEST_WAYS} 个以上"
    for section in sections:
        if section.heading == "答" and (lines := _lines(section.body)):
            first = re.split(r"(?<=[。！？])", lines[0])[0]
            if len(first) > LONGEST_FIRST_SENTENCE:
                yield f"第一句有 {len(first)} 字，宜在 {LONGEST_FIRST_SENTENCE} 字以内：「{first[:30]}…」"
    used = {v.name for s in sections for line in _lines(s.body) if (v := slot_variant(line))}
    for name in list_field(meta.get("depends_on")):
        if name in SLOT_NAMES and name not in used:
            yield f"depends_on 写了{name}，“看情况”里没有【{name}：……】"
    yield from _place_and_time_advice(meta, parsed, sources)


def annotation_faults(slug: str, parsed: AnnotatedText, slugs: Collection[str]) -> Iterator[str]:
    """What is wrong with the ways of asking and near misses of any document; ``slugs`` are the ids of all documents."""
    for voice in sorted({a.voice for a in parsed.asks} - {"", *VOICES}):
        yield f"问法的声音“{voice}”应为 {'、'.join(VOICES)} 之一"
    own = {q for a in parsed.asks for q in a.questions}
    for miss in parsed.near_misses:
        if not miss.text:
            yield f"“不是”里的「{miss.belongs}」没有写→属于哪一篇（哪里都不属于就写→无）"
        elif miss.belongs == slug:
            yield f"“不是”里的「{miss.text}」指向了自己"
        elif miss.belongs and miss.belongs not in slugs:
            yield f"“不是”里的「{miss.text}」指向不存在的文档 {miss.belongs}"
        if miss.text in own:
            yield f"「{miss.text}」既是问法又是“不是”"


def _lines(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def _answer_faults(body: str) -> Iterator[str]:
    lines = _lines(body)
    if not lines or _ITEM.match(lines[0]):
        yield "“答”的第一行应是直接的回答，写成一段，不写成列表"
        return
    if stray := [line for line in lines[1:] if not _ITEM.match(line)]:
        yield f"“答”的第一段后面只写列表项：「{stray[0][:30]}」"
    if (n := len(lines) - 1) > MOST_FURTHER_LINES:
        yield f"“答”的第一段后面有 {n} 行，最多 {MOST_FURTHER_LINES} 行"


def _slot_faults(meta: Mapping[str, object], sections: list[SectionText]) -> Iterator[str]:
    depends_on = list_field(meta.get("depends_on"))
    for name in depends_on:
        if name not in SLOT_NAMES:
            yield f"depends_on 里的“{name}”应为 {'、'.join(SLOT_NAMES)} 之一，没有就写 []"
    for section in sections:
        for line in _lines(section.body):
            if match := _BARE_SLOT.search(line):
                yield f"{match.group()}要写明是哪一种，例如【地区：四川省】：「{line[:30]}」"
            variant = slot_variant(line)
            if variant is None:
                continue
            if section.heading != "看情况":
                yield f"【{variant.name}：{variant.value}】只写在“看情况”里：「{line[:30]}」"
            elif variant.name not in SLOT_NAMES:
                yield f"【{variant.name}：{variant.value}】的“{variant.name}”应为 {'、'.join(SLOT_NAMES)} 之一"
            elif variant.name not in depends_on:
                yield f"“看情况”用了{variant.name}，depends_on 里没有"


def _place_and_time_advice(meta: Mapping[str, object], parsed: AnnotatedText, sources: Mapping[str, Source]) -> Iterator[str]:
    """Statements whose place or year the sources know and the guide does not say."""
    region = text_field(meta.get("region"))
    for statement in parsed.statements:
        text = parsed.text[statement.start : statement.end]
        known = [sources[i] for i in statement.source_ids if i in sources]
        slot = slot_variant(text)
        places = {s.details.get("region", "") for s in known}
        local = bool(known) and all(p.startswith(_PROVINCE) for p in places) and not (slot and slot.name == "地区")
        if region == NATIONWIDE and local and figures(text) and not _says_place(text, places):
            yield f"来源只是{'、'.join(sorted(places))}的，句里没有写地方：「{text.strip()[:30]}…」"
        sums = set(_SUM.findall(fold_numbers(text)))
        if sums and not _YEAR.search(text) and not (slot and slot.name == "日期"):
            dated = {m for s in known for m in _sums_of_a_year(s.statement)}
            if tied := sorted(sums & dated):
                yield f"金额 {tied} 是某一年的，句里没有写年份：「{text.strip()[:30]}…」"


def _says_place(text: str, places: Collection[str]) -> bool:
    names = {part for p in places for part in re.findall(r"[^省市县区州]{2,}", p)}
    return any(name in text for name in names)


def _sums_of_a_year(statement: str) -> Iterator[str]:
    """Sums that a clause of a source's statement names together with a year."""
    for clause in re.split(r"[。；;]", fold_numbers(statement)):
        if _YEAR.search(clause):
            yield from _SUM.findall(clause)
