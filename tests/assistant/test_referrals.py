"""A real place to ask: read from the corpus, picked by the words of a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.referrals import ReferralDesk, load_referrals
from knowledge_base.errors import CorpusError
from knowledge_base.ingest import CORPUS

ENTRY = """
- id: "12351"
  name: 工会服务热线
  number: "12351"
  purpose: 由工会接听
  topics: [维权]
  region: 全国
  checked: 2026-11-22
"""


@pytest.fixture(scope="module")
def desk() -> ReferralDesk:
    return ReferralDesk(load_referrals(CORPUS / "referrals.yaml"))


def test_every_shipped_place_has_a_name_a_purpose_and_the_day_it_was_checked() -> None:
    referrals = load_referrals(CORPUS / "referrals.yaml")

    assert referrals
    assert all(r.name and r.purpose and r.checked for r in referrals)
    assert len({r.referral_id for r in referrals}) == len(referrals)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("老板拖欠工资三个月", "12351"),
        ("主管对我性骚扰", "12338"),
        ("想请法律援助律师", "12348"),
        ("失业金去哪里领", "12333"),
        ("买到假货要投诉", "12345"),
        ("产假休多少天", "12351"),
    ],
)
def test_a_question_is_sent_to_the_place_that_fits(desk: ReferralDesk, question: str, number: str) -> None:
    assert number in [r.number for r in desk.for_question(question)]


def test_a_question_about_anything_else_still_has_a_number_to_ring(desk: ReferralDesk) -> None:
    referrals = desk.for_question("今晚月色怎么样")

    assert referrals
    assert referrals[0].number


def test_at_most_so_many_places_are_given(desk: ReferralDesk) -> None:
    assert len(desk.for_question("工资、产假、证书、补贴、律师、工会都要问", most=2)) == 2


def test_an_unknown_id_is_left_out(desk: ReferralDesk) -> None:
    assert [r.referral_id for r in desk.named(["110", "没有这个", "12348"])] == ["110", "12348"]


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "referrals.yaml"
    file.write_text(ENTRY + ENTRY.replace("12351", "12338"), encoding="utf-8")

    assert [r.referral_id for r in load_referrals(file)] == ["12351", "12338"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (ENTRY.replace("  purpose: 由工会接听\n", ""), "purpose"),
        (ENTRY + ENTRY, "两次"),
        ("- id: [没有关上", "YAML"),
    ],
)
def test_a_malformed_file_is_refused_with_what_is_wrong(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "referrals.yaml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(CorpusError, match=named):
        load_referrals(file)
