"""Every statute of the shared folder: its clauses are those that a reader counts, and no character of it is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge_base.loaders import load_document
from knowledge_base.splitting import split_document, split_sections
from knowledge_base.types import Document

# Independent of the splitter: a clause opens a line and is followed by a space.
CLAUSE_LINE = re.compile(r"^[ 　]*(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)[ 　]", re.M)
HEADING = re.compile(r"#|第[零一二三四五六七八九十百]+(?:编|分编|章|节)|<!--|附\s*则|附录|附件")


@pytest.fixture(scope="module")
def laws(shared_dir: Path) -> list[Document]:
    paths = sorted((shared_dir / "laws").glob("*.md"))
    if not paths:
        pytest.skip("shared/laws is absent")
    return [load_document(path) for path in paths]


def test_clause_sections_are_the_lines_that_open_a_clause(laws: list[Document]) -> None:
    assert len(laws) >= 39
    for law in laws:
        wanted = CLAUSE_LINE.findall(law.text)
        assert [s.clause for s in split_sections(law.text) if s.clause] == wanted, law.title


def test_no_character_of_a_statute_is_lost(laws: list[Document]) -> None:
    for law in laws:
        passages = split_document(law)
        position, left = 0, []
        for passage in passages:
            assert law.text[passage.start : passage.end] == passage.text
            left.append(law.text[position : passage.start])
            position = passage.end
        left.append(law.text[position:])

        lost = [line for piece in left for line in piece.splitlines() if line.strip() and not HEADING.match(line.strip())]
        assert lost == [], law.title


def test_every_clause_begins_its_passage_and_passages_stay_short(laws: list[Document]) -> None:
    for law in laws:
        begun: set[str] = set()
        for passage in split_document(law):
            if passage.clause and passage.clause not in begun:
                assert passage.text.startswith(passage.clause)
                begun.add(passage.clause)
            assert len(passage.text) <= 700, (law.title, passage.clause)
