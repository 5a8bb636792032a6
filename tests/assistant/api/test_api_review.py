"""Over HTTP: nothing personal is stored, open questions are listed for the officer, and what she approves is given."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from assistant_server import Service, stream
from typer.testing import CliRunner

from assistant.__main__ import app
from assistant.storage import migrations
from assistant.storage.conversations import SqlConversationStore, StoredMessage
from assistant.wire.schemas import ApprovedList, ApprovedOut, UnansweredList

KEY = {"Authorization": "Bearer officer-key"}
ASKED = "工会的热线电话夜里头打得通不"
UNKNOWN = "火星移民的签证手续怎么办"


@pytest.fixture
def running(start: Callable[..., Service]) -> Service:
    return start(admin_key="officer-key")


@pytest.fixture
def client(running: Service) -> Any:
    with httpx.Client(base_url=running.url, timeout=30) as opened:
        yield opened


def ask(client: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **more})
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


def hand_in(client: httpx.Client, **changes: Any) -> httpx.Response:
    body = {
        "questions": [ASKED],
        "text": "打得通，7天24小时服务。",
        "source_ids": ["RX-001"],
        "author": "女职工部",
        "expires": (dt.date.today() + dt.timedelta(days=60)).isoformat(),
    }
    return client.post("/v1/approved", json={**body, **changes}, headers=KEY)


def test_what_is_stored_is_masked_and_what_she_sees_at_once_is_not(client: httpx.Client, fresh_data_dir: Path) -> None:
    personal = ["13800138000", "510104199001011230", "xiaowang@qq.com"]
    answer = ask(client, f"我是小王，电话{personal[0]}，身份证{personal[1]}，邮箱{personal[2]}，技能补贴怎么领")
    client.post("/v1/feedback", json={"message_id": answer["message_id"], "helpful": False, "reason": "请回１３８ ００１３ ８０００"})

    shown = client.get(f"/v1/conversations/{answer['conversation_id']}").json()["messages"]
    assert shown[0]["content"] == "我是小王，电话〔手机号〕，身份证〔身份证号〕，邮箱〔邮箱〕，技能补贴怎么领"
    with sqlite3.connect(fresh_data_dir / "conversations.sqlite") as connection:
        rows = str(connection.execute("SELECT * FROM messages").fetchall())
    connection.close()
    assert "请回〔手机号〕" in rows
    assert not any(p in rows for p in (*personal, "１３８"))


def test_a_streamed_turn_is_masked_too(client: httpx.Client) -> None:
    *_, (_, done) = stream(client, {"question": "13800138000是我的号码，产假多少天"})

    kept = client.get(f"/v1/conversations/{done['conversation_id']}").json()["messages"]
    assert kept[0]["content"] == "〔手机号〕是我的号码，产假多少天"


def test_open_questions_are_listed_until_an_answer_is_approved(client: httpx.Client) -> None:
    for wording in (UNKNOWN, f"请问{UNKNOWN}呢？", f"我13800138000，{UNKNOWN}"):
        assert ask(client, wording)["verdict"] in ("abstained", "clarify", "partial")
    liked = ask(client, "女职工生育产假国家规定是多少天？")
    client.post("/v1/feedback", json={"message_id": liked["message_id"], "helpful": False, "reason": "没说四川"})

    listed = UnansweredList.model_validate(client.get("/v1/unanswered", headers=KEY).json())

    groups = {g.example: g for g in listed.items}
    assert groups[UNKNOWN].count == 3
    assert f"我〔手机号〕，{UNKNOWN}" in groups[UNKNOWN].wordings
    assert groups["女职工生育产假国家规定是多少天？"].reasons == ["没说四川"]
    assert listed.items[0].example == UNKNOWN
    assert client.get("/v1/unanswered", params={"limit": 1, "offset": 1}, headers=KEY).json()["total"] == listed.total
    assert hand_in(client, questions=[UNKNOWN]).status_code == 201
    left = UnansweredList.model_validate(client.get("/v1/unanswered", headers=KEY).json())
    assert UNKNOWN not in {w for g in left.items for w in g.wordings}


def test_an_approved_answer_is_given_at_once_streamed_or_not_and_no_longer_once_withdrawn(client: httpx.Client) -> None:
    made = ApprovedOut.model_validate(hand_in(client).json())
    assert made.state == "active"
    assert "24小时" in made.citations[0].quote

    answer = ask(client, f"请问{ASKED}呢？")
    events = stream(client, {"question": ASKED})

    assert answer["label"] == "人工审核"
    assert answer["verdict"] == "answered"
    assert answer["text"].startswith("打得通，7天24小时服务。[1]")
    assert answer["referrals"]
    passage = client.get(f"/v1/passages/{answer['citations'][0]['passage_id']}").json()
    first = answer["citations"][0]
    assert passage["text"][first["start"] : first["end"]] == first["quote"]
    said = dict(events)
    assert said["meta"]["label"] == "人工审核"
    assert "".join(data["text"] for name, data in events if name == "token") == said["done"]["text"] == answer["text"]
    assert ApprovedList.model_validate(client.get("/v1/approved", headers=KEY).json()).items == [made]
    assert client.delete(f"/v1/approved/{made.approved_id}", headers=KEY).status_code == 204
    assert ask(client, ASKED)["label"] != "人工审核"
    assert client.delete(f"/v1/approved/{made.approved_id}", headers=KEY).status_code == 404


def test_a_follow_up_that_leans_on_what_was_said_is_not_met_by_an_approved_answer(client: httpx.Client) -> None:
    assert hand_in(client, questions=["那二胎呢"]).status_code == 201

    answer = ask(client, "那二胎呢", history=[{"role": "user", "content": "四川产假多少天"}])

    assert answer["label"] != "人工审核"


def test_safety_comes_before_what_was_approved(client: httpx.Client) -> None:
    refused = hand_in(client, questions=["我不想活了"])

    assert refused.status_code == 422
    assert "固定用语" in refused.json()["detail"]


def test_what_does_not_stand_is_refused_with_the_reason(client: httpx.Client) -> None:
    refused = hand_in(client, text="打得通，365天服务。")

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "数字 365 不在所引段落里" in refused.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer 13800138000"}])
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/unanswered"), ("GET", "/v1/approved"), ("DELETE", "/v1/approved/a-1")])
def test_only_the_officer_may_see_and_decide(client: httpx.Client, headers: dict[str, str], method: str, path: str) -> None:
    assert client.request(method, path, headers=headers).status_code == 401


def test_without_an_admin_key_the_officers_routes_are_closed(start: Callable[..., Service]) -> None:
    with httpx.Client(base_url=start().url) as client:
        assert client.get("/v1/unanswered").status_code == 403


def test_old_conversations_go_when_the_service_starts(fresh_data_dir: Path, start: Callable[..., Service]) -> None:
    before = SqlConversationStore(f"sqlite:///{fresh_data_dir / 'conversations.sqlite'}")
    before.add_turn("c-1", StoredMessage("q-1", "user", "?", "2020-01-01"), StoredMessage("m-1", "assistant", "!", "2020-01-01"))
    before.close()

    with httpx.Client(base_url=start(retention_days=7).url) as client:
        assert client.get("/v1/conversations/c-1").status_code == 404


def test_migrate_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))

    newest = sorted(p.name[1:5] for p in (Path(migrations.__file__).parent / "versions").glob("r*.py"))[-1]

    first, second = (CliRunner().invoke(app, ["migrate"]) for _ in range(2))

    assert first.output == f"表结构 {newest}，由空库升级\n"
    assert second.output == f"表结构 {newest}，已是最新\n"
