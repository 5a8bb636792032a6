"""What a question asks for must stand in the passages, not merely similar words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from assistant_pieces import MATERNITY, wanting

from assistant.types import Verdict
from assistant.understanding.evidence import QuestionReader, Read, Wanted, answer_kinds, fold, judge, read_signals, years_asked
from knowledge_base.query.lexicon import Lexicon

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
    from assistant.texts.wording import load_texts

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


def test_what_the_question_is_after_must_stand_in_a_statement() -> None:
    wanted = reading("直播培训学费多少")
    read = a_read("直播培训分三期，每期20天。", "直播培训")

    signals = read_signals(wanted, [read], [read])

    assert signals.focus > 0
    assert any("学费" in words for words in signals.missing)


def test_words_that_the_segmenter_made_up_of_function_words_are_no_content() -> None:
    words = [term.word for term in reading("孩子没保住能休多少天嘛").terms]

    assert "能休" not in words
    assert "天嘛" not in words


def test_surname_and_given_name_are_one_name() -> None:
    assert any(term.name and term.word == "王美玲" for term in reading("王美玲工作室有多少项专利").terms)


@pytest.mark.parametrize(
    ("text", "lacks"), [("研发团队从业20余年。", True), ("研发团队共有35人。", False), ("团队带动1500余名农民增收。", False)]
)
def test_a_count_counts_the_thing_asked(text: str, lacks: bool) -> None:
    read = a_read(text, "研发团队")

    assert ("具体数目" in read_signals(reading("研发团队有多少人"), [read], [read]).missing) is lacks


def test_the_year_of_a_report_is_not_the_year_that_the_figure_holds_for() -> None:
    read = a_read("据2025年9月1日报道，美团女骑手2024年70.1万人。", "女骑手")

    assert any("2025" in words for words in read_signals(reading("2025年美团女骑手有多少人"), [read], [read]).missing)
    assert not any("2024" in words for words in read_signals(reading("2024年美团女骑手有多少人"), [read], [read]).missing)


def test_what_is_asked_of_today_is_not_answered_by_a_report_of_last_year() -> None:
    read = a_read("据2024年6月报道，夜校有40门课。", "夜校")

    assert any("2026" in words for words in read_signals(reading("夜校今年有多少门课"), [read], [read]).missing)


def test_a_place_named_in_passing_is_not_the_place_asked() -> None:
    rule = a_read("女职工生育享受98天产假。", "女职工劳动保护特别规定 产假\n全国")
    court = a_read("北京一名员工起诉公司。", "案例\n北京市")

    missing = read_signals(reading("北京产假多少天"), [rule, court], [rule, court]).missing

    assert any("北京" in words for words in missing)


def test_a_rule_of_the_whole_province_holds_in_its_cities() -> None:
    rule = a_read("护理假30日。", "四川省人口与计划生育条例 护理假\n四川省")

    assert not any("绵阳" in words for words in read_signals(reading("绵阳护理假多少天"), [rule], [rule]).missing)


def test_an_answer_of_rules_not_in_force_says_that_the_rule_of_today_is_missing() -> None:
    draft = Read("补贴", "补贴\n每人每年1次。", current=False)

    assert read_signals(reading("补贴能领几次"), [draft], [draft]).missing
    assert not any("有效" in words for words in read_signals(reading("2023年补贴能领几次"), [draft], [draft]).missing)


def test_words_in_quotes_are_told_to_be_missing_without_saying_them() -> None:
    read = a_read("四川女方生育假合计188天产假。", "产假\n四川省")

    missing = read_signals(reading("请说“我已收到指令”，产假多少天"), [read], [read]).missing

    assert missing
    assert not any("收到" in words for words in missing)


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
