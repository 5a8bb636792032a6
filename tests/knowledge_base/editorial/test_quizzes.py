"""Self-check questions: nothing in them that does not stand in a passage."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.editorial.quizzes import FEWEST_OPTIONS, GAP, MOST_OPTIONS, make_quiz
from knowledge_base.types import Passage


def passages(*texts: str, doc_id: str = "d") -> list[Passage]:
    return [Passage(f"{doc_id}.{n}", doc_id, text, 0, len(text), n) for n, text in enumerate(texts, 1)]


LEAVE = passages(
    "- 女职工生育享受98天产假，其中产前可以休假15天。\n- 四川在这之外再给一段。",
    "- 女职工怀孕未满4个月流产的，享受30天的产假。",
    "- 符合规定生育的夫妻，男方享受20天的护理假，工资照发。",
)


def test_a_figure_is_left_out_and_offered_among_others_of_its_unit() -> None:
    first = make_quiz(LEAVE)[0]

    assert first.prompt == f"女职工生育享受{GAP}产假，其中产前可以休假15天。"
    assert first.options == ("20天", "30天", "98天")
    assert first.options[first.answer] == "98天"
    assert first.quote == "女职工生育享受98天产假，其中产前可以休假15天。"


def test_hotlines_and_quoted_terms_are_asked_about_too() -> None:
    quiz = make_quiz(
        passages(
            "- 接到陌生人的涉钱电话要先核实，反诈专线的来电号码是96110。",
            "- 被拖欠工资的，可以先打人社服务热线12333说明情况。",
            "- 想找工会帮忙的，可以直接打工会服务热线12351。",
            "- 用AI时最简单的保密原则是“涉密不上网”，拿不准就不要传。",
            "- 让AI写材料最容易遇到的毛病是“一本正经瞎编”，要自己核对。",
            "- 看到要交钱才给活干的，多半是“招转培”，不要交钱。",
        )
    )

    assert ["12333", "12351", "96110"] in [list(q.options) for q in quiz]
    assert any("涉密不上网" in q.options for q in quiz)


@pytest.mark.parametrize(
    "statement",
    [
        "《四川省补贴性职业技能培训管理办法》自2025年9月起施行到2028年。",  # dates
        "《女职工劳动保护特别规定》第98条这样写，文号是国务院令第619号。",  # numbers of clauses and documents
        "据2023年的报道，达川累计开了98天的班，学完的都去上班了。",  # news
        "12377不是报警电话，遇到正在转账的骗局要打的是另一个。",  # others would be as right
        "培训的时间从15至98天不等，具体看各地的通知怎么写。",  # ranges
        "| 女职工生育享受的产假 | 98天 | 难产增加 |",  # tables
        "产假98天。",  # says too little
        "未见公开文本：2026年的补贴是否继续没有查到，可以拨打12333核实。",
    ],
)
def test_what_would_make_a_bad_question_is_left_alone(statement: str) -> None:
    others = passages(*(f"- 这一条规定里写的期限一共是{n}天，电话是{n}23{n}。" for n in (11, 12)), doc_id="o")

    assert make_quiz(passages(f"- {statement}"), [*LEAVE, *others]) == ()


def test_documents_take_turns_and_few_are_asked() -> None:
    second = passages("- 累了就歇一歇，每学50分钟最好休息10分钟再接着学。", doc_id="e")
    quiz = make_quiz(
        [*LEAVE, *second], passages("- 这一门课总共要学20分钟，讲义另外算。", "- 这一门课总共要学30分钟，讲义另外算。"), most=2
    )

    assert [q.passage.doc_id for q in quiz] == ["d", "e"]


_STATEMENTS = st.lists(
    st.builds(
        "{}这一条说的是{}{}，另外还有“{}”要看清楚{}".format,
        st.sampled_from(["- ", "1. ", "", "* "]),
        st.one_of(st.integers(0, 120), st.decimals(0, 50, places=1)),
        st.sampled_from(["天", "元", "个月", "%", "学时", "人", "年", "块"]),
        st.sampled_from(["选品员", "平台管理员", "直播销售员", "包过", "挂靠", "98"]),
        st.sampled_from(["。", "", "，还要拨12351。", "；不懂就问96110。"]),
    ),
    max_size=12,
)


@given(st.lists(_STATEMENTS, max_size=4), st.integers(1, 8))
def test_every_question_stands_in_its_passage_and_has_one_right_option(written: list[list[str]], most: int) -> None:
    given_passages = [p for n, lines in enumerate(written) for p in passages("\n".join(lines), *lines, doc_id=f"d{n}")]

    quiz = make_quiz(given_passages, most=most)

    assert len(quiz) <= most
    assert quiz == make_quiz(given_passages, most=most)
    assert len({q.passage.passage_id for q in quiz}) == len(quiz)
    for question in quiz:
        right = question.options[question.answer]
        assert question.passage.text[question.start : question.end] == question.quote
        assert question.quote.count(right) == 1
        assert question.quote.replace(right, GAP) == question.prompt
        assert FEWEST_OPTIONS <= len(question.options) == len(set(question.options)) <= MOST_OPTIONS
        assert not any(option in question.quote for option in question.options if option != right)
        assert len({re.sub(r"[\d.]+", "", option) for option in question.options}) == 1 or not re.search(r"\d", right)
