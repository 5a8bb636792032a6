"""Near copies that change a word, a negation, a bound or a duty."""

from __future__ import annotations

import pytest
from claim_pieces import a_claim

from assistant.checking.conditions import Check
from assistant.checking.near_copies import altered_clauses, altered_segments

BREAK = "用人单位应当在每天的劳动时间内为哺乳期女职工安排哺乳时间"
NIGHT = "对怀孕7个月以上的女职工用人单位不得延长工作时间或者安排夜班劳动"
SUBSIDY = "补贴金额不超过2000元的职工仅限申领1次"
PREGNANCY = "对怀孕满7个月的女职工用人单位不得延长工作时间或者安排夜班劳动"
EACH = "补贴金额最高可到每位职工2000元并且仅限申领1次"
PARTS = {"altered_segments": altered_segments, "altered_clauses": altered_clauses}


def conditions_changed(said: str) -> str:
    return f"“{said[:20]}”里的否定、界限或“应当、可以”和原文不同"


@pytest.mark.parametrize("check", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize(
    ("said", "source"),
    [
        (NIGHT.replace("不得", ""), NIGHT),
        (NIGHT.replace("以上", "以下"), NIGHT),
        (BREAK.replace("应当", "可以"), BREAK),
        (BREAK.replace("应当", ""), BREAK),
        (SUBSIDY.replace("不超过", ""), SUBSIDY),
        (SUBSIDY.replace("仅限", ""), SUBSIDY),
        (PREGNANCY.replace("满", ""), PREGNANCY),
        (EACH.replace("最高", "最低"), EACH),
        (BREAK, BREAK.replace("应当", "")),  # a duty added
        (BREAK.replace("应当", "可"), BREAK.replace("应当", "须")),
    ],
)
def test_a_condition_changed_in_a_copy_is_caught(check: Check, said: str, source: str) -> None:
    assert conditions_changed(said) in list(check(a_claim(said, source)))


@pytest.mark.parametrize("check", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize(
    ("said", "source"),
    [
        (BREAK, BREAK),
        (BREAK.replace("应当", "要"), BREAK),  # plain speech for the same duty
        (NIGHT.replace("不得", "不许"), NIGHT),
        ("送米送油送电影票给全体职工看", BREAK),  # no copy
        ("", BREAK),
        ("不得代办", "可以代办"),  # too short to tell what it copies
        ("非申请人", "申请人"),  # the source is too short
    ],
)
def test_a_copy_that_keeps_its_conditions_passes(check: Check, said: str, source: str) -> None:
    assert list(check(a_claim(said, source))) == []


@pytest.mark.parametrize("check", PARTS.values(), ids=PARTS)
def test_a_word_replaced_in_a_copy_is_caught(check: Check) -> None:
    said = NIGHT.replace("劳动", "值守")

    assert list(check(a_claim(said, NIGHT))) == [f"“{said[:20]}”里换了原文的词：值守"]


@pytest.mark.parametrize(
    "said",
    [
        BREAK.replace("用人单位", "你的单位"),  # plain words carry no content
        BREAK.replace("哺乳时间", "休假时间"),
        BREAK.replace("用人单位", ""),  # left out, not replaced
        BREAK.replace("哺乳时间", "户外活动场所"),  # rewritten: longer than a word
    ],
)
def test_a_word_replaced_by_plain_speech_passes(said: str) -> None:
    assert list(altered_clauses(a_claim(said, BREAK))) == []


def test_a_name_put_into_a_copy_is_caught_unless_the_particulars_have_it() -> None:
    said = f"成都{NIGHT}"

    assert list(altered_clauses(a_claim(said, NIGHT))) == [f"“{said[:20]}”里换了原文的词：成都"]
    assert list(altered_clauses(a_claim(said, NIGHT, particulars="成都"))) == []


def test_a_copy_of_either_of_two_sources_that_differ_passes() -> None:
    other = BREAK.replace("应当", "可以")

    assert list(altered_clauses(a_claim(BREAK, other, BREAK))) == []
    assert list(altered_clauses(a_claim(other, BREAK, other))) == []


def test_a_segment_that_leaves_a_clause_out_is_no_copy_but_its_clauses_are() -> None:
    source = "女职工应当凭医院证明申请，经所在单位批准后可以休假，休假期间工资照发。"
    said = "女职工可以凭医院证明申请，休假期间工资照发。"

    assert list(altered_segments(a_claim(said, source))) == []
    assert list(altered_clauses(a_claim(said, source))) == [conditions_changed("女职工可以凭医院证明申请")]
