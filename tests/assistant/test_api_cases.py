"""What cases state about themselves, over HTTP."""

from __future__ import annotations

import httpx

from assistant.schemas import DocumentList


def test_a_case_tells_its_fields_and_other_documents_have_none(client: httpx.Client) -> None:
    cases = DocumentList.model_validate(client.get("/v1/documents", params={"kind": "case", "limit": 500}).json())
    found = next(document.case for document in cases.items if document.slug == "al-zhaoling-wuyi-jinguo-gongzuoshi")

    assert all(document.case is not None and document.case.sector and document.case.province for document in cases.items)
    assert found is not None
    assert (found.sectors, found.province) == (["医护", "教育"], "四川省")
    policies = DocumentList.model_validate(client.get("/v1/documents", params={"kind": "policy"}).json())
    assert all(document.case is None for document in policies.items)
