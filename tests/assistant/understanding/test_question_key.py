"""Which ways of typing are one question, and which questions are merely alike."""

from __future__ import annotations

import pytest

from assistant.understanding.question_key import group_alike, question_key
from knowledge_base import CORPUS
from knowledge_base.query.lexicon import Lexicon

LEXICON = Lexicon.load(CORPUS / "lexicon.yaml")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("产假多少天？", "請問，產假多少天呢"),
        ("产假有几天", "产假有多少天？？"),
        ("咋个领失业金嘛", "怎么领失业金"),
        ("请问一下如何报名", "怎么报名啊！"),
        ("技能补贴１，５００元够不够", "技能补贴1500元够不够?"),
        ("现在的产假是多少天", "产假是多少天"),
        ("我的电话是〔手机号〕，产假多少天", "我的电话是，产假多少天"),
    ],
)
def test_two_ways_of_typing_one_question_have_one_key(one: str, other: str) -> None:
    assert question_key(one, LEXICON) == question_key(other, LEXICON)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("产假多少天", "陪产假多少天"),
        ("女职工退休年龄", "男职工退休年龄"),
        ("补贴怎么领", "补贴哪里领"),
        ("产假一共多少天", "产假多少天"),
        ("三级工补贴多少钱", "四级工补贴多少钱"),
        ("怀孕能辞退吗", "怀孕不能辞退吗"),
        ("2024年补贴多少", "2025年补贴多少"),
        ("涨了3.5%", "涨了35%"),
        ("四川产假多少天", "陕西产假多少天"),
    ],
)
def test_two_questions_never_share_a_key(one: str, other: str) -> None:
    assert question_key(one, LEXICON) != question_key(other, LEXICON)


@pytest.mark.parametrize("nothing", ["", "？？", "请问一下", "〔手机号〕", "的吗"])
def test_a_question_without_content_has_no_key(nothing: str) -> None:
    assert question_key(nothing, LEXICON) == ""


def test_similar_questions_come_together_and_others_apart() -> None:
    keys = ["四川产假多少天", "直播补贴怎么领", "产假多少天四川", "直播补贴怎么领取", "食堂几点开门", "四川产假有多少天"]

    assert group_alike(keys) == [[0, 2, 5], [1, 3], [4]]


def test_a_question_of_one_character_groups_with_itself_only() -> None:
    assert group_alike(["钱", "钱", "假", ""]) == [[0, 1], [2], [3]]


def test_no_questions_make_no_groups() -> None:
    assert group_alike([]) == []
