"""Plain words for terms: read strictly, and checked against the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.editorial.glossary import GlossaryEntry, check_glossary, load_glossary
from knowledge_base.errors import CorpusError
from knowledge_base.types import Source

SOURCES = {"WQ-010": Source("WQ-010", "劳动仲裁不收费，45日内裁决。", "调解仲裁法")}


def test_the_shipped_glossary_keeps_its_rules() -> None:
    glossary = load_glossary(CORPUS / "glossary.yaml")

    assert {"文号", "公示", "职业技能等级", "失业保险关系", "劳动仲裁"} <= {entry.term for entry in glossary}
    assert check_glossary(glossary, load_sources(CORPUS / "sources.jsonl")) == ()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (GlossaryEntry("劳动仲裁", "请仲裁机构裁决，60日内出结果。", ("WQ-010",)), "60"),
        (GlossaryEntry("劳动仲裁", "请仲裁机构裁决，45日内出结果。"), "45"),
        (GlossaryEntry("劳动仲裁", "《调解仲裁法》规定的办法。"), "sources"),
        (GlossaryEntry("劳动仲裁", "请仲裁机构裁决。", ("WQ-999",)), "WQ-999"),
        (GlossaryEntry("劳动仲裁", "长" * 60), "60 个字"),
    ],
)
def test_an_explanation_that_breaks_a_rule_is_named(entry: GlossaryEntry, words: str) -> None:
    (finding,) = check_glossary([entry], SOURCES)

    assert "劳动仲裁" in finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("terms: {}", "列表"),
        ("- {term: 文号}", "第 1 条"),
        ("- {term: 文号, plain: 编号, more: 1}", "第 1 条"),
        ("- {term: 文号, plain: 编号}\n- {term: 文号, plain: 号码}", "重复"),
        ("- {term: [", "YAML"),
    ],
)
def test_a_malformed_glossary_is_refused_with_the_entry(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CorpusError, match=words):
        load_glossary(path)


def test_a_missing_glossary_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="glossary"):
        load_glossary(tmp_path / "glossary.yaml")
