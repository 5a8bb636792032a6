"""Deadlines: the last day by hand, how it is counted, and their proof."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pytest
from icalendar import Calendar

from assistant.errors import NotFound
from assistant.tools.calendar_file import calendar_file
from assistant.tools.check import every_fault
from assistant.tools.deadlines import Deadline, deadline_faults, find_deadline, last_day_of, load_deadlines
from assistant.tools.words import load_words
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.types import Source

DEADLINES = load_deadlines()
WORDS = load_words()


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_sources(CORPUS / "sources.jsonl")


@pytest.mark.parametrize(
    ("name", "start", "last"),
    [
        ("arbitration", "2026-03-01", "2027-03-01"),
        ("arbitration", "2028-02-29", "2029-02-28"),
        ("inspection", "2024-12-31", "2026-12-31"),
        ("injury_employer", "2026-01-31", "2026-03-02"),
        ("injury_self", "2026-01-31", "2027-01-31"),
        ("contract", "2026-01-31", "2026-02-28"),
        ("lawsuit", "2026-11-29", "2026-12-14"),
        ("protection_order", "2026-11-29", "2026-12-02"),
        ("protection_order_urgent", "2026-11-29", "2026-11-30"),
        ("protection_order_end", "2026-08-31", "2027-02-28"),
        ("inspection_decision", "2026-11-27", "2026-12-04"),  # from a Friday: Monday to Friday
        ("inspection_result", "2026-11-30", "2027-01-11"),
        ("retirement_early", "2027-05-31", "2027-02-28"),
        ("retirement_late", "2027-03-31", "2027-02-28"),
        ("patent_award", "2027-11-30", "2028-02-29"),
    ],
)
def test_the_last_day(name: str, start: str, last: str) -> None:
    found = last_day_of(DEADLINES[name], dt.date.fromisoformat(start), dt.date(2026, 11, 29), WORDS)

    assert found.last.isoformat() == last


def test_days_left_fall_below_zero_once_it_is_past() -> None:
    start = dt.date(2025, 11, 28)

    assert last_day_of(DEADLINES["arbitration"], start, dt.date(2026, 11, 28), WORDS).left == 0
    assert last_day_of(DEADLINES["arbitration"], start, dt.date(2026, 11, 29), WORDS).left == -1


def test_a_prolonged_deadline_gives_both_days_and_a_weekend_is_told() -> None:
    found = last_day_of(DEADLINES["arbitration_award"], dt.date(2026, 11, 2), dt.date(2026, 11, 29), WORDS)

    assert (found.last, found.longest) == (dt.date(2026, 12, 17), dt.date(2027, 1, 1))
    assert WORDS["weekend"] not in found.counted
    assert WORDS["weekend"] in last_day_of(DEADLINES["lawsuit"], dt.date(2026, 11, 28), dt.date(2026, 11, 29), WORDS).counted


@pytest.mark.parametrize("deadline", DEADLINES.values(), ids=lambda deadline: deadline.name)
def test_every_deadline_is_proven_by_its_facts(deadline: Deadline, sources: Mapping[str, Source]) -> None:
    assert list(deadline_faults(deadline, sources)) == []
    assert deadline.facts


def test_a_length_that_its_fact_does_not_state_is_a_fault(sources: Mapping[str, Source]) -> None:
    deadline = DEADLINES["lawsuit"]
    wrong = dataclasses.replace(deadline, length=dataclasses.replace(deadline.length, value=30))

    assert list(deadline_faults(wrong, sources)) == ["lawsuit：30 不在“收到裁决书15日内向法院起诉”里"]


def test_all_the_tools_are_proven(sources: Mapping[str, Source]) -> None:
    assert list(every_fault(sources)) == []
    assert list(every_fault({}))


def test_documents_that_lead_to_a_deadline_exist() -> None:
    slugs = {path.stem for path in (CORPUS / "guides").glob("*.md")}

    assert {guide for deadline in DEADLINES.values() for guide in deadline.guides} <= slugs


def test_an_unknown_deadline_is_not_found() -> None:
    with pytest.raises(NotFound, match="never"):
        find_deadline(DEADLINES, "never")


def test_a_calendar_file_holds_an_all_day_event() -> None:
    found = last_day_of(DEADLINES["arbitration"], dt.date(2026, 3, 1), dt.date(2026, 11, 29), WORDS)
    data = calendar_file(found, dt.datetime(2026, 11, 29, tzinfo=dt.UTC), WORDS["calendar_alarm"], WORDS["official"])

    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert event.decoded("dtstart") == dt.date(2027, 3, 1)
    assert event.decoded("dtend") == dt.date(2027, 3, 2)
