"""Follow-ups that point at an item of the answer before, or take back a word of the question before."""

from __future__ import annotations

import pytest

from assistant.answering import Assistant
from assistant.types import Question, Turn
from assistant.understanding.followups import MOST_CHARACTERS, items_of, resolve_followup

LISTED = (
    "- 女职工生育享受98天产假。[1]\n- 怀孕未满4个月流产的，享受15天产假。[1]\n\n**依据**\n\n[1] 《女职工劳动保护特别规定》第七条（现行）"
)
ENUMERATED = "互联网营销师的工种有选品员、直播销售员、视频创推员和平台管理员。[1]\n\n**依据**\n\n[1] 《互联网营销师国家职业技能标准》"
CITED = (
    "劳动仲裁不收费。[1]\n\n一般45日内裁决。[2]\n\n**依据**\n\n[1] 《调解仲裁法》第五十三条（现行）\n[2] 《调解仲裁法》第四十三条（现行）"
)


def after(question: str, answer: str, text: str) -> Question:
    return Question(text, (Turn("user", question), Turn("assistant", answer)))


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        (LISTED, ("女职工生育享受98天产假。", "怀孕未满4个月流产的，享受15天产假。")),
        (ENUMERATED, ("选品员", "直播销售员", "视频创推员", "平台管理员")),
        (CITED, ("《调解仲裁法》第五十三条", "《调解仲裁法》第四十三条")),
        ("知识库里没有查到。", ()),
    ],
)
def test_an_answers_items_are_its_list_else_what_it_enumerates_else_its_sources(answer: str, items: tuple[str, ...]) -> None:
    assert items_of(answer) == items


@pytest.mark.parametrize(
    ("answer", "text", "becomes"),
    [
        (ENUMERATED, "第二个呢", "直播销售员是什么"),
        (ENUMERATED, "那第4个是做什么的", "平台管理员 是做什么的"),
        (LISTED, "第二条呢", "怀孕未满4个月流产的，享受15天产假"),
        (CITED, "第2条讲的啥", "《调解仲裁法》第四十三条 讲的啥"),
    ],
)
def test_pointing_at_an_item_asks_about_that_item(answer: str, text: str, becomes: str) -> None:
    question, notes = resolve_followup(after("互联网营销师有哪几个工种？", answer, text))

    assert question.text == becomes
    assert question.history == ()
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("earlier", "text", "becomes"),
    [
        ("四川产假多少天", "不是，我问的是二胎", "二胎"),
        ("四川产假多少天", "不对，我问难产", "难产"),
        ("四川产假多少天", "不是四川，是成都", "成都产假多少天"),
        ("四川产假多少天", "我不是问四川的，我问的是国家的", "国家产假多少天"),
    ],
)
def test_a_correction_asks_about_what_was_meant(earlier: str, text: str, becomes: str) -> None:
    question, notes = resolve_followup(after(earlier, "188天。[1]", text))

    assert question.text == becomes
    assert len(notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        "第二个孩子呢",
        "第三个娃儿呢",
        "第九个呢",
        "不是98天吗",
        "不是说补贴3000吗",
        "那二胎呢",
        "女职工劳动保护特别规定第七条讲啥",
        "不交社保行吗",
    ],
)
def test_what_points_at_nothing_stays_as_it_is(text: str) -> None:
    question = after("产假多少天", LISTED, text)

    assert resolve_followup(question) == (question, ())


def test_without_a_conversation_nothing_is_pointed_at() -> None:
    assert resolve_followup(Question("第二个呢")) == (Question("第二个呢"), ())


def test_a_long_item_is_cut_before_it_is_searched_for() -> None:
    answer = f"- 甲\n- {'乙' * 300}\n"

    question, _ = resolve_followup(after("有哪些", answer, "第二个呢"))

    assert len(question.text) == MOST_CHARACTERS


def test_the_trace_says_what_was_pointed_at(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(after("流产休几天", LISTED, "第二种呢"))

    assert "15天" in answer.citations[0].quote
    assert any("第二种" in note for note in answer.trace.notes)
    assert "流产" in answer.trace.question
