"""What a question asks for: words, kinds of answer, years, names, the word it is after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields

import pytest
from assistant_pieces import MATERNITY, PHRASES, TEXTS, wanting

from assistant.judging.verdict import Thresholds
from assistant.understanding.needs import QuestionNeeds, QuestionParser, fold, years_asked
from knowledge_base.query.lexicon import Lexicon

SHIPPED = Thresholds(**TEXTS.thresholds)
TODAY = dt.date(2026, 11, 23)
FREQUENCIES: Mapping[str, int] = {"产假": 40, "生育": 60, "津贴": 30, "女职": 300}


def reading(question: str, lexicon: Lexicon | None = None) -> QuestionNeeds:
    lexicon = lexicon or Lexicon()
    reader = QuestionParser(lexicon, lambda token: FREQUENCIES.get(token, 0), 700, TEXTS.question)
    return reader.read(lexicon.understand(question), TODAY)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("技能提升补贴能领多少钱？", "amount"),
        ("产假一共多少天？", "duration"),
        ("直播电商监督管理办法什么时候施行？", "date"),
        ("维权热线号码是什么？", "phone"),
        ("全省有多少家女职工创新工作室？", "count"),
        ("女职工创新工作室占比是多少？", "share"),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: str) -> None:
    assert kind in reading(question).kinds


def test_every_kind_of_answer_has_a_name_for_when_it_is_missing() -> None:
    assert {kind.name for kind in TEXTS.question.answer_kinds} <= {field.name for field in fields(PHRASES.missing_kinds)}


def test_question_words_are_no_content() -> None:
    words = [term.word for term in reading("请问产假到底是多少天呢？").terms]

    assert words == ["产假"]


def test_a_question_of_question_words_alone_asks_for_nothing() -> None:
    wanted = reading("这个是什么呢？")

    assert wanted.terms == ()
    assert wanted.coverage(fold(MATERNITY)) == 0.0


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    weights = {term.word: term.weight for term in reading("生育和产假").terms}

    assert weights["产假"] > weights["生育"] > 0


def test_a_synonym_of_the_lexicon_stands_for_the_word_asked() -> None:
    lexicon = Lexicon(synonyms={"坐月子": ("产假",)}, terms=("坐月子",))
    wanted = reading("坐月子", lexicon)

    assert wanted.coverage(fold("女职工生育享受98天产假")) == 1.0


def test_years_and_grades_are_read_as_specifics() -> None:
    wanted = reading("2024年三级证书的补贴")

    assert wanted.years == ("2024",)
    assert "3级" in wanted.specifics


@pytest.mark.parametrize(("words", "year"), [("今年", "2026"), ("去年", "2025"), ("前年", "2024"), ("明年", "2027"), ("2019年", "2019")])
def test_relative_years_count_from_the_asked_date(words: str, year: str) -> None:
    assert years_asked(f"{words}的补贴标准", TODAY, TEXTS.question) == (year,)


def test_coverage_is_the_share_of_information_held() -> None:
    wanted = wanting("产假 生育 津贴 社保")

    assert wanted.coverage(fold("生育享受产假")) == pytest.approx(0.5)
    assert [term.word for term in wanted.lacking(fold("生育享受产假"))] == ["津贴", "社保"]


def focus_of(question: str) -> list[str]:
    return [term.word for term in reading(question).terms if term.focus]


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("数字技术工程师培训学费多少", "学费"),
        ("App密码忘了怎么找回", "找回"),
        ("决赛的评委是哪些人", "评委"),
        ("职工之家的地址在哪里", "地址"),
    ],
)
def test_the_word_beside_the_one_that_asks_is_what_the_question_is_after(question: str, focus: str) -> None:
    assert focus in focus_of(question)


def test_a_word_behind_a_comma_is_not_beside_the_one_that_asks() -> None:
    assert "流水线" not in focus_of("我在流水线，学费多少")


def test_words_that_the_segmenter_made_up_of_function_words_are_no_content() -> None:
    words = [term.word for term in reading("孩子没保住能休多少天嘛").terms]

    assert "能休" not in words
    assert "天嘛" not in words


def test_surname_and_given_name_are_one_name() -> None:
    assert any(term.name and term.word == "王美玲" for term in reading("王美玲工作室有多少项专利").terms)


@pytest.mark.parametrize(
    ("question", "asks"), [("什么是提示词", True), ("RPA是什么", True), ("产假多少天", False), ("联盟叫什么名字", False)]
)
def test_asking_what_a_thing_is_is_told_apart(question: str, asks: bool) -> None:
    assert reading(question).meaning is asks


def test_words_of_the_lexicon_are_cut_before_the_dictionarys() -> None:
    words = [term.word for term in reading("哪个热线管家暴", Lexicon(synonyms={"家暴": ("家庭暴力",)})).terms]

    assert "家暴" in words


def test_asking_whether_it_costs_asks_for_an_amount_and_has_no_word_of_its_own() -> None:
    wanted = reading("劳动仲裁要不要钱", Lexicon(terms=("劳动仲裁",)))

    assert "amount" in wanted.kinds
    assert [term.word for term in wanted.terms] == ["劳动仲裁"]
