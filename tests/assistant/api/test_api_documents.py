"""What the knowledge base holds, over HTTP: searching, listing and reading; adding and removing with the admin key."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from assistant_server import Service, serve
from filelock import FileLock

from assistant.settings import Settings
from assistant.wire.schemas import DocumentList, DocumentOut, IngestReportOut, PassageOut, Problem, SearchResponse

KEY = "guanli-miyao-1"
NOTICE = "蓉城纺织女职工夜校通知\n\n蓉城纺织女职工夜校2026年秋季班每周三晚上七点上课，报名费为36元，联系人是车间工会小组长。\n"
ASKED = "蓉城纺织女职工夜校报名费多少钱？"


def assert_problem(response: httpx.Response, status: int, *words: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.text)
    assert problem.status == status
    for word in words:
        assert word in problem.detail


# -- reading


def test_search_gives_passages_best_first_and_how_it_understood(client: httpx.Client) -> None:
    found = SearchResponse.model_validate(client.get("/v1/search", params={"q": "生娃儿产假好多天", "top_k": 5}).json())

    assert len(found.items) == 5
    assert [hit.rank for hit in found.items] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in found.items] == sorted((hit.score for hit in found.items), reverse=True)
    assert "多少天" in found.understood_as
    assert any("产假" in hit.text for hit in found.items)


def repr_of_parameters(given: object) -> str:
    """A parameter as it stands in a test's id; "" for a function, whose address is another in every process."""
    return "" if callable(given) else str(given)


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"kind": "training"}, lambda hit: hit.kind == "training"),
        ({"status": "现行"}, lambda hit: hit.status == "现行"),
        ({"status": "征求意见稿"}, lambda hit: hit.status == "征求意见稿"),
        ({"region": "四川省"}, lambda hit: hit.region.startswith("四川省")),
        ({"issuer": "国务院"}, lambda hit: "国务院" in hit.issuer),
        ({"kind": "policy", "region": "陕西省"}, lambda hit: hit.kind == "policy" and hit.region.startswith("陕西省")),
    ],
    ids=repr_of_parameters,
)
def test_search_is_narrowed(client: httpx.Client, params: dict[str, str], holds: Callable[[Any], bool]) -> None:
    found = SearchResponse.model_validate(client.get("/v1/search", params={"q": "女职工补贴培训", **params}).json())

    assert found.items
    assert all(holds(hit) for hit in found.items)


def test_the_status_is_that_of_the_date_asked_for(client: httpx.Client) -> None:
    params = {"q": "女职工劳动保护特别规定 产假", "issuer": "国务院"}

    now = client.get("/v1/search", params=params).json()["items"]
    before = client.get("/v1/search", params={**params, "as_of": "2011-01-01"}).json()["items"]

    statuses = [{hit["status"] for hit in hits if hit["title"] == "女职工劳动保护特别规定"} for hits in (now, before)]
    assert statuses == [{"现行"}, {"未生效"}]


@pytest.mark.parametrize("query", [" ", "？？？", "\u200b", "qwxzjk", "产" * 2000])
def test_an_odd_query_is_no_error(client: httpx.Client, query: str) -> None:
    assert client.get("/v1/search", params={"q": query}).status_code == 200


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": ""},
        {"q": "产" * 2001},
        {"q": "产假", "top_k": "0"},
        {"q": "产假", "top_k": "51"},
        {"q": "产假", "top_k": "很多"},
        {"q": "产假", "kind": "小说"},
        {"q": "产假", "status": "大概有效"},
        {"q": "产假", "as_of": "2024-02-30"},
    ],
    ids=str,
)
def test_a_search_with_a_fault_is_a_problem(client: httpx.Client, params: dict[str, str]) -> None:
    assert_problem(client.get("/v1/search", params=params), 422)


def test_every_document_is_listed_once_over_the_pages(client: httpx.Client) -> None:
    def page_from(offset: int) -> DocumentList:
        return DocumentList.model_validate(client.get("/v1/documents", params={"limit": 150, "offset": offset}).json())

    pages = [page_from(offset) for offset in range(0, page_from(0).total, 150)]

    listed = [document.doc_id for page in pages for document in page.items]
    assert {page.total for page in pages} == {len(listed)} == {len(set(listed))}
    assert len(listed) >= 40
    assert all(document.passages for page in pages for document in page.items)


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"kind": "case"}, lambda d: d.kind == "case"),
        ({"status": "已失效"}, lambda d: d.status == "已失效"),
        ({"region": "四川省成都市"}, lambda d: d.region.startswith("四川省成都市")),
        ({"issuer": "总工会"}, lambda d: "总工会" in d.issuer),
        ({"q": "特别规定"}, lambda d: "特别规定" in d.title),
        ({"q": "国务院令第619号"}, lambda d: d.doc_no == "国务院令第619号"),
    ],
    ids=repr_of_parameters,
)
def test_the_list_is_narrowed(client: httpx.Client, params: dict[str, str], holds: Callable[[Any], bool]) -> None:
    listed = DocumentList.model_validate(client.get("/v1/documents", params=params).json())

    assert listed.items
    assert all(holds(document) for document in listed.items)


def test_a_list_of_nothing_is_empty_not_an_error(client: httpx.Client) -> None:
    assert client.get("/v1/documents", params={"q": "没有这个标题"}).json() == {"total": 0, "items": []}


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "501"}, {"offset": "-1"}, {"kind": "x"}], ids=str)
def test_a_list_with_a_fault_is_a_problem(client: httpx.Client, params: dict[str, str]) -> None:
    assert_problem(client.get("/v1/documents", params=params), 422)


def test_a_document_is_read_by_id_or_slug_with_its_passages_in_order(client: httpx.Client) -> None:
    by_slug = DocumentOut.model_validate(client.get("/v1/documents/nzg-tebie-guiding").json())
    by_id = DocumentOut.model_validate(client.get(f"/v1/documents/{by_slug.doc_id}").json())

    assert by_slug == by_id
    assert by_slug.doc_no == "国务院令第619号"
    assert len(by_slug.items) == by_slug.passages
    assert [p.start for p in by_slug.items] == sorted(p.start for p in by_slug.items)
    assert "第七条" in [p.clause for p in by_slug.items]


def test_a_passage_is_read_whole_with_its_sources(client: httpx.Client) -> None:
    hit = client.get("/v1/search", params={"q": "产假 98天", "kind": "policy"}).json()["items"][0]
    passage = PassageOut.model_validate(client.get(f"/v1/passages/{hit['passage_id']}").json())

    assert passage.text == hit["text"]
    assert len(passage.text) == passage.end - passage.start
    assert passage.sources
    assert all(source.title for source in passage.sources)
    assert "问法" not in passage.text


@pytest.mark.parametrize("path", ["/v1/documents/no-such", "/v1/passages/no-such", "/v1/nothing", "/"])
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize("path", ["/v1/documents/编号", "/v1/passages/a'b", f"/v1/passages/{'a' * 200}"])
def test_what_can_be_no_id_is_a_problem(client: httpx.Client, path: str) -> None:
    assert_problem(client.get(path), 422)


def test_another_method_than_the_route_knows_is_a_problem(client: httpx.Client) -> None:
    assert_problem(client.get("/v1/ask"), 405)


# -- adding and removing


@pytest.fixture
def admin(start: Callable[..., Service]) -> Iterator[httpx.Client]:
    """An administrator's client of a service of her own."""
    service = start(admin_key=KEY)
    with httpx.Client(base_url=service.url, timeout=60, headers={"authorization": f"Bearer {KEY}"}) as client:
        yield client


@pytest.fixture
def small_data(small_data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of its own with a small corpus ingested."""
    shutil.copytree(small_data_dir, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def small_admin(small_data: Path) -> Iterator[httpx.Client]:
    """An administrator's client of a service over a small corpus, which is quick to build anew."""
    with (
        serve(Settings(data_dir=small_data, admin_key=KEY)) as service,
        httpx.Client(base_url=service.url, timeout=60, headers={"authorization": f"Bearer {KEY}"}) as client,
    ):
        yield client


def upload(client: httpx.Client, *files: tuple[str, bytes]) -> httpx.Response:
    return client.post("/v1/documents", files=[("files", (name, data)) for name, data in files])


def added(response: httpx.Response) -> IngestReportOut:
    assert response.status_code == 201, response.text
    return IngestReportOut.model_validate(response.json())


def answer_to(client: httpx.Client, question: str = ASKED) -> str:
    text: str = client.post("/v1/ask", json={"question": question}).json()["text"]
    return text


def best_hit(client: httpx.Client) -> str:
    text: str = client.get("/v1/search", params={"q": ASKED}).json()["items"][0]["text"]
    return text


def test_without_a_key_set_the_admin_routes_are_closed(client: httpx.Client) -> None:
    for headers in ({}, {"authorization": "Bearer"}, {"authorization": "Bearer x"}):
        response = client.post("/v1/documents", files={"files": ("a.txt", b"x")}, headers=headers)

        assert_problem(response, 403, "ASSISTANT_ADMIN_KEY")
        assert_problem(client.delete("/v1/documents/nzg-tebie-guiding", headers=headers), 403)


def test_a_wrong_key_opens_nothing(admin: httpx.Client) -> None:
    for wrong in ("", "Bearer", "Bearer 错", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", f"Basic {KEY}"):
        response = httpx.post(f"{admin.base_url}/v1/documents", files={"files": ("a.txt", b"x")}, headers={"authorization": wrong.encode()})

        assert_problem(response, 401, "密钥")
        assert response.headers["www-authenticate"] == "Bearer"
    assert_problem(httpx.delete(f"{admin.base_url}/v1/documents/nzg-tebie-guiding"), 401)


def test_a_gbk_text_is_answered_from_once_uploaded_and_no_more_once_removed(admin: httpx.Client) -> None:
    before = answer_to(admin)
    report = added(upload(admin, ("夜校通知.txt", NOTICE.encode("gb18030"))))
    during = admin.post("/v1/ask", json={"question": ASKED}).json()

    assert "36元" not in before
    assert (report.added, report.failed, report.removed) == (1, 0, 0)
    assert "36元" in during["text"]
    doc_id = during["citations"][0]["doc_id"]

    gone = admin.delete(f"/v1/documents/{doc_id}")
    assert gone.status_code == 200
    assert gone.json()["removed"] == 1
    assert "36元" not in answer_to(admin)
    assert_problem(admin.get(f"/v1/documents/{doc_id}"), 404)
    assert_problem(admin.delete(f"/v1/documents/{doc_id}"), 404)
    added(upload(admin, ("另一份.txt", "另一份通知的内容，说的是别的事情。".encode())))
    assert "36元" not in answer_to(admin)


def test_the_shipped_corpus_stays_when_documents_are_added(admin: httpx.Client) -> None:
    before = admin.get("/readyz").json()

    added(upload(admin, ("夜校通知.txt", NOTICE.encode())))

    after = admin.get("/readyz").json()
    assert after["documents"] == before["documents"] + 1
    assert after["generation"] != before["generation"]
    assert "98" in answer_to(admin, "女职工生育产假国家规定是多少天？")


def test_uploading_the_same_file_again_adds_nothing(small_admin: httpx.Client) -> None:
    added(upload(small_admin, ("夜校通知.txt", NOTICE.encode())))
    again = added(upload(small_admin, ("夜校通知.txt", NOTICE.encode())))

    assert (again.added, again.removed) == (0, 0)


def test_a_new_version_under_the_same_name_replaces_the_old_one(small_admin: httpx.Client) -> None:
    added(upload(small_admin, ("夜校通知.txt", NOTICE.encode())))
    report = added(upload(small_admin, ("夜校通知.txt", NOTICE.replace("36元", "45元").encode())))

    assert (report.added, report.removed) == (1, 1)
    assert "45元" in best_hit(small_admin)
    assert "36元" not in best_hit(small_admin)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("坏了.docx", b"PK\x03\x04" + b"\x00" * 40, "损坏"),
        ("空的.txt", b"", "空"),
        ("空白.txt", b" \n\n ", "空"),
        ("程序.exe", b"MZ\x90\x00", "exe"),
        ("照片.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("老文件.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "docx"),
        ("设置.yaml", b"a: 1", "yaml"),
        ("没有后缀", "内容".encode(), "没有后缀"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason_and_not_kept(
    small_admin: httpx.Client, small_data: Path, name: str, data: bytes, reason: str
) -> None:
    before = small_admin.get("/readyz").json()

    assert_problem(upload(small_admin, (name, data)), 422, name, reason)

    assert small_admin.get("/readyz").json() == before
    assert [path.name for path in (small_data / "uploads").glob("*")] == []


def test_one_bad_file_does_not_stop_the_others(small_admin: httpx.Client) -> None:
    report = added(upload(small_admin, ("坏了.docx", b"PK\x03\x04" + b"\x00" * 40), ("夜校通知.txt", NOTICE.encode())))

    assert (report.added, report.failed) == (1, 1)
    assert [failure.path for failure in report.failures] == ["坏了.docx"]
    assert "损坏" in report.failures[0].reason
    assert "36元" in best_hit(small_admin)


def test_a_broken_file_under_the_name_of_a_good_one_loses_nothing(small_admin: httpx.Client) -> None:
    added(upload(small_admin, ("夜校通知.txt", NOTICE.encode())))

    assert_problem(upload(small_admin, ("夜校通知.txt", b"")), 422)
    added(upload(small_admin, ("另一份.txt", "另一份通知的内容，说的是别的事情。".encode())))

    assert "36元" in best_hit(small_admin)


def test_an_upload_during_another_ingest_is_refused_and_keeps_what_was_there(small_admin: httpx.Client, small_data: Path) -> None:
    added(upload(small_admin, ("夜校通知.txt", NOTICE.encode())))
    with FileLock(small_data / "index" / "ingest.lock"):
        assert_problem(upload(small_admin, ("夜校通知.txt", NOTICE.replace("36元", "45元").encode())), 409, "正在运行")
        assert_problem(upload(small_admin, ("新的.txt", "新的通知".encode())), 409)

    assert [path.name for path in (small_data / "uploads").glob("*")] == ["夜校通知.txt"]
    assert "36元" in (small_data / "uploads" / "夜校通知.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "夜" * 300 + ".txt",
        "../../../etc/passwd.txt",
        "C:\\文件\\夜校.txt",
        "夜校 通知（2026年）【定稿】——v2.0.TXT",
        "🌸🌼.txt",
        "~$夜校.txt",
        ".隐藏.txt",
        "-rf *.txt",
        'a"b;c.txt',
        "README.md",
        "catalog.md",
    ],
)
def test_an_odd_or_very_long_name_is_no_hindrance(small_admin: httpx.Client, small_data: Path, name: str) -> None:
    report = added(upload(small_admin, (name, NOTICE.encode())))

    assert (report.added, report.failed) == (1, 0)
    assert "36元" in best_hit(small_admin)
    (stored,) = small_data.joinpath("uploads").rglob("*")
    assert stored.parent == small_data / "uploads"
    assert len(stored.name.encode()) <= 255


def test_files_whose_names_differ_only_in_odd_characters_are_all_kept(small_admin: httpx.Client) -> None:
    names = ["🌸.txt", "🌼.txt", "夜校?.txt", "夜校*.txt", "夜" * 200 + "甲.txt", "夜" * 200 + "乙.txt"]
    report = added(upload(small_admin, *((name, f"第{n}份通知：夜校{n}班在{n}号楼上课。".encode()) for n, name in enumerate(names, 1))))

    assert report.added == len(names)


def test_a_shipped_document_is_not_removed_over_http(admin: httpx.Client) -> None:
    assert_problem(admin.delete("/v1/documents/nzg-tebie-guiding"), 409, "knowledge_base/corpus")
    assert admin.get("/v1/documents/nzg-tebie-guiding").status_code == 200


def test_an_upload_without_files_is_a_problem(small_admin: httpx.Client) -> None:
    assert_problem(small_admin.post("/v1/documents"), 422)
    assert_problem(small_admin.post("/v1/documents", json={"files": "x"}), 422)


def test_an_upload_over_the_limit_is_refused(start: Callable[..., Service]) -> None:
    service = start(admin_key=KEY, max_upload_bytes=20_000)
    with httpx.Client(base_url=service.url, headers={"authorization": f"Bearer {KEY}"}) as client:
        assert_problem(upload(client, ("大.txt", b"x" * 20_001)), 413, "20 KB")
