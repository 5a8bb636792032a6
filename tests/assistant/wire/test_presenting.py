"""Inner types on the wire: nothing lost, ids and offsets as the design says."""

from __future__ import annotations

from assistant_pieces import MATERNITY, a_citation, a_document, a_passage

from assistant.types import Answer, Nearest, Referral, Verdict
from assistant.wire.presenting import present_answer, present_citation, present_hit, present_passage, present_summary
from assistant.wire.schemas import AnswerOut
from knowledge_base.types import ScoredPassage, Source, Statement, Status


def test_a_citation_keeps_quote_offsets_and_the_particulars_of_its_document() -> None:
    presented = present_citation(a_citation(start=0, end=15))

    assert presented.marker == "1"
    assert MATERNITY[presented.start : presented.end] == presented.quote
    assert (presented.title, presented.clause, presented.doc_no) == ("女职工劳动保护特别规定", "第七条", "国务院令第619号")
    assert (presented.effective, presented.expires, presented.status, presented.region) == ("2012-04-28", "", "现行", "全国")


def test_a_citations_status_is_that_of_the_asked_date_not_the_written_one() -> None:
    assert present_citation(a_citation(status=Status.NOT_YET)).status == "未生效"


def test_an_answer_keeps_every_field_and_survives_the_wire() -> None:
    referral = Referral("12351", "工会服务热线", "12351", "由工会接听", ("维权",), "全国", "2026-11-22")
    answer = Answer(
        "m-1",
        "c-1",
        Verdict.PARTIAL,
        "产假98天。[1]",
        citations=(a_citation(),),
        nearest=(Nearest(a_passage(), a_document(), Status.IN_FORCE),),
        caveats=("注意",),
        referrals=(referral,),
        followups=("难产呢",),
        label="摘录",
        generation="g000001",
        timings_ms={"total": 1.5},
    )

    presented = present_answer(answer)

    assert AnswerOut.model_validate_json(presented.model_dump_json()) == presented
    assert presented.verdict == "partial"
    assert [c.marker for c in presented.citations] == ["1"]
    assert presented.nearest[0].passage_id == "p-1"
    assert presented.referrals[0].number == "12351"
    assert (presented.caveats, presented.followups, presented.timings_ms) == (["注意"], ["难产呢"], {"total": 1.5})


def test_a_long_passage_is_named_by_a_short_excerpt_on_one_line_and_given_whole_beside_it() -> None:
    text = "女职工产假规定。\n" * 60
    hit = present_hit(ScoredPassage(a_passage(text), 0.9, 1), a_document(text=text), Status.IN_FORCE)

    assert len(hit.excerpt) <= 120
    assert "\n" not in hit.excerpt
    assert hit.excerpt.endswith("…")
    assert hit.text == text


def test_a_passage_lists_its_sources_once_without_our_own_statement_of_them() -> None:
    statements = (Statement(0, 10, ("SCJ-001",)), Statement(10, 20, ("SCJ-001", "没有这个来源")))
    source = Source("SCJ-001", "我们写的一句话", "女职工劳动保护特别规定", publisher="国务院", date="2012-04-28", confidence="A")

    presented = present_passage(a_passage(statements=statements), a_document(), Status.IN_FORCE, {"SCJ-001": source})

    assert [s.source_id for s in presented.sources] == ["SCJ-001"]
    assert "我们写的一句话" not in presented.model_dump_json()


def test_a_document_in_a_list_counts_its_passages() -> None:
    summary = present_summary(a_document(), Status.IN_FORCE, 13)

    assert (summary.slug, summary.kind, summary.status, summary.passages) == ("d-1", "policy", "现行", 13)
