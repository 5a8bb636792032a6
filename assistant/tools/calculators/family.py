"""Pregnancy, birth and small children: leave, time to nurse, maternity allowance."""

from __future__ import annotations

import datetime as dt

from assistant.tools.calculators.reading import day_of, decimal_of, flag_of, months_of
from assistant.tools.result import Result, Worksheet
from assistant.tools.values import add_months, cents, date_words, plain, yuan

_DAYS_A_MONTH = 30  # by which the result says that it divides; no fact states how allowances are divided


def maternity_leave(sheet: Worksheet) -> Result:
    """Days of leave for a birth or a miscarriage, and its last day where the first is known."""
    if "lost_after" in sheet.given:
        late = months_of(sheet, "lost_after") >= sheet.fixed("late_from")
        days = int(sheet.fixed("lost_late" if late else "lost_early"))
        sheet.step("lost")
        return _until(sheet, days, "first_lost")
    parts = [int(sheet.fixed("national", day=max(_rule_day(sheet), sheet.begins("national"))))]
    sheet.step("national")
    extended = _extension(sheet)
    if extended:
        parts.append(extended)
    parts += _additions(sheet)
    days = sum(parts)
    if len(parts) > 1:
        sheet.step("sum", parts=" + ".join(map(str, parts)), days=days)
    for change in ("if_difficult", "if_third", "if_milk", "if_old"):
        sheet.change(change)
    sichuan = sheet.given.get("place", "sichuan") == "sichuan"
    if not sichuan:
        sheet.unknown("other_unknown")
    elif not extended:
        sheet.unknown("old_unknown")
        sheet.figure("national_days", "国家产假", days, "天")
        return sheet.done("first_national", found=False, days=days)
    else:
        sheet.assume("sichuan")
        sheet.change("if_elsewhere")
    return _until(sheet, days, "first")


def _rule_day(sheet: Worksheet) -> dt.date:
    return day_of(sheet, "birth", day_of(sheet, "first_day", sheet.day))


def _extension(sheet: Worksheet) -> int:
    """Days that the province adds; 0 where it is another province, or a time whose rule was not found."""
    if sheet.given.get("place", "sichuan") != "sichuan":
        return 0
    begins = sheet.begins("extended")
    day = _rule_day(sheet)
    if day < begins:
        first = day_of(sheet, "first_day", day)
        national = int(sheet.fixed("national", day=begins))
        if not flag_of(sheet, "on_leave") and first + dt.timedelta(days=national - 1) < begins:
            return 0
        sheet.step("new_rule")
        day = begins
    sheet.step("extended")
    return int(sheet.fixed("extended", day=day))


def _additions(sheet: Worksheet) -> list[int]:
    parts: list[int] = []
    if flag_of(sheet, "difficult"):
        sheet.step("difficult")
        parts.append(int(sheet.fixed("difficult")))
    more = months_of(sheet, "babies", 1) - 1
    if more > 0:
        parts.append(more * int(sheet.fixed("each_baby")))
        sheet.step("babies", more=more, days=parts[-1])
    third = sheet.constant("third", day=max(_rule_day(sheet), sheet.begins("third")))
    if flag_of(sheet, "third_agreed") and third is not None and sheet.given.get("place", "sichuan") == "sichuan":
        sheet.step("third")
        parts.append(int(third))
    return parts


def _until(sheet: Worksheet, days: int, wording: str) -> Result:
    sheet.figure("days", "天数", days, "天")
    sheet.assume("natural")
    if "first_day" not in sheet.given and "birth" not in sheet.given:
        return sheet.done(wording, days=days)
    first = day_of(sheet, "first_day", sheet.given.get("birth"))  # type: ignore[arg-type]
    if "first_day" not in sheet.given:
        sheet.assume("from_birth")
    last = first + dt.timedelta(days=days - 1)
    sheet.step("last", first=date_words(first), days=days, last=date_words(last))
    sheet.figure("last", "最后一天", last, "date")
    return sheet.done("first_until" if wording == "first" else wording, days=days, last=date_words(last))


def child_leave(sheet: Worksheet) -> Result:
    """Childcare leave of the child's current year, time to nurse, and the father's leave."""
    birth = day_of(sheet, "birth")
    days, years = sheet.constant("leave_days"), sheet.constant("leave_years")
    if days is None or years is None:
        return sheet.done("first_unknown", found=False)
    year = _years_old(birth, sheet.day)
    for step in ("leave", "father", "paid"):
        sheet.step(step)
    sheet.assume("workdays")
    sheet.change("if_weak")
    sheet.change("if_old")
    if year >= years:
        sheet.figure("days", "育儿假", 0, "天")
        return sheet.done("first_over")
    until = add_months(birth, 12 * int(sheet.fixed("nursing_years")))
    if sheet.day < until:
        babies = months_of(sheet, "babies", 1)
        hours = sheet.fixed("nursing_hours", day=max(sheet.day, sheet.begins("nursing_hours"))) + (babies - 1) * sheet.fixed("more_hours")
        sheet.step("nursing", until=date_words(until), hours=plain(hours))
        sheet.step("no_night")
        sheet.figure("nursing_hours", "每天哺乳时间", hours, "小时")
    else:
        sheet.step("nursing_over")
    begins = add_months(birth, 12 * year)
    ends = add_months(birth, 12 * (year + 1)) - dt.timedelta(days=1)
    sheet.figure("days", "育儿假", days, "天")
    sheet.figure("ends", "这一段到", ends, "date")
    return sheet.done("first", begins=date_words(begins), ends=date_words(ends), days=plain(days))


def _years_old(birth: dt.date, day: dt.date) -> int:
    """Whole years of age; 0 before birth."""
    years = day.year - birth.year
    return max(0, years if add_months(birth, 12 * years) <= day else years - 1)


def maternity_allowance(sheet: Worksheet) -> Result:
    """What the allowance is paid by; its total only for days that the user was told."""
    insured = sheet.given.get("insured", True) is True and "average" in sheet.given
    month = decimal_of(sheet, "average") if insured else decimal_of(sheet, "own_wage", decimal_of(sheet, "average"))
    sheet.figure("month", "一个月", month, "元")
    if not insured:
        sheet.step("uninsured")
        return sheet.done("first_uninsured", month=yuan(month))
    sheet.step("base")
    for change in ("if_flexible", "if_kept", "if_wage"):
        sheet.change(change)
    sheet.unknown("days_unknown")
    if "paid_days" not in sheet.given:
        return sheet.done("first", found=False, month=yuan(month))
    days = months_of(sheet, "paid_days")
    pay = cents(month * days / _DAYS_A_MONTH)
    sheet.step("days", average=yuan(month), month_days=_DAYS_A_MONTH, days=days, pay=yuan(pay))
    sheet.assume("thirty")
    sheet.figure("pay", "按天数折算", pay, "元")
    return sheet.done("first_days", days=days, pay=yuan(pay))
