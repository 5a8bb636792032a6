"""The rules' files say what their facts say, and a result names everything that it rests on."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest

from assistant.errors import NotFound, ToolInputRefused
from assistant.tools.calculators import CALCULATORS
from assistant.tools.inputs import json_schema, months_of
from assistant.tools.proofs import rule_faults, values_in
from assistant.tools.rules import Rule, load_rules
from assistant.tools.toolbox import Toolbox
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.types import Source

RULES = load_rules()
TOOLBOX = Toolbox.load()
DAY = dt.date(2026, 11, 29)


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_sources(CORPUS / "sources.jsonl")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_constant_and_sentence_is_proven_by_its_facts(rule: Rule, sources: Mapping[str, Source]) -> None:
    assert list(rule_faults(rule, sources)) == []


def test_a_constant_that_its_fact_does_not_state_is_a_fault(sources: Mapping[str, Source]) -> None:
    rule = RULES["maternity_leave"]
    wrong = dataclasses.replace(rule.constants["national"][0], value=Decimal(128))
    early = dataclasses.replace(rule.constants["extended"][0], begins=dt.date(2025, 6, 1))
    changed = dataclasses.replace(rule, constants={"national": (wrong,), "extended": (early,)})

    faults = "\n".join(rule_faults(changed, sources))
    assert "128 不在" in faults
    assert "SCJ-002 没有写 2025-06-01" in faults


@pytest.mark.parametrize(
    ("text", "value"), [("不低于工资150%", "1.5"), ("低于100万元", "1000000"), ("付半个月", "0.5"), ("九十八天", "98"), ("补2/3", "0.6667")]
)
def test_values_are_read_however_they_are_written(text: str, value: str) -> None:
    assert Decimal(value) in set(values_in(text))


def test_every_rule_has_a_calculator_and_every_document_that_leads_to_it_exists() -> None:
    slugs = {path.stem for folder in ("guides", "policies", "training", "cases") for path in (CORPUS / folder).glob("*.md")}

    assert set(RULES) == set(CALCULATORS)
    assert {guide for rule in RULES.values() for guide in rule.guides} <= slugs


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_example_of_a_schema_is_worked_out_with_its_sources(rule: Rule, sources: Mapping[str, Source]) -> None:
    schema = json_schema(rule)
    result = TOOLBOX.compute(rule.name, rule.example, DAY).result

    assert result is not None
    assert schema["examples"] == [dict(rule.example)]
    assert result.steps
    assert result.changes
    assert result.facts
    assert set(result.facts) <= set(sources)
    used = {fact for part in (result.steps, result.assumptions, result.changes, result.unknown) for line in part for fact in line.facts}
    assert used <= set(result.facts)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.needs], ids=lambda rule: rule.name)
def test_nothing_is_worked_out_while_a_needed_input_is_missing(rule: Rule) -> None:
    for group in rule.needs:
        given = {name: value for name, value in rule.example.items() if name not in group}
        outcome = TOOLBOX.compute(rule.name, given, DAY)
        assert outcome.result is None
        assert outcome.missing[0].name in {need for needed in rule.needs for need in needed}
        assert outcome.missing[0].ask


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("compensation", {"worked": "很久", "wage": 4000}, "几年几个月"),
        ("compensation", {"worked": "8年", "wage": -1}, "应在100到"),
        ("compensation", {"worked": "8年", "wage": "四千"}, "写成数字"),
        ("compensation", {"worked": "8年", "wage": "NaN"}, "写成数字"),
        ("compensation", {"salary": 1}, "没有“salary”这一项"),
        ("compensation", {"started": "2026-02-30", "wage": 4000}, "写成日期"),
        ("compensation", {"started": "1830-01-01", "wage": 4000}, "应在1930-01-01"),
        ("compensation", {"started": "2026-05-01", "ended": "2026-04-01", "wage": 4000}, "早于"),
        ("compensation", {"worked": "8年", "wage": 4000, "reason": "bored"}, "只能选"),
        ("retirement", {"birth": "1976-13", "job": "worker"}, "写成年月"),
        ("maternity_leave", {"babies": 1.5}, "整数"),
        ("maternity_leave", {"difficult": "也许"}, "是或否"),
    ],
)
def test_a_wrong_input_is_refused_with_what_to_write(name: str, values: dict[str, object], said: str) -> None:
    with pytest.raises(ToolInputRefused, match=said):
        TOOLBOX.compute(name, values, DAY)


def test_an_unknown_calculator_is_not_found() -> None:
    with pytest.raises(NotFound, match="lottery"):
        TOOLBOX.compute("lottery", {}, DAY)


@pytest.mark.parametrize(
    ("text", "months"),
    [("8年3个月", 99), ("三年半", 42), ("半年", 6), ("一年半", 18), ("11个月", 11), ("7月", 7), ("很久", None), ("", None)],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, months: int | None) -> None:
    assert months_of(text) == months
