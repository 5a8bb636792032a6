"""The catalogue that people read: ``corpus/CATALOG.md``, one table a kind and topic, made from the documents themselves.

``python -m knowledge_base.editorial.catalogue_page`` writes it again; a test fails when the committed page is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import FOLDERS, load_sources
from knowledge_base.errors import CorpusError, LoadError
from knowledge_base.loaders.corpus_markdown import parse_annotated, split_front_matter, text_field
from knowledge_base.types import Kind, Source

FILE_NAME = "CATALOG.md"

_KIND_NAMES = {Kind.POLICY: "政策法规", Kind.TRAINING: "学习材料", Kind.CASE: "案例"}
_DATE = re.compile(r"(?<!\d)\d{4}(?:-\d{2}(?!\d)){0,2}")
_REMARK = re.compile(r"（[^）]*）")
_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class CataloguedDocument:
    """What the catalogue says of one document. ``last_checked`` is the latest date of its sources, "" when none is dated."""

    path: str
    kind: Kind
    topic: str
    title: str
    region: str
    status: str = ""
    level: str = ""
    org: str = ""
    issued: str = ""
    effective: str = ""
    expires: str = ""
    as_of: str = ""
    sources: int = 0
    last_checked: str = ""


_Column = tuple[str, Callable[[CataloguedDocument], str]]
_TITLE: _Column = ("文档", lambda d: f"[{d.title}]({d.path})")
_ENDING: tuple[_Column, ...] = (
    ("地区", lambda d: d.region),
    ("来源条数", lambda d: str(d.sources)),
    ("最近来源日期", lambda d: d.last_checked),
)
_COLUMNS: Mapping[Kind, tuple[_Column, ...]] = {
    Kind.POLICY: (
        _TITLE,
        ("状态", lambda d: d.status),
        ("发布", lambda d: d.issued),
        ("施行", lambda d: d.effective),
        ("截止", lambda d: d.expires),
        *_ENDING,
    ),
    Kind.TRAINING: (
        _TITLE,
        ("等级", lambda d: d.level),
        ("施行", lambda d: d.effective),
        ("截止", lambda d: d.expires),
        *_ENDING,
    ),
    Kind.CASE: (_TITLE, ("单位", lambda d: d.org), ("口径日期", lambda d: d.as_of), *_ENDING),
}


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
    """The catalogue as Markdown: per kind and topic a table, rows by title. The same documents always give the same text."""
    chosen = sorted(documents, key=lambda d: (list(_KIND_NAMES).index(d.kind), d.topic, d.title, d.path))
    counts = "、".join(f"{name} {sum(d.kind is kind for d in chosen)} 篇" for kind, name in _KIND_NAMES.items())
    blocks = [
        "# 知识库目录",
        "这一页由 `python -m knowledge_base.editorial.catalogue_page` 从文档生成，请不要手改。"
        "状态是文档里写明的状态；是否过期、是否适用于某地，由程序按日期和地区判断。“—”表示没有载明。",
        f"共 {len(chosen)} 篇：{counts}。",
    ]
    for kind, of_kind in groupby(chosen, key=lambda d: d.kind):
        blocks.append(f"## {_KIND_NAMES[kind]}")
        for topic, of_topic in groupby(of_kind, key=lambda d: d.topic):
            rows = list(of_topic)
            blocks += [f"### {topic}（{len(rows)} 篇）", _table(_COLUMNS[kind], rows)]
    return "\n\n".join(blocks) + "\n"


def write_catalogue(root: Path) -> Path:
    """Write the catalogue of a corpus folder into it and return the file's path."""
    page = root / FILE_NAME
    page.write_text(render_catalogue(read_documents(root)), encoding="utf-8")
    return page


def latest_date(dates: Iterable[str]) -> str:
    """Latest date among texts that may hold several or say more ("2025（推断）"); "" when none holds one.

    Remarks in full-width brackets do not count. Of two dates that agree as far as both go, the finer one is the later.
    """
    return max((d for text in dates for d in _DATE.findall(_REMARK.sub("", text))), default="")


def _catalogued(name: str, kind: Kind, meta: Mapping[str, object], body: str, sources: Mapping[str, Source]) -> CataloguedDocument:
    used = dict.fromkeys(i for s in parse_annotated(body).statements for i in s.source_ids if i in sources)
    fields = ("topic", "title", "region", "status", "level", "org", "issued", "effective", "expires", "as_of")
    return CataloguedDocument(
        path=name,
        kind=kind,
        sources=len(used),
        last_checked=latest_date(sources[i].date for i in used),
        **{field: text_field(meta.get(field)) for field in fields},
    )


def _table(columns: Sequence[_Column], rows: Sequence[CataloguedDocument]) -> str:
    lines = [[heading for heading, _ in columns], ["---"] * len(columns)]
    lines += [[cell(row).replace("|", "\\|") or _NOTHING for _, cell in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    write_catalogue(CORPUS)
