"""Proof that a corpus keeps its own rules: front matter valid, every statement sourced, no figure from nowhere.

The rules are told to writers in ``corpus/README.md``. They are implemented here and in :mod:`.proofs` (figures), :mod:`.guide_form`,
:mod:`.lesson_form` and :mod:`.disagreements`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.editorial.disagreements import Claim, disagreements
from knowledge_base.editorial.guide_form import annotation_faults, guide_advice, guide_faults, sections_of
from knowledge_base.editorial.lesson_form import COURSE, EXAMPLES, FORMS, LESSON, circles, course_faults, lesson_faults
from knowledge_base.editorial.proofs import URL, craft_advice, craft_faults, unproven, without_code
from knowledge_base.errors import CorpusError, LoadError
from knowledge_base.loaders.corpus_markdown import AnnotatedText, list_field, parse_annotated, split_front_matter, text_field
from knowledge_base.loaders.stated import LEVELS, WRITTEN_STATUSES
from knowledge_base.text.numerals import figures
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Kind, Source, Status
from knowledge_base.validity import first_day, is_date, last_day, today

FOLDERS = {"policies": Kind.POLICY, "training": Kind.TRAINING, "cases": Kind.CASE, "guides": Kind.GUIDE}

FEWEST_STATEMENTS = 3
"""A document with fewer is a scrap."""

MOST_SCRAPS = 0.05
"""Share of scraps among all documents that a corpus should not exceed."""

_SHARED_FIELDS = frozenset({"id", "kind", "title", "short_titles", "region", "topic", "status", "as_of"})
_DATED_FIELDS = frozenset({"issuer", "doc_no", "issued", "effective", "expires", "supersedes", "audience", "level", "prerequisites"})
_FIELDS: Mapping[Kind, frozenset[str]] = {
    Kind.POLICY: _SHARED_FIELDS | _DATED_FIELDS,
    Kind.TRAINING: _SHARED_FIELDS | _DATED_FIELDS | {"form", "minutes", "next", "formulas", "hours", "lessons"},
    Kind.CASE: _SHARED_FIELDS | _DATED_FIELDS | {"org", "lead", "sector", "technology", "problem", "result", "account", "place"},
    Kind.GUIDE: _SHARED_FIELDS | {"urgent", "depends_on"},
}

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_LEAD_IN = re.compile(r"[^。；！？]{1,40}[：:]")
_LINK = re.compile(r"\]\(([^)\s:]+\.md)\)")
_NOT_CURRENT = re.compile(r"【(历史|已过期|外省)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: the file (relative to the corpus), what is wrong and what to do."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}：{self.message}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. ``faults`` fail it; ``advice`` does not."""

    documents: int
    sources: int
    sources_used: int
    faults: tuple[Finding, ...]
    advice: tuple[Finding, ...]


def load_sources(path: Path) -> dict[str, Source]:
    """Sources of ``sources.jsonl`` by id, in file order.

    Raises:
        CorpusError: a line is not JSON, lacks a field, or repeats an id; the message names the line.
    """
    sources: dict[str, Source] = {}
    own = {"id", "statement", "title", "publisher", "date", "url", "confidence"}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            source = Source(
                source_id=row["id"],
                statement=row["statement"],
                title=row["title"],
                **{k: row.get(k, "") for k in ("publisher", "date", "url", "confidence")},
                details={k: str(v) for k, v in row.items() if k not in own},
            )
        except (ValueError, KeyError, TypeError) as exc:
            raise CorpusError(f"{path.name} 第 {number} 行读不懂：{exc!r}。每行应是含 id、statement、title 的 JSON") from exc
        if source.source_id in sources:
            raise CorpusError(f"{path.name} 第 {number} 行：编号 {source.source_id} 重复，请删去一行")
        sources[source.source_id] = source
    return sources


def _paths(root: Path) -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (root / folder).glob("*.md"))


def read_front_matters(root: Path) -> dict[str, Mapping[str, object]]:
    """Front matter of every readable document of a corpus folder, by file name without suffix."""
    metas: dict[str, Mapping[str, object]] = {}
    for path in _paths(root):
        try:
            metas[path.stem] = split_front_matter(path.read_text(encoding="utf-8"))[0]
        except (LoadError, UnicodeDecodeError):
            continue  # check_corpus reports it
    return metas


@dataclass(frozen=True, slots=True)
class _Checked:
    """A document as the check reads it."""

    name: str
    path: Path
    meta: Mapping[str, object]
    parsed: AnnotatedText


def check_corpus(root: Path, *, only: Iterable[Path] = (), day: dt.date | None = None) -> CheckReport:
    """Check every document of a corpus folder, or only some files of it (rules across documents are then left out).

    ``day`` decides what is in force; today when None.
    """
    sources = load_sources(root / "sources.jsonl")
    chosen = {p.resolve() for p in only}
    documents: dict[str, _Checked] = {}
    faults: list[Finding] = []
    paths = _paths(root)
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            meta, body = split_front_matter(path.read_text(encoding="utf-8"))
        except (LoadError, UnicodeDecodeError) as exc:
            faults.append(Finding(name, str(exc)))
            continue
        slug = text_field(meta.get("id"))
        if slug in documents:
            faults.append(Finding(name, f"id {slug} 与另一篇重复，请改名"))
        documents[slug] = _Checked(name, path, meta, parse_annotated(body))
    advice: list[Finding] = []
    for document in documents.values():
        if chosen and document.path.resolve() not in chosen:
            continue
        said = document_faults(document.meta, document.parsed, document.path, sources, documents)
        faults += [Finding(document.name, message) for message in said]
        advice += [Finding(document.name, m) for m in document_advice(document.meta, document.parsed, sources)]
    faults += _cross_faults(documents)
    if not chosen:
        used = Counter(i for d in documents.values() for s in d.parsed.statements for i in s.source_ids)
        faults += _coverage_faults(root, sources, used)
        faults += _repeated_ways(documents.values())
        faults += _dead_links(root)
        advice += _disagreement_advice(documents.values(), day or today())
        advice += _scraps(list(documents.values()))
    named = {i for d in documents.values() for s in d.parsed.statements for i in s.source_ids}
    return CheckReport(len(paths), len(sources), sum(1 for i in sources if i in named), tuple(faults), tuple(advice))


def document_faults(
    meta: Mapping[str, object], parsed: AnnotatedText, path: Path, sources: Mapping[str, Source], slugs: Collection[str]
) -> Iterator[str]:
    """Every rule that one document breaks; ``slugs`` are the ids of all documents."""
    kind = FOLDERS[path.parent.name]
    yield from _front_matter_faults(meta, path)
    yield from _body_faults(meta, parsed, sources)
    yield from annotation_faults(text_field(meta.get("id")), parsed, slugs)
    if kind is Kind.GUIDE:
        yield from guide_faults(meta, parsed)
    if kind is Kind.TRAINING and meta.get("form") == LESSON:
        yield from lesson_faults(meta, parsed)
    if kind is Kind.TRAINING and meta.get("form") == COURSE:
        yield from course_faults(meta, parsed)


def document_advice(meta: Mapping[str, object], parsed: AnnotatedText, sources: Mapping[str, Source]) -> Iterator[str]:
    """What would make one document better."""
    yield from _advice(meta, parsed)
    for statement in parsed.statements:
        known = [sources[i] for i in statement.source_ids if i in sources]
        yield from craft_advice(parsed.text[statement.start : statement.end].strip(), known)
    if meta.get("kind") == Kind.GUIDE:
        yield from guide_advice(meta, parsed, sources)


def _front_matter_faults(meta: Mapping[str, object], path: Path) -> Iterable[str]:
    slug = text_field(meta.get("id"))
    kind = FOLDERS[path.parent.name]
    if not _SLUG.fullmatch(slug):
        yield f"id {slug!r} 只能用小写字母、数字、- 和 ."
    if slug != path.stem:
        yield f"id {slug} 应与文件名 {path.stem} 相同"
    if meta.get("kind") != kind:
        yield f"kind 应为 {kind}（文件在 {path.parent.name}/ 下）"
    for name in ("title", "region", "topic"):
        if not text_field(meta.get(name)):
            yield f"缺 {name}"
    for name in ("issued", "effective", "expires", "as_of"):
        value = text_field(meta.get(name))
        if value and not _DATE.fullmatch(value):
            yield f"{name} {value!r} 不是日期（写成 2025-11-28、2025-11 或 2025）"
    status = text_field(meta.get("status"))
    if kind is Kind.POLICY and status not in WRITTEN_STATUSES:
        yield f"status {status!r} 应为 {'、'.join(WRITTEN_STATUSES)} 之一"
    if kind is Kind.TRAINING and text_field(meta.get("level")) not in LEVELS:
        yield f"level 应为 {'、'.join(LEVELS)} 之一"
    if kind is Kind.TRAINING and (form := text_field(meta.get("form"))) and form not in FORMS:
        yield f"form {form!r} 应为 {'、'.join(FORMS)} 之一，一般的学习材料不写"
    if kind is Kind.GUIDE and not text_field(meta.get("as_of")):
        yield "缺 as_of（核对到哪一天）"
    if unread := sorted(map(str, set(meta) - _FIELDS[kind])):
        yield f"文件头的 {'、'.join(unread)} 没有人读，请删去"


def _body_faults(meta: Mapping[str, object], parsed: AnnotatedText, sources: Mapping[str, Source]) -> Iterator[str]:
    covered = bytearray(len(parsed.text))
    examples = _example_ranges(parsed.text) if meta.get("form") == LESSON else []
    for statement in parsed.statements:
        covered[statement.start : statement.end] = b"\x01" * (statement.end - statement.start)
        text = parsed.text[statement.start : statement.end].strip()
        if unknown := [i for i in statement.source_ids if i not in sources]:
            yield f"来源编号 {unknown} 不在 sources.jsonl 里：「{text[:30]}…」"
        known = [sources[i] for i in statement.source_ids if i in sources]
        made_up = any(a <= statement.start < b for a, b in examples)
        yield from unproven(text, known, made_up=made_up)
        yield from craft_faults(text, known, made_up=made_up)
        yield from _standing_faults(meta, text, known)
    yield from _uncovered(parsed.text, covered)
    allowed = {s.url for s in sources.values()}
    for url in URL.findall(parsed.text):
        if url not in allowed:
            yield f"网址 {url} 不在 sources.jsonl 里，请删去"


def _example_ranges(text: str) -> list[tuple[int, int]]:
    return [(s.body_start, s.body_start + len(s.body)) for s in sections_of(text) if s.heading in EXAMPLES]


def _standing_faults(meta: Mapping[str, object], text: str, sources: Iterable[Source]) -> Iterable[str]:
    """A historic, draft or other province's statement may not stand in a document that is current here."""
    if meta.get("kind") != Kind.POLICY or text_field(meta.get("status")) != Status.IN_FORCE:
        return
    region = text_field(meta.get("region"))
    if not (region == "全国" or region.startswith("四川省")):
        return
    for source in sources:
        if _NOT_CURRENT.search(source.statement) or source.details.get("region", "").startswith("外省"):
            yield f"来源 {source.source_id} 是历史、过期或外省内容，不能放在现行文档里：「{text[:30]}…」请另立一篇"


def _uncovered(text: str, covered: bytearray) -> Iterable[str]:
    lines = text.split("\n")
    position = 0
    for number, line in enumerate(lines):
        start, position = position, position + len(line) + 1
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if _TABLE_ROW.match(line):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if re.fullmatch(r"[\s|:-]+", bare) or re.fullmatch(r"\s*\|[\s|:-]+", following):
                continue  # the separator, and the header above it
        if _LEAD_IN.fullmatch(bare.lstrip("-*0123456789.、 ")) and not figures(bare.lstrip("-*0123456789.、 ")):
            continue
        gaps = "".join(c for c, hit in zip(line, covered[start : start + len(line)], strict=True) if not hit)
        if re.sub(r"^\s*([-*+]|\d{1,2}[.、)])\s*|[\s|。；，]", "", gaps):
            yield f"这句没有来源编号：「{bare[:40]}」"


def _advice(meta: Mapping[str, object], parsed: AnnotatedText) -> Iterator[str]:
    starts = {a.start for a in parsed.asks}
    asked_once = meta.get("kind") == Kind.GUIDE or meta.get("form") in (LESSON, COURSE)  # their ways stand where the answer does
    for section in sections_of(parsed.text):
        if not asked_once and section.start not in starts:
            yield f"小节「{section.heading}」没有问法"
        if len(without_code(section.body)) > 700:
            yield f"小节「{section.heading}」有 {len(section.body)} 字，宜拆成 500 字以内"


def _repeated_ways(documents: Iterable[_Checked]) -> Iterator[Finding]:
    """A way of asking belongs to one section: in two it can only lead astray."""
    holder: dict[str, str] = {}
    for document in documents:
        for way in (q for a in document.parsed.asks for q in a.questions):
            if way in holder:
                there = "本篇" if holder[way] == document.name else holder[way]
                yield Finding(document.name, f"问法「{way}」在{there}已经有了，只留一处")
            holder.setdefault(way, document.name)


def _dead_links(root: Path) -> Iterator[Finding]:
    """Links of the page of wanted subjects to documents that are gone."""
    page = root / "WANTED.md"
    for target in _LINK.findall(page.read_text(encoding="utf-8")) if page.exists() else ():
        if not (root / target).exists():
            yield Finding(page.name, f"链接 {target} 指向的文档不在了")


def _disagreement_advice(documents: Iterable[_Checked], day: dt.date) -> Iterator[Finding]:
    for found in disagreements(_claims(documents, day)):
        said = f"「{found.first.text.strip()[:60]}」（{found.first.path}）与「{found.second.text.strip()[:60]}」"
        yield Finding(found.second.path, f"两篇现行文档说的数字不同：{said}；写明日期，或改掉不对的")


def _claims(documents: Iterable[_Checked], day: dt.date) -> Iterator[Claim]:
    """Statements of documents that hold on a day: no draft, nothing historic, not yet or no longer in force."""
    for document in documents:
        status = text_field(document.meta.get("status"))
        begins, ends = (text_field(document.meta.get(name)) for name in ("effective", "expires"))
        over = is_date(ends) and last_day(ends) < day
        ahead = is_date(begins) and first_day(begins) > day
        if status in (Status.EXPIRED, Status.DRAFT) or over or ahead:
            continue
        for statement in document.parsed.statements:
            text = document.parsed.text[statement.start : statement.end]
            if not _NOT_CURRENT.search(text):
                yield Claim(document.name, text_field(document.meta.get("region")), text)


def _scraps(documents: Sequence[_Checked]) -> Iterator[Finding]:
    scraps = [d for d in documents if len(d.parsed.statements) < FEWEST_STATEMENTS]
    for document in scraps:
        yield Finding(document.name, f"只有 {len(document.parsed.statements)} 句，宜并入别的文档或补足")
    if len(scraps) > MOST_SCRAPS * len(documents):
        share = f"{len(scraps)}/{len(documents)}（{len(scraps) / len(documents):.0%}）"
        yield Finding("全库", f"{share} 篇不足 {FEWEST_STATEMENTS} 句，宜在 {MOST_SCRAPS:.0%} 以内")


def _cross_faults(documents: Mapping[str, _Checked]) -> Iterator[Finding]:
    current: dict[tuple[str, str], list[str]] = defaultdict(list)
    for slug, document in documents.items():
        meta = document.meta
        for name in ("supersedes", "prerequisites", "next", "lessons"):
            for target in list_field(meta.get(name)):
                if target not in documents:
                    yield Finding(document.name, f"{name} 指向不存在的文档 {target}")
        if meta.get("kind") == Kind.POLICY and text_field(meta.get("status")) == Status.IN_FORCE:
            current[text_field(meta.get("title")), text_field(meta.get("region"))].append(slug)
    for circle in circles({slug: d.meta for slug, d in documents.items()}):
        yield Finding(documents[circle[0]].name, f"先学关系绕成了圈：{' → '.join(circle)}；请去掉其中一个 prerequisites")
    for (title, region), slugs in current.items():
        if len(slugs) > 1:
            yield Finding(documents[slugs[1]].name, f"《{title}》（{region}）有 {len(slugs)} 篇都是现行：{slugs}；合并，或写明谁取代谁")


def _coverage_faults(root: Path, sources: Mapping[str, Source], used: Counter[str]) -> Iterable[Finding]:
    path = root / "left_out.yaml"
    left_out = (parse_yaml(path.read_text(encoding="utf-8")) if path.exists() else {}) or {}
    for source_id in left_out:
        if source_id not in sources:
            yield Finding(path.name, f"{source_id} 不在 sources.jsonl 里，请删去这一行")
        elif used[source_id]:
            yield Finding(path.name, f"{source_id} 已经有文档用到，请删去这一行")
    for source_id in sources:
        if not used[source_id] and source_id not in left_out:
            yield Finding("sources.jsonl", f"{source_id} 没有一篇文档用到；写进文档，或在 left_out.yaml 说明为什么不用")
