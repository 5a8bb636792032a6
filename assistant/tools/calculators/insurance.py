"""Social insurance: retirement, unemployment benefit, the subsidy for those who insure themselves."""

from __future__ import annotations

from decimal import Decimal

from assistant.tools.calculators.reading import day_of, decimal_of, flag_of, months_of
from assistant.tools.result import Result, Worksheet
from assistant.tools.values import add_months, cents, duration, month_words, plain, yuan


def retirement(sheet: Worksheet) -> Result:
    """The month of retirement, the earliest and latest by choice, and the least years of contributions."""
    birth, job = day_of(sheet, "birth"), str(sheet.given["job"])
    original = int(sheet.fixed("original", job))
    reached = add_months(birth, 12 * original)
    delay = _delay(sheet, job, (reached.year, reached.month))
    month = add_months(reached, delay)
    flexible = 12 * int(sheet.fixed("flexible_years"))
    early, late = max(reached, add_months(month, -flexible)), add_months(month, flexible)
    age = _age(12 * original + delay)
    sheet.step("original", original=original, month=month_words(reached))
    sheet.step("delay" if delay else "not_yet", **({"delay": delay} if delay else {}))
    if delay:
        sheet.step("early", early=month_words(early))
        sheet.step("early_notice")
        sheet.step("late", late=month_words(late))
        sheet.figure("early", "最早", early, "date")
        sheet.figure("late", "最晚", late, "date")
    least = _least_months(sheet, month.year)
    sheet.step("least", year=month.year, least=duration(least))
    sheet.figure("month", "法定退休", month, "date")
    sheet.figure("delay", "延迟", delay, "个月")
    sheet.figure("least_months", "最少缴费", least, "个月")
    sheet.assume("woman")
    sheet.assume("job")
    for change in ("if_special", "if_short", "if_forced"):
        sheet.change(change)
    return sheet.done("first" if delay else "first_same", month=month_words(month), age=age)


def _delay(sheet: Worksheet, job: str, reached: tuple[int, int]) -> int:
    """Months of delay: one more for every so many months from the first, up to the full difference of the ages."""
    begins = next(v.begins for v in sheet.rule.constants["by"] if v.key == job)
    assert begins is not None, "the rule states when the delay begins"
    passed = (reached[0] - begins.year) * 12 + reached[1] - begins.month
    if passed < 0:
        return 0
    most = 12 * int(sheet.fixed("target", job) - sheet.fixed("original", job))
    return min(passed // int(sheet.fixed("every", job)) + 1, most)


def _age(months: int) -> str:
    years, rest = divmod(months, 12)
    return f"{years}岁{rest}个月" if rest else f"{years}岁"


def _least_months(sheet: Worksheet, year: int) -> int:
    steps = max(0, year - int(sheet.fixed("growth_year")) + 1)
    grown = 12 * sheet.fixed("least_years") + steps * sheet.fixed("growth_months")
    return int(min(grown, 12 * sheet.fixed("most_years")))


def unemployment(sheet: Worksheet) -> Result:
    """Months of unemployment benefit by contributions, and the amount by class of Sichuan's minimum wage."""
    paid = months_of(sheet, "paid")
    for change in ("if_voluntary", "if_retiring", "if_working", "if_apply"):
        sheet.change(change)
    if flag_of(sheet, "voluntary"):
        sheet.step("voluntary")
        sheet.figure("months", "最多", 0, "个月")
        return sheet.done("first_voluntary")
    years = paid // 12
    if years < sheet.fixed("from_months"):
        sheet.step("short")
        sheet.step("kept")
        sheet.figure("months", "最多", 0, "个月")
        return sheet.done("first_short")
    months = int(sheet.fixed("months", sheet.band("band_years", years)))
    sheet.step("months", paid=duration(paid))
    if left := months_of(sheet, "left_over"):
        months = min(months + left, int(sheet.fixed("most_months")))
        sheet.step("left_over", left=left)
    sheet.assume("conditions")
    sheet.figure("months", "最多", months, "个月")
    return _amount(sheet, months)


def _amount(sheet: Worksheet, months: int) -> Result:
    amounts = {key: _monthly(sheet, key) for key in ("first", "second")}
    first, second = amounts["first"], amounts["second"]
    if first is None or second is None:
        sheet.unknown("other_region")
        return sheet.done("first", months=months)
    key = str(sheet.given.get("area_class", ""))
    if sheet.constant("share") is not None:
        for shown in (key,) if key else ("first", "second"):
            sheet.step("share", wage=yuan(sheet.fixed("minimum_wage", shown)), pay=yuan(amounts[shown] or Decimal(0)))
        sheet.unknown("newer")
    else:
        sheet.step("stated", first=yuan(first), second=yuan(second))
    if key:
        pay = amounts[key] or Decimal(0)
        sheet.figure("monthly", "每月", pay, "元")
        return sheet.done("first_pay", months=months, pay=yuan(pay))
    sheet.unknown("classes")
    sheet.figure("monthly_first", "一档每月", first, "元")
    sheet.figure("monthly_second", "二档每月", second, "元")
    return sheet.done("first_classes", months=months, first=yuan(first), second=yuan(second))


def _monthly(sheet: Worksheet, key: str) -> Decimal | None:
    share, wage = sheet.constant("share"), sheet.constant("minimum_wage", key)
    if share is not None and wage is not None:
        return cents(share * wage)
    return sheet.constant("stated", key)


_CITIES = {"leshan": "乐山", "longquanyi": "成都龙泉驿", "tongchuan": "达州通川"}


def flexible_subsidy(sheet: Worksheet) -> Result:
    """The yearly subsidy for someone who insures herself, by the rule of the place where she does."""
    city, paid = str(sheet.given["city"]), decimal_of(sheet, "paid")
    sheet.step(city)
    counted = _counted(sheet, city, paid)
    share = sheet.constant("share", city)
    if share is None:
        pay = cents(counted * sheet.fixed("top", city) / sheet.fixed("bottom", city))
        said = f"{plain(sheet.fixed('top', city))}/{plain(sheet.fixed('bottom', city))}"
    else:
        pay, said = cents(counted * share), f"{plain(share * 100)}%"
    sheet.step("share", paid=yuan(counted), share=said, pay=yuan(pay))
    most = sheet.constant("most", city)
    if most is not None and pay > most:
        pay = most
        sheet.step("capped")
    sheet.step("years")
    sheet.assume("difficult")
    sheet.change("if_recognised")
    sheet.figure("pay", "一年", pay, "元")
    if city == "other":
        return sheet.done("first_most", pay=yuan(pay))
    return sheet.done("first", city=_CITIES[city], pay=yuan(pay))


def _counted(sheet: Worksheet, city: str, paid: Decimal) -> Decimal:
    """Contributions that count: reduced to the highest base that the place takes into account."""
    most = sheet.constant("base" if city == "leshan" else "full_base", city)
    if most is None:
        return paid
    if "base" not in sheet.given:
        sheet.assume("no_base")
        return paid
    base = decimal_of(sheet, "base")
    if base <= most:
        return paid
    reduced = cents(paid * most / base)
    sheet.step("based", base=plain(base), full=plain(most), paid=yuan(paid), reduced=yuan(reduced))
    sheet.assume("even")
    return reduced
