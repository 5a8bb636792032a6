"""Regulations made for measuring size: real articles first, then mixed ones, written as the files of an ingest."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from evals.benchmarks.synthetic_laws import Article, many_articles, read_articles, write_laws

ARTICLES = [
    Article("甲法", "第一条", "为了保护妇女，制定本法。国家保障权益。"),
    Article("甲法", "第二条", "男女平等；禁止歧视。"),
    Article("乙法", "第一条", "劳动者有休息的权利。"),
]


def test_articles_are_read_law_by_law_without_their_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for article in ARTICLES:
            row = {"law": article.law, "no": article.number, "text": article.text.replace("，", "，\n  ")}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    assert [(a.law, a.number) for a in read_articles(path)] == [("甲法", "第一条"), ("甲法", "第二条"), ("乙法", "第一条")]
    assert "\n" not in read_articles(path)[0].text


def test_the_real_articles_come_first_and_then_further_editions() -> None:
    made = list(islice(many_articles(ARTICLES), 9))

    assert made[:3] == ARTICLES
    assert [a.law for a in made[3:]] == [
        "甲法（第2版）",
        "甲法（第2版）",
        "乙法（第2版）",
        "甲法（第3版）",
        "甲法（第3版）",
        "乙法（第3版）",
    ]


def test_a_mixed_article_has_as_many_sentences_and_all_of_them_are_real() -> None:
    known = {"为了保护妇女，制定本法。", "国家保障权益。", "男女平等；", "禁止歧视。", "劳动者有休息的权利。"}

    for article, real in zip(islice(many_articles(ARTICLES), 3, 6), ARTICLES, strict=True):
        sentences = [s for s in article.text.replace("。", "。|").replace("；", "；|").split("|") if s]
        assert set(sentences) <= known
        assert len(sentences) == real.text.count("。") + real.text.count("；")


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_mixes_the_same(seed: int) -> None:
    assert list(islice(many_articles(ARTICLES, seed), 30)) == list(islice(many_articles(ARTICLES, seed), 30))


@pytest.mark.parametrize(("passages", "files"), [(1, 1), (2, 1), (3, 2), (6, 4), (0, 0)])
def test_so_many_articles_are_written_a_law_a_file(tmp_path: Path, passages: int, files: int) -> None:
    assert write_laws(many_articles(ARTICLES), passages, tmp_path) == files

    written = sorted(tmp_path.glob("*.txt"))
    assert len(written) == files
    assert sum(len(path.read_text(encoding="utf-8").split("\n")) - 1 for path in written) == passages


def test_a_file_begins_with_its_law_and_the_first_is_of_the_rarer_region(tmp_path: Path) -> None:
    write_laws(many_articles(ARTICLES), 18, tmp_path)

    assert (tmp_path / "000000.txt").read_text(encoding="utf-8").split("\n")[:2] == [
        "甲法",
        "第一条　为了保护妇女，制定本法。国家保障权益。",
    ]
    regions = {p.name[:6]: p.read_text(encoding="utf-8").strip() for p in tmp_path.iterdir() if not p.name.endswith(".txt")}
    assert regions["000000"] == "region: 陕西省"
    assert regions["000004"] == "region: 四川省"
    assert "000001" not in regions
