"""A conversation gets a name and keeps it."""

from __future__ import annotations

import httpx
import pytest

QUESTION = {"question": "女职工生育产假国家规定是多少天？"}


def title_of(client: httpx.Client, conversation_id: str) -> str:
    return str(client.get(f"/v1/conversations/{conversation_id}").json()["title"])


def test_a_name_is_kept_and_replaced_and_goes_with_the_conversation(client: httpx.Client) -> None:
    conversation_id = client.post("/v1/ask", json=QUESTION).json()["conversation_id"]
    assert title_of(client, conversation_id) == ""

    for title in ("产假", "  给小张看的产假  "):
        assert client.patch(f"/v1/conversations/{conversation_id}", json={"title": title}).status_code == 204

    assert title_of(client, conversation_id) == "给小张看的产假"
    client.delete(f"/v1/conversations/{conversation_id}")
    again = client.patch(f"/v1/conversations/{conversation_id}", json={"title": "产假"})
    assert (again.status_code, again.headers["content-type"]) == (404, "application/problem+json")


def test_a_telephone_number_in_a_name_is_masked(client: httpx.Client) -> None:
    conversation_id = client.post("/v1/ask", json=QUESTION).json()["conversation_id"]
    client.patch(f"/v1/conversations/{conversation_id}", json={"title": "小张13812345678的产假"})

    assert title_of(client, conversation_id) == "小张〔手机号〕的产假"


@pytest.mark.parametrize("title", ["", "   ", "长" * 61])
def test_an_empty_or_too_long_name_is_a_problem(client: httpx.Client, title: str) -> None:
    answer = client.patch("/v1/conversations/c-1", json={"title": title})

    assert answer.status_code == 422
    assert "title" in answer.json()["detail"]
