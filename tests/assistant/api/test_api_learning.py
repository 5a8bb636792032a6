"""Learning paths over HTTP."""

from __future__ import annotations

import httpx

from assistant.wire.schemas import PathList


def test_paths_are_narrowed_by_occupation_goal_and_level(client: httpx.Client) -> None:
    every = PathList.model_validate(client.get("/v1/paths").json())
    nurses = PathList.model_validate(client.get("/v1/paths", params={"occupation": "护士"}).json())
    one = PathList.model_validate(client.get("/v1/paths", params={"occupation": "护士", "goal": "用AI减负", "level": "入门"}).json())

    assert every.total == len(every.items) > nurses.total > one.total == 1
    assert {path.occupation for path in nurses.items} == {"护士"}
    assert client.get("/v1/paths", params={"occupation": "宇航员"}).json() == {"total": 0, "items": []}


def test_every_step_names_a_document_that_can_be_read_and_why_it_comes_here(client: httpx.Client) -> None:
    steps = [step for path in PathList.model_validate(client.get("/v1/paths").json()).items for step in path.steps]

    assert all(step.reason and step.title and step.doc_id for step in steps)
    assert all(client.get(f"/v1/documents/{doc_id}").status_code == 200 for doc_id in {step.doc_id for step in steps[:12]})


def test_a_step_tells_the_time_only_in_the_words_of_its_document(client: httpx.Client) -> None:
    steps = [step for path in PathList.model_validate(client.get("/v1/paths").json()).items for step in path.steps]
    timed = {step.slug: step for step in steps if step.time}

    assert "120标准学时" in timed["xl-hulianwang-yingxiaoshi"].time
    for step in timed.values():
        document = client.get(f"/v1/documents/{step.doc_id}").json()
        assert any(step.time in item["text"] for item in document["items"])
