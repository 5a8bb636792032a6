"""Keys, counters and the description of the interface."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from assistant_server import Service

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings

QUESTION = {"question": "女职工生育产假国家规定是多少天？"}
ROUTES = {
    "/v1/ask": {"post"},
    "/v1/ask/stream": {"post"},
    "/v1/search": {"get"},
    "/v1/documents": {"get", "post"},
    "/v1/documents/{doc_id}": {"get", "delete"},
    "/v1/passages/{passage_id}": {"get"},
    "/v1/conversations/{conversation_id}": {"get", "patch", "delete"},
    "/v1/feedback": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


def counter(text: str, name: str) -> float:
    """The value of a sample in Prometheus' text form; 0.0 when it is not there yet."""
    match = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    return float(match.group(1)) if match else 0.0


def test_the_service_lives_and_is_ready_and_says_what_it_serves(client: httpx.Client) -> None:
    ready = client.get("/readyz")

    assert client.get("/healthz").json() == {"status": "ok"}
    assert ready.status_code == 200
    assert ready.json()["generation"] == "g000001"
    assert ready.json()["documents"] >= 40
    assert ready.json()["passages"] >= ready.json()["documents"]


def test_the_interface_describes_every_agreed_route_with_examples_of_a_question(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()

    assert {path: set(methods) for path, methods in described["paths"].items() if path in ROUTES} == ROUTES
    examples = described["components"]["schemas"]["AskRequest"]["examples"]
    assert any(example["question"] == "四川现在产假一共多少天？" for example in examples)
    assert client.get("/docs").status_code == 200


def test_the_examples_of_the_description_work(client: httpx.Client) -> None:
    for example in client.get("/openapi.json").json()["components"]["schemas"]["AskRequest"]["examples"]:
        assert client.post("/v1/ask", json=example).status_code == 200


def test_what_happens_is_counted(client: httpx.Client) -> None:
    before = client.get("/metrics").text
    answer = client.post("/v1/ask", json=QUESTION).json()
    client.post("/v1/ask", json={"question": "勾股定理怎么证明？"})
    client.post("/v1/feedback", json={"message_id": answer["message_id"], "helpful": True})
    client.get("/v1/passages/no-such")
    response = client.get("/metrics")

    assert response.headers["content-type"].startswith("text/plain")
    after = response.text
    grown = {
        'assistant_answers_total{verdict="answered"}': 1,
        'assistant_answers_total{verdict="abstained"}': 1,
        "assistant_answer_seconds_count": 2,
        'assistant_feedback_total{helpful="true"}': 1,
        'assistant_http_requests_total{method="POST",route="/v1/ask",status="200"}': 2,
        'assistant_http_requests_total{method="GET",route="/v1/passages/{passage_id}",status="404"}': 1,
        "assistant_unstored_turns_total": 0,
    }
    assert {name: counter(after, name) - counter(before, name) for name in grown} == grown
    assert counter(after, "assistant_passages") == client.get("/readyz").json()["passages"]


def test_counters_hold_no_word_of_a_question(client: httpx.Client) -> None:
    client.post("/v1/ask", json={"question": "我叫王小红，产假多少天？"})

    assert "王小红" not in client.get("/metrics").text
    assert "产假" not in client.get("/metrics").text


def test_an_api_key_shuts_everything_but_the_signs_of_life(start: Callable[..., Service]) -> None:
    service = start(api_key="duzhe-miyao", admin_key="guanli-miyao")
    with httpx.Client(base_url=service.url) as client:
        for wrong in ("", "Bearer nein", "Bearer duzhe-miyao-x"):
            refused = client.post("/v1/ask", json=QUESTION, headers={"authorization": wrong})
            assert refused.status_code == 401
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["www-authenticate"] == "Bearer"
        assert client.get("/v1/documents").status_code == 401
        assert client.get("/v1/conversations/c-1").status_code == 401
        assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/metrics", "/openapi.json")] == [200] * 4
        for right in ("duzhe-miyao", "guanli-miyao"):
            assert client.post("/v1/ask", json=QUESTION, headers={"authorization": f"Bearer {right}"}).status_code == 200
        readers = {"authorization": "Bearer duzhe-miyao"}
        assert client.delete("/v1/documents/nzg-tebie-guiding", headers=readers).status_code == 401


# -- settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without settings of ours."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ASSISTANT_{name.upper()}", raising=False)
    return monkeypatch


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "example.org"])
@pytest.mark.parametrize("keys", [{}, {"ASSISTANT_ADMIN_KEY": "a"}, {"ASSISTANT_API_KEY": "b"}], ids=["no key", "admin only", "api only"])
def test_other_machines_are_not_let_in_without_both_keys(environment: pytest.MonkeyPatch, host: str, keys: dict[str, str]) -> None:
    for name, value in {"ASSISTANT_API_HOST": host, **keys}.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match="ASSISTANT_API_KEY"):
        load_settings()


def test_with_both_keys_they_are(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"ASSISTANT_API_HOST": "0.0.0.0", "ASSISTANT_ADMIN_KEY": "a", "ASSISTANT_API_KEY": "b"}.items():
        environment.setenv(name, value)

    assert load_settings().api_host == "0.0.0.0"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_key(environment: pytest.MonkeyPatch, host: str) -> None:
    environment.setenv("ASSISTANT_API_HOST", host)

    assert load_settings().api_host == host


@pytest.mark.parametrize(
    ("name", "value"), [("ASSISTANT_API_PORT", "八千"), ("ASSISTANT_UI_PORT", "70000"), ("ASSISTANT_MAX_REQUEST_BYTES", "10")]
)
def test_a_setting_that_cannot_be_is_named(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_conversations_live_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).resolved_database_url == f"sqlite:///{tmp_path / 'conversations.sqlite'}"
    assert Settings(data_dir=tmp_path, database_url="sqlite://").resolved_database_url == "sqlite://"
