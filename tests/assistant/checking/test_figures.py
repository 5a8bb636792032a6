"""Figures are read with their units, at their offsets."""

from __future__ import annotations

import pytest

from assistant.checking.figures import Figure, figures_in
from assistant.checking.prepared import prepare


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("九十八天", ("", "98", "天")),
        ("28日", ("", "28", "天")),
        ("第十二条", ("第", "12", "条")),
        ("3.5万元", ("", "3.5", "万元")),
        ("一个小时", ("", "1", "小时")),
        ("百分之七十", ("", "70", "%")),
        ("满18周岁", ("", "18", "岁")),
        ("30余名", ("", "30", "人")),
        ("007号", ("", "7", "号")),
        ("5个工作日", ("", "5", "工作日")),
        ("12351", ("", "12351", "")),
    ],
)
def test_figures_are_read_with_their_units(written: str, key: tuple[str, str, str]) -> None:
    assert [f.key for f in figures_in(prepare(written))] == [key]


def test_figures_come_in_order_with_their_offsets() -> None:
    assert figures_in("满4个月的42天") == [Figure("", "4", "个月", 1, 4), Figure("", "42", "天", 5, 8)]


def test_five_months_and_may_are_two_things() -> None:
    assert figures_in("5个月")[0].key != figures_in("5月")[0].key


def test_a_text_without_digits_has_no_figures() -> None:
    assert figures_in("女职工可以申请提前返岗") == []
