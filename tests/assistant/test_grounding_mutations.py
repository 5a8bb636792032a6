"""True statements with one thing changed, over the whole shipped corpus: how many are caught, and how many true ones stand.

Two kinds of true statement. *Quoted*: a statement of the corpus citing its own passage. *Reworded*: a sentence of a fact's own wording
(``sources.jsonl``), citing the passage that says the fact in other words; it stands in for a model's prose.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from assistant.answering import Reader
from assistant.conditions import prepare
from assistant.grounding import check_statement, split_sentences
from assistant.types import Citation
from knowledge_base.corpus_check import load_sources
from knowledge_base.ingest import CORPUS
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import normalise
from knowledge_base.types import Status

MOST = 300  # of a kind of change; deterministic, so that a failure can be repeated
LEXICON = Lexicon.load(CORPUS / "lexicon.yaml")
PLACES = ["四川", "陕西", "重庆", "上海", "北京", "广东", "浙江", "江苏", "山东", "福建", "成都", "绵阳", "宜宾", "南充", "广元", "雅安"]
NUMBERS = ["12351", "12333", "12338", "12345", "12348", "12377", "96110"]
UNITS = ["天", "个月", "元", "万元", "年", "%", "小时", "人", "家", "岁", "周", "次"]
TURNED = [
    ("不超过", "不少于"),
    ("以上", "以下"),
    ("以内", "以上"),
    ("至少", "至多"),
    ("不少于", "不超过"),
    ("未满", "满"),
    ("最高", "最低"),
    ("以下", "以上"),
    ("不低于", "不高于"),
]
NEGATION = (
    "不(?!同|断|久|仅|但|论|管|止|限|少于|等|法|利|良|妨|改|足有)|未(?!来|成年|必)|没有|无(?!人|论|障|线|偿)|非(?!常|遗|物|公|全)|禁止|严禁"
)
AFFIRMED = "(?<![不没未无非功技可只职])(?:能|可以|应当|适用|享受|需要|超过|低于|支持|具备)"


@dataclass(frozen=True)
class True_:  # noqa: N801 - a true statement
    """A statement and what it cites."""

    text: str
    citation: Citation


def swap(pattern: str, others: Sequence[str] | Callable[[str], Sequence[str]]) -> Callable[[str, random.Random], str | None]:
    """A change that puts another word in the place of one that fits the pattern."""

    def change(text: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        options = others(match.group()) if callable(others) else others
        options = [o for o in options if o != match.group() and o not in match.group() and match.group() not in o]
        return text[: match.start()] + rng.choice(options) + text[match.end() :] if options else None

    return change


def drop(pattern: str) -> Callable[[str, random.Random], str | None]:
    def change(text: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        return text[: match.start()] + text[match.end() :]

    return change


def put_in(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(AFFIRMED, text))
    if not found:
        return None
    at = rng.choice(found).start()
    return f"{text[:at]}不{text[at:]}"


def turn(text: str, rng: random.Random) -> str | None:
    found = [(m, b) for a, b in TURNED for m in re.finditer(a, text) if re.search(r"\d", text[max(0, m.start() - 6) : m.end() + 4])]
    if not found:
        return None
    match, other = rng.choice(found)
    return text[: match.start()] + other + text[match.end() :]


TERMS = "|".join(re.escape(t) for t in sorted(LEXICON.terms, key=len, reverse=True))
CHANGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "digit": swap(r"\d", list("123456789")),
    "unit": swap(r"(?<=\d)(?:个月|万元|亿元|小时|天|元|年|%|人|家|岁|周|次|月)", UNITS),
    "negation dropped": drop(NEGATION),
    "negation put in": put_in,
    "clause": swap(
        r"(?<=第)[一二三四五六七八九](?=条)|(?<=[十百])[一二三四五六七八九](?=条)|\d(?=条)",
        lambda c: "123456789" if c.isdigit() else "一二三四五六七八九",
    ),
    "term": swap(TERMS, LEXICON.terms),
    "place": swap("|".join(PLACES), PLACES),
    "hotline": swap(r"(?<!\d)(?:" + "|".join(NUMBERS) + r")(?!\d)", NUMBERS),
    "bound": turn,
    "duty": swap("应当|必须|可以", lambda w: ["应当"] if w == "可以" else ["可以"]),
}


@pytest.fixture(scope="module")
def quoted(reader: Reader) -> list[True_]:
    catalogue = reader.generation.catalogue
    return [
        True_(p.text[s.start : s.end], Citation(1, p, e.document, Status.IN_FORCE, 0, len(p.text)))
        for e in catalogue.entries.values()
        for p in catalogue.passages_of(e.document.doc_id)
        for s in p.statements
    ]


@pytest.fixture(scope="module")
def reworded(reader: Reader) -> list[True_]:
    catalogue = reader.generation.catalogue
    facts = load_sources(CORPUS / "sources.jsonl")
    passages: dict[str, list[Citation]] = {}
    for entry in catalogue.entries.values():
        for p in catalogue.passages_of(entry.document.doc_id):
            for source_id in p.source_ids:
                passages.setdefault(source_id, []).append(Citation(1, p, entry.document, Status.IN_FORCE, 0, len(p.text)))
    told = []
    for source_id, citations in passages.items():
        if len(citations) == 1 and source_id in facts:
            text = facts[source_id].statement
            sentences = (text[start:end] for start, end in split_sentences(text))
            # 〔…〕 and 【…】 are the collector's notes on the fact, not part of it.
            told += [True_(re.sub(r"〔[^〕]{5,}〕|【[^】]*】", "", s), citations[0]) for s in sentences]
    return told


def stands(statement: str, citation: Citation) -> bool:
    return not check_statement(f"{statement}[1]", [citation], LEXICON.terms)


def changed(true: Sequence[True_], change: Callable[[str, random.Random], str | None]) -> Iterator[tuple[True_, str]]:
    """Statements with one thing changed that their passage does not happen to say too."""
    rng = random.Random(20260701)
    order = list(true)
    rng.shuffle(order)
    made = 0
    for one in order:
        text = change(one.text, rng)
        if text is None or prepare(text) == prepare(one.text) or normalise(text) in normalise(one.citation.passage.text):
            continue
        yield one, text
        made += 1
        if made == MOST:
            return


def test_every_statement_of_the_corpus_stands_in_its_own_passage(quoted: list[True_]) -> None:
    assert [t.text for t in quoted if not stands(t.text, t.citation)] == []
    assert len(quoted) > 1000


def test_a_statement_does_not_stand_in_another_document(quoted: list[True_]) -> None:
    rng = random.Random(1)
    pairs = [(t, rng.choice(quoted)) for t in rng.sample(quoted, 400)]

    fell = [t for t, other in pairs if other.citation.document is t.citation.document or not stands(t.text, other.citation)]

    assert len(fell) >= 0.99 * len(pairs)


@pytest.mark.parametrize("kind", CHANGES)
def test_one_thing_changed_in_a_quoted_statement_is_caught(quoted: list[True_], kind: str) -> None:
    cases = list(changed(quoted, CHANGES[kind]))

    missed = [text for one, text in cases if stands(text, one.citation)]

    assert len(cases) >= 30
    assert len(missed) <= 0.02 * len(cases), missed


def test_reworded_statements_mostly_stand_and_changed_ones_mostly_fall(reworded: list[True_]) -> None:
    good = [t for t in reworded if stands(t.text, t.citation)]
    cases = [(one, text) for change in CHANGES.values() for one, text in changed(good, change)]

    missed = [text for one, text in cases if stands(text, one.citation)]

    assert len(good) >= 0.8 * len(reworded)
    assert len(missed) <= 0.04 * len(cases), missed
