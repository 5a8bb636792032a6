"""What a question asks for must stand in the passages, not merely similar words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from assistant_pieces import MATERNITY, wanting

from assistant.evidence import QuestionReader, Read, Wanted, answer_kinds, fold, judge, years_asked
from assistant.types import Verdict
from knowledge_base.lexicon import Lexicon

TODAY = dt.date(2026, 11, 23)
FREQUENCIES: Mapping[str, int] = {"产假": 40, "生育": 60, "津贴": 30, "女职": 300}


def reading(question: str, lexicon: Lexicon | None = None) -> Wanted:
    lexicon = lexicon or Lexicon()
    reader = QuestionReader(lexicon, lambda token: FREQUENCIES.get(token, 0), 700)
    return reader.read(lexicon.understand(question), TODAY)


def a_read(text: str, about: str = "") -> Read:
    return Read(about, f"{about}\n{text}")


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
    from assistant.wording import load_texts

    assert {name for name, _, _ in answer_kinds()} <= set(load_texts()["missing_kinds"])


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
    assert years_asked(f"{words}的补贴标准", TODAY) == (year,)


def test_coverage_is_the_share_of_information_held() -> None:
    wanted = wanting("产假 生育 津贴 社保")

    assert wanted.coverage(fold("生育享受产假")) == pytest.approx(0.5)
    assert [term.word for term in wanted.lacking(fold("生育享受产假"))] == ["津贴", "社保"]


def test_no_passage_is_no_evidence() -> None:
    assert judge(wanting("产假"), [], []).verdict is Verdict.ABSTAINED


def test_a_passage_about_another_matter_is_no_evidence() -> None:
    read = a_read("变速箱油每四万公里更换一次。", "汽车保养")

    assert judge(wanting("产假 生育 津贴"), [read], [read]).verdict is Verdict.ABSTAINED


def test_a_passage_that_holds_what_was_asked_is_enough() -> None:
    read = a_read("女职工生育享受98天产假，流产另算。", "女职工劳动保护特别规定 生育 产假")

    evidence = judge(wanting("女职工 生育 产假", "duration"), [read], [read])

    assert evidence.verdict is Verdict.ANSWERED
    assert evidence.missing == ()


def test_a_passage_without_the_kind_of_answer_is_a_near_miss_that_says_what_is_missing() -> None:
    read = a_read("女职工生育期间的待遇按当地规定执行。", "女职工 生育 待遇")

    evidence = judge(wanting("女职工 生育 待遇", "amount"), [read], [read])

    assert evidence.verdict is not Verdict.ANSWERED
    assert "具体金额" in evidence.missing


def test_a_passage_of_another_year_is_a_near_miss_that_names_the_year() -> None:
    read = a_read("2023年度技能提升补贴初级1000元。", "技能提升 补贴 标准")

    evidence = judge(wanting("技能提升 补贴 标准", "amount", years=("2026",)), [read], [read])

    assert evidence.verdict is not Verdict.ANSWERED
    assert any("2026" in words for words in evidence.missing)


def test_a_name_that_no_passage_holds_is_not_answered_by_another_name() -> None:
    read = a_read("温茜工作室开展互联网营销师培训120人次。", "温茜工作室 互联网营销师 培训")

    evidence = judge(wanting("王小红 互联网营销师 培训", names=("王小红",)), [read], [read])

    assert evidence.verdict is Verdict.ABSTAINED


def test_a_clause_that_was_named_outright_needs_no_shared_words() -> None:
    read = a_read(MATERNITY)

    assert judge(wanting("讲啥"), [read], [read], exact=True).verdict is Verdict.ANSWERED
