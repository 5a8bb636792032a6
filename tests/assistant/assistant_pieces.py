"""Pieces of a knowledge base written by hand: documents, passages and citations for the pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from assistant.checking import statements
from assistant.composing.extract import Extractor
from assistant.judging.candidate import Candidate
from assistant.judging.verdict import Missing
from assistant.texts.library import Texts
from assistant.types import Citation
from assistant.understanding.needs import QuestionNeeds, Term, fold
from knowledge_base.types import Document, Kind, Passage, Statement, Status

TEXTS = Texts.load()
"""The shipped texts."""
PHRASES = TEXTS.phrases
CONDITIONS = TEXTS.conditions
EXTRACTOR = Extractor(PHRASES, TEXTS.safety.not_quotable)

check_statement = partial(statements.check_statement, words=CONDITIONS)
"""The check of one statement, by the shipped words."""

MATERNITY = (
    "女职工生育享受九十八天产假，其中产前可以休假15天；难产的，应增加产假15天；生育多胞胎的，每多生育1个婴儿，可增加产假15天。\n"
    "女职工怀孕未满4个月流产的，享受15天产假；怀孕满4个月流产的，享受42天产假。"
)
SUBSIDY = "按照川人社发〔2019〕12号，参保满12个月的，初级工补贴1,000元，中级工补贴1,500元，高级工补贴2000元，自2019年3月1日起执行。"


def a_document(
    title: str = "女职工劳动保护特别规定",
    *,
    doc_id: str = "d-1",
    kind: Kind = Kind.POLICY,
    issuer: str = "国务院",
    doc_no: str = "国务院令第619号",
    effective: str = "2012-04-28",
    expires: str = "",
    status: str = "现行",
    region: str = "全国",
    text: str = MATERNITY,
) -> Document:
    return Document(
        doc_id=doc_id,
        slug=doc_id,
        kind=kind,
        title=title,
        text=text,
        issuer=issuer,
        doc_no=doc_no,
        issued=effective,
        effective=effective,
        expires=expires,
        status=status,
        region=region,
    )


def a_passage(
    text: str = MATERNITY,
    *,
    passage_id: str = "p-1",
    doc_id: str = "d-1",
    clause: str = "第七条",
    heading_path: tuple[str, ...] = ("产假",),
    questions: tuple[str, ...] = (),
    statements: tuple[Statement, ...] = (),
) -> Passage:
    return Passage(
        passage_id,
        doc_id,
        text,
        0,
        len(text),
        0,
        heading_path=heading_path,
        clause=clause,
        questions=questions,
        statements=statements,
    )


def a_citation(
    text: str = MATERNITY,
    *,
    marker: int = 1,
    start: int = 0,
    end: int | None = None,
    status: Status = Status.IN_FORCE,
    document: Document | None = None,
    clause: str = "第七条",
) -> Citation:
    passage = a_passage(text, clause=clause, passage_id=f"p-{marker}")
    return Citation(marker, passage, document or a_document(text=text), status, start, len(text) if end is None else end)


def a_candidate(
    text: str,
    *,
    rank: int = 1,
    score: float = 1.0,
    status: Status = Status.IN_FORCE,
    document: Document | None = None,
    clause: str = "",
    heading_path: tuple[str, ...] = ("产假",),
    statements: tuple[Statement, ...] = (),
) -> Candidate:
    document = document or a_document(text=text, doc_id=f"d-{rank}")
    passage = a_passage(
        text, passage_id=f"p-{rank}", doc_id=document.doc_id, clause=clause, heading_path=heading_path, statements=statements
    )
    return Candidate(passage, document, status, score, rank)


def wanting(words: str, *kinds: str, weight: float = 4.0, years: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> QuestionNeeds:
    """What a question with these words (parted by blanks) asks for, each word of equal weight."""
    terms = tuple(Term(fold(word), weight, name=word in names) for word in re.split(r"\s+", words.strip()))
    return QuestionNeeds(terms, TEXTS.question, kinds, years)


def in_words(missing: Iterable[Missing]) -> list[str]:
    """What is missing, as an answer says it."""
    return [PHRASES.missing_kinds.say(m.kind, m.word) for m in missing]
