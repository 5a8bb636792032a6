"""Leaving an employer: compensation, double pay without a contract, probation, a service period's penalty."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assistant.tools.calculators.reading import day_of, decimal_of, flag_of, months_given, months_of
from assistant.tools.result import Result, Worksheet
from assistant.tools.values import add_months, cents, date_words, duration, plain, whole_months, workdays, yuan

A_YEAR = 12


def compensation(sheet: Worksheet) -> Result:
    """N, N+1 and 2N by years worked and wage; 0 for reasons that give none."""
    nothing = {"own": "own_reason", "fault": "fault_reason", "hourly": "hourly_reason"}
    reason = str(sheet.given.get("reason", ""))
    if reason in nothing:
        sheet.step(nothing[reason])
        sheet.change("if_unlawful" if reason != "hourly" else "wage_kind")
        sheet.figure("compensation", "经济补偿", 0, "元")
        return sheet.done(f"first_{reason}")
    months, whole = _time_worked(sheet)
    counted = _months_of_pay(sheet, months, whole)
    wage = _counted_wage(sheet)
    capped, counted = _capped(sheet, wage, counted)
    pay, double = cents(capped * counted), cents(capped * counted * sheet.fixed("unlawful_times"))
    sheet.step("years", worked=duration(months) if whole else f"{duration(months)}多", months=plain(counted))
    sheet.step("amount", wage=yuan(capped), months=plain(counted), pay=yuan(pay))
    sheet.figure("months", "月数", counted, "个月")
    sheet.figure("compensation", "经济补偿（N）", pay, "元")
    sheet.assume("wage_kind")
    sheet.unknown("before_law")
    for change in ("if_unlawful", "if_notice", "if_forced", "if_fault", "if_own"):
        sheet.change(change)
    return _by_reason(sheet, reason, counted, pay, double)


def _by_reason(sheet: Worksheet, reason: str, counted: Decimal, pay: Decimal, double: Decimal) -> Result:
    values = {"months": plain(counted), "pay": yuan(pay), "double": yuan(double)}
    if reason in ("", "unlawful"):
        sheet.step("double", pay=yuan(pay), double=yuan(double))
        sheet.figure("double", "赔偿金（2N）", double, "元")
        return sheet.done("first_unlawful" if reason else "first", values)
    if reason == "no_fault" and not flag_of(sheet, "notice"):
        if "last_wage" not in sheet.given:
            sheet.assume("last_wage_alike")
        notice = cents(decimal_of(sheet, "last_wage", decimal_of(sheet, "wage")) * sheet.fixed("notice_months"))
        sheet.step("plus", pay=yuan(pay), notice=yuan(notice), total=yuan(pay + notice))
        sheet.figure("total", "N+1", pay + notice, "元")
        return sheet.done("first_plus", total=yuan(pay + notice), pay=yuan(pay), notice=yuan(notice))
    return sheet.done("first_plain", values)


def _time_worked(sheet: Worksheet) -> tuple[int, bool]:
    """Months worked, and whether there is nothing over them."""
    if "worked" in sheet.given:
        return months_given(sheet, "worked")
    started = day_of(sheet, "started")
    ended = day_of(sheet, "ended", sheet.day)
    if "ended" not in sheet.given:
        sheet.assume("to_today", day=date_words(ended))
    months = whole_months(started, ended)
    return months, ended < started or add_months(started, months) == ended + dt.timedelta(days=1)


def _months_of_pay(sheet: Worksheet, months: int, whole: bool) -> Decimal:
    years, rest = divmod(months, A_YEAR)
    counted = years * sheet.fixed("months_a_year")
    if rest >= sheet.fixed("year_from_months"):
        return counted + sheet.fixed("months_a_year")
    if rest or not whole:
        return counted + sheet.fixed("months_below_half")
    return counted


def _counted_wage(sheet: Worksheet) -> Decimal:
    wage = decimal_of(sheet, "wage")
    floor = sheet.constant("minimum_wage", str(sheet.given["area_class"])) if "area_class" in sheet.given else None
    if floor is not None and wage < floor:
        sheet.step("floored", wage=yuan(wage), floor=yuan(floor))
        return floor
    return wage


def _capped(sheet: Worksheet, wage: Decimal, counted: Decimal) -> tuple[Decimal, Decimal]:
    if "local_average" not in sheet.given:
        sheet.change("if_cap")
        sheet.unknown("local_average")
        return wage, counted
    most = decimal_of(sheet, "local_average") * sheet.fixed("cap_times")
    if wage <= most:
        return wage, counted
    sheet.step("capped", wage=yuan(wage), capped=yuan(most))
    return most, min(counted, sheet.fixed("cap_years"))


def double_pay(sheet: Worksheet) -> Result:
    """What is still owed of the double pay for work without a written contract."""
    wage = decimal_of(sheet, "wage")
    months, days = _unsigned_by_dates(sheet) if "started" in sheet.given else _unsigned_by_length(sheet)
    for change in ("if_signed", "if_year", "if_refused", "if_extended", "if_late"):
        sheet.change(change)
    sheet.step("begins")
    if not months and not days:
        sheet.figure("pay", "应另付", 0, "元")
        return sheet.done("first_none")
    pay = cents(wage * months)
    sheet.step("months", wage=yuan(wage), months=months, pay=yuan(pay))
    if days:
        rest = cents(wage * days / sheet.fixed("days_a_month"))
        sheet.step("days", wage=yuan(wage), days=days, pay=yuan(rest))
        sheet.assume("weekdays")
        pay += rest
    sheet.assume("half")
    sheet.figure("months", "整月", months, "个月")
    sheet.figure("days", "零头工作日", days, "天")
    sheet.figure("pay", "应另付", pay, "元")
    return sheet.done("first", pay=yuan(pay), span=_span(months, days))


def _unsigned_by_dates(sheet: Worksheet) -> tuple[int, int]:
    started = day_of(sheet, "started")
    first = add_months(started, int(sheet.fixed("grace_months")))
    one_day = dt.timedelta(days=1)
    ends = [add_months(started, A_YEAR) - one_day, day_of(sheet, "ended", sheet.day)]
    if "signed" in sheet.given:
        ends.append(day_of(sheet, "signed") - one_day)
    elif "ended" not in sheet.given:
        sheet.assume("to_today", day=date_words(sheet.day))
    last = min(ends)
    if last < first:
        return 0, 0
    months = min(whole_months(first, last), int(sheet.fixed("most_months")))
    days = workdays(add_months(first, months), last) if months < sheet.fixed("most_months") else 0
    sheet.step("span", first=date_words(first), last=date_words(last), span=_span(months, days))
    return months, days


def _unsigned_by_length(sheet: Worksheet) -> tuple[int, int]:
    worked = months_of(sheet, "worked")
    months = max(0, min(worked - int(sheet.fixed("grace_months")), int(sheet.fixed("most_months"))))
    sheet.step("span_by_length", worked=duration(worked), months=months)
    return months, 0


def _span(months: int, days: int) -> str:
    return "零".join(part for part in (f"{months}个月" if months or not days else "", f"{days}个工作日" if days else "") if part)


def probation(sheet: Worksheet) -> Result:
    """The longest probation of a contract, its least pay, and the compensation for what is over."""
    contract = months_of(sheet, "contract", 0)
    open_ended = flag_of(sheet, "open_ended")
    if not open_ended and contract < sheet.fixed("least_contract"):
        sheet.step("most")
        return sheet.done("first_unknown", found=False)
    key = "long" if open_ended else sheet.band("band_years", contract // A_YEAR)
    most = int(sheet.fixed("most", key))
    over = max(0, months_of(sheet, "probation", 0) - most)
    sheet.step("most")
    sheet.step("once")
    sheet.figure("most", "试用期上限", most, "个月")
    if "wage" in sheet.given:
        wage = decimal_of(sheet, "wage")
        least = cents(wage * sheet.fixed("share"))
        sheet.step("pay", wage=yuan(wage), least=yuan(least))
        sheet.figure("least_pay", "试用期工资不低于", least, "元")
        if over:
            sheet.step("over", wage=yuan(wage), over=over, compensation=yuan(wage * over))
            sheet.assume("served")
            sheet.figure("compensation", "超出部分的赔偿金", cents(wage * over), "元")
    sheet.change("if_hourly")
    sheet.change("if_out")
    if over:
        sheet.figure("over", "超出", over, "个月")
        return sheet.done("first_over", most=most, probation=duration(months_of(sheet, "probation")), over=over)
    return sheet.done("first", most=most)


def service_period(sheet: Worksheet) -> Result:
    """The most that an employer may ask for training it paid when the user leaves within the agreed time."""
    fee, agreed, served = decimal_of(sheet, "fee"), months_of(sheet, "agreed"), months_of(sheet, "served")
    sheet.change("if_other")
    sheet.change("if_treatment")
    if flag_of(sheet, "forced"):
        sheet.step("forced")
        sheet.figure("penalty", "违约金上限", 0, "元")
        return sheet.done("first_forced")
    sheet.change("if_forced")
    left = max(0, agreed - served)
    most = cents(fee * left / agreed)
    sheet.step("share", fee=yuan(fee), left=left, agreed=agreed, most=yuan(most))
    sheet.assume("special")
    sheet.assume("even")
    sheet.figure("penalty", "违约金上限", most, "元")
    return sheet.done("first" if left else "first_served", most=yuan(most))
