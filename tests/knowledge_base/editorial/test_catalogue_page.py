"""The catalogue page: what it shows of a document, and that the committed page is the current one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from knowledge_base import CORPUS
from knowledge_base.editorial.catalogue_page import CataloguedDocument, latest_date, read_documents, render_catalogue, write_catalogue
from knowledge_base.errors import CorpusError
from knowledge_base.types import Kind

SOURCES = """\
{"id": "A-1", "statement": "产假98天。", "title": "特别规定", "date": "2012-04-28"}
{"id": "A-2", "statement": "解读。", "title": "报道", "date": "2023（推断）"}
{"id": "A-3", "statement": "没有用到。", "title": "报道", "date": "2026-01-01"}
"""
POLICY = """\
---
id: tebie
kind: policy
title: 女职工劳动保护特别规定
issued: 2012-04-28
effective:
status: 现行
region: 全国
topic: 女职工特殊保护
---
# 女职工劳动保护特别规定

- 女职工生育享受98天产假。[^A-1]
- 产假有解读。[^A-1][^A-2]
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "tebie.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "sources.jsonl").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def test_a_document_is_read_with_its_distinct_sources_and_their_latest_date(corpus: Path) -> None:
    (document,) = read_documents(corpus)

    assert document == CataloguedDocument(
        path="policies/tebie.md",
        kind=Kind.POLICY,
        topic="女职工特殊保护",
        title="女职工劳动保护特别规定",
        region="全国",
        status="现行",
        issued="2012-04-28",
        sources=2,
        last_checked="2023",
    )


def test_a_row_links_to_the_file_and_shows_a_dash_for_what_is_not_stated(corpus: Path) -> None:
    page = write_catalogue(corpus).read_text(encoding="utf-8")

    assert "## 政策法规\n\n### 女职工特殊保护（1 篇）\n\n| 文档 | 状态 | 发布 | 施行 | 截止 | 地区 | 来源条数 | 最近来源日期 |" in page
    assert "| [女职工劳动保护特别规定](policies/tebie.md) | 现行 | 2012-04-28 | — | — | 全国 | 2 | 2023 |" in page
    assert "共 1 篇：指引 0 篇、课程 0 篇、培训方案 0 篇、学习材料 0 篇、政策法规 1 篇、案例 0 篇。" in page


def test_a_guide_shows_who_is_in_danger_and_what_its_answer_depends_on(corpus: Path) -> None:
    (corpus / "guides").mkdir()
    (corpus / "guides" / "gd-aida.md").write_text(
        "---\nid: gd-aida\nkind: guide\ntitle: 挨打怎么办\nregion: 全国\ntopic: 家庭暴力\nas_of: 2026-11\nurgent: violence\n"
        "depends_on: [地区, 日期]\n---\n## 答\n\n> 问法（故事·A）：他打我｜又动手了\n> 问法：挨打\n\n打110。[^A-1]\n",
        encoding="utf-8",
    )

    page = render_catalogue(read_documents(corpus))

    assert "## 指引\n\n### 家庭暴力（1 篇）" in page
    assert "| [挨打怎么办](guides/gd-aida.md) | 挨打 | 地区、日期 | 2026-11 | 全国 | 1 | 2012-04-28 |" in page


def test_lessons_are_a_tree_by_topic_and_level_and_course_plans_a_part_of_their_own() -> None:
    common = {"kind": Kind.TRAINING, "topic": "表格", "region": "全国", "form": "lesson"}
    documents = [
        CataloguedDocument(path="training/ke-b.md", title="求和", level="入门", minutes="10", **common),
        CataloguedDocument(path="training/ke-a.md", title="查找", level="进阶", minutes="15", prerequisites=("ke-b",), **common),
        CataloguedDocument(path="training/ke-c.md", title="打字", level="入门", **common),
        CataloguedDocument(path="training/pk-a.md", title="护士班", level="骨干", **{**common, "form": "course"}),
    ]

    page = render_catalogue(documents)

    assert (
        "## 课程\n\n### 表格（3 篇）\n\n- 入门\n  - [打字](training/ke-c.md)\n  - [求和](training/ke-b.md)（10 分钟）\n"
        "- 进阶\n  - [查找](training/ke-a.md)（15 分钟；先学《求和》）\n\n## 培训方案\n"
    ) in page


def test_the_page_does_not_depend_on_the_order_of_the_documents() -> None:
    documents = [
        CataloguedDocument(path=f"{kind}/{n}.md", kind=kind, topic=topic, title=f"第{n}篇|甲", region="四川省")
        for n, (kind, topic) in enumerate([(Kind.CASE, "人物"), (Kind.POLICY, "热线"), (Kind.TRAINING, "防骗"), (Kind.POLICY, "热线")])
    ]
    shuffled = random.Random(1).sample(documents, len(documents))

    assert render_catalogue(shuffled) == render_catalogue(documents)
    assert "第0篇\\|甲" in render_catalogue(documents)


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (["2024", "2023-12-31"], "2024"),
        (["2024", "2024-03", "2024-03-02"], "2024-03-02"),
        (["2023-12或2024-12（页面只写12-21）"], "2024-12"),
        (["2024-01-13（镜像页日期2024-11-19）"], "2024-01-13"),
        (["约2023-2024"], "2024"),
        (["不详", ""], ""),
    ],
)
def test_the_latest_date_is_taken_from_texts_that_say_more(dates: list[str], latest: str) -> None:
    assert latest_date(dates) == latest


def test_a_document_that_cannot_be_read_is_named(corpus: Path) -> None:
    (corpus / "policies" / "huai.md").write_text("---\ntitle: [未闭合\n---\n正文", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"policies/huai\.md"):
        read_documents(corpus)


def test_the_committed_catalogue_is_what_the_corpus_renders() -> None:
    committed = (CORPUS / "CATALOG.md").read_text(encoding="utf-8")

    assert committed == render_catalogue(read_documents(CORPUS)), "目录过时了：请运行 python -m knowledge_base.editorial.catalogue_page"
