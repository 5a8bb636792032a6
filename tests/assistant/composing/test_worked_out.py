"""Questions with numbers over the shipped corpus: the figure first, what is missing asked for, one number changed."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answering import Assistant
from assistant.composing.draft import Draft, keep_what_stands
from assistant.composing.figures import Conversation, Figures, continued
from assistant.reader import Reader
from assistant.tools.toolbox import Toolbox
from assistant.types import Question, Turn, Verdict

DAY = dt.date(2026, 11, 29)


@pytest.fixture(scope="module")
def figures(reader: Reader) -> Figures:
    return reader.figures


def draft_of(figures: Figures, reader: Reader, assistant: Assistant, question: str, *history: tuple[str, str]) -> Draft | None:
    turns = tuple(Turn(role, content) for role, content in history)
    understanding = reader.turns.read(Question(question, turns, as_of=DAY))
    judged = assistant._judge(reader).judge(understanding, reader.finder.find(understanding))
    return figures.answer_with_figures(understanding, judged)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("干了八年月薪四千，被辞退经济补偿赔多少", "经济补偿（N）是8个月工资，32000元"),
        ("我76年5月生的，工人岗，哪年退休", "法定退休时间是2027年2月"),
        ("2026年3月1日生的双胞胎，四川产假休到哪天", "产假一共203天，休到2026年9月19日"),
        ("失业保险交了6年，失业金能领几个月", "失业金最多领18个月"),
        ("合同签一年，试用期六个月合法吗，最长多久", "试用期最长2个月，单位定的6个月超了4个月"),
        ("月薪4350，国庆法定节假日加班3天，加班费怎么算", "加班费不低于1800元"),
        ("上班七个月没签劳动合同，一个月4500，双倍工资有多少", "可以另外再要27000元"),
        ("工龄12年，一年有几天年休假", "一年有10天年假"),
    ],
)
def test_the_figure_is_the_first_sentence(
    figures: Figures, reader: Reader, shipped_assistant: Assistant, question: str, first: str
) -> None:
    draft = draft_of(figures, reader, shipped_assistant, question)

    assert draft is not None
    assert draft.text.startswith(first)
    assert draft.verdict is Verdict.ANSWERED
    assert draft.citations
    kept = keep_what_stands(draft, shipped_assistant.texts)
    assert kept.dropped == 0
    for citation in kept.citations:
        assert citation.quote in citation.passage.text
        assert f"[{citation.marker}]" in kept.text


def test_the_clauses_of_the_calculation_are_quoted_first_and_whole(figures: Figures, reader: Reader, shipped_assistant: Assistant) -> None:
    unemployment = draft_of(figures, reader, shipped_assistant, "失业保险交了6年，失业金能领几个月")
    probation = draft_of(figures, reader, shipped_assistant, "合同签一年，试用期六个月合法吗，最长多久")

    assert unemployment is not None
    assert "BUT-032" in unemployment.citations[0].source_ids
    assert probation is not None
    assert "试用期不超过2个月" in probation.text  # the band that applies, not the first of the clause


def test_a_turn_that_gives_no_number_and_asks_for_no_figure_is_left(figures: Figures, reader: Reader, shipped_assistant: Assistant) -> None:
    before = (("user", "四川男方护理假多少天"), ("assistant", "30日。[1]"))

    assert draft_of(figures, reader, shipped_assistant, "双胞胎翻倍不", *before) is None


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("我2026年3月1日离职的，劳动仲裁最晚哪天申请", "申请劳动仲裁，最后一天是2027年3月1日，还剩92天。"),
        ("2026年10月8日上班受伤，自己申请工伤认定最晚哪天", "工伤认定：自己申请，最后一天是2027年10月8日，还剩313天。"),
        ("11月20号收到仲裁裁决不服，多久内起诉", "不服仲裁裁决，向法院起诉，最后一天是2026年12月5日，还剩6天。"),
    ],
)
def test_a_day_leads_to_the_last_day(figures: Figures, reader: Reader, shipped_assistant: Assistant, question: str, first: str) -> None:
    draft = draft_of(figures, reader, shipped_assistant, question)

    assert draft is not None
    assert draft.text.startswith(first)
    assert draft.citations
    assert keep_what_stands(draft, shipped_assistant.texts).dropped == 0


def test_what_is_missing_is_asked_for_with_buttons_and_the_answer_is_taken_up(
    figures: Figures, reader: Reader, shipped_assistant: Assistant
) -> None:
    question = "我1980年11月生的，女工哪年退休"
    asked = draft_of(figures, reader, shipped_assistant, question)

    assert asked is not None
    assert asked.verdict is Verdict.CLARIFY
    assert asked.followups == ("原来50岁退休（工人岗）", "原来55岁退休（管理或技术岗）")
    answered = draft_of(figures, reader, shipped_assistant, asked.followups[0], ("user", question), ("assistant", asked.text))
    assert answered is not None
    assert answered.text.startswith("法定退休时间是2033年11月")


def test_a_turn_changes_one_number(figures: Figures, reader: Reader, shipped_assistant: Assistant) -> None:
    question = "干了八年月薪四千，被辞退经济补偿赔多少"
    told = draft_of(figures, reader, shipped_assistant, question)
    assert told is not None

    changed = draft_of(figures, reader, shipped_assistant, "那要是干了十年呢", ("user", question), ("assistant", told.text))

    assert changed is not None
    assert changed.text.startswith("经济补偿（N）是10个月工资，40000元")


@pytest.mark.parametrize(
    "question",
    ["四川产假多少天", "老公打我怎么办", "被辞退了先做什么", "剪映怎么加字幕", "天气怎么样", "我45岁了还能学AI不", "怀孕三个月老板叫我走"],
)
def test_a_question_without_numbers_for_a_calculator_is_left_to_the_other_composers(
    figures: Figures, reader: Reader, shipped_assistant: Assistant, question: str
) -> None:
    assert draft_of(figures, reader, shipped_assistant, question) is None


def test_a_new_topic_does_not_go_on_with_the_calculation() -> None:
    toolbox = Toolbox.load()
    said = "算“退休年月”还差一样：你是哪年哪月出生的？"

    assert continued(toolbox.rules, Conversation("老公打我怎么办", ("哪年退休",), said), DAY) is None
    going_on = continued(toolbox.rules, Conversation("1980年11月", ("工人岗哪年退休",), said), DAY)
    assert going_on is not None
    assert not going_on.missing
