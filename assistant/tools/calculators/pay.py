"""Pay and leave at work: overtime, minimum wage, annual leave."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assistant.tools.calculators.reading import day_of, decimal_of, months_of
from assistant.tools.result import Result, Worksheet
from assistant.tools.values import cents, date_words, duration, plain, yuan

CLASSES = {"first": "四川一档县区", "second": "四川二档县区"}


def overtime(sheet: Worksheet) -> Result:
    """Overtime pay for hours on working days, rest days and public holidays."""
    wage = decimal_of(sheet, "wage")
    hourly = wage / sheet.fixed("days_a_month") / sheet.fixed("hours_a_day")
    sheet.step("hourly", wage=yuan(wage), hourly=yuan(hourly))
    total, hours = Decimal(0), Decimal(0)
    for kind in ("workday", "restday", "holiday"):
        given = decimal_of(sheet, f"{kind}_hours")
        if given:
            pay = cents(hourly * given * sheet.fixed(f"{kind}_rate"))
            sheet.step(kind, hourly=yuan(hourly), hours=plain(given), pay=yuan(pay))
            sheet.figure(kind, f"{sheet.rule.inputs[f'{kind}_hours'].label}", pay, "元")
            total, hours = total + pay, hours + given
    sheet.assume("wage_kind")
    sheet.assume("standard_hours")
    sheet.change("if_rest")
    sheet.change("if_piece")
    if hours > sheet.fixed("most_hours"):
        sheet.change("if_too_long")
    sheet.figure("pay", "加班费", total, "元")
    return sheet.done("first", pay=yuan(total))


def minimum_wage(sheet: Worksheet) -> Result:
    """The minimum wage of a class of Sichuan, and how far a wage is below it."""
    key = str(sheet.given["area_class"])
    monthly, hourly = sheet.constant("monthly", key), sheet.constant("hourly", key)
    if monthly is None or hourly is None:
        return sheet.done("first_unknown", found=False)
    sheet.step("counted")
    for change in ("if_board", "if_probation", "if_sick"):
        sheet.change(change)
    sheet.unknown("classes")
    sheet.unknown("newer", day=date_words(sheet.begins("monthly")))
    sheet.figure("monthly", "每月", monthly, "元")
    sheet.figure("hourly", "每小时", hourly, "元")
    label = CLASSES[key]
    given = [(name, floor) for name, floor in (("wage", monthly), ("hourly_wage", hourly)) if name in sheet.given]
    if not given:
        return sheet.done("first", label=label, monthly=yuan(monthly), hourly=yuan(hourly))
    name, floor = given[0]
    wage = decimal_of(sheet, name)
    if wage >= floor:
        return sheet.done("first_enough", label=label, floor=yuan(floor))
    sheet.step("compared", wage=yuan(floor), floor=yuan(wage), difference=yuan(floor - wage))
    sheet.figure("gap", "差额", floor - wage, "元")
    return sheet.done("first_short", label=label, floor=yuan(floor), gap=yuan(floor - wage))


def annual_leave(sheet: Worksheet) -> Result:
    """Days of annual leave by time worked, and the pay for days not taken."""
    worked = months_of(sheet, "worked")
    years = worked // 12
    sheet.step("year")
    for change in ("if_joined", "if_holidays", "if_refused", "if_maternity"):
        sheet.change(change)
    if years < sheet.fixed("from_months"):
        sheet.figure("days", "年假", 0, "天")
        return sheet.done("first_none")
    days = int(sheet.fixed("days", sheet.band("band_years", years)))
    sheet.step("days", worked=duration(worked))
    sheet.assume("whole")
    sheet.figure("days", "年假", days, "天")
    untaken = _untaken(sheet, days)
    if untaken is None or "wage" not in sheet.given:
        return sheet.done("first", days=days)
    wage = decimal_of(sheet, "wage")
    daily = wage / sheet.fixed("days_a_month")
    pay, paid = cents(daily * sheet.fixed("rate") * untaken), cents(daily * untaken)
    sheet.step("pay", wage=yuan(wage), days=plain(untaken), pay=yuan(pay))
    sheet.step("own", paid=yuan(paid), rest=yuan(pay - paid))
    sheet.figure("pay", "没休的年假工资", pay, "元")
    sheet.figure("rest", "还差", pay - paid, "元")
    return sheet.done("first_pay", days=plain(untaken), pay=yuan(pay))


def _untaken(sheet: Worksheet, days: int) -> Decimal | None:
    """Days that were not taken; None where neither they nor a day of leaving were given."""
    if "untaken" in sheet.given:
        return min(decimal_of(sheet, "untaken"), Decimal(days))
    taken = decimal_of(sheet, "taken")
    if "ended" in sheet.given:
        ended = day_of(sheet, "ended")
        passed, length = ended.timetuple().tm_yday, dt.date(ended.year, 12, 31).timetuple().tm_yday
        share = Decimal(passed * days) / length
        left = max(Decimal(0), int(share) - taken)
        sheet.assume("length", length=length)
        sheet.step(
            "prorated",
            day=date_words(ended),
            passed=passed,
            length=length,
            days=days,
            share=plain(cents(share)),
            taken=plain(taken),
            left=plain(left),
        )
        return left
    return max(Decimal(0), days - taken) if "taken" in sheet.given else None


def injury_grade(sheet: Worksheet) -> Result:
    """The single payment for a grade of disability, and the monthly one for the four heaviest."""
    grade, wage = str(months_of(sheet, "grade")), decimal_of(sheet, "wage")
    months = sheet.fixed("months", grade)
    pay = cents(wage * months)
    sheet.step("months", wage=yuan(wage), months=plain(months), pay=yuan(pay))
    sheet.figure("pay", "一次性伤残补助金", pay, "元")
    sheet.assume("own_wage")
    for change in ("if_uninsured", "if_base", "if_other"):
        sheet.change(change)
    share = sheet.constant("monthly", grade)
    if share is None:
        sheet.step("more")
        sheet.unknown("more_unknown")
        return sheet.done("first", grade=grade, months=plain(months), pay=yuan(pay))
    monthly = cents(wage * share)
    sheet.step("monthly", wage=yuan(wage), share=f"{plain(share * 100)}%", monthly=yuan(monthly))
    sheet.figure("monthly", "每月伤残津贴", monthly, "元")
    return sheet.done("first_monthly", grade=grade, pay=yuan(pay), monthly=yuan(monthly))
