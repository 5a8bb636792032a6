"""Whether a text says something: folded, and figures whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import fold_said, says
from evals.samples import load_named


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("产假九十八天", "98天"),
        ("产假98 天", "九十八天"),
        ("补贴１，５００元", "1500元"),
        ("补贴1,500元", "1500"),
        ("一般情形合计188日", "一百八十八"),
        ("不得超過工資的百分之三百", "300%"),
        ("请拨打12338。", "12338"),
        ("在技能人才评价工作网 OSTA 查询", "osta"),
        ("第七条", "第7条"),
    ],
)
def test_the_same_thing_in_another_form_is_said(text: str, wanted: str) -> None:
    assert says(fold_said(text), wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("增加15天", "5天"), ("拨打96110", "110"), ("1.5小时", "5小时"), ("补贴15000元", "1500"), ("产假", ""), ("共120学时", "20")],
)
def test_a_part_of_a_figure_is_not_said(text: str, wanted: str) -> None:
    assert not says(fold_said(text), wanted)


@given(st.text(alphabet="产假补贴天元一二三十百0123456789，。 ", min_size=1, max_size=30))
def test_a_text_says_itself(text: str) -> None:
    folded = fold_said(text)

    assert says(folded, text) == bool(folded)


def test_our_matching_agrees_with_the_strings_of_the_development_questions() -> None:
    """Every must-include string is said by itself: no folding makes a label unreachable."""
    for sample in load_named(["dev"])[0].samples:
        for group in sample.must_include:
            assert all(says(fold_said(s), s) for s in group), (sample.sample_id, group)
