"""Many regulations, for measuring size: real statute articles, and, past their number, articles mixed from two of them."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count, groupby
from pathlib import Path

from knowledge_base.loaders.stated import SUFFIX

REGIONS: Mapping[str, int] = {"陕西省": 100, "四川省": 4}
"""Every how manieth law is of a region, stated beside its file; the others state none."""

_SENTENCE = re.compile(r"[^。；]+[。；]?")


@dataclass(frozen=True, slots=True)
class Article:
    """One article (条) of a law: its number as written and its text."""

    law: str
    number: str
    text: str


def read_articles(path: Path) -> list[Article]:
    """Articles of a ``.jsonl.gz`` file with the fields law, no and text, law by law."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return [Article(row["law"], row["no"], " ".join(row["text"].split())) for row in rows]


def many_articles(articles: list[Article], seed: int = 0) -> Iterator[Article]:
    """The articles, and then endless further editions of their laws in which each article has one sentence of another."""
    yield from articles
    rng = random.Random(seed)
    for edition in count(2):
        for article in articles:
            sentences = _SENTENCE.findall(article.text)
            other = _SENTENCE.findall(rng.choice(articles).text)
            sentences[rng.randrange(len(sentences))] = rng.choice(other)
            yield Article(f"{article.law}（第{edition}版）", article.number, "".join(sentences))


def write_laws(articles: Iterator[Article], passages: int, folder: Path) -> int:
    """Write laws of about so many articles in all as text files, one a law; the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = 0
    taken = (article for article, _ in zip(articles, range(passages), strict=False))
    for law, group in groupby(taken, key=lambda article: article.law):
        lines = chain([law], (f"{article.number}　{article.text}" for article in group))
        path = folder / f"{files:06d}.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        for region in (region for region, every in REGIONS.items() if files % every == 0):
            path.with_name(path.name + SUFFIX).write_text(f"region: {region}\n", encoding="utf-8")
            break
        files += 1
    return files
