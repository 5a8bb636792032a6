"""A real place to ask: read from the corpus, picked by the words of a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.composing.referrals import ReferralDesk, joined, load_referrals, save_referrals
from knowledge_base import CORPUS
from knowledge_base.errors import CorpusError

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


OWN = (
    ENTRY.replace("工会服务热线", "四川工会热线")
    + """
- id: own-1
  name: 蓉城纺织工会
  number: "028-86610000"
  purpose: 厂里的姐妹来这里
  topics: []
  region: 四川省成都市
  checked: 2026-11-20
  words: [蓉城纺织, 厂里]
"""
)


def test_own_places_take_the_place_of_shipped_ones_or_follow_them(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    shipped = load_referrals(CORPUS / "referrals.yaml")

    together = joined(shipped, load_referrals(tmp_path / "own.yaml"))

    assert len(together) == len(shipped) + 1
    assert together[0].name == "四川工会热线"
    desk = ReferralDesk(together)
    assert [r.name for r in desk.for_question("厂里拖欠工资")][:2] == ["蓉城纺织工会", "四川工会热线"]
    assert "蓉城纺织工会" not in [r.name for r in desk.for_question("老板拖欠工资")]


def test_places_are_read_back_as_they_were_kept(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    own = load_referrals(tmp_path / "own.yaml")

    save_referrals(tmp_path / "data" / "referrals.yaml", own)

    assert load_referrals(tmp_path / "data" / "referrals.yaml") == own


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ('number: "12351"', "number: 问张姐", "号码“问张姐”"),
        ("checked: 2026-11-22", "checked: 2026-11", "核对日期“2026-11”"),
        ("region: 全国", "region: 成都", "要从省写起"),
        ("purpose: 由工会接听", 'purpose: " "', "能帮什么不能是空的"),
        ("region: 全国", "region: 全国\n  words: [工]", "“工”太短"),
    ],
    ids=str,
)
def test_an_impossible_entry_is_refused_by_name(tmp_path: Path, before: str, after: str, word: str) -> None:
    path = tmp_path / "referrals.yaml"
    path.write_text(ENTRY.replace(before, after), encoding="utf-8")

    with pytest.raises(CorpusError, match="12351") as refused:
        load_referrals(path)

    assert word in str(refused.value)
