"""Over HTTP: files become drafts, drafts become a generation, and a generation can be gone back from."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import httpx
import pytest
from assistant_server import Service, serve
from filelock import FileLock

from assistant.settings import Settings
from assistant.wire.schemas import ChangeList, DocumentList, DraftList, DraftOut, GenerationList, Problem, PublicationOut

KEY = "guanli-miyao-1"
NOTICE = "蓉城纺织女职工夜校通知\n\n蓉城纺织女职工夜校2026年秋季班每周三晚上七点上课，报名费为36元，联系人是车间工会小组长。\n"
ASKED = "蓉城纺织女职工夜校报名费多少钱？"
RULE = "蓉城夜校管理办法\n\n第一条 为了办好夜校，制定本办法。\n\n第二条 夜校每周三上课。\n\n第三条 本办法自2026年3月1日起施行。\n"
HEADERS = {"authorization": f"Bearer {KEY}", "x-officer": quote("李主席")}


@pytest.fixture
def data(small_data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of its own with a small corpus ingested."""
    shutil.copytree(small_data_dir, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def running(data: Path) -> Iterator[Service]:
    with serve(Settings(data_dir=data, admin_key=KEY)) as service:
        yield service


@pytest.fixture
def officer(running: Service) -> Iterator[httpx.Client]:
    """The officer's client of a service over a small corpus."""
    with httpx.Client(base_url=running.url, timeout=60, headers=HEADERS) as client:
        yield client


def refused(response: httpx.Response, status: int, *words: str) -> None:
    assert response.status_code == status, response.text
    problem = Problem.model_validate_json(response.text)
    for word in words:
        assert word in problem.detail


def hand_in(client: httpx.Client, *files: tuple[str, bytes]) -> list[DraftOut]:
    response = client.post("/v1/drafts", files=[("files", file) for file in files])
    assert response.status_code == 201, response.text
    return DraftList.model_validate(response.json()).items


def publish(client: httpx.Client, **request: Any) -> PublicationOut:
    """Publish and wait until it is over."""
    begun = client.post("/v1/publication", json=request)
    assert begun.status_code == 202, begun.text
    until = time.monotonic() + 60
    while (state := PublicationOut.model_validate(client.get("/v1/publication").json())).state == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    return state


def best_hit(client: httpx.Client) -> str:
    text: str = client.get("/v1/search", params={"q": ASKED}).json()["items"][0]["text"]
    return text


def a_docx() -> bytes:
    document = docx.Document()
    document.add_heading("家政培训通知", 1)
    document.add_paragraph("家政培训每期20人，免费。")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_several_files_become_drafts_each_with_its_outcome_and_nothing_is_live(officer: httpx.Client) -> None:
    before = officer.get("/readyz").json()

    drafts = hand_in(
        officer,
        ("夜校通知.txt", NOTICE.encode("gb18030")),
        ("坏了.pdf", b"%PDF-1.4 broken"),
        ("家政.docx", a_docx()),
        ("办法.md", RULE.encode()),
    )

    notice, broken, word, rule = drafts
    assert (notice.title, notice.kind, notice.author, notice.failure) == ("蓉城纺织女职工夜校通知", "training", "李主席", "")
    assert "36元" in notice.items[-1].text
    assert "损坏" in broken.failure or "PDF" in broken.failure
    assert (broken.passages, broken.items) == (0, [])
    assert word.title == "家政培训通知"
    assert (rule.kind, rule.effective, rule.passages) == ("policy", "2026-03-01", 4)
    assert [item.clause for item in rule.items] == ["", "第一条", "第二条", "第三条"]
    assert officer.get("/readyz").json() == before
    assert "36元" not in best_hit(officer)
    assert {d.draft_id for d in DraftList.model_validate(officer.get("/v1/drafts").json()).items} == {d.draft_id for d in drafts}


def test_the_preview_shows_as_many_passages_as_are_asked_for(officer: httpx.Client) -> None:
    (rule,) = hand_in(officer, ("办法.txt", RULE.encode()))

    whole = DraftOut.model_validate(officer.get(f"/v1/drafts/{rule.draft_id}").json())
    short = DraftOut.model_validate(officer.get(f"/v1/drafts/{rule.draft_id}", params={"preview": 1}).json())

    assert (len(whole.items), len(short.items), short.passages) == (4, 1, 4)


def test_metadata_is_corrected_before_publishing_and_stays_in_the_published_document(officer: httpx.Client) -> None:
    (rule,) = hand_in(officer, ("办法.txt", RULE.encode()))
    correction = {"title": "蓉城夜校办法（试行）", "issuer": "蓉城总工会", "region": "四川省成都市", "status": "现行", "expires": "2028-12"}

    changed = DraftOut.model_validate(officer.patch(f"/v1/drafts/{rule.draft_id}", json=correction).json())
    again = DraftOut.model_validate(officer.patch(f"/v1/drafts/{rule.draft_id}", json={"doc_no": "蓉工发〔2026〕3号"}).json())

    assert changed.model_dump(include=set(correction)) == correction
    assert again.stated == {**correction, "doc_no": "蓉工发〔2026〕3号"}
    assert publish(officer).added == 1
    document = officer.get(f"/v1/documents/{again.id}").json()
    assert {name: document[name] for name in correction} == correction
    assert document["doc_no"] == "蓉工发〔2026〕3号"
    assert document["effective"] == "2026-03-01"


@pytest.mark.parametrize(
    ("correction", "word"),
    [
        ({"issued": "去年"}, "不是日期"),
        ({"expires": "2025-01-01"}, "早于 2026-03-01"),
        ({"status": "有效"}, "状态“有效”不认识"),
        ({"region": "成都"}, "要从省写起"),
        ({"id": "有 空格"}, "编号"),
        ({"title": ""}, "标题不能是空的"),
        ({"kind": "notice"}, "kind"),
        ({"author": "某人"}, "author"),
    ],
    ids=str,
)
def test_a_wrong_correction_is_refused_and_the_draft_stays(officer: httpx.Client, correction: dict[str, str], word: str) -> None:
    (rule,) = hand_in(officer, ("办法.txt", RULE.encode()))

    refused(officer.patch(f"/v1/drafts/{rule.draft_id}", json=correction), 422, word)

    assert DraftOut.model_validate(officer.get(f"/v1/drafts/{rule.draft_id}", params={"preview": 5}).json()) == rule


def test_publishing_makes_drafts_live_and_going_back_takes_them_away_again(officer: httpx.Client) -> None:
    (before,) = GenerationList.model_validate(officer.get("/v1/generations").json()).items
    hand_in(officer, ("夜校通知.txt", NOTICE.encode("gb18030")), ("坏了.pdf", b"%PDF-1.4 broken"))

    done = publish(officer)

    assert (done.state, done.added, done.updated, done.removed, done.error) == ("done", 1, 0, 0, "")
    assert done.documents == before.documents + 1
    assert done.author == "李主席"
    assert "36元" in best_hit(officer)
    assert [d.name for d in DraftList.model_validate(officer.get("/v1/drafts").json()).items] == ["坏了.pdf"]
    assert [d.title for d in DocumentList.model_validate(officer.get("/v1/uploads").json()).items].count("蓉城纺织女职工夜校通知") == 1
    newest, oldest = GenerationList.model_validate(officer.get("/v1/generations").json()).items
    assert (newest.generation, newest.author, newest.current, oldest.current) == (done.generation, "李主席", True, False)

    back = officer.post(f"/v1/generations/{before.generation}/rollback")

    assert back.status_code == 200
    assert officer.get("/readyz").json()["generation"] == before.generation
    assert "36元" not in best_hit(officer)
    assert officer.post(f"/v1/generations/{done.generation}/rollback").status_code == 200
    assert "36元" in best_hit(officer)
    refused(officer.post(f"/v1/generations/{done.generation}/rollback"), 409, "正在使用")
    refused(officer.post("/v1/generations/g000099/rollback"), 409, "没有留着版本")


def test_what_was_gone_back_from_does_not_return_with_the_next_publication(officer: httpx.Client) -> None:
    first = officer.get("/readyz").json()["generation"]
    hand_in(officer, ("夜校通知.txt", NOTICE.encode()))
    publish(officer)
    officer.post(f"/v1/generations/{first}/rollback")

    hand_in(officer, ("另一份.txt", "另一份通知的内容，说的是别的事情。".encode()))
    assert publish(officer).added == 1

    assert "36元" not in best_hit(officer)


def test_an_uploaded_document_is_taken_out_with_the_next_generation(officer: httpx.Client, data: Path) -> None:
    (draft,) = hand_in(officer, ("夜校通知.txt", NOTICE.encode()))
    officer.patch(f"/v1/drafts/{draft.draft_id}", json={"region": "四川省"})
    publish(officer)
    doc_id = officer.get(f"/v1/documents/{draft.id}").json()["doc_id"]

    gone = publish(officer, remove=[doc_id])

    assert (gone.state, gone.added, gone.removed) == ("done", 0, 1)
    assert officer.get(f"/v1/documents/{draft.id}").status_code == 404
    assert list((data / "uploads").iterdir()) == []


def test_a_file_of_the_same_name_says_what_it_replaces_and_replaces_it(officer: httpx.Client) -> None:
    hand_in(officer, ("夜校通知.txt", NOTICE.encode()))
    publish(officer)

    (draft,) = hand_in(officer, ("夜校通知.txt", NOTICE.replace("36元", "45元").encode()))
    (namesake,) = hand_in(officer, ("换个名字.txt", NOTICE.replace("36元", "50元").encode()))

    assert draft.replaces == "蓉城纺织女职工夜校通知"
    assert namesake.replaces == ""
    assert [d.title for d in namesake.same_title] == ["蓉城纺织女职工夜校通知"]
    done = publish(officer, draft_ids=[draft.draft_id])
    assert (done.added, done.updated, done.removed) == (0, 1, 0)
    assert "45元" in best_hit(officer)


def test_what_cannot_be_published_is_refused_with_the_reason(officer: httpx.Client) -> None:
    refused(officer.post("/v1/publication", json={}), 422, "没有要发布的草稿")
    (broken,) = hand_in(officer, ("坏了.pdf", b"%PDF-1.4 broken"))
    refused(officer.post("/v1/publication", json={"draft_ids": [broken.draft_id]}), 422, "坏了.pdf")
    refused(officer.post("/v1/publication", json={"draft_ids": ["d-0000000000000000"]}), 404, "没有编号")
    refused(officer.post("/v1/publication", json={"remove": ["no-such"]}), 404)
    assert officer.get("/v1/publication").json()["state"] == "none"


def test_during_another_ingest_publishing_and_going_back_are_refused_as_busy(officer: httpx.Client, data: Path) -> None:
    (draft,) = hand_in(officer, ("夜校通知.txt", NOTICE.encode()))
    with FileLock(data / "index" / "ingest.lock"):
        refused(officer.post("/v1/publication", json={"draft_ids": [draft.draft_id]}), 409, "正在运行")
        refused(officer.post("/v1/generations/g000001/rollback"), 409, "请等它结束")

    assert publish(officer).added == 1


def test_a_draft_is_dropped_and_then_is_not_found(officer: httpx.Client) -> None:
    (draft,) = hand_in(officer, ("夜校通知.txt", NOTICE.encode()))

    assert officer.delete(f"/v1/drafts/{draft.draft_id}").status_code == 204

    refused(officer.get(f"/v1/drafts/{draft.draft_id}"), 404, "没有编号")
    refused(officer.delete(f"/v1/drafts/{draft.draft_id}"), 404)
    assert officer.get("/v1/drafts").json()["items"] == []


def test_every_step_stands_in_the_log_with_who_did_it_and_nothing_personal(officer: httpx.Client) -> None:
    (draft,) = hand_in(officer, ("夜校通知13800138000.txt", NOTICE.encode()))
    officer.patch(f"/v1/drafts/{draft.draft_id}", json={"topic": "找13900139000"}, headers={"x-officer": ""})
    done = publish(officer)
    officer.post("/v1/generations/g000001/rollback", headers={"x-officer": quote("王干事 13700137000")})

    log = ChangeList.model_validate(officer.get("/v1/changes").json())

    assert [(c.action, c.author) for c in log.items] == [
        ("rolled_back", "王干事 〔手机号〕"),
        ("published", "李主席"),
        ("draft_changed", "未署名"),
        ("draft_added", "李主席"),
    ]
    assert log.items[1].subject == done.generation
    assert "《蓉城纺织女职工夜校通知》" in log.items[1].detail
    assert (log.items[2].detail, log.items[3].subject) == ("topic：找〔手机号〕", "夜校通知〔手机号〕.txt")
    assert [c.action for c in ChangeList.model_validate(officer.get("/v1/changes", params={"limit": 1, "offset": 1}).json()).items] == [
        "published"
    ]
    assert log.total == 4


ROUTES = [
    ("GET", "/v1/drafts"),
    ("POST", "/v1/drafts"),
    ("PATCH", "/v1/drafts/d-1"),
    ("DELETE", "/v1/drafts/d-1"),
    ("POST", "/v1/publication"),
    ("GET", "/v1/publication"),
    ("GET", "/v1/generations"),
    ("POST", "/v1/generations/g000001/rollback"),
    ("GET", "/v1/uploads"),
    ("GET", "/v1/upkeep"),
    ("POST", "/v1/documents/d-1/review"),
    ("GET", "/v1/changes"),
    ("GET", "/v1/lexicon"),
    ("PUT", "/v1/lexicon"),
    ("POST", "/v1/lexicon/preview"),
    ("GET", "/v1/referrals"),
    ("PUT", "/v1/referrals"),
    ("PUT", "/v1/approved/a-1"),
    ("POST", "/v1/approved/a-1/expire"),
]


def test_only_the_officer_may_see_and_change_any_of_it(running: Service) -> None:
    for method, path in ROUTES:
        for headers in ({}, {"authorization": "Bearer x"}):
            assert httpx.request(method, running.url + path, headers=headers).status_code == 401, path


def test_without_a_key_set_all_of_it_is_closed(client: httpx.Client) -> None:
    for method, path in ROUTES:
        refused(client.request(method, path), 403, "ASSISTANT_ADMIN_KEY")


def test_an_upload_of_drafts_may_be_as_large_as_one_of_documents(start: Callable[..., Service]) -> None:
    service = start(admin_key=KEY, max_request_bytes=1000, max_upload_bytes=20_000)
    with httpx.Client(base_url=service.url, headers=HEADERS) as client:
        assert len(hand_in(client, ("夜校通知.txt", NOTICE.encode() * 20))) == 1
        refused(client.post("/v1/drafts", files={"files": ("大.txt", b"x" * 20_001)}), 413, "20 KB")


def test_a_draft_under_the_id_of_a_shipped_document_says_so_and_is_published_once_renamed(start: Callable[..., Service]) -> None:
    shipped = "nzg-tebie-guiding"
    text = f"---\nid: {shipped}\nkind: policy\ntitle: 冒名的规定\nstatus: 现行\n---\n\n## 第一条\n\n夜校报名费为36元。\n".encode()
    service = start(admin_key=KEY)
    with httpx.Client(base_url=service.url, headers=HEADERS, timeout=60) as client:
        (draft,) = hand_in(client, ("冒名.md", text))
        assert "女职工劳动保护特别规定" in draft.faults[0]
        refused(client.post("/v1/publication", json={"draft_ids": [draft.draft_id]}), 422, "请改成另一个编号")
        refused_at_once = client.post("/v1/documents", files={"files": ("冒名.md", text)}).json()
        assert shipped in refused_at_once["failures"][0]["reason"]

        renamed = DraftOut.model_validate(client.patch(f"/v1/drafts/{draft.draft_id}", json={"id": "rongcheng-yexiao"}).json())
        assert renamed.faults == []
        assert publish(client).added == 1

        assert client.get(f"/v1/documents/{shipped}").json()["title"] == "女职工劳动保护特别规定"
        assert client.get("/v1/documents/rongcheng-yexiao").json()["title"] == "冒名的规定"
