"""Questions that set two things beside each other: how they are read, and answers with both sides cited."""

from __future__ import annotations

import pytest
from assistant_pieces import TEXTS, a_candidate, a_citation, in_words, wanting

from assistant.answering import Assistant
from assistant.checking.markers import markers_in
from assistant.checking.statements import check_citation
from assistant.composing.two_sides import compose_sides, told_together
from assistant.types import Basis, ComparisonCard, Question, Verdict
from assistant.understanding.comparison import Contrast, Side, asks_for_changes, read_contrast

PROVINCES = ("四川省", "陕西省", "北京市", "广西壮族自治区")


@pytest.mark.parametrize(
    ("question", "left", "right", "about"),
    [
        ("直播运营和选品员有什么区别", "直播运营", "选品员", ""),
        ("养老保险和医疗保险哪个更重要", "养老保险", "医疗保险", ""),
        ("蒙媛和张静两个工作室，哪个专利多", "蒙媛", "张静", "工作室 专利多"),
        ("请问电子商务师跟互联网营销师考哪个好", "电子商务师", "互联网营销师", ""),
        ("考电子商务师还是互联网营销师好", "电子商务师", "互联网营销师", ""),
        ("人工智能工程技术人员分几级，跟人工智能训练师一样不", "人工智能工程技术人员", "人工智能训练师", "分几级"),
        ("网络主播与直播销售员是一回事吗", "网络主播", "直播销售员", ""),
        ("12338和12351分别是做什么的", "12338", "12351", "做什么的"),
    ],
)
def test_two_things_and_what_is_asked_about_them_are_read(question: str, left: str, right: str, about: str) -> None:
    contrast = read_contrast(question, TEXTS.contrasts, PROVINCES)

    assert contrast is not None
    assert (contrast.left.name, contrast.right.name, contrast.about) == (left, right, about)


@pytest.mark.parametrize("question", ["国家产假和四川产假有什么不同", "国家和四川的产假有什么不同", "国家规定的和四川的产假有什么区别"])
def test_sides_that_are_places_share_their_subject(question: str) -> None:
    contrast = read_contrast(question, TEXTS.contrasts, PROVINCES)

    assert contrast is not None
    assert contrast.of_places
    assert (contrast.left.region, contrast.right.region) == ("全国", "四川省")
    assert contrast.left.subject == contrast.right.subject == "产假"


@pytest.mark.parametrize(
    "question",
    [
        "四川产假多少天",
        "它跟12351有什么不同",
        "工资和社保找哪个部门",
        "怀孕和哺乳期间公司能辞退我吗",
        "2023年和2025年的补贴次数一样吗",
        "这个办法和以前的有什么不同",
        "打卡和考勤的规定",
    ],
)
def test_other_questions_with_and_are_no_comparison(question: str) -> None:
    assert read_contrast(question, TEXTS.contrasts, PROVINCES) is None


@pytest.mark.parametrize("question", ["新条例和以前的有什么不同", "新旧规定有什么区别", "条例改了什么"])
def test_asking_what_changed_is_told_from_comparing_two_things(question: str) -> None:
    assert asks_for_changes(question, TEXTS.contrasts)
    assert read_contrast(question, TEXTS.contrasts, PROVINCES) is None


def test_one_source_that_speaks_of_both_is_answer_enough() -> None:
    contrast = Contrast(Side("选品员", "选品员"), Side("平台管理员", "平台管理员"))

    assert told_together(contrast, [a_citation("选品员有五个等级。平台管理员只有三个等级。")], TEXTS.contrasts)
    assert told_together(contrast, [a_citation("选品员和平台管理员不是一回事。")], TEXTS.contrasts)
    assert not told_together(contrast, [a_citation("工种有选品员、平台管理员。")], TEXTS.contrasts)
    assert not told_together(
        contrast, [a_citation("选品员有五个等级。"), a_citation("平台管理员只有三个等级。", marker=2)], TEXTS.contrasts
    )


def test_a_side_that_no_passage_names_is_missing() -> None:
    contrast = Contrast(Side("养老保险", "养老保险"), Side("长护险", "长护险"))
    passages = [a_candidate("养老保险的最低缴费年限是15年。")]

    sides = compose_sides(contrast, lambda _: passages, lambda text: wanting(text), lambda _: (), TEXTS)

    assert sides is not None
    assert (len(sides.left), sides.right, in_words(sides.missing)) == (1, (), ["关于“长护险”的内容"])


def test_sides_with_nothing_to_say_or_the_same_to_say_are_no_answer() -> None:
    contrast = Contrast(Side("甲险", "甲险"), Side("乙险", "乙险"))

    def compose(text: str) -> object:
        return compose_sides(contrast, lambda _: [a_candidate(text)], lambda words: wanting(words), lambda _: (), TEXTS)

    assert compose("养老保险的最低缴费年限是15年。") is None
    assert compose("甲险和乙险的缴费年限是15年。") is None


# -- the whole assistant


def test_both_sides_of_a_comparison_are_cited_under_their_names(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("国家产假和四川产假有啥不同"))

    assert answer.verdict is Verdict.ANSWERED
    nation, home = answer.text.split("**四川产假**")
    assert "**国家产假**" in nation
    cited = {c.marker: c for c in answer.citations}
    assert {cited[m].document.region for m in markers_in(nation)} == {"全国"}
    of_home = [cited[m] for m in markers_in(home.split("**依据**")[0])]
    assert of_home
    assert all(c.document.region.startswith("四川省") for c in of_home)
    card = answer.cards[0]
    assert isinstance(card, ComparisonCard)
    assert card.basis is Basis.PLACE
    assert all(check_citation(q) is None for row in card.rows for field in row for q in field.quotes)


def test_the_side_that_is_not_known_is_named(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("育儿补贴和豆包会员有什么不同"))

    assert answer.verdict is Verdict.PARTIAL
    assert "关于“豆包会员”的内容" in answer.text
    assert not any(isinstance(card, ComparisonCard) for card in answer.cards)
