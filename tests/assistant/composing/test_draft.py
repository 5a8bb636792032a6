"""A draft has no ids; the check keeps of it only what its sources carry."""

from __future__ import annotations

from assistant_pieces import PHRASES, SUBSIDY, TEXTS, a_candidate, a_citation, a_document

from assistant.composing.draft import Draft, abstention, keep_what_stands
from assistant.types import Referral, Trace, Verdict

HOTLINE = Referral("12351", "工会服务热线", "12351", "由工会接听", ("维权",), "全国", "2026-11-22")


def test_ids_are_given_when_a_draft_becomes_an_answer() -> None:
    draft = Draft(Verdict.ANSWERED, "产假98天。[1]", PHRASES.label_extract, citations=(a_citation(),), dropped=1)

    answer = draft.answer("m-1", "c-1", cards=(), trace=Trace("产假"), generation="g000001", timings_ms={"total": 1.0})

    assert (answer.message_id, answer.conversation_id, answer.generation) == ("m-1", "c-1", "g000001")
    assert (answer.text, answer.citations, answer.dropped) == (draft.text, draft.citations, 1)
    assert (answer.ai_generated, answer.model_id, answer.trace.question) == (False, "", "产假")


def test_an_abstention_shows_two_passages_at_most_and_names_a_place_to_ask() -> None:
    candidates = [a_candidate("护理假30日。", rank=rank) for rank in (1, 2, 3)]

    draft = abstention(candidates, (HOTLINE,), PHRASES)

    assert draft.verdict is Verdict.ABSTAINED
    assert [n.passage.passage_id for n in draft.nearest] == ["p-1", "p-2"]
    assert "工会服务热线12351" in draft.text


def test_a_sound_draft_is_kept_as_it_is() -> None:
    draft = Draft(Verdict.ANSWERED, "女职工生育享受98天产假。[1]\n以官方发布为准。", PHRASES.label_extract, citations=(a_citation(),))

    assert keep_what_stands(draft, TEXTS) is draft


def test_a_statement_that_is_not_carried_is_dropped_and_the_rest_renumbered() -> None:
    first = a_citation(marker=1)
    second = a_citation(SUBSIDY, marker=2, document=a_document("补贴通知", doc_no="", effective=""), clause="")
    draft = Draft(Verdict.ANSWERED, "产假365天。[1]\n中级工补贴1500元。[2]\n\n以官方发布为准。", "", citations=(first, second))

    kept = keep_what_stands(draft, TEXTS)

    assert kept.text == "中级工补贴1500元。[1]\n\n以官方发布为准。"
    assert [(c.marker, c.passage.passage_id) for c in kept.citations] == [(1, "p-2")]
    assert kept.dropped == 1


def test_a_draft_left_without_a_statement_is_an_abstention() -> None:
    kept = keep_what_stands(Draft(Verdict.ANSWERED, "产假365天。[1]", "", citations=(a_citation(),)), TEXTS)

    assert (kept.verdict, kept.citations, kept.dropped) == (Verdict.ABSTAINED, (), 1)
    assert "365" not in kept.text
