"""Which time's rules a question asks for, and what an answer about another time says of it."""

from __future__ import annotations

import datetime as dt

import pytest
from assistant_pieces import PHRASES, TEXTS, a_candidate, a_document

from assistant.answering import Assistant
from assistant.composing.remarks import period_line
from assistant.judging.candidate import order_for_period
from assistant.types import Answer, Question, Verdict
from assistant.understanding.period import Period, dated, read_period, undated
from knowledge_base.types import Status
from knowledge_base.validity import today

TODAY = dt.date(2026, 11, 23)
IN_2023 = Period("2023年", dt.date(2023, 1, 1), dt.date(2023, 12, 31))


@pytest.mark.parametrize(
    ("question", "label", "last"),
    [
        ("2023年的技能提升补贴标准", "2023年", dt.date(2023, 12, 31)),
        ("２０２３年的技能提升补贴标准", "2023年", dt.date(2023, 12, 31)),
        ("去年的技能提升补贴标准", "2025年", dt.date(2025, 12, 31)),
        ("大前年四川补多少", "2023年", dt.date(2023, 12, 31)),
        ("2025年6月四川护理假多少天", "2025年6月", dt.date(2025, 6, 30)),
        ("明年产假多少天", "2027年", dt.date(2027, 12, 31)),
        ("以前的产假是多少天", "以前", None),
        ("旧条例的护理假多少天", "以前", None),
    ],
)
def test_a_year_or_a_word_for_one_asks_for_the_rule_of_that_time(question: str, label: str, last: dt.date | None) -> None:
    period = read_period(question, TODAY, TEXTS.time, PHRASES)

    assert period is not None
    assert (period.label, period.last) == (label, last)


@pytest.mark.parametrize(
    "question",
    [
        "四川产假多少天",
        "今年的补贴标准",
        "2026年数字素养工作要点有几项",
        "去年拿的证没领补贴，今年还能补领吗",
        "人社部发〔2024〕37号是关于什么的",
        "《2024年提升全民数字素养与技能工作要点》讲了什么",
        "2025年以前出生的孩子怎么申请育儿补贴",
        "2024年和2025年的补贴有什么不同",
        "我2020年参加工作，年休假几天",
        "我11月10号生的娃，能按新规定多休吗",
        "2025年13月的补贴",
    ],
)
def test_a_question_about_now_a_document_or_an_event_asks_for_the_rule_of_today(question: str) -> None:
    assert read_period(question, TODAY, TEXTS.time, PHRASES) is None


def test_a_word_for_a_year_is_searched_for_as_sources_write_it() -> None:
    period = read_period("去年的补贴标准", TODAY, TEXTS.time, PHRASES)

    assert period is not None
    assert dated("去年的补贴标准", period, TEXTS.time) == "2025年的补贴标准"
    assert undated("2025年的补贴标准") == "的补贴标准"


@pytest.mark.parametrize(
    ("effective", "expires", "held"),
    [
        ("2012-04-28", "", True),
        ("2023-07-01", "", True),
        ("2024-01-01", "", False),
        ("2021", "2022-12-31", False),
        ("2021", "2023-01-01", True),
        ("", "", True),
    ],
)
def test_a_document_held_in_a_year_when_any_day_of_it_lies_in_its_time(effective: str, expires: str, held: bool) -> None:
    assert IN_2023.had(a_document(effective=effective, expires=expires)) is held


def test_rules_of_other_times_stand_behind_those_of_the_asked_time() -> None:
    later = a_candidate("护理假30日。", rank=1, score=1.0, document=a_document("新条例", doc_id="d-1", effective="2025-11-28"))
    then = a_candidate("护理假20日。", rank=2, score=0.7, document=a_document("旧条例", doc_id="d-2", effective="2016-01-22"))
    names_it = a_candidate("2023年护理假20日。", rank=3, score=0.65, document=a_document("答复", doc_id="d-3", effective="2025-12-03"))

    ordered = order_for_period([later, then, names_it], IN_2023)

    assert [f.document.title for f in ordered] == ["旧条例", "答复", "新条例"]
    assert [f.rank for f in ordered] == [1, 2, 3]


@pytest.mark.parametrize(
    ("effective", "expires", "status", "words"),
    [
        ("2023-01-01", "2023-12-31", Status.EXPIRED, "这是过去的规定"),
        ("2012-04-28", "", Status.IN_FORCE, "现在仍然有效"),
        ("2023-06-01", "", Status.IN_FORCE, "从2023-06-01起施行，在那之前的情况可能不同"),
        ("2025-11-28", "", Status.IN_FORCE, "从2025-11-28起才有"),
        ("2021-01-01", "2022-12-31", Status.EXPIRED, "有效期到2022-12-31"),
    ],
)
def test_an_answer_about_another_time_says_how_its_rule_stands_to_that_time(
    effective: str, expires: str, status: Status, words: str
) -> None:
    leading = a_candidate("护理假20日。", document=a_document(effective=effective, expires=expires), status=status)

    line = period_line(leading, "护理假20日。", IN_2023, TODAY, PHRASES)

    assert "2023年" in line
    assert words in line


def test_a_goal_of_a_year_to_come_is_no_rule_that_may_change() -> None:
    ahead = Period("2027年", dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    leading = a_candidate("2027年的普及率目标是70%。", document=a_document(effective="2025-08-26"))

    assert period_line(leading, "2027年的普及率目标是70%。", ahead, TODAY, PHRASES) == ""
    assert "可能还会变" in period_line(leading, "普及率目标是70%。", ahead, TODAY, PHRASES)


# -- the whole assistant


def test_the_rule_of_an_earlier_year_is_told_as_such_with_what_holds_now(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("2023年四川技能提升补贴标准是多少"))

    assert answer.text.startswith("按2023年的规定回答，这是过去的规定")
    assert answer.citations[0].status is Status.EXPIRED
    assert "**现在的情况**" in answer.text
    assert answer.citations[-1].status is not Status.EXPIRED
    assert f"[{answer.citations[-1].marker}]" in answer.text.split("**现在的情况**")[1]
    assert (answer.trace.period, answer.trace.as_of) == ("2023年", "2023-12-31")


def test_a_date_given_beside_the_question_wins_over_its_words(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("去年技能提升补贴一年能领几次", as_of=dt.date(2025, 5, 20)))

    assert (answer.trace.period, answer.trace.as_of) == ("", "2025-05-20")
    assert "按2024年的规定" not in answer.text


def test_a_rule_in_force_since_before_the_asked_year_answers_for_it_in_part(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("2023年四川产假多少天"))

    assert answer.verdict is Verdict.PARTIAL
    assert "98" in answer.citations[0].quote
    assert "188" not in answer.text
    assert "没有查到2023年的情况" in answer.text


def test_a_year_alone_makes_no_source_an_answer(shipped_assistant: Assistant) -> None:
    answer = shipped_assistant.ask(Question("去年成都房价多少"))

    assert answer.verdict is Verdict.ABSTAINED
    assert answer.text == PHRASES.out_of_scope


def test_an_answer_about_today_says_nothing_of_another_time(shipped_assistant: Assistant) -> None:
    answer: Answer = shipped_assistant.ask(Question("四川产假多少天"))

    assert answer.trace.period == ""
    assert answer.trace.as_of == today().isoformat()
    assert "**现在的情况**" not in answer.text
