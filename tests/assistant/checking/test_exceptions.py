"""Exceptions left out: 试用期内的除外."""

from __future__ import annotations

import pytest
from claim_pieces import a_claim

from assistant.checking.exceptions import dropped_exceptions

SOURCE = "女职工凭医院证明每月可休带薪假2天，试用期内的除外。"


def test_a_rule_without_its_exception_is_caught() -> None:
    assert list(dropped_exceptions(a_claim("女职工凭医院证明每月可休带薪假2天。", SOURCE))) == ["例外（除外）丢了"]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("每月可休带薪假2天，试用期的除外。", SOURCE),
        ("除试用期外，每月可休带薪假2天。", SOURCE),
        ("试用期内的职工转正后才可以申请调岗位。", SOURCE),  # says little of the rule
        ("另有规定时从其规定。", "法律另有规定。"),  # the statement names an exception itself
        ("按法律。", "法律另有规定。"),  # the source has an exception, but no rule
        ("女职工凭医院证明每月可休带薪假2天。", "女职工凭医院证明每月可休带薪假2天。"),
    ],
)
def test_a_rule_with_its_exception_or_without_one_passes(statement: str, source: str) -> None:
    assert list(dropped_exceptions(a_claim(statement, source))) == []
