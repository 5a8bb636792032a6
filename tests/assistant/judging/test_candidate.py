"""A candidate is a passage with its document's standing; candidates of another time come last."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assistant_pieces import a_candidate, a_document, wanting

from assistant.judging.candidate import QUESTIONS_READ
from knowledge_base.types import Kind, Status


def test_what_a_passage_is_about_holds_titles_place_headings_and_questions() -> None:
    candidate = replace(a_candidate("护理假30日。", heading_path=("护理假",)), questions=("护理假几天",))

    assert candidate.about.split("\n") == ["女职工劳动保护特别规定", "国务院令第619号", "全国", "护理假", "护理假几天"]
    assert candidate.view.whole == f"{candidate.about}\n护理假30日。"


def test_only_the_nearest_of_its_questions_count() -> None:
    plain = a_candidate("护理假30日。")
    questions = ("社保怎么交", "护理假几天", "护理假怎么请", "工资多少")
    candidate = replace(plain, passage=replace(plain.passage, questions=questions))

    asked = candidate.asked(wanting("护理假"))

    assert asked.questions == ("护理假几天", "护理假怎么请")
    assert len(asked.questions) == QUESTIONS_READ


@pytest.mark.parametrize(
    ("kind", "status", "outdated"),
    [
        (Kind.POLICY, Status.EXPIRED, True),
        (Kind.POLICY, Status.ELSEWHERE, True),
        (Kind.POLICY, Status.IN_FORCE, False),
        (Kind.TRAINING, Status.EXPIRED, False),
    ],
)
def test_only_a_rule_can_be_outdated(kind: Kind, status: Status, outdated: bool) -> None:
    assert a_candidate("护理假30日。", status=status, document=a_document(kind=kind)).outdated is outdated


@pytest.mark.parametrize(("region", "of_home"), [("四川省", True), ("全国", False), ("", False)])
def test_a_rule_of_the_region_itself_is_of_home(region: str, of_home: bool) -> None:
    assert a_candidate("护理假30日。", document=a_document(region=region)).of_home is of_home
