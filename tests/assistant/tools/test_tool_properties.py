"""What holds for every input: nothing falls below zero, more years never give less, the calendar has leap days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tools.result import Result
from assistant.tools.toolbox import Toolbox
from assistant.tools.values import add_months, add_workdays, whole_months, workdays

TOOLBOX = Toolbox.load()
DAY = dt.date(2026, 11, 29)
days = st.dates(dt.date(2008, 1, 1), dt.date(2035, 12, 31))
wages = st.decimals(100, 50_000, places=2)
months = st.integers(1, 480)


def work_out(name: str, **values: object) -> Result:
    result = TOOLBOX.compute(name, values, DAY).result
    assert result is not None
    return result


def figures(result: Result) -> dict[str, Decimal]:
    return {f.name: Decimal(f.value) for f in result.figures if f.unit != "date"}


@settings(deadline=None)
@given(months, months, wages)
def test_more_time_worked_never_gives_less_compensation(one: int, other: int, wage: Decimal) -> None:
    less, more = sorted((one, other))

    assert (
        figures(work_out("compensation", worked=less, wage=wage))["compensation"]
        <= (figures(work_out("compensation", worked=more, wage=wage))["compensation"])
    )


@settings(deadline=None)
@given(days, st.integers(0, 800), wages)
def test_double_pay_stays_between_nothing_and_eleven_months(started: dt.date, later: int, wage: Decimal) -> None:
    result = work_out("double_pay", started=started, ended=started + dt.timedelta(days=later), wage=wage)

    pay = figures(result)["pay"]
    assert 0 <= pay <= wage * 11 + Decimal("0.01")
    assert pay == 0 or later >= 28


@settings(deadline=None)
@given(days, st.integers(0, 800), wages)
def test_a_day_more_without_a_contract_never_gives_less(started: dt.date, later: int, wage: Decimal) -> None:
    def pay(length: int) -> Decimal:
        return figures(work_out("double_pay", started=started, ended=started + dt.timedelta(days=length), wage=wage))["pay"]

    assert pay(later) <= pay(later + 1) + wage / Decimal("10")  # 23 working days at wage ÷ 21.75 may exceed the month that they become


@settings(deadline=None)
@given(st.dates(dt.date(1950, 1, 1), dt.date(2005, 12, 31)), st.sampled_from(["worker", "staff"]))
def test_the_younger_never_retire_earlier(birth: dt.date, job: str) -> None:
    def month(born: dt.date) -> str:
        return next(f.value for f in work_out("retirement", birth=born, job=job).figures if f.name == "month")

    assert month(birth) <= month(add_months(birth, 1))


@settings(deadline=None)
@given(st.integers(0, 480), st.integers(0, 480))
def test_more_contributions_never_give_fewer_months_and_more_work_no_less_leave(one: int, other: int) -> None:
    less, more = sorted((one, other))

    assert figures(work_out("unemployment", paid=less))["months"] <= figures(work_out("unemployment", paid=more))["months"] <= 24
    assert figures(work_out("annual_leave", worked=less))["days"] <= figures(work_out("annual_leave", worked=more))["days"] <= 15


@settings(deadline=None)
@given(st.decimals(0, 1_000_000, places=2), st.integers(1, 120), st.integers(0, 240))
def test_a_penalty_is_never_negative_nor_above_the_fee(fee: Decimal, agreed: int, served: int) -> None:
    assert 0 <= figures(work_out("service_period", fee=fee, agreed=agreed, served=served))["penalty"] <= fee


@settings(deadline=None)
@given(st.dates(dt.date(2025, 11, 28), dt.date(2040, 12, 31)), st.integers(1, 4), st.booleans())
def test_maternity_leave_counts_every_day_of_the_calendar(birth: dt.date, babies: int, difficult: bool) -> None:
    result = work_out("maternity_leave", birth=birth, babies=babies, difficult=difficult)

    last = dt.date.fromisoformat(next(f.value for f in result.figures if f.name == "last"))
    assert (last - birth).days + 1 == figures(result)["days"] == 188 + 15 * (babies - 1) + 15 * difficult


@given(days, st.integers(0, 400))
def test_months_added_are_months_counted(day: dt.date, count: int) -> None:
    later = add_months(day, count)

    assert whole_months(day, later - dt.timedelta(days=1)) == count
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count


@given(days, st.integers(0, 400))
def test_workdays_are_counted_as_they_are_added(day: dt.date, count: int) -> None:
    later = add_workdays(day, count)

    assert workdays(day + dt.timedelta(days=1), later) == count


def test_leap_days_are_days() -> None:
    assert add_months(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)
    assert add_months(dt.date(2027, 2, 28), 12) == dt.date(2028, 2, 28)
    assert whole_months(dt.date(2028, 2, 1), dt.date(2028, 2, 29)) == 1
    assert whole_months(dt.date(2028, 2, 1), dt.date(2028, 2, 28)) == 0
