"""From what people write to inputs, over several turns; nothing is guessed."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.tools.reading import Reading, best_reading, read_numbers, rules_for
from assistant.tools.toolbox import Toolbox

TOOLBOX = Toolbox.load()
TODAY = dt.date(2026, 11, 29)


def read(name: str, question: str, *earlier: str, asked: str = "") -> Reading:
    return read_numbers(TOOLBOX.rules[name], question, earlier, TODAY, asked)


def first(reading: Reading) -> str:
    result = TOOLBOX.work_out(reading.rule.name, reading.given, TODAY).result
    return result.first.text if result else ""


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("compensation", "干了八年月薪四千，辞退赔多少", "32000元"),
        ("compensation", "厂里欠我8000块，我在这干了3年半，月薪4500，想走能要多少补偿", "18000元"),
        ("compensation", "我2018年3月1日入职，去年12月5号被辞退，工资5500，赔好多", "44000元"),
        ("compensation", "单位无故把我开除，八年工龄，工资五千五", "88000元"),
        ("double_pay", "上班七个月没签合同，工资4500，能要多少", "27000元"),
        ("overtime", "月薪4350，国庆加了3天班，周末加了8小时", "2200元"),
        ("overtime", "月工资4350，每天加班2小时，加了22天", "1650元"),
        ("overtime", "工资4350 平时加班20个小时给多少", "750元"),
        ("retirement", "我76年5月生的，流水线工人，哪年退休", "2027年2月"),
        ("maternity_leave", "2026年3月1日生的双胞胎，产假到好久", "2026年9月19日"),
        ("maternity_leave", "怀孕三个月流产了能休几天", "15天"),
        ("unemployment", "社保交了6年，失业金能领几个月", "18个月"),
        ("annual_leave", "工龄12年，还剩5天没休，月薪4350", "3000元"),
        ("probation", "合同签一年，试用期六个月，转正工资5000", "超了4个月"),
        ("service_period", "培训费3万，服务期3年，干了1年走要赔多少", "20000元"),
        ("skill_subsidy", "2025年考的中级证能补多少", "1500元"),
        ("injury_grade", "评了十级，工资六千，赔多少", "42000元"),
        ("minimum_wage", "一个月才给2000，一档的县", "少330元"),
        ("flexible_subsidy", "乐山，一年交12000，基数80%", "6000元"),
        ("inventor_reward", "专利转让卖了20万，发明人分多少", "100000元"),
    ],
)
def test_a_question_with_its_numbers_is_worked_out(name: str, question: str, said: str) -> None:
    reading = read(name, question)

    assert not reading.missing
    assert reading.has_numbers
    assert said in first(reading)


@pytest.mark.parametrize(
    ("name", "question", "missing"),
    [
        ("compensation", "怀孕三个月被辞退，一个月拿三千八，赔多少", "worked"),
        ("compensation", "干了八年，辞退赔多少", "wage"),
        ("compensation", "干了八年，一天一百五，辞退赔多少", "wage"),  # a day's pay is no month's
        ("compensation", "干了十几年，月薪四千", "worked"),
        ("compensation", "欠我8000块，干了三年", "wage"),
        ("retirement", "1980年11月生，哪年退休", "job"),
        ("retirement", "我76年的，工人岗", "birth"),
        ("overtime", "月薪4350，每天加班2小时", "workday_hours"),  # for how many days?
        ("double_pay", "没签合同，工资4500", "started"),
    ],
)
def test_what_is_missing_or_vague_is_asked_for(name: str, question: str, missing: str) -> None:
    assert [asked.name for asked in read(name, question).missing] == [missing]


def test_a_later_turn_changes_one_number() -> None:
    asked = "干了八年月薪四千，辞退赔多少"

    assert "40000元" in first(read("compensation", "那要是干了十年呢", asked))
    assert "36000元" in first(read("compensation", "要是一个月四千五呢", asked))
    assert "88000元" in first(read("compensation", "干了11年", asked, "单位没理由就赶我走"))


def test_an_entry_date_takes_the_place_of_a_length() -> None:
    reading = read("compensation", "不对，我是2020年3月1日入职的", "干了八年月薪四千")

    assert set(reading.given) == {"started", "wage"}


def test_a_bare_answer_belongs_to_what_was_asked() -> None:
    assert read("compensation", "四千", "我干了五年", asked="wage").given["wage"] == 4000
    assert read("compensation", "380", "我干了五年", asked="wage").given["wage"] == 380
    assert read("retirement", "原来50岁退休（工人岗）", "1980年11月生", asked="job").given["job"] == "worker"
    assert read("injury_grade", "10", "工资六千", asked="grade").given["grade"] == 10
    assert "wage" not in read("compensation", "不晓得", "我干了五年", asked="wage").given


def test_a_value_out_of_bounds_is_not_taken() -> None:
    assert "grade" not in read("injury_grade", "评了十二级，工资六千").given


def test_more_than_eight_years_is_told_as_an_assumption() -> None:
    reading = read("compensation", "干了8年多，月薪4000")
    result = TOOLBOX.work_out("compensation", reading.given, TODAY).result

    assert result is not None
    assert any("8年多" in line.text for line in result.assumptions)
    assert "8.5个月" in result.first.text


def test_documents_lead_to_calculators() -> None:
    assert [rule.name for rule in rules_for(TOOLBOX.rules, "gd-jiabanfei-zenme-suan", ())] == ["overtime"]
    assert [rule.name for rule in rules_for(TOOLBOX.rules, "ldq-somewhere", ("LDH-003",))] == ["probation"]
    assert rules_for(TOOLBOX.rules, "gd-laogong-zheng-da-wo", ()) == []


def test_without_numbers_there_is_nothing_to_work_out() -> None:
    assert best_reading([read("compensation", "被辞退了怎么办")]) is None
    assert best_reading([read("maternity_leave", "四川产假多少天")]) is None
    best = best_reading([read("probation", "合同签一年"), read("compensation", "合同签一年")])
    assert best is not None
    assert best.rule.name == "probation"


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("unemployment", "社保交了6年多，能领几个月失业金"),
        ("annual_leave", "工龄快12年，几天年假"),
        ("service_period", "培训费3万，服务期3年，干了1年多走要赔多少"),
        ("double_pay", "上班半年多没签合同，月薪4000"),
    ],
)
def test_what_is_not_exact_never_stops_a_calculation(name: str, question: str) -> None:
    reading = read(name, question)
    result = TOOLBOX.work_out(name, reading.given, TODAY).result

    assert result is not None
    assert "按实际的年月再算" in result.assumptions[0].text


def test_a_month_of_entry_is_taken_as_its_first_day_and_told() -> None:
    reading = read("compensation", "2019年7月入职到现在，工资6500，该赔几个月")
    result = TOOLBOX.work_out("compensation", reading.given, TODAY).result

    assert result is not None
    assert "7.5个月" in result.first.text
    assert "按2019年7月1日算" in result.assumptions[0].text


def test_this_year_is_a_year_where_a_year_is_enough() -> None:
    assert "没有查到2026年" in first(read("skill_subsidy", "今年考下来的中级证能领多少补贴"))
    assert "1500元" in first(read("skill_subsidy", "去年考下来的中级证能领多少补贴"))
