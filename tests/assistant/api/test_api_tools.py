"""Calculators and deadlines over HTTP."""

from __future__ import annotations

import httpx
import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator

from assistant.reader import Reader
from assistant.tools.deadlines import load_deadlines
from assistant.tools.toolbox import Toolbox
from assistant.wire.tool_schemas import DeadlineList, LastDayOut, ToolAnswer, ToolList


def test_every_calculator_gives_a_schema_that_its_example_satisfies(client: httpx.Client) -> None:
    found = ToolList.model_validate(client.get("/v1/tools").json())

    assert found.total == len(found.items) == len(Toolbox.load().rules)
    for tool in found.items:
        Draft202012Validator.check_schema(tool.json_schema)
        Draft202012Validator(tool.json_schema).validate(tool.example)
        assert client.get(f"/v1/tools/{tool.name}").json()["title"] == tool.title


def test_every_example_is_worked_out_and_every_line_opens_its_clause(client: httpx.Client) -> None:
    for tool in ToolList.model_validate(client.get("/v1/tools").json()).items:
        answer = ToolAnswer.model_validate(client.post(f"/v1/tools/{tool.name}", json={"inputs": tool.example}).json())
        assert answer.result
        assert not answer.missing
        for line in (answer.result.first, *answer.result.steps, *answer.result.changes):
            assert all(0 <= place < len(answer.result.sources) for place in line.sources)
        assert any(line.sources for line in answer.result.steps), tool.name
        for source in answer.result.sources[:3]:
            passage = client.get(f"/v1/passages/{source.passage_id}").json()
            assert passage["text"][source.start : source.end] == source.quote


def test_every_fact_of_the_tools_stands_in_a_passage(reader: Reader) -> None:
    stated = {fact for name in Toolbox.load().rules for fact in _facts(name)}
    stated |= {fact for deadline in load_deadlines().values() for fact in deadline.facts}
    held = {fact for passage in reader.generation.catalogue.passages() for fact in passage.source_ids}

    assert stated - held == set()


def _facts(name: str) -> set[str]:
    rule = Toolbox.load().rules[name]
    constants = {variant.fact for variants in rule.constants.values() for variant in variants}
    return {*rule.facts, *constants, *(fact for wording in rule.wordings.values() for fact in wording.facts)}


def test_a_figure_is_the_first_thing_said(client: httpx.Client) -> None:
    answer = client.post("/v1/tools/compensation", json={"inputs": {"worked": "8年", "wage": 4000}}).json()

    assert answer["result"]["first"]["text"].startswith("经济补偿（N）是8个月工资，32000元")
    assert {figure["name"]: figure["value"] for figure in answer["result"]["figures"]}["double"] == "64000.00"
    assert answer["result"]["official"].startswith("以官方发布为准")


def test_what_is_missing_is_asked_for_and_nothing_is_computed(client: httpx.Client) -> None:
    answer = client.post("/v1/tools/retirement", json={"inputs": {"birth": "1976-05"}}).json()

    assert answer["result"] is None
    assert [asked["name"] for asked in answer["missing"]] == ["job"]
    assert [option["key"] for option in answer["missing"][0]["options"]] == ["worker", "staff"]


def test_an_old_day_gives_the_old_rule(client: httpx.Client) -> None:
    asked = {"inputs": {"paid": "2年", "area_class": "first"}, "as_of": "2024-06-01"}

    assert "1890元" in client.post("/v1/tools/unemployment", json=asked).json()["result"]["first"]["text"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/tools/lottery", {"inputs": {}}, 404, "lottery"),
        ("/v1/tools/compensation", {"inputs": {"wage": -5}}, 422, "应在"),
        ("/v1/tools/compensation", {"inputs": {"salary": 1}}, 422, "salary"),
        ("/v1/tools/compensation", {"inputs": {"wage": [1]}}, 422, ""),
        ("/v1/tools/compensation", {"as_of": "gestern"}, 422, "as_of"),
    ],
)
def test_errors_are_problems(client: httpx.Client, path: str, body: dict[str, object], status: int, said: str) -> None:
    answer = client.post(path, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert said in answer.json()["detail"]


def test_a_deadline_gives_its_last_day_and_how_it_is_counted(client: httpx.Client) -> None:
    listed = DeadlineList.model_validate(client.get("/v1/deadlines").json())
    asked = {"start": "2026-03-01", "as_of": "2027-02-20"}
    found = LastDayOut.model_validate(client.get("/v1/deadlines/arbitration", params=asked).json())

    assert listed.total == len(listed.items) == len(load_deadlines())
    assert (found.last.isoformat(), found.left) == ("2027-03-01", 9)
    assert found.counted[0] == "从知道或应当知道权利被侵害的那天的第二天起数，一共1年。"
    assert any("1年" in source.quote for source in found.sources)
    assert client.get("/v1/deadlines/never", params=asked).status_code == 404
    assert client.get("/v1/deadlines/arbitration").status_code == 422


def test_a_deadline_goes_into_a_calendar(client: httpx.Client) -> None:
    answer = client.get("/v1/deadlines/injury_employer/calendar", params={"start": "2026-02-10"})

    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-03-12"
    assert "工伤认定" in str(event["summary"])
    assert len(event.walk("VALARM")) == 2
