"""What cases state about themselves, over HTTP."""

from __future__ import annotations

import httpx

from assistant.wire.schemas import DocumentList, TechnologyList


def test_a_case_tells_its_fields_and_other_documents_have_none(client: httpx.Client) -> None:
    cases = DocumentList.model_validate(client.get("/v1/documents", params={"kind": "case", "limit": 500}).json())
    found = next(document.case for document in cases.items if document.slug == "al-zhaoling-wuyi-jinguo-gongzuoshi")

    assert all(document.case is not None and document.case.sector and document.case.province for document in cases.items)
    assert found is not None
    assert (found.sectors, found.province) == (["医护", "教育"], "四川省")
    policies = DocumentList.model_validate(client.get("/v1/documents", params={"kind": "policy"}).json())
    assert all(document.case is None for document in policies.items)


def test_technologies_are_counted_by_the_cases_whose_text_names_them(client: httpx.Client) -> None:
    listed = TechnologyList.model_validate(client.get("/v1/cases/technologies").json())
    by_name = {technology.name: technology.doc_ids for technology in listed.items}
    counts = [len(doc_ids) for doc_ids in by_name.values()]

    assert listed.total == client.get("/v1/documents", params={"kind": "case"}).json()["total"]
    assert counts == sorted(counts, reverse=True)
    for doc_id in by_name["机器人"]:
        case = client.get(f"/v1/documents/{doc_id}").json()
        assert "机器人" in "".join((case["title"], *(item["text"] for item in case["items"])))
