"""Duties and permissions: 应当 said as 可以, or the other way round."""

from __future__ import annotations

import pytest
from assistant_pieces import CONDITIONS
from claim_pieces import a_claim

from assistant.checking.duties import duties_in, swapped_duties


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("用人单位应当安排哺乳时间", {"must"}),
        ("女职工可以申请提前返岗", {"may"}),
        ("应当书面申请，也可以口头申请", {"must", "may"}),
        ("减轻劳动量或者安排其他能够适应的劳动", set()),  # 能够 describes the work
        ("适应岗位，供应材料", set()),  # 应 inside other words
        ("可能影响健康", set()),
        ("不可或缺的一环", set()),  # a figure of speech
    ],
)
def test_duties_are_read_from_words_that_mean_nothing_else(text: str, kinds: set[str]) -> None:
    assert duties_in(text, CONDITIONS) == kinds


WHOLE = "“应当”和“可以”说反了"


@pytest.mark.parametrize(
    ("statement", "source", "faults"),
    [
        ("单位可以给哺乳期女职工安排哺乳时间。", "用人单位应当为哺乳期女职工安排哺乳时间。", [WHOLE]),
        ("女职工必须申请提前返岗。", "女职工可以申请提前返岗。", [WHOLE, "“女职工必须申请提前返岗”里“应当”和“可以”说反了"]),
        (  # the segment states both; one clause of it is reversed
            "职工应当口头申请，也应当书面申请。",
            "职工可以口头申请，也应当书面申请。",
            ["“职工应当口头申请”里“应当”和“可以”说反了"],
        ),
    ],
)
def test_a_swapped_duty_is_caught(statement: str, source: str, faults: list[str]) -> None:
    assert list(swapped_duties(a_claim(statement, source))) == faults


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("单位必须给哺乳期女职工安排哺乳时间。", "用人单位应当为哺乳期女职工安排哺乳时间。"),
        ("女职工有权申请提前返岗。", "女职工可以申请提前返岗。"),
        ("单位要给哺乳期女职工安排哺乳时间。", "用人单位应当为哺乳期女职工安排哺乳时间。"),  # plain speech, no duty of its own
        ("可以安排其他劳动。", "应当减轻劳动量，可以安排其他劳动。"),  # the source states both
        ("可以送米送油。", "用人单位应当安排哺乳时间。"),  # follows nothing
    ],
)
def test_a_kept_duty_passes(statement: str, source: str) -> None:
    assert list(swapped_duties(a_claim(statement, source))) == []
