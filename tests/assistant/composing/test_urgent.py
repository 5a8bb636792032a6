"""Help stands above what is answered to someone who may be in danger, and nothing beside the point stands below it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assistant_pieces import PHRASES, TEXTS, a_candidate, a_citation, a_document

from assistant.composing.draft import Draft
from assistant.composing.judged import Judged
from assistant.composing.referrals import ReferralDesk, load_referrals
from assistant.composing.urgent import tempered, with_help_first
from assistant.judging.readings import Bars, JudgedReading
from assistant.texts.urgent_words import UrgentWords
from assistant.types import Verdict
from knowledge_base import CORPUS
from knowledge_base.reader.notices import Danger, Level
from knowledge_base.reader.readings import Reading
from knowledge_base.types import DANGERS, Kind

WORDS = {
    "violence": UrgentWords(
        alarm={"self": "您先离开，打110。", "other": "您替她打110。"},
        check={"self": "您现在安全吗？", "other": "她现在安全吗？"},
        referrals=("110", "12338", "nobody"),
    )
}
SHIPPED = load_referrals(CORPUS / "referrals.yaml")
DESK = ReferralDesk(SHIPPED, TEXTS.safety)
ANSWER = Draft(
    Verdict.ANSWERED,
    "女职工生育享受98天产假。[1]",
    PHRASES.label_extract,
    citations=(a_citation(),),
    referrals=DESK.named(["12351"]),
    followups=("四川产假多少天？",),
    candidates=(a_candidate("产假98天。"),),
)


def danger(level: Level, who: str = "self", kind: str = "violence") -> Danger:
    return Danger(level, kind, who, "now", 0.9)


def helped(draft: Draft, notice: Danger) -> Draft:
    return with_help_first(draft, notice, WORDS, DESK)


@pytest.mark.parametrize(
    ("level", "who", "said"),
    [
        ("alarm", "self", "您先离开，打110。"),
        ("alarm", "other", "您替她打110。"),
        ("alarm", "kin", "您替她打110。"),
        ("alarm", "child", "您替她打110。"),
    ],
)
def test_help_for_the_person_in_danger_stands_above_the_answer(level: Level, who: str, said: str) -> None:
    draft = helped(ANSWER, danger(level, who))

    assert draft.text == f"{said}\n\n女职工生育享受98天产假。[1]"
    assert [r.referral_id for r in draft.referrals] == ["110", "12338"]
    assert replace(draft, text=ANSWER.text, referrals=ANSWER.referrals) == ANSWER


@pytest.mark.parametrize(("who", "said"), [("self", "您现在安全吗？"), ("other", "她现在安全吗？"), ("kin", "她现在安全吗？")])
def test_where_danger_is_only_likely_a_gentle_question_stands_below_a_sure_answer(who: str, said: str) -> None:
    draft = helped(ANSWER, danger("check", who))

    assert draft.text == f"女职工生育享受98天产假。[1]\n\n{said}"
    assert [r.referral_id for r in draft.referrals] == ["110", "12338"]


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.ANSWERED])
def test_and_above_any_other_answer_which_stays(verdict: Verdict) -> None:
    unsure = replace(ANSWER, verdict=verdict)

    draft = helped(unsure, danger("check"))

    assert draft.text == f"您现在安全吗？\n\n{unsure.text}"
    assert (draft.verdict, draft.citations) == (verdict, unsure.citations)


@pytest.mark.parametrize("notice", [danger("none"), danger("alarm", kind="fire"), danger("alarm", kind="")])
def test_without_danger_or_of_a_kind_without_words_nothing_changes(notice: Danger) -> None:
    assert helped(ANSWER, notice) is ANSWER


def test_a_guide_that_begins_with_the_help_itself_is_left_as_it_is() -> None:
    guide = replace(a_document("挨打了怎么办", kind=Kind.GUIDE), urgent="violence")
    leads = replace(ANSWER, citations=(a_citation(document=guide), a_citation(marker=2)))
    follows = replace(ANSWER, citations=(a_citation(), a_citation(marker=2, document=guide)))

    assert helped(leads, danger("alarm")) is leads
    assert helped(follows, danger("alarm")).text.startswith("您先离开")


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.ANSWERED])
def test_an_answer_that_is_not_sure_gives_way_to_the_help(verdict: Verdict) -> None:
    draft = helped(replace(ANSWER, verdict=verdict), danger("alarm"))

    assert draft.verdict is Verdict.REFERRED
    assert draft.text == WORDS["violence"].say("alarm", "self")
    assert draft.citations == ()
    assert [r.referral_id for r in draft.referrals] == ["110", "12338"]
    assert (draft.followups, draft.candidates) == (ANSWER.followups, ANSWER.candidates)


def test_the_shipped_words_help_in_every_danger_with_numbers_that_the_house_holds() -> None:
    held = {r.referral_id for r in SHIPPED}

    assert set(TEXTS.urgent) == set(DANGERS)
    for words in TEXTS.urgent.values():
        assert set(words.referrals) <= held
        said = [words.say(level, who) for level in ("alarm", "check") for who in ("self", "other")]
        assert len(set(said)) >= 3
        assert all("110" in line for line in said)


BARS = Bars(show=0.45, sure=0.8, whole=0.9, lean=0.2, offer=0.1)


def judged_as(probability: float, urgent: str = "") -> Judged:
    candidate = a_candidate("女职工生育享受98天产假。")
    document = replace(candidate.document, urgent=urgent)
    reading = Reading(candidate.passage, document, ("名",), ("话",))
    return Judged((candidate,), readings=(JudgedReading(reading, candidate, probability),), bars=BARS)


@pytest.mark.parametrize(("level", "lower"), [("alarm", "check"), ("check", "none"), ("none", "none")])
def test_a_sure_ordinary_reading_lowers_a_danger_by_one_level(level: Level, lower: Level) -> None:
    assert tempered(Danger(level, "violence", "self", "now", 0.9), judged_as(0.8)).level == lower


@pytest.mark.parametrize("judged", [None, judged_as(0.79), judged_as(0.99, urgent="violence")])
def test_a_danger_stays_where_no_ordinary_reading_is_sure(judged: Judged | None) -> None:
    assert tempered(Danger("alarm", "violence", "self", "now", 0.9), judged).level == "alarm"
