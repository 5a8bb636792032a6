"""Answers from readings: the likely one answers, a less likely one is suggested, unlikely ones are offered to choose from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from assistant_pieces import EXTRACTOR, PHRASES, TEXTS, a_document, a_passage

from assistant.checking.markers import markers_in
from assistant.composing.composers import Composing
from assistant.composing.draft import keep_what_stands
from assistant.composing.judged import Judged
from assistant.composing.plain_words import Glossary
from assistant.composing.referrals import ReferralDesk
from assistant.judging.candidate import Candidate
from assistant.judging.finding import Finder
from assistant.judging.readings import Bars, JudgedReading
from assistant.judging.verdict import Evidence, Missing
from assistant.types import Question, Referral, Turn, Verdict
from assistant.understanding.needs import QuestionParser
from assistant.understanding.turn import TurnParser, Understanding
from knowledge_base.editorial.glossary import GlossaryEntry
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.reader.notices import OUT_OF_SCOPE
from knowledge_base.reader.readings import readings_of
from knowledge_base.types import Document, Kind, Passage, Statement, Status

BARS = Bars(show=0.45, sure=0.8, whole=0.8, lean=0.25, offer=0.12)
UNION = Referral("12351", "工会服务热线", "12351", "职工维权", (), "全国", "2026-11-01")
GLOSSARY = Glossary(PHRASES, (GlossaryEntry("自然日", "周末和节假日也算在里头的日子。"),))


def a_reading(doc_id: str, title: str, kind: Kind = Kind.GUIDE, **sections: tuple[str, ...]) -> tuple[Document, list[Passage]]:
    passages = []
    for number, (heading, said) in enumerate(sections.items(), 1):
        text, statements, at = "\n".join(said), [], 0
        for line in said:
            statements.append(Statement(at, at + len(line), (f"{doc_id}-1",)))
            at += len(line) + 1
        questions = (f"{title}{heading}怎么问",) if kind is Kind.POLICY else ()
        passages.append(
            a_passage(
                text,
                passage_id=f"{doc_id}.{number}",
                doc_id=doc_id,
                clause="",
                heading_path=(heading,),
                statements=tuple(statements),
                questions=questions,
            )
        )
    return replace(a_document(title, doc_id=doc_id, kind=kind, doc_no="", effective="", status="", issuer=""), text=""), passages


LEAVE = a_reading("leave", "四川产假休几天", 答=("四川产假188天。", "周末也算。"), 步骤=("跟单位书面说。",), 找谁=("拿不准打12345问。",))
PAY = a_reading("pay", "产假工资谁发", 答=("产假工资照发。",), 步骤=("找单位要。",))
RULE = a_reading("rule", "产假规定", Kind.POLICY, 第一条=("产假按自然日算。",), 第二条=("本条自2012年起施行。", "难产加15天。"))
ALL = (LEAVE, PAY, RULE)


@pytest.fixture
def composing(tmp_path: Path) -> Composing:
    catalogue = Catalogue.build(
        tmp_path / "catalogue.sqlite", [(Entry(d, "试验", f"{d.doc_id}.md"), [(p, "k") for p in ps]) for d, ps in ALL]
    )

    def search(*_: object) -> None:
        raise AssertionError("a composer searches nothing")

    return Composing(
        catalogue=catalogue,
        lexicon=Lexicon(),
        path_for=lambda *_: None,
        desk=ReferralDesk((UNION,), TEXTS.safety),
        glossary=GLOSSARY,
        extractor=EXTRACTOR,
        finder=Finder(search, catalogue),
        figures=SimpleNamespace(answer_with_figures=lambda *_: None),
        likeness=lambda _, texts: np.full(len(texts), 0.5, dtype=np.float32),
        texts=TEXTS,
    )


def understood(text: str, *history: Turn) -> Understanding:
    parser = QuestionParser(Lexicon(), lambda _: 10, 700, TEXTS.question)
    return TurnParser(Lexicon(), parser, TEXTS).read(Question(text, history))


def judged_with(*readings: tuple[tuple[Document, list[Passage]], float], section: int = 0, missing: tuple[Missing, ...] = ()) -> Judged:
    judged = []
    for (document, passages), probability in readings:
        reading = [*readings_of(document, passages)][section if document.kind is Kind.POLICY else 0]
        candidate = Candidate(reading.lead, document, Status.NOT_STATED)
        judged.append(JudgedReading(reading, candidate, probability, missing))
    return Judged(tuple(j.candidate for j in judged), Evidence(Verdict.PARTIAL, 0.0), readings=tuple(judged), bars=BARS)


def stands(draft) -> bool:
    kept = keep_what_stands(draft, TEXTS)
    return kept.dropped == 0 and {*markers_in(kept.text)} == {c.marker for c in kept.citations}


# -- the answer


def test_a_likely_reading_is_the_answer_and_the_others_are_buttons(composing: Composing) -> None:
    draft = composing.compose(understood("四川产假多少天"), judged_with((LEAVE, 0.9), (PAY, 0.5), (RULE, 0.3)))

    assert draft.verdict is Verdict.ANSWERED
    assert draft.text.startswith("四川产假188天。[1]\n\n- 周末也算。[1]\n\n**怎么办**\n\n1. 跟单位书面说。[2]")
    assert draft.followups == ("产假工资谁发", "产假规定第一条怎么问")
    assert draft.label == PHRASES.label_extract
    assert stands(draft)


def test_whom_to_ask_is_said_once(composing: Composing) -> None:
    with_own = composing.compose(understood("四川产假多少天"), judged_with((LEAVE, 0.9)))
    without = composing.compose(understood("产假工资谁发呀"), judged_with((PAY, 0.9)))

    assert "12345" in with_own.text
    assert "12351" not in with_own.text
    assert "12351" in without.text


def test_a_reading_that_lacks_something_answers_in_part_and_says_so(composing: Composing) -> None:
    draft = composing.compose(understood("四川产假多少钱"), judged_with((LEAVE, 0.6), missing=(Missing("amount"),)))

    assert draft.verdict is Verdict.PARTIAL
    assert "没有查到具体金额" in draft.text
    assert stands(draft)


def test_of_a_rule_the_passage_is_quoted_and_its_terms_are_explained(composing: Composing) -> None:
    draft = composing.compose(understood("产假怎么算"), judged_with((RULE, 0.9)))

    assert draft.text.startswith("产假按自然日算。[1]\n\n词语解释：“自然日”是周末和节假日也算在里头的日子。\n\n**依据**")
    assert "难产" not in draft.text
    assert stands(draft)


def test_of_statements_alike_in_meaning_the_one_that_holds_the_words_leads(composing: Composing) -> None:
    draft = composing.compose(understood("难产加好多天"), judged_with((RULE, 0.9), section=1))

    assert draft.text.startswith("难产加15天。[1]\n\n**依据**")


def test_a_wish_for_one_sentence_is_respected(composing: Composing) -> None:
    draft = composing.compose(understood("产假怎么算，一句话讲清楚"), judged_with((LEAVE, 0.9)))

    assert [line for line in draft.text.split("\n") if "[1]" in line and "《" not in line] == ["四川产假188天。[1]"]
    assert "步骤" not in draft.text
    assert [c.marker for c in draft.citations] == [1]


def test_what_the_answer_before_said_is_not_said_again_and_the_next_reading_answers_where_all_was_said(composing: Composing) -> None:
    said = Turn("assistant", "四川产假188天。[1]\n- 周末也算。[1]")
    judged = judged_with((LEAVE, 0.9), (PAY, 0.6))

    draft = composing.compose(understood("那工资呢", Turn("user", "四川产假多少天"), said), judged)

    assert draft.text.startswith("产假工资照发。[1]")
    assert "188" not in draft.text.split("**依据**")[0]


def test_each_part_of_a_question_gets_its_answer(composing: Composing) -> None:
    judged = judged_with((LEAVE, 0.9), (PAY, 0.6))
    parts = tuple((understood(text), j) for text, j in zip(("四川产假多少天", "工资谁发"), judged.readings, strict=True))

    draft = composing.compose(understood("四川产假多少天，工资谁发"), replace(judged, parts=parts))

    body = draft.text.split("**依据**")[0]
    assert body.index("四川产假188天。[1]") < body.index("产假工资照发。[4]")
    assert [c.marker for c in draft.citations] == [1, 2, 3, 4, 5]
    assert stands(draft)


def test_a_figure_that_was_heard_and_no_source_holds_is_put_right_first(composing: Composing) -> None:
    question = understood("听说四川产假休六个月，是不是")

    for draft in (composing.compose(question, judged_with((LEAVE, 0.9))), composing.compose(question, judged_with((LEAVE, 0.3)))):
        assert draft.text.startswith("您说的“六个月”在知识库里没有依据")
        assert stands(draft)


@pytest.mark.parametrize("question", ["2023年四川产假多少天", "以前的产假多少天"])
def test_a_past_time_is_not_answered_with_what_holds_today(question: str, composing: Composing) -> None:
    likely = composing.compose(understood(question), judged_with((LEAVE, 0.9)))
    less_likely = composing.compose(understood(question), judged_with((LEAVE, 0.3)))

    assert "188" not in likely.text + less_likely.text
    assert {likely.verdict, less_likely.verdict} <= {Verdict.CLARIFY, Verdict.ABSTAINED}


# -- suggestions and choices


def test_a_less_likely_reading_is_suggested_with_its_first_sentence_alone(composing: Composing) -> None:
    draft = composing.compose(understood("生娃儿能耍好久哦"), judged_with((LEAVE, 0.4), (PAY, 0.3), (RULE, 0.05)))

    assert draft.verdict is Verdict.PARTIAL
    assert draft.text.startswith(f"四川产假188天。[1]\n\n{PHRASES.suggested.format(name='四川产假休几天')}")
    assert "周末也算" not in draft.text
    assert draft.followups == ("产假工资谁发",)
    assert stands(draft)


def test_unlikely_readings_are_offered_to_choose_from(composing: Composing) -> None:
    draft = composing.compose(understood("生娃儿的事情咋个整"), judged_with((RULE, 0.2), (LEAVE, 0.15), (PAY, 0.11)))

    assert (draft.verdict, draft.text, draft.citations) == (Verdict.CLARIFY, PHRASES.offer, ())
    assert draft.followups == ("产假规定第一条怎么问", "四川产假休几天")


def test_choices_name_each_document_once_in_the_order_of_likelihood(composing: Composing) -> None:
    first, second = judged_with((RULE, 0.24)), judged_with((RULE, 0.18), section=1)
    between = judged_with((LEAVE, 0.2))
    judged = replace(first, readings=(*first.readings, *between.readings, *second.readings))

    assert composing.compose(understood("生娃儿的事情咋个整"), judged).followups == ("产假规定第一条怎么问", "四川产假休几天")


def test_one_bare_word_is_answered_with_choices(composing: Composing) -> None:
    draft = composing.compose(understood("产假"), judged_with((LEAVE, 0.4), (PAY, 0.3)))

    assert draft.verdict is Verdict.CLARIFY
    assert draft.followups == ("四川产假休几天", "产假工资谁发")


def test_nothing_likely_is_no_answer_and_names_a_place_to_ask(composing: Composing) -> None:
    draft = composing.compose(understood("蒙媛工作室拿了诺贝尔奖吗"), judged_with((LEAVE, 0.05)))

    assert draft.verdict is Verdict.ABSTAINED
    assert PHRASES.abstained in draft.text
    assert draft.referrals == (UNION,)


@pytest.mark.parametrize("probability", [0.4, 0.2, 0.05])
def test_what_is_out_of_scope_is_said_to_be_unless_a_reading_is_likely(probability: float, composing: Composing) -> None:
    question = replace(understood("怎么修拖拉机的变速箱"), route=OUT_OF_SCOPE)

    draft = composing.compose(question, judged_with((LEAVE, probability)))

    assert (draft.verdict, draft.text, draft.referrals) == (Verdict.ABSTAINED, PHRASES.out_of_scope, ())
    assert composing.compose(question, judged_with((LEAVE, 0.9))).verdict is Verdict.ANSWERED


@pytest.mark.parametrize("composer", ["answer_from_reading", "suggest_reading", "offer_readings"])
def test_without_readings_another_way_of_composing_is_taken(composer: str, composing: Composing) -> None:
    assert getattr(composing, composer)(understood("四川产假多少天"), Judged(())) is None
