"""Numbers, lengths of time and days as people write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from assistant.tools.mentions import number_of, read_mentions

TODAY = dt.date(2026, 11, 29)


def mentioned(text: str) -> list[tuple[str, str]]:
    return [(m.kind, f"{m.value.normalize():f}" if isinstance(m.value, Decimal) else str(m.value)) for m in read_mentions(text, TODAY)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("4000", 4000),
        ("四千", 4000),
        ("三千八", 3800),
        ("三千八百五", 3850),
        ("一百零五", 105),
        ("一百五", 150),
        ("两万五", 25000),
        ("1万2", 12000),
        ("1.2万", 12000),
        ("5k", 5000),
        ("1w", 10000),
        ("十二", 12),
        ("四五千", None),
        ("几千", None),
        ("十几", None),
    ],
)
def test_numbers(said: str, value: int | None) -> None:
    assert number_of(said) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("干了八年月薪四千", [("months", "96"), ("money", "4000")]),
        ("工资三千八，干了三年半", [("money", "3800"), ("months", "42")]),
        ("工龄十二年零七个月", [("months", "151")]),
        ("半年没签合同", [("months", "6")]),
        ("1万2一个月", [("money", "12000")]),
        ("一个月拿到手三千", [("money", "3000")]),
        ("一百五一天", [("money", "150")]),
        ("12.5元一小时", [("money", "12.5")]),
        ("欠我两个月工资", []),
        ("四五千块", []),
        ("4000到5000", []),
        ("做了十几年", []),
        ("第三年", []),
        ("每年交钱", []),
        ("2026年3月1日生的", [("date", "2026-03-01")]),
        ("去年12月5号", [("date", "2025-12-05")]),
        ("3月5号", [("date", "2026-03-05")]),
        ("昨天", [("date", "2026-11-28")]),
        ("2026-03-01", [("date", "2026-03-01")]),
        ("76年5月生的", [("month", "1976-05-01")]),
        ("18年3月进厂", [("month", "2018-03-01")]),
        ("18年3个月", [("months", "219")]),
        ("1976年的", [("year", "1976")]),
        ("2026年2月30日", []),
        ("每天加班两个小时", [("hours", "2")]),
        ("加了3天班", [("days", "3")]),
        ("十级伤残", [("级", "10")]),
        ("按60%交", [("percent", "60")]),
        ("百分之六十", [("percent", "60")]),
        ("打12345没人接，45岁了", [("money", "12345")]),  # a bare number may be money; only an input that fits takes it
        ("川办发〔2026〕5号", []),
        ("", []),
    ],
)
def test_mentions(text: str, found: list[tuple[str, str]]) -> None:
    assert mentioned(text) == found


def test_what_is_not_exact_is_told() -> None:
    assert [m.exact for m in read_mentions("干了8年多，快三年，整整五年", TODAY)] == [False, False, True]


def test_what_money_is_paid_for_is_told() -> None:
    assert [m.per for m in read_mentions("月薪4000，日薪150，年薪8万，时薪20块", TODAY)] == ["month", "day", "year", "hour"]
