"""Figures of a statement stand in its sources: numbers, dates, document numbers, numbers to ring."""

from __future__ import annotations

import pytest

from knowledge_base.editorial.proofs import craft_faults, unproven
from knowledge_base.types import Source

GROUND = Source(
    "A-1",
    "2025年11月28日起施行，7月31日截止申报；打12338或拨110；满120学时；国务院令第619号；川办发〔2026〕5号。",
    "某规定",
    details={"effective": "2025-11-28", "checked": "99次", "kind": "policy"},
)


@pytest.mark.parametrize(
    "text",
    [
        "2025年11月28日起施行。",
        "2025年11月起施行。",
        "11月28日起施行。",
        "截止2025年7月31日。",
        "打12338，或者打110。",
        "国务院令第619号公布。",
        "川办发〔2026〕5号写了。",
        "学满一百二十学时。",
        "```python\nprint(98)\n```",
    ],
)
def test_what_the_source_says_is_proven(text: str) -> None:
    assert list(unproven(text, [GROUND])) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("产假98天。", "数字 ['98']"),
        ("核对过99次。", "数字 ['99']"),
        ("2026年11月28日起施行。", "日期 ['2026-11-28']"),
        ("28日是11月，2025年5月起算。", "日期 ['2025-05']"),
        ("7月28日截止。", "日期 ['07-28']"),
        ("有急病打120。", "号码 ['120']"),
        ("川办发〔2025〕5号写了。", "文号 ['〔2025〕5号']"),
    ],
)
def test_what_the_source_does_not_say_is_told(text: str, said: str) -> None:
    (fault,) = unproven(text, [GROUND])

    assert fault.startswith(said)


def test_the_dates_of_an_example_are_no_facts() -> None:
    assert list(unproven("2026年5月28日到2026年7月31日。", [GROUND], made_up=True)) == []


@pytest.mark.parametrize("text", ["罚款500元。", "工资打8%。", "《劳动法》第44条这么说。", "医保报销3成。"])
def test_law_money_and_health_are_never_craft(text: str) -> None:
    craft = Source("CR-1", text, "编者经验", details={"kind": "craft"})

    assert len(list(craft_faults(text, [craft]))) == 1
    assert list(craft_faults(text, [craft, GROUND])) == []
    assert list(craft_faults(text, [craft], made_up=True)) == []


def test_what_a_person_types_or_says_is_no_claim() -> None:
    craft = Source("CR-1", "", "编者经验", details={"kind": "craft"})

    assert list(craft_faults("只说“涨了25%”，别人不知道从几变到几。", [craft])) == []
