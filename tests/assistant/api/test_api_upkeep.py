"""Over HTTP: what wants looking after, the house's own words and places to ask, and answers that are changed or ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from assistant_server import Service

from assistant.wire.schemas import ApprovedList, LexiconOut, LexiconTrialOut, Problem, ReferralBook, UpkeepOut

HEADERS = {"authorization": "Bearer officer-key", "x-officer": "Li"}


@pytest.fixture
def officer(start: Callable[..., Service]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=start(admin_key="officer-key").url, timeout=60, headers=HEADERS) as client:
        yield client


def refused(response: httpx.Response, status: int, *words: str) -> None:
    assert response.status_code == status, response.text
    for word in words:
        assert word in Problem.model_validate_json(response.text).detail


def actions(client: httpx.Client) -> list[str]:
    return [change["action"] for change in client.get("/v1/changes").json()["items"]]


def test_stale_documents_are_told_until_a_person_looked_at_them(officer: httpx.Client) -> None:
    before = UpkeepOut.model_validate(officer.get("/v1/upkeep").json())
    reported = next(s.document for s in before.stale if s.why == "reported")

    assert officer.post(f"/v1/documents/{reported.doc_id}/review").status_code == 204

    after = UpkeepOut.model_validate(officer.get("/v1/upkeep").json())
    assert reported.doc_id not in {s.document.doc_id for s in after.stale}
    assert len(after.stale) == len(before.stale) - 1
    assert actions(officer) == ["reviewed"]
    refused(officer.post("/v1/documents/no-such/review"), 404)


def test_two_uploads_in_force_of_one_title_are_told_as_a_conflict(officer: httpx.Client) -> None:
    for name, day, fee in (("甲.txt", "2025", 100), ("乙.txt", "2026", 150)):
        text = f"蓉城夜校办法\n\n第一条 制定本办法。\n\n第二条 补贴{fee}元。\n\n第三条 本办法自{day}年3月1日起施行。\n"
        draft = officer.post("/v1/drafts", files={"files": (name, text.encode())}).json()["items"][0]
        officer.patch(f"/v1/drafts/{draft['draft_id']}", json={"status": "现行", "region": "四川省"})
    assert officer.post("/v1/publication", json={}).status_code == 202
    while officer.get("/v1/publication").json()["state"] == "running":
        pass

    (found,) = UpkeepOut.model_validate(officer.get("/v1/upkeep").json()).conflicts

    assert (found.why, found.left.effective, found.right.effective) == ("same_title", "2025-03-01", "2026-03-01")
    assert found.clauses == ["第二条", "第三条"]


# -- words


def test_own_words_are_tried_kept_and_in_force_at_once(officer: httpx.Client, fresh_data_dir: Path) -> None:
    words = {"dialect": "咋个学起走 = 怎么学", "synonyms": "带崽期间 = 哺乳期", "terms": "直播销售员"}

    trial = LexiconTrialOut.model_validate(officer.post("/v1/lexicon/preview", json={**words, "question": "带崽期间直播咋个学起走"}).json())
    assert trial.before == "带崽期间直播怎么学起走"
    assert trial.after == "带崽期间直播怎么学"
    assert "哺乳期" in trial.searched
    assert not (fresh_data_dir / "lexicon.yaml").exists()

    kept = LexiconOut.model_validate(officer.put("/v1/lexicon", json=words).json())

    assert kept.model_dump(include=set(words)) == words
    assert kept.shipped["dialect"] > 20
    found = officer.get("/v1/search", params={"q": "带崽期间上班"}).json()
    assert "哺乳期" in found["understood_as"]
    assert LexiconOut.model_validate(officer.get("/v1/lexicon").json()) == kept
    (change,) = officer.get("/v1/changes").json()["items"]
    assert "加 3 条" in change["detail"]
    officer.put("/v1/lexicon", json={})
    assert "哺乳期" not in officer.get("/v1/search", params={"q": "带崽期间上班"}).json()["understood_as"]


def test_own_words_are_there_after_a_restart(start: Callable[..., Service]) -> None:
    with httpx.Client(base_url=start(admin_key="officer-key").url, headers=HEADERS) as client:
        client.put("/v1/lexicon", json={"synonyms": "带崽期间 = 哺乳期"})

    with httpx.Client(base_url=start().url) as client:
        assert "哺乳期" in client.get("/v1/search", params={"q": "带崽期间上班"}).json()["understood_as"]


def test_every_faulty_line_is_named_and_nothing_is_kept(officer: httpx.Client) -> None:
    words = {"dialect": "咋个学起走 = 怎么学\n\n没有等号\n呀 = 吗", "synonyms": "甲乙 = 甲、乙、丙、丁", "terms": "x"}

    refused(
        officer.put("/v1/lexicon", json=words),
        422,
        "方言第 3 行",
        "方言第 4 行：“呀”只有一个字",
        "口头的说法第 1 行",
        "专用词第 1 行：“x”有 1 个字",
    )

    assert officer.get("/v1/lexicon").json()["dialect"] == ""
    assert actions(officer) == []


def test_a_word_that_the_knowledge_base_does_not_know_is_kept_with_advice(officer: httpx.Client) -> None:
    kept = LexiconOut.model_validate(
        officer.put("/v1/lexicon", json={"dialect": "哺乳时间 = 喂奶时间", "synonyms": "带崽 = 冥王星津贴"}).json()
    )

    assert any("冥王星津贴" in said and "查不到" in said for said in kept.advice)
    assert any("哺乳时间" in said and "可能换错" in said for said in kept.advice)


# -- places to ask

OURS: dict[str, Any] = {
    "name": "蓉城纺织工会",
    "number": "028-86610000",
    "purpose": "厂里的姐妹有事先来这里。",
    "words": ["蓉城纺织"],
    "region": "四川省成都市",
    "checked": "2026-11-20",
}


def test_an_own_place_is_given_first_where_its_words_are_named_at_once(officer: httpx.Client, fresh_data_dir: Path) -> None:
    book = ReferralBook.model_validate(officer.put("/v1/referrals", json={"items": [OURS]}).json())

    (own,) = book.own
    assert own.id.startswith("own-")
    assert len(book.shipped) > 10
    answer = officer.post("/v1/ask", json={"question": "蓉城纺织的火星矿工协会怎么入会"}).json()
    assert answer["referrals"][0]["number"] == "028-86610000"
    assert ReferralBook.model_validate(officer.get("/v1/referrals").json()) == book
    assert (
        "〔" not in officer.get(f"/v1/conversations/{answer['conversation_id']}").json()["messages"][1]["answer"]["referrals"][0]["number"]
    )
    assert actions(officer) == ["referrals_changed"]


def test_an_own_entry_takes_the_place_of_a_shipped_one_until_it_is_taken_away(officer: httpx.Client) -> None:
    ours = {**OURS, "id": "12351", "name": "四川工会热线", "number": "12351", "words": []}
    question = {"question": "工会火星矿工协会怎么入会"}

    officer.put("/v1/referrals", json={"items": [ours]})
    assert "四川工会热线" in {r["name"] for r in officer.post("/v1/ask", json=question).json()["referrals"]}
    officer.put("/v1/referrals", json={"items": []})

    names = {r["name"] for r in officer.post("/v1/ask", json=question).json()["referrals"]}
    assert "工会服务热线" in names
    assert "四川工会热线" not in names


def test_a_faulty_entry_is_named_and_nothing_is_kept(officer: httpx.Client) -> None:
    wrong = [
        OURS,
        {**OURS, "name": "", "number": "问张姐", "checked": "昨天", "region": "成都", "words": ["工"]},
        {**OURS, "name": "没有关键词", "words": []},
        {**OURS, "name": "还没核对", "checked": (dt.date.today() + dt.timedelta(days=9)).isoformat()},
        OURS,
    ]

    refused(
        officer.put("/v1/referrals", json={"items": wrong}),
        422,
        "第 2 条“”：名称不能是空的",
        "号码“问张姐”",
        "核对日期“昨天”",
        "要从省写起",
        "“工”太短",
        "第 3 条“没有关键词”：没有写关键词",
        "还没有到",
        "第 5 条“蓉城纺织工会”：和前面一条重复",
    )

    assert officer.get("/v1/referrals").json()["own"] == []


# -- approved answers

ASKED = "工会的热线电话夜里头打得通不"


def hand_in(**changes: Any) -> dict[str, Any]:
    expires = (dt.date.today() + dt.timedelta(days=60)).isoformat()
    standard = {"questions": [ASKED], "text": "打得通，7天24小时服务。", "source_ids": ["RX-001"], "author": "女职工部", "expires": expires}
    return {**standard, **changes}


def test_an_approved_answer_is_changed_in_its_place(officer: httpx.Client) -> None:
    approved_id = officer.post("/v1/approved", json=hand_in()).json()["approved_id"]
    assert officer.post("/v1/ask", json={"question": ASKED}).json()["text"].startswith("打得通")

    changed = officer.put(f"/v1/approved/{approved_id}", json=hand_in(text="夜里也打得通，7天24小时服务。"))

    assert changed.status_code == 200
    assert changed.json()["approved_id"] == approved_id
    assert officer.post("/v1/ask", json={"question": ASKED}).json()["text"].startswith("夜里也打得通")
    refused(officer.put(f"/v1/approved/{approved_id}", json=hand_in(text="365天都打得通。")), 422, "数字 365")
    assert officer.post("/v1/ask", json={"question": ASKED}).json()["text"].startswith("夜里也打得通")
    refused(officer.put("/v1/approved/a-1", json=hand_in()), 404)
    assert actions(officer) == ["approved_changed", "approved"]


def test_an_approved_answer_is_ended_and_stays_in_the_list(officer: httpx.Client) -> None:
    approved_id = officer.post("/v1/approved", json=hand_in()).json()["approved_id"]
    assert officer.post("/v1/ask", json={"question": ASKED}).json()["label"] == "人工审核"

    assert officer.post(f"/v1/approved/{approved_id}/expire").json()["state"] == "expired"

    assert officer.post("/v1/ask", json={"question": ASKED}).json()["label"] != "人工审核"
    assert [a.state for a in ApprovedList.model_validate(officer.get("/v1/approved").json()).items] == ["expired"]
    refused(officer.post("/v1/approved/a-1/expire"), 404)
    assert officer.delete(f"/v1/approved/{approved_id}").status_code == 204
    assert actions(officer) == ["approved_removed", "approved_expired", "approved"]
