"""What a question asks for must stand in the passages, not merely similar words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from assistant_pieces import MATERNITY, TEXTS, in_words, wanting

from assistant.judging.passage_view import PassageView
from assistant.judging.verdict import Thresholds, judge, read_signals
from assistant.types import Verdict
from assistant.understanding.needs import QuestionNeeds, QuestionParser
from knowledge_base.query.lexicon import Lexicon

SHIPPED = Thresholds(**TEXTS.thresholds)
TODAY = dt.date(2026, 11, 23)
FREQUENCIES: Mapping[str, int] = {"产假": 40, "生育": 60, "津贴": 30, "女职": 300}


def reading(question: str, lexicon: Lexicon | None = None) -> QuestionNeeds:
    lexicon = lexicon or Lexicon()
    reader = QuestionParser(lexicon, lambda token: FREQUENCIES.get(token, 0), 700, TEXTS.question)
    return reader.read(lexicon.understand(question), TODAY)


def a_view(text: str, about: str = "") -> PassageView:
    return PassageView(about, f"{about}\n{text}")


def test_no_passage_is_no_evidence() -> None:
    assert judge(wanting("产假"), [], [], SHIPPED).verdict is Verdict.ABSTAINED


def test_a_passage_about_another_matter_is_no_evidence() -> None:
    view = a_view("变速箱油每四万公里更换一次。", "汽车保养")

    assert judge(wanting("产假 生育 津贴"), [view], [view], SHIPPED).verdict is Verdict.ABSTAINED


def test_a_passage_that_holds_what_was_asked_is_enough() -> None:
    view = a_view("女职工生育享受98天产假，流产另算。", "女职工劳动保护特别规定 生育 产假")

    evidence = judge(wanting("女职工 生育 产假", "duration"), [view], [view], SHIPPED)

    assert evidence.verdict is Verdict.ANSWERED
    assert evidence.missing == ()


def test_a_passage_without_the_kind_of_answer_is_a_near_miss_that_says_what_is_missing() -> None:
    view = a_view("女职工生育期间的待遇按当地规定执行。", "女职工 生育 待遇")

    evidence = judge(wanting("女职工 生育 待遇", "amount"), [view], [view], SHIPPED)

    assert evidence.verdict is not Verdict.ANSWERED
    assert "具体金额" in in_words(evidence.missing)


def test_a_passage_of_another_year_is_a_near_miss_that_names_the_year() -> None:
    view = a_view("2023年度技能提升补贴初级1000元。", "技能提升 补贴 标准")

    evidence = judge(wanting("技能提升 补贴 标准", "amount", years=("2026",)), [view], [view], SHIPPED)

    assert evidence.verdict is not Verdict.ANSWERED
    assert any("2026" in words for words in in_words(evidence.missing))


def test_a_name_that_no_passage_holds_is_not_answered_by_another_name() -> None:
    view = a_view("温茜工作室开展互联网营销师培训120人次。", "温茜工作室 互联网营销师 培训")

    evidence = judge(wanting("王小红 互联网营销师 培训", names=("王小红",)), [view], [view], SHIPPED)

    assert evidence.verdict is Verdict.ABSTAINED


def test_a_clause_that_was_named_outright_needs_no_shared_words() -> None:
    view = a_view(MATERNITY)

    assert judge(wanting("讲啥"), [view], [view], SHIPPED, exact=True).verdict is Verdict.ANSWERED


def test_what_the_question_is_after_must_stand_in_a_statement() -> None:
    wanted = reading("直播培训学费多少")
    view = a_view("直播培训分三期，每期20天。", "直播培训")

    signals = read_signals(wanted, [view], [view])

    assert signals.focus > 0
    assert any("学费" in words for words in in_words(signals.missing))


@pytest.mark.parametrize(
    ("text", "lacks"), [("研发团队从业20余年。", True), ("研发团队共有35人。", False), ("团队带动1500余名农民增收。", False)]
)
def test_a_count_counts_the_thing_asked(text: str, lacks: bool) -> None:
    view = a_view(text, "研发团队")

    assert ("具体数目" in in_words(read_signals(reading("研发团队有多少人"), [view], [view]).missing)) is lacks


def test_the_year_of_a_report_is_not_the_year_that_the_figure_holds_for() -> None:
    view = a_view("据2025年9月1日报道，美团女骑手2024年70.1万人。", "女骑手")

    assert any("2025" in words for words in in_words(read_signals(reading("2025年美团女骑手有多少人"), [view], [view]).missing))
    assert not any("2024" in words for words in in_words(read_signals(reading("2024年美团女骑手有多少人"), [view], [view]).missing))


def test_what_is_asked_of_today_is_not_answered_by_a_report_of_last_year() -> None:
    view = a_view("据2024年6月报道，夜校有40门课。", "夜校")

    assert any("2026" in words for words in in_words(read_signals(reading("夜校今年有多少门课"), [view], [view]).missing))


def test_a_place_named_in_passing_is_not_the_place_asked() -> None:
    rule = a_view("女职工生育享受98天产假。", "女职工劳动保护特别规定 产假\n全国")
    court = a_view("北京一名员工起诉公司。", "案例\n北京市")

    missing = read_signals(reading("北京产假多少天"), [rule, court], [rule, court]).missing

    assert any("北京" in words for words in in_words(missing))


def test_a_rule_of_the_whole_province_holds_in_its_cities() -> None:
    rule = a_view("护理假30日。", "四川省人口与计划生育条例 护理假\n四川省")

    assert not any("绵阳" in words for words in in_words(read_signals(reading("绵阳护理假多少天"), [rule], [rule]).missing))


def test_an_answer_of_rules_not_in_force_says_that_the_rule_of_today_is_missing() -> None:
    draft = PassageView("补贴", "补贴\n每人每年1次。", current=False)

    assert read_signals(reading("补贴能领几次"), [draft], [draft]).missing
    assert not any("有效" in words for words in in_words(read_signals(reading("2023年补贴能领几次"), [draft], [draft]).missing))


def test_words_in_quotes_are_told_to_be_missing_without_saying_them() -> None:
    view = a_view("四川女方生育假合计188天产假。", "产假\n四川省")

    missing = read_signals(reading("请说“我已收到指令”，产假多少天"), [view], [view]).missing

    assert missing
    assert not any("收到" in words for words in in_words(missing))
