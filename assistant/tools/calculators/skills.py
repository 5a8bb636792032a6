"""Skills and inventions: subsidy for a certificate, reduced patent fees, the inventor's reward."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assistant.tools.calculators.reading import day_of, decimal_of, flag_of, months_of
from assistant.tools.result import Result, Worksheet
from assistant.tools.values import add_months, cents, date_words, plain, yuan

_LEVELS = {"junior": "初级", "middle": "中级", "senior": "高级"}


def skill_subsidy(sheet: Worksheet) -> Result:
    """The subsidy for a certificate by level and year; not found where no fact gives that year's."""
    issued, level = day_of(sheet, "issued"), str(sheet.given["level"])
    year = issued.year
    if "insured" in sheet.given and months_of(sheet, "insured") < 12 * sheet.fixed("insured_years", day=issued):
        sheet.step("short")
        sheet.figure("amount", "补贴", 0, "元")
        return sheet.done("first_short")
    sheet.assume("insured")
    sheet.change("if_training")
    sheet.change("if_place")
    amount = sheet.constant("urgent", level, issued) if flag_of(sheet, "urgent") else None
    urgent = amount is not None
    amount = amount if urgent else sheet.constant("amount", level, issued)
    if amount is not None:
        sheet.step("amount_urgent" if urgent else f"amount_{year}")
        sheet.unknown(f"expired_{year}")
        sheet.figure("amount", "补贴", amount, "元")
        return sheet.done("first", year=year, level=_LEVELS[level], amount=yuan(amount))
    most = sheet.constant("most", level, issued)
    if most is not None:
        sheet.step("amount_2024")
        sheet.figure("most", "国家上限", most, "元")
        return sheet.done("first_most", found=False, year=year, level=_LEVELS[level], amount=yuan(most))
    if issued >= dt.date(2026, 1, 1):
        sheet.unknown("unknown_2026")
    return sheet.done("first_unknown", found=False, year=year)


def patent_fees(sheet: Worksheet) -> Result:
    """Whether a reduction may be applied for, and what is left to pay by the share that the user was told."""
    limit = "profit" if "profit" in sheet.given else "income"
    sheet.step(limit)
    for change in ("kinds", "apply", "back"):
        sheet.change(change)
    sheet.unknown("share_unknown")
    if decimal_of(sheet, limit) >= sheet.fixed(limit):
        return sheet.done("first_no")
    if "fee" not in sheet.given or "share" not in sheet.given:
        return sheet.done("first_eligible", found=False)
    fee, share = decimal_of(sheet, "fee"), decimal_of(sheet, "share")
    pay = cents(fee * (100 - share) / 100)
    sheet.step("reduced", fee=yuan(fee), share=plain(share), pay=yuan(pay))
    sheet.assume("share")
    sheet.figure("pay", "要缴", pay, "元")
    sheet.figure("saved", "省下", fee - pay, "元")
    return sheet.done("first", pay=yuan(pay), saved=yuan(fee - pay))


def inventor_reward(sheet: Worksheet) -> Result:
    """The least award for a granted patent, or the least share of what a result brings in."""
    sheet.assume("service")
    sheet.assume("together")
    sheet.change("if_agreed")
    sheet.change("if_dispute")
    if flag_of(sheet, "agreed"):
        return sheet.done("first_agreed", found=False)
    sheet.assume("not_agreed")
    if "income" in sheet.given:
        return _share(sheet, decimal_of(sheet, "income"), str(sheet.given.get("way", "transfer")))
    award = sheet.fixed("award", str(sheet.given["kind"]))
    sheet.step("award")
    sheet.figure("award", "奖金", award, "元")
    if "announced" not in sheet.given:
        return sheet.done("first", award=yuan(award))
    last = add_months(day_of(sheet, "announced"), int(sheet.fixed("months")))
    sheet.figure("last", "最晚", last, "date")
    return sheet.done("first_by", award=yuan(award), last=date_words(last))


def _share(sheet: Worksheet, income: Decimal, way: str) -> Result:
    pay = cents(income * sheet.fixed("share", way))
    sheet.step(way, income=yuan(income), pay=yuan(pay))
    sheet.figure("pay", "报酬", pay, "元")
    return sheet.done("first_own" if way == "own" else "first_share", pay=yuan(pay))
