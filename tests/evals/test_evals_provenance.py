"""What the evals know of a corpus: which sentence is traced to its sources, and how quoted facts stand on a day in a region."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_builder import CorpusBuilder

from evals.errors import DatasetError
from evals.provenance import NOT_CURRENT, Provenance
from knowledge_base.errors import CorpusError
from knowledge_base.types import Document, Kind, Source, Status

LEAVE = "女职工生育享受98天产假，其中产前可以休假15天"
NURSING = "用人单位应当每天安排1小时哺乳时间"


@pytest.fixture
def known(corpus: CorpusBuilder) -> Provenance:
    """A rule that says what its source says, and one whose figure its source does not have."""
    corpus.source("A-1", LEAVE)
    corpus.source("B-1", NURSING)
    corpus.source("C-1", "本市另发一次性补贴")
    corpus.document("tebie", f"\n## 第七条\n\n- {LEAVE}。[^A-1]\n\n## 第九条\n\n- {NURSING}。[^B-1]\n")
    corpus.document("butie", "\n## 第三条\n\n- 本市另发一次性补贴800元。[^C-1]\n", title="某市补贴办法")
    return Provenance.load(corpus.root)


@pytest.mark.parametrize(
    ("sentence", "sources", "verbatim", "traced"),
    [
        (f"{LEAVE}。", ("A-1",), True, True),
        (f"- 【已失效】{LEAVE}。", ("A-1",), True, True),  # list mark and standing are the answer's, not the rule's
        ("1. 女职工生育享受98天产假", ("A-1",), True, True),  # a part of the statement
        ("女职工生育享受九十八天产假", ("A-1",), True, True),  # the same figure in characters
        ("女职工生育享受158天产假", ("A-1",), True, False),
        ("单位要给女职工放98天的产假", ("A-1",), True, False),  # not the rule's words
        ("单位要给女职工放98天的产假", ("A-1",), False, True),  # prose may say it so
        ("单位要给女职工放158天的产假", ("A-1",), False, False),
        ("单位要给女职工放98天的产假", ("B-1",), False, False),  # the figure is another source's
        ("单位要给女职工放98天的产假", ("A-1", "B-1"), False, True),
        (f"{LEAVE}。", ("A-1", "没有的"), True, True),
        ("随便说什么都行", ("上传-1",), True, True),  # no source of the corpus: not ours to judge
        ("随便说什么都行", (), True, True),
        ("本市另发一次性补贴800元", ("C-1",), True, False),  # the document says it, its own source does not
    ],
)
def test_a_sentence_is_traced_to_what_it_names(
    known: Provenance, sentence: str, sources: tuple[str, ...], verbatim: bool, traced: bool
) -> None:
    assert known.traced(sentence, sources, verbatim=verbatim) is traced


def document(**fields: object) -> Document:
    made = Document("d1", "slug", Kind.POLICY, "女职工劳动保护特别规定", "正文", region="全国", status=Status.IN_FORCE)
    return replace(made, **fields)  # type: ignore[arg-type]


def knowing(*documents: Document) -> Provenance:
    return Provenance({}, {"A-1": documents})


EXPIRED = document(expires="2012-04-27")
CURRENT = document(doc_id="d2")
ELSEWHERE = document(region="陕西省")
COMING = document(effective="2027-01-01")
DRAFT = document(status=Status.DRAFT)
LESSON = document(kind=Kind.TRAINING)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((CURRENT,), Status.IN_FORCE),
        ((EXPIRED,), Status.EXPIRED),
        ((ELSEWHERE,), Status.ELSEWHERE),
        ((COMING,), Status.NOT_YET),
        ((DRAFT,), Status.DRAFT),
        ((EXPIRED, CURRENT), Status.IN_FORCE),  # the fact also stands in a rule that holds
        ((EXPIRED, DRAFT), Status.EXPIRED),
        ((LESSON,), None),  # material to learn from has no standing
        ((EXPIRED, LESSON), None),
        ((), None),
    ],
)
def test_a_quoted_fact_stands_as_its_best_document_does(documents: tuple[Document, ...], expected: Status | None) -> None:
    assert knowing(*documents).standing(("A-1",), dt.date(2026, 11, 22), "四川省") == expected


@pytest.mark.parametrize(
    ("on", "region", "expected"),
    [
        (dt.date(2012, 4, 27), "四川省", Status.IN_FORCE),  # its last day
        (dt.date(2012, 4, 28), "四川省", Status.EXPIRED),
    ],
)
def test_standing_is_that_of_the_asked_day(on: dt.date, region: str, expected: Status) -> None:
    assert knowing(EXPIRED).standing(("A-1",), on, region) == expected


def test_a_rule_of_another_province_holds_where_it_is_asked_for() -> None:
    on = dt.date(2026, 11, 22)

    assert knowing(ELSEWHERE).standing(("A-1",), on, "陕西省") is Status.IN_FORCE
    assert knowing(ELSEWHERE).standing(("A-1",), on, "四川省") in NOT_CURRENT


def test_a_source_that_no_document_names_decides_nothing(known: Provenance) -> None:
    assert known.standing(("没有的",), dt.date(2026, 11, 22), "四川省") is None


def test_a_document_is_found_under_each_of_its_sources_once(corpus: CorpusBuilder) -> None:
    corpus.source("A-1", LEAVE)
    corpus.source("B-1", NURSING)
    corpus.document("tebie", f"\n## 第七条\n\n- {LEAVE}。[^A-1]\n- {NURSING}。[^A-1][^B-1]\n")

    known = Provenance.load(corpus.root)

    assert {source_id: [d.slug for d in held] for source_id, held in known.documents.items()} == {"A-1": ["tebie"], "B-1": ["tebie"]}
    assert isinstance(known.sources["A-1"], Source)


def test_a_document_that_cannot_be_read_is_named(corpus: CorpusBuilder) -> None:
    corpus.source("A-1", LEAVE)
    path = corpus.document("tebie", f"\n## 第七条\n\n- {LEAVE}。[^A-1]\n")
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    with pytest.raises(DatasetError, match=r"tebie\.md 读不了"):
        Provenance.load(corpus.root)


def test_a_list_of_sources_that_is_malformed_is_an_error(corpus: CorpusBuilder) -> None:
    corpus.source("A-1", LEAVE)
    corpus.document("tebie", f"\n## 第七条\n\n- {LEAVE}。[^A-1]\n")
    (Path(corpus.root) / "sources.jsonl").write_text("{坏\n", encoding="utf-8")

    with pytest.raises(CorpusError):
        Provenance.load(corpus.root)
