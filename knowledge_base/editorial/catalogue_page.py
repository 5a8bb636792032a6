"""The catalogue that people read: ``corpus/CATALOG.md``, made from the documents themselves.

Guides, course plans, reading matter, policies and cases are a table a topic; lessons are a tree by topic and level.

``python -m knowledge_base.editorial.catalogue_page`` rewrites it; a test fails if the committed page is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import FOLDERS, load_sources
from knowledge_base.editorial.lesson_form import COURSE, LESSON
from knowledge_base.errors import CorpusError, LoadError
from knowledge_base.loaders.corpus_markdown import list_field, parse_annotated, split_front_matter, text_field
from knowledge_base.loaders.stated import LEVELS
from knowledge_base.types import Kind, Source

FILE_NAME = "CATALOG.md"

_TEXTS = (
    *("topic", "title", "region", "status", "level", "org", "sector"),
    *("issued", "effective", "expires", "as_of", "form", "minutes", "urgent"),
)
_DATE = re.compile(r"(?<!\d)\d{4}(?:-\d{2}(?!\d)){0,2}")
_REMARK = re.compile(r"（[^）]*）")
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class CataloguedDocument:
    """A document's row. ``last_checked`` is the latest date of its sources, "" if none has a date."""

    path: str
    kind: Kind
    topic: str
    title: str
    region: str
    status: str = ""
    level: str = ""
    org: str = ""
    sector: str = ""
    issued: str = ""
    effective: str = ""
    expires: str = ""
    as_of: str = ""
    sources: int = 0
    last_checked: str = ""
    form: str = ""
    minutes: str = ""
    urgent: str = ""
    depends_on: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()


_Column = tuple[str, Callable[[CataloguedDocument], str]]
_TITLE: _Column = ("文档", lambda d: f"[{d.title}]({d.path})")
_ENDING: tuple[_Column, ...] = (
    ("地区", lambda d: d.region),
    ("来源条数", lambda d: str(d.sources)),
    ("最近来源日期", lambda d: d.last_checked),
)
_TRAINING: tuple[_Column, ...] = (
    _TITLE,
    ("等级", lambda d: d.level),
    ("施行", lambda d: d.effective),
    ("截止", lambda d: d.expires),
    *_ENDING,
)
_URGENT = {"violence": "挨打", "harassment": "骚扰", "fraud": "被骗", "despair": "想不开", "labour": "劳动"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page: which documents it holds, and the columns of its tables (none: a tree of lessons)."""

    name: str
    holds: Callable[[CataloguedDocument], bool]
    columns: tuple[_Column, ...] = ()


_PARTS = (
    _Part(
        "指引",
        lambda d: d.kind is Kind.GUIDE,
        (
            _TITLE,
            ("紧急", lambda d: _URGENT.get(d.urgent, d.urgent)),
            ("看什么", lambda d: "、".join(d.depends_on)),
            ("核对到", lambda d: d.as_of),
            *_ENDING,
        ),
    ),
    _Part("课程", lambda d: d.kind is Kind.TRAINING and d.form == LESSON),
    _Part("培训方案", lambda d: d.kind is Kind.TRAINING and d.form == COURSE, _TRAINING),
    _Part("学习材料", lambda d: d.kind is Kind.TRAINING and d.form not in (LESSON, COURSE), _TRAINING),
    _Part(
        "政策法规",
        lambda d: d.kind is Kind.POLICY,
        (
            _TITLE,
            ("状态", lambda d: d.status),
            ("发布", lambda d: d.issued),
            ("施行", lambda d: d.effective),
            ("截止", lambda d: d.expires),
            *_ENDING,
        ),
    ),
    _Part(
        "案例",
        lambda d: d.kind is Kind.CASE,
        (_TITLE, ("单位", lambda d: d.org), ("行业", lambda d: d.sector), ("口径日期", lambda d: d.as_of), *_ENDING),
    ),
)


def read_documents(root: Path) -> tuple[CataloguedDocument, ...]:
    """Every document of a corpus folder, by folder and file name.

    Raises:
        CorpusError: a document's front matter cannot be read, or ``sources.jsonl`` is malformed; the message names the file.
    """
    sources = load_sources(root / "sources.jsonl")
    documents = []
    for folder, kind in FOLDERS.items():
        for path in sorted((root / folder).glob("*.md")):
            name = path.relative_to(root).as_posix()
            try:
                meta, body = split_front_matter(path.read_text(encoding="utf-8"))
            except (LoadError, UnicodeDecodeError) as exc:
                raise CorpusError(f"{name} 读不懂：{exc}") from exc
            documents.append(_catalogued(name, kind, meta, body, sources))
    return tuple(documents)


def render_catalogue(documents: Iterable[CataloguedDocument]) -> str:
    """The catalogue as Markdown: a part a sort of document, within it a table or a tree a topic, rows by title.

    The same documents always give the same text.
    """
    chosen = sorted(documents, key=lambda d: (d.topic, d.title, d.path))
    titles = {Path(d.path).stem: d.title for d in chosen}
    parts = [(part, [d for d in chosen if part.holds(d)]) for part in _PARTS]
    counts = "、".join(f"{part.name} {len(held)} 篇" for part, held in parts)
    blocks = [
        "# 知识库目录",
        "这一页由 `python -m knowledge_base.editorial.catalogue_page` 从文档生成，请不要手改。"
        "状态是文档里写明的状态；是否过期、是否适用于某地，由程序按日期和地区判断。“—”表示没有载明。",
        f"共 {len(chosen)} 篇：{counts}。",
    ]
    for part, held in parts:
        if held:
            blocks.append(f"## {part.name}")
        for topic, of_topic in groupby(held, key=lambda d: d.topic):
            rows = list(of_topic)
            blocks += [f"### {topic}（{len(rows)} 篇）", _table(part.columns, rows) if part.columns else _tree(rows, titles)]
    return "\n\n".join(blocks) + "\n"


def write_catalogue(root: Path) -> Path:
    """Write a corpus folder's catalogue into it and return its path."""
    page = root / FILE_NAME
    page.write_text(render_catalogue(read_documents(root)), encoding="utf-8")
    return page


def latest_date(dates: Iterable[str]) -> str:
    """Latest date in texts that may contain several dates or more ("2025（推断）"); "" if there is none.

    Remarks in full-width brackets are ignored. Of two dates that agree as far as both go, the more precise one is later.
    """
    return max((d for text in dates for d in _DATE.findall(_REMARK.sub("", text))), default="")


def _catalogued(name: str, kind: Kind, meta: Mapping[str, object], body: str, sources: Mapping[str, Source]) -> CataloguedDocument:
    parsed = parse_annotated(body)
    used = dict.fromkeys(i for s in parsed.statements for i in s.source_ids if i in sources)
    return CataloguedDocument(
        path=name,
        kind=kind,
        sources=len(used),
        last_checked=latest_date(sources[i].date for i in used),
        depends_on=list_field(meta.get("depends_on")),
        prerequisites=list_field(meta.get("prerequisites")),
        **{field: text_field(meta.get(field)) for field in _TEXTS},
    )


def _tree(lessons: Sequence[CataloguedDocument], titles: Mapping[str, str]) -> str:
    """Lessons of a topic, level by level from the first, each with how long it takes and what to learn before."""
    lines = []
    for level in sorted({d.level for d in lessons}, key=lambda level: (LEVELS.index(level) if level in LEVELS else len(LEVELS), level)):
        lines.append(f"- {level or _NOTHING}")
        for lesson in (d for d in lessons if d.level == level):
            before = "、".join(f"《{titles.get(slug, slug)}》" for slug in lesson.prerequisites)
            notes = "；".join(
                note for note in (f"{lesson.minutes} 分钟" if lesson.minutes else "", f"先学{before}" if before else "") if note
            )
            lines.append(f"  - [{lesson.title}]({lesson.path})" + (f"（{notes}）" if notes else ""))
    return "\n".join(lines)


def _table(columns: Sequence[_Column], rows: Sequence[CataloguedDocument]) -> str:
    lines = [[heading for heading, _ in columns], ["---"] * len(columns)]
    lines += [[cell(row).replace("|", "\\|") or _NOTHING for _, cell in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    write_catalogue(CORPUS)
