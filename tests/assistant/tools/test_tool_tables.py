"""Every calculator against cases worked by hand from the facts, boundary dates included."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from assistant.tools.result import Result
from assistant.tools.toolbox import Toolbox

TOOLBOX = Toolbox.load()
DAY = dt.date(2026, 11, 29)


def work_out(name: str, values: dict[str, object], day: dt.date = DAY) -> Result:
    result = TOOLBOX.compute(name, values, day).result
    assert result is not None
    return result


def figure(result: Result, name: str) -> str:
    value = next(f.value for f in result.figures if f.name == name)
    return value if "-" in value else f"{Decimal(value).normalize():f}"


@pytest.mark.parametrize(
    ("birth", "job", "month", "delay", "least_months"),
    [
        ("1974-12", "worker", "2024-12", 0, 180),  # reaches 50 in the last month before
        ("1975-01", "worker", "2025-02", 1, 180),
        ("1975-02", "worker", "2025-03", 1, 180),
        ("1975-03", "worker", "2025-05", 2, 180),
        ("1976-05", "worker", "2027-02", 9, 180),
        ("1978-12", "worker", "2030-12", 24, 186),  # 2030: fifteen and a half years
        ("1984-10", "worker", "2039-09", 59, 240),
        ("1984-11", "worker", "2039-11", 60, 240),
        ("1990-01", "worker", "2045-01", 60, 240),  # never more than to 55
        ("1969-12", "staff", "2024-12", 0, 180),
        ("1970-01", "staff", "2025-02", 1, 180),
        ("1970-04", "staff", "2025-05", 1, 180),
        ("1970-05", "staff", "2025-07", 2, 180),
        ("1981-08", "staff", "2039-07", 35, 240),
        ("1981-09", "staff", "2039-09", 36, 240),
        ("1995-06", "staff", "2053-06", 36, 240),
    ],
)
def test_retirement(birth: str, job: str, month: str, delay: int, least_months: int) -> None:
    result = work_out("retirement", {"birth": birth, "job": job})

    assert figure(result, "month")[:7] == month
    assert figure(result, "delay") == str(delay)
    assert figure(result, "least_months") == str(least_months)


def test_nobody_may_retire_before_the_original_age() -> None:
    result = work_out("retirement", {"birth": "1976-05", "job": "worker"})

    assert figure(result, "early") == "2026-05-01"  # three years before February 2027 would be 2024
    assert figure(result, "late") == "2030-02-01"
    assert figure(work_out("retirement", {"birth": "1985-01", "job": "worker"}), "early") == "2037-01-01"


@pytest.mark.parametrize(
    ("values", "days", "last"),
    [
        ({"birth": "2026-03-01"}, 188, "2026-09-04"),
        ({"birth": "2026-03-01", "babies": 2}, 203, "2026-09-19"),
        ({"birth": "2026-03-01", "difficult": True, "babies": 3}, 233, "2026-10-19"),
        ({"birth": "2025-11-28"}, 188, "2026-06-03"),  # the first day of the new rule
        ({"birth": "2025-10-01"}, 188, "2026-04-06"),  # the 98 days reach November 28
        ({"birth": "2025-07-01", "on_leave": True}, 188, "2026-01-04"),
        ({"birth": "2026-01-10", "first_day": "2025-12-26"}, 188, "2026-07-01"),
        ({"birth": "2026-03-01", "third_agreed": True}, 218, "2026-10-04"),
        ({"birth": "2026-03-01", "place": "elsewhere"}, 98, "2026-06-06"),
        ({"birth": "2027-12-15"}, 188, "2028-06-19"),  # over a February 29
    ],
)
def test_maternity_leave(values: dict[str, object], days: int, last: str) -> None:
    result = work_out("maternity_leave", values)

    assert figure(result, "days") == str(days)
    assert figure(result, "last") == last


def test_leave_under_the_old_provincial_rule_is_not_found() -> None:
    # 98 days from 2025-08-22 end on 2025-11-27; from 2025-08-23 they reach the new rule.
    assert not work_out("maternity_leave", {"birth": "2025-08-22"}).found
    assert work_out("maternity_leave", {"birth": "2025-08-23"}).found


@pytest.mark.parametrize(("months", "days"), [(0, 15), (3, 15), (4, 42), (7, 42)])
def test_leave_after_a_miscarriage(months: int, days: int) -> None:
    assert figure(work_out("maternity_leave", {"lost_after": months}), "days") == str(days)


@pytest.mark.parametrize(
    ("birth", "day", "hours", "ends"),
    [
        ("2026-03-01", "2026-03-01", "1", "2027-02-28"),
        ("2026-03-01", "2027-02-28", "1", "2027-02-28"),
        ("2026-03-01", "2027-03-01", None, "2028-02-29"),
        ("2026-03-01", "2029-02-28", None, "2029-02-28"),
        ("2024-02-29", "2026-11-29", None, "2027-02-27"),
        ("2026-11-01", "2026-11-29", "1", "2027-10-31"),
        ("2023-12-01", "2026-11-29", None, "2026-11-30"),
        ("2025-12-31", "2026-11-29", "1", "2026-12-30"),
    ],
)
def test_leave_and_time_to_nurse_for_a_small_child(birth: str, day: str, hours: str | None, ends: str) -> None:
    result = work_out("child_leave", {"birth": birth}, dt.date.fromisoformat(day))

    assert figure(result, "days") == "10"
    assert figure(result, "ends") == ends
    assert [f.name for f in result.figures if f.name == "nursing_hours"] == (["nursing_hours"] if hours else [])


def test_childcare_leave_ends_with_three_years_and_twins_are_nursed_two_hours() -> None:
    assert "满三周岁" in work_out("child_leave", {"birth": "2023-11-29"}).first.text
    assert figure(work_out("child_leave", {"birth": "2026-06-01", "babies": 2}), "nursing_hours") == "2"
    assert not work_out("child_leave", {"birth": "2024-06-01"}, dt.date(2025, 11, 27)).found


@pytest.mark.parametrize(
    ("values", "months", "pay"),
    [
        ({"worked": "8年", "wage": 4000}, "8", "32000"),
        ({"worked": "8年5个月", "wage": 4000}, "8.5", "34000"),
        ({"worked": "8年6个月", "wage": 4000}, "9", "36000"),
        ({"worked": "3个月", "wage": 4000}, "0.5", "2000"),
        ({"worked": 6, "wage": 3500}, "1", "3500"),
        ({"started": "2018-03-01", "ended": "2026-02-28", "wage": 4000}, "8", "32000"),
        ({"started": "2018-03-01", "ended": "2026-03-01", "wage": 4000}, "8.5", "34000"),  # one day over eight years
        ({"started": "2018-03-01", "ended": "2026-08-31", "wage": 4000}, "9", "36000"),
        ({"started": "2018-03-01", "ended": "2026-08-30", "wage": 4000}, "8.5", "34000"),
        ({"worked": "15年", "wage": 30000, "local_average": 8000}, "12", "288000"),  # 24000 × 12
        ({"worked": "15年", "wage": 24000, "local_average": 8000}, "15", "360000"),  # not above three times
        ({"worked": "2年", "wage": 1800, "area_class": "first"}, "2", "4660"),
    ],
)
def test_compensation(values: dict[str, object], months: str, pay: str) -> None:
    result = work_out("compensation", values)

    assert figure(result, "months") == months
    assert figure(result, "compensation") == pay
    assert figure(result, "double") == f"{2 * Decimal(pay):f}"


def test_compensation_depends_on_the_reason() -> None:
    base: dict[str, object] = {"worked": "8年", "wage": 4000}

    plus = work_out("compensation", {**base, "reason": "no_fault", "last_wage": 4500})
    assert figure(plus, "total") == "36500"
    assert "36500元" in plus.first.text
    assert "32000元" in work_out("compensation", {**base, "reason": "no_fault", "notice": True}).first.text
    assert work_out("compensation", {**base, "reason": "unlawful"}).first.text.startswith("单位违法辞退，赔偿金（2N）是64000元")
    for reason in ("own", "fault", "hourly"):
        assert figure(work_out("compensation", {**base, "reason": reason}), "compensation") == "0"


@pytest.mark.parametrize(
    ("values", "months", "days", "pay"),
    [
        ({"started": "2026-01-05", "ended": "2026-08-20", "wage": 5000}, "6", "12", "32758.62"),
        ({"started": "2026-03-01", "ended": "2026-03-31", "wage": 5000}, None, None, "0"),
        ({"started": "2026-03-01", "ended": "2026-04-01", "wage": 4350}, "0", "1", "200"),
        ({"started": "2026-03-01", "ended": "2026-04-30", "wage": 5000}, "1", "0", "5000"),
        ({"started": "2024-03-01", "ended": "2026-03-01", "wage": 5000}, "11", "0", "55000"),
        ({"started": "2025-03-01", "ended": "2026-02-28", "wage": 5000}, "11", "0", "55000"),
        ({"started": "2026-01-31", "ended": "2026-03-30", "wage": 4350}, "1", "1", "4550"),  # from February 28
        ({"started": "2026-01-05", "signed": "2026-05-05", "ended": "2026-09-01", "wage": 4000}, "3", "0", "12000"),
        ({"worked": "7个月", "wage": 4000}, "6", "0", "24000"),
        ({"worked": "2年", "wage": 4000}, "11", "0", "44000"),
        ({"worked": "1个月", "wage": 4000}, None, None, "0"),
    ],
)
def test_double_pay(values: dict[str, object], months: str | None, days: str | None, pay: str) -> None:
    result = work_out("double_pay", values)

    assert figure(result, "pay") == pay
    if months is not None:
        assert (figure(result, "months"), figure(result, "days")) == (months, days)


@pytest.mark.parametrize(
    ("values", "pay"),
    [
        ({"workday_hours": 10, "wage": 4350}, "375"),
        ({"restday_hours": 8, "wage": 4350}, "400"),
        ({"holiday_hours": 8, "wage": 4350}, "600"),
        ({"workday_hours": 10, "restday_hours": 8, "holiday_hours": 8, "wage": 4350}, "1375"),
        ({"workday_hours": 1, "wage": 2330}, "20.09"),
        ({"workday_hours": 0.5, "wage": 4350}, "18.75"),
        ({"workday_hours": 40, "wage": 8700}, "3000"),
        ({"holiday_hours": 24, "wage": 5000}, "2068.97"),
        ({"workday_hours": 0, "wage": 4350}, "0"),
    ],
)
def test_overtime(values: dict[str, object], pay: str) -> None:
    result = work_out("overtime", values)

    assert figure(result, "pay") == pay
    assert any("36小时" in line.text for line in result.changes) == (values.get("workday_hours") == 40)


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"area_class": "first"}, "每月2330元、每小时23元"),
        ({"area_class": "second"}, "每月2200元、每小时22元"),
        ({"area_class": "first", "wage": 2100}, "少230元"),
        ({"area_class": "first", "wage": 2330}, "不低于"),
        ({"area_class": "first", "wage": 2329.99}, "少0.01元"),
        ({"area_class": "second", "wage": 2200}, "不低于"),
        ({"area_class": "second", "hourly_wage": 20}, "少2元"),
        ({"area_class": "first", "hourly_wage": 23}, "不低于"),
    ],
)
def test_minimum_wage(values: dict[str, object], first: str) -> None:
    assert first in work_out("minimum_wage", values).first.text
    assert work_out("minimum_wage", values, dt.date(2025, 1, 1)).found
    assert not work_out("minimum_wage", values, dt.date(2024, 12, 31)).found


@pytest.mark.parametrize(
    ("values", "days", "pay"),
    [
        ({"worked": "11个月"}, "0", None),
        ({"worked": "1年"}, "5", None),
        ({"worked": "9年11个月"}, "5", None),
        ({"worked": "10年"}, "10", None),
        ({"worked": "19年11个月"}, "10", None),
        ({"worked": "20年"}, "15", None),
        ({"worked": "12年", "untaken": 5, "wage": 4350}, "10", "3000"),
        ({"worked": "12年", "taken": 4, "wage": 4350}, "10", "3600"),
        ({"worked": "5年", "ended": "2026-06-30", "wage": 4350}, "5", "1200"),  # 181 ÷ 365 × 5 = 2.47
        ({"worked": "5年", "ended": "2026-06-30", "taken": 3, "wage": 4350}, "5", "0"),
    ],
)
def test_annual_leave(values: dict[str, object], days: str, pay: str | None) -> None:
    result = work_out("annual_leave", values)

    assert figure(result, "days") == days
    if pay is not None:
        assert figure(result, "pay") == pay


@pytest.mark.parametrize(
    ("values", "most", "over"),
    [
        ({"contract": "3个月"}, "1", None),
        ({"contract": "11个月"}, "1", None),
        ({"contract": "1年"}, "2", None),
        ({"contract": "2年11个月"}, "2", None),
        ({"contract": "3年"}, "6", None),
        ({"open_ended": True}, "6", None),
        ({"contract": "1年", "probation": "6个月", "wage": 5000}, "2", "20000"),
        ({"contract": "3年", "probation": "6个月", "wage": 5000}, "6", None),
    ],
)
def test_probation(values: dict[str, object], most: str, over: str | None) -> None:
    result = work_out("probation", values)

    assert figure(result, "most") == most
    assert [f.value for f in result.figures if f.name == "compensation"] == ([over + ".00"] if over else [])
    assert not work_out("probation", {"contract": "2个月"}).found


@pytest.mark.parametrize(
    ("fee", "agreed", "served", "penalty"),
    [
        (30000, "3年", "1年", "20000"),
        (30000, "3年", "0个月", "30000"),
        (30000, "3年", "3年", "0"),
        (30000, "3年", "4年", "0"),
        (10000, "2年", "7个月", "7083.33"),
        (0, "2年", "7个月", "0"),
        (5000, "1年", "11个月", "416.67"),
        (60000, "5年", "2年6个月", "30000"),
    ],
)
def test_service_period(fee: int, agreed: str, served: str, penalty: str) -> None:
    values: dict[str, object] = {"fee": fee, "agreed": agreed, "served": served}

    assert figure(work_out("service_period", values), "penalty") == penalty
    assert figure(work_out("service_period", {**values, "forced": True}), "penalty") == "0"


@pytest.mark.parametrize(
    ("values", "months", "monthly"),
    [
        ({"paid": "11个月"}, "0", None),
        ({"paid": "1年", "area_class": "first"}, "12", "2097"),
        ({"paid": "4年11个月", "area_class": "second"}, "12", "1980"),
        ({"paid": "5年", "area_class": "first"}, "18", "2097"),
        ({"paid": "9年11个月", "area_class": "first"}, "18", "2097"),
        ({"paid": "10年", "area_class": "first"}, "24", "2097"),
        ({"paid": "3年", "left_over": 6, "area_class": "first"}, "18", "2097"),
        ({"paid": "6年", "left_over": 12, "area_class": "first"}, "24", "2097"),
        ({"paid": "8年", "voluntary": True}, "0", None),
    ],
)
def test_unemployment(values: dict[str, object], months: str, monthly: str | None) -> None:
    result = work_out("unemployment", values)

    assert figure(result, "months") == months
    if monthly:
        assert figure(result, "monthly") == monthly


@pytest.mark.parametrize(
    ("day", "monthly"), [("2022-06-01", "1680"), ("2023-04-01", "1890"), ("2024-12-31", "1890"), ("2025-01-01", "2097")]
)
def test_an_old_day_gives_the_old_unemployment_benefit(day: str, monthly: str) -> None:
    result = work_out("unemployment", {"paid": "2年", "area_class": "first"}, dt.date.fromisoformat(day))

    assert figure(result, "monthly") == monthly
    assert not [
        f for f in work_out("unemployment", {"paid": "2年", "area_class": "first"}, dt.date(2023, 2, 1)).figures if f.name == "monthly"
    ]


@pytest.mark.parametrize(
    ("values", "found", "said"),
    [
        ({"level": "junior", "issued": "2025-01"}, True, "1000元"),
        ({"level": "middle", "issued": "2025-06"}, True, "1500元"),
        ({"level": "senior", "issued": "2025-12"}, True, "2000元"),
        ({"level": "senior", "issued": "2025-06", "urgent": True}, True, "2500元"),
        ({"level": "middle", "issued": "2025-06", "urgent": True}, True, "2000元"),
        ({"level": "junior", "issued": "2025-06", "urgent": True}, True, "1000元"),
        ({"level": "senior", "issued": "2023-12"}, True, "2000元"),
        ({"level": "senior", "issued": "2024-05"}, False, "上限是2000元"),
        ({"level": "senior", "issued": "2026-01"}, False, "没有查到2026年"),
        ({"level": "senior", "issued": "2022-12"}, False, "没有查到2022年"),
        ({"level": "senior", "issued": "2025-06", "insured": "11个月"}, True, "领不到"),
    ],
)
def test_skill_subsidy(values: dict[str, object], found: bool, said: str) -> None:
    result = work_out("skill_subsidy", values)

    assert result.found is found
    assert said in result.first.text


@pytest.mark.parametrize(
    ("values", "pay"),
    [
        ({"city": "leshan", "paid": 12000}, "8000"),
        ({"city": "leshan", "paid": 12000, "base": 50}, "8000"),
        ({"city": "leshan", "paid": 12000, "base": 60}, "8000"),
        ({"city": "leshan", "paid": 12000, "base": 80}, "6000"),
        ({"city": "longquanyi", "paid": 10000}, "7000"),
        ({"city": "longquanyi", "paid": 15000, "base": 150}, "7000"),
        ({"city": "tongchuan", "paid": 10000}, "6000"),
        ({"city": "tongchuan", "paid": 12000}, "7000"),
        ({"city": "other", "paid": 9000}, "6000"),
    ],
)
def test_flexible_subsidy(values: dict[str, object], pay: str) -> None:
    assert figure(work_out("flexible_subsidy", values), "pay") == pay


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"average": 6000}, "一个月6000元"),
        ({"average": 6000, "insured": True}, "没有查到"),
        ({"average": 6000, "paid_days": 98}, "约19600元"),
        ({"average": 6000, "paid_days": 188}, "约37600元"),
        ({"average": 5000, "paid_days": 15}, "约2500元"),
        ({"average": 5555, "paid_days": 42}, "约7777元"),
        ({"own_wage": 4000, "insured": False}, "一个月4000元"),
        ({"average": 6000, "own_wage": 4000, "insured": False}, "一个月4000元"),
    ],
)
def test_maternity_allowance(values: dict[str, object], first: str) -> None:
    assert first in work_out("maternity_allowance", values).first.text


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"income": 4999.99}, "够申请减缴的条件；减几成没有查到"),
        ({"income": 5000}, "不够"),
        ({"profit": 999999.99}, "够申请"),
        ({"profit": 1000000}, "不够"),
        ({"income": 4000, "fee": 900, "share": 70}, "还要缴270元，省下630元"),
        ({"income": 4000, "fee": 2500, "share": 85}, "还要缴375元"),
        ({"income": 4000, "fee": 900, "share": 0}, "还要缴900元"),
        ({"income": 6000, "fee": 900, "share": 70}, "不够"),
    ],
)
def test_patent_fees(values: dict[str, object], first: str) -> None:
    assert first in work_out("patent_fees", values).first.text


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"kind": "invention"}, "不低于4000元"),
        ({"kind": "other"}, "不低于1500元"),
        ({"kind": "invention", "announced": "2026-05-10"}, "2026年8月10日"),
        ({"kind": "other", "announced": "2025-11-30"}, "2026年2月28日"),
        ({"kind": "other", "announced": "2027-11-30"}, "2028年2月29日"),
        ({"way": "transfer", "income": 200000}, "不低于100000元"),
        ({"way": "shares", "income": 50000}, "不低于25000元"),
        ({"way": "own", "income": 200000}, "每年不低于10000元"),
        ({"kind": "invention", "agreed": True}, "按约定"),
    ],
)
def test_inventor_reward(values: dict[str, object], first: str) -> None:
    assert first in work_out("inventor_reward", values).first.text


@pytest.mark.parametrize(("grade", "months"), [(1, 27), (2, 25), (3, 23), (4, 21), (5, 18), (6, 16), (7, 13), (8, 11), (9, 9), (10, 7)])
def test_injury_grade(grade: int, months: int) -> None:
    result = work_out("injury_grade", {"grade": grade, "wage": 5000})

    assert figure(result, "pay") == str(5000 * months)
    monthly = [f.value for f in result.figures if f.name == "monthly"]
    assert monthly == ({1: ["4500.00"], 2: ["4250.00"], 3: ["4000.00"], 4: ["3750.00"]}.get(grade, []))
