"""Proof that a corpus keeps its own rules: front matter valid, every statement sourced, no figure from nowhere.

The rules are told to writers in ``corpus/README.md``; this module is their only implementation.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.errors import CorpusError, LoadError
from knowledge_base.loaders.corpus_markdown import list_field, parse_annotated, split_front_matter, text_field
from knowledge_base.loaders.stated import LEVELS, WRITTEN_STATUSES
from knowledge_base.text.numerals import figures
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Kind, Source, Status

FOLDERS = {"policies": Kind.POLICY, "training": Kind.TRAINING, "cases": Kind.CASE}

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*")
_URL = re.compile(r"https?://[^\s)>\]」』”）。，；、]+")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_LEAD_IN = re.compile(r"[^。；！？]{1,40}[：:]")
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


def read_front_matters(root: Path) -> dict[str, Mapping[str, object]]:
    """Front matter of every readable document of a corpus folder, by file name without suffix."""
    metas: dict[str, Mapping[str, object]] = {}
    for path in _paths(root):
        try:
            metas[path.stem] = split_front_matter(path.read_text(encoding="utf-8"))[0]
        except (LoadError, UnicodeDecodeError):
            continue  # check_corpus reports it
    return metas


def _paths(root: Path) -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (root / folder).glob("*.md"))


def check_corpus(root: Path, *, only: Iterable[Path] = ()) -> CheckReport:
    """Check every document of a corpus folder, or only some files of it (cross-document rules are then left out)."""
    sources = load_sources(root / "sources.jsonl")
    chosen = {p.resolve() for p in only}
    paths = _paths(root)
    faults: list[Finding] = []
    advice: list[Finding] = []
    used: Counter[str] = Counter()
    metas: dict[str, Mapping[str, object]] = {}
    for path in paths:
        name = str(path.relative_to(root))
        try:
            meta, body = split_front_matter(path.read_text(encoding="utf-8"))
        except (LoadError, UnicodeDecodeError) as exc:
            faults.append(Finding(name, str(exc)))
            continue
        slug = text_field(meta.get("id"))
        if slug in metas:
            faults.append(Finding(name, f"id {slug} 与另一篇重复，请改名"))
        metas[slug] = {**meta, "_path": name}
        parsed = parse_annotated(body)
        used.update(i for s in parsed.statements for i in s.source_ids)
        if not chosen or path.resolve() in chosen:
            faults += [Finding(name, m) for m in (*_front_matter_faults(meta, path), *_body_faults(meta, body, sources))]
            advice += [Finding(name, m) for m in _advice(body)]
    faults += _cross_faults(metas)
    if not chosen:
        faults += _coverage_faults(root, sources, used)
    return CheckReport(len(paths), len(sources), sum(1 for i in sources if used[i]), tuple(faults), tuple(advice))


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


def _body_faults(meta: Mapping[str, object], body: str, sources: Mapping[str, Source]) -> Iterable[str]:
    parsed = parse_annotated(body)
    covered = bytearray(len(parsed.text))
    for statement in parsed.statements:
        covered[statement.start : statement.end] = b"\x01" * (statement.end - statement.start)
        text = parsed.text[statement.start : statement.end].strip()
        unknown = [i for i in statement.source_ids if i not in sources]
        if unknown:
            yield f"来源编号 {unknown} 不在 sources.jsonl 里：「{text[:30]}…」"
        known = [sources[i] for i in statement.source_ids if i in sources]
        ground = " ".join(" ".join((s.statement, s.title, s.publisher, s.date, *s.details.values())) for s in known)
        missing = sorted(figures(_URL.sub("", text)) - figures(ground))  # addresses have a rule of their own
        if missing and known:
            yield f"数字 {missing} 不在所注来源 {list(statement.source_ids)} 里：「{text[:40]}…」"
        yield from _standing_faults(meta, text, known)
    yield from _uncovered(parsed.text, covered)
    allowed = {s.url for s in sources.values()}
    for url in _URL.findall(parsed.text):
        if url not in allowed:
            yield f"网址 {url} 不在 sources.jsonl 里，请删去"


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


def _advice(body: str) -> Iterable[str]:
    parsed = parse_annotated(body)
    starts = {a.start for a in parsed.asks}
    for match in re.finditer(r"^#{2,6}\s+(.+)$", parsed.text, re.M):
        if match.start() not in starts:
            yield f"小节「{match.group(1)}」没有问法"
    for match in re.finditer(r"^#{2,6}\s+(.+)\n((?:(?!#).*\n?)*)", parsed.text, re.M):
        if len(match.group(2)) > 700:
            yield f"小节「{match.group(1)}」有 {len(match.group(2))} 字，宜拆成 500 字以内"
    repeated = [q for q, n in Counter(q for a in parsed.asks for q in a.questions).items() if n > 1]
    if repeated:
        yield f"问法重复：{repeated[:3]}"


def _cross_faults(metas: Mapping[str, Mapping[str, object]]) -> Iterable[Finding]:
    current: dict[tuple[str, str], list[str]] = defaultdict(list)
    for slug, meta in metas.items():
        path = str(meta["_path"])
        for name in ("supersedes", "prerequisites"):
            for target in list_field(meta.get(name)):
                if target not in metas:
                    yield Finding(path, f"{name} 指向不存在的文档 {target}")
        if meta.get("kind") == Kind.POLICY and text_field(meta.get("status")) == Status.IN_FORCE:
            current[text_field(meta.get("title")), text_field(meta.get("region"))].append(slug)
    for (title, region), slugs in current.items():
        if len(slugs) > 1:
            yield Finding(
                str(metas[slugs[1]]["_path"]), f"《{title}》（{region}）有 {len(slugs)} 篇都是现行：{slugs}；合并，或写明谁取代谁"
            )


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
