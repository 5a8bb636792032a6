"""Standing of a policy on a date and in a region."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.types import Document, Kind, Status
from knowledge_base.validity import applies_in, first_day, is_date, last_day, status_of, today


def policy(status: str = "现行", region: str = "全国", effective: str = "", expires: str = "") -> Document:
    return Document("p.1", "p", Kind.POLICY, "某规定", "正文", status=status, region=region, effective=effective, expires=expires)


def on(date: str) -> dt.date:
    return dt.date.fromisoformat(date)


@pytest.mark.parametrize(
    ("effective", "expires", "date", "status"),
    [
        ("2012-04-28", "", "2012-04-27", Status.NOT_YET),
        ("2012-04-28", "", "2012-04-28", Status.IN_FORCE),
        ("2025-11", "", "2025-10-31", Status.NOT_YET),
        ("2025-11", "", "2025-11-01", Status.IN_FORCE),
        ("2025", "", "2024-12-31", Status.NOT_YET),
        ("2025", "", "2025-01-01", Status.IN_FORCE),
        ("", "2025-11-28", "2025-11-28", Status.IN_FORCE),
        ("", "2025-11-28", "2025-11-29", Status.EXPIRED),
        ("", "2025-11", "2025-11-30", Status.IN_FORCE),
        ("", "2025-11", "2025-12-01", Status.EXPIRED),
        ("", "2025", "2025-12-31", Status.IN_FORCE),
        ("", "2025", "2026-01-01", Status.EXPIRED),
        ("", "2024-02", "2024-02-29", Status.IN_FORCE),
        ("2026-01-01", "2025-12-31", "2026-06-01", Status.EXPIRED),
    ],
)
def test_standing_follows_the_date_at_its_precision(effective: str, expires: str, date: str, status: Status) -> None:
    assert status_of(policy(effective=effective, expires=expires), on(date)) is status


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("现行", Status.IN_FORCE),
        ("已失效", Status.EXPIRED),
        ("征求意见稿", Status.DRAFT),
        ("未见原文", Status.REPORTED),
        ("", Status.NOT_STATED),
        ("随便写的", Status.NOT_STATED),
    ],
)
def test_what_is_written_holds_where_dates_do_not_decide(written: str, status: Status) -> None:
    assert status_of(policy(written), on("2026-01-01")) is status


def test_a_draft_stays_a_draft_whatever_its_dates() -> None:
    draft = policy("征求意见稿", effective="2020-01-01", expires="2021-01-01")

    assert status_of(draft, on("2026-01-01")) is Status.DRAFT


@pytest.mark.parametrize(
    ("region", "asked", "applies"),
    [
        ("全国", "四川省", True),
        ("", "四川省", True),
        ("四川省", "四川省", True),
        ("四川省成都市", "四川省", True),
        ("四川省", "四川省成都市", True),
        ("四川省绵阳市", "四川省成都市", False),
        ("陕西省", "四川省", False),
        ("陕西省", "陕西省", True),
        ("陕西省", "全国", True),
        ("陕西省", "", True),
    ],
)
def test_a_rule_concerns_its_own_region_and_places_in_it(region: str, asked: str, applies: bool) -> None:
    assert applies_in(region, asked) is applies


def test_another_provinces_rule_is_elsewhere_even_when_it_has_expired() -> None:
    rule = policy("已失效", region="陕西省", expires="2020")

    assert status_of(rule, on("2026-01-01"), "四川省") is Status.ELSEWHERE
    assert status_of(rule, on("2026-01-01"), "陕西省") is Status.EXPIRED


def test_a_case_from_another_province_is_no_rule_of_elsewhere() -> None:
    case = Document("c.1", "c", Kind.CASE, "案例", "正文", region="陕西省")

    assert status_of(case, on("2026-01-01"), "四川省") is Status.NOT_STATED


@given(st.dates(dt.date(1949, 10, 1), dt.date(2100, 12, 31)))
def test_a_day_covers_itself_and_is_within_its_month_and_year(day: dt.date) -> None:
    iso = day.isoformat()

    assert first_day(iso) == day == last_day(iso)
    for coarse in (iso[:7], iso[:4]):
        assert first_day(coarse) <= day <= last_day(coarse)
        assert status_of(policy(effective=coarse, expires=coarse), day) not in (Status.NOT_YET, Status.EXPIRED)


@pytest.mark.parametrize("date", ["2025-11-28", "2025-11", "2025", "2024-02-29"])
def test_dates_of_three_precisions_are_dates(date: str) -> None:
    assert is_date(date)


@pytest.mark.parametrize("date", ["", "长期", "2025-13", "2025-02-30", "2025-11-28-1", "2025年11月", "2025-"])
def test_other_texts_are_no_dates(date: str) -> None:
    assert not is_date(date)


def test_today_is_a_date_in_beijing() -> None:
    assert abs(today() - dt.datetime.now(dt.UTC).date()) <= dt.timedelta(days=1)
