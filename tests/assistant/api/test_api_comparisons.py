"""Versions, comparisons and briefs over HTTP, over the shipped corpus."""

from __future__ import annotations

import io

import docx
import httpx
import pypdfium2
import pytest

from assistant.wire.schemas import ComparisonOut, DocumentList, Problem, SearchResponse

OLD, NEW = "nzg-sichuan-yuerjia-2021", "nzg-sichuan-jiaqi-zhidao-yijian-2025"


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as file:
        return "\n".join(page.get_textpage().get_text_range() for page in file).replace("\r\n", "\n")


@pytest.mark.parametrize("asked", [OLD, NEW])
def test_versions_are_found_from_either_end_oldest_first(client: httpx.Client, asked: str) -> None:
    found = DocumentList.model_validate(client.get(f"/v1/documents/{asked}/versions").json())

    assert [document.slug for document in found.items] == [OLD, NEW]
    assert found.items[0].status == "已失效"


def test_a_document_that_replaced_nothing_is_its_only_version(client: httpx.Client) -> None:
    found = DocumentList.model_validate(client.get("/v1/documents/zc-zhuanli-fa/versions").json())

    assert [document.slug for document in found.items] == ["zc-zhuanli-fa"]


def test_a_comparison_holds_every_clause_of_both_once(client: httpx.Client) -> None:
    found = ComparisonOut.model_validate(client.get(f"/v1/documents/{NEW}/comparison", params={"with": OLD}).json())

    for side, slug in (("left", NEW), ("right", OLD)):
        items = [item["passage_id"] for item in client.get(f"/v1/documents/{slug}").json()["items"]]
        shown = [getattr(row, side).passage_id for row in found.rows if getattr(row, side)]
        assert sorted(shown) == sorted(items)


def test_a_document_beside_itself_is_the_same_in_every_row(client: httpx.Client) -> None:
    rows = ComparisonOut.model_validate(client.get(f"/v1/documents/{NEW}/comparison", params={"with": NEW}).json()).rows

    assert all(row.left == row.right and row.likeness == 100 for row in rows)


def test_a_word_brief_opens_and_holds_text_sources_status_and_day(client: httpx.Client) -> None:
    response = client.get("/v1/briefs", params={"doc": [NEW, "nzg-tebie-guiding"], "format": "docx", "as_of": "2026-11-23"})

    said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs)
    for told in (
        "政策简报",
        "2026-11-23",
        "共 2 份文件",
        "《女职工劳动保护特别规定》",
        "98天",
        "文号：川卫发〔2025〕14号",
        "资料来源",
        "以官方发布为准",
    ):
        assert told in said
    assert "2026-11-23.docx" in response.headers["content-disposition"]


def test_a_pdf_brief_opens_and_can_be_searched_for_chinese_text(client: httpx.Client) -> None:
    response = client.get("/v1/briefs", params={"doc": "nzg-tebie-guiding", "format": "pdf", "as_of": "2026-11-23"})
    if response.status_code == 503:
        assert "没有中文字体" in Problem.model_validate_json(response.text).detail
        pytest.skip("no Chinese font on this machine: install fonts-noto-cjk")

    assert response.headers["content-type"] == "application/pdf"
    said = pdf_text(response.content)
    for told in ("《女职工劳动保护特别规定》", "产假基准是98天", "资料来源", "2026-11-23"):
        assert told in said.replace("\n", "")


def test_a_brief_of_an_unknown_document_or_of_none_is_a_problem(client: httpx.Client) -> None:
    assert client.get("/v1/briefs", params={"doc": "meiyou"}).status_code == 404
    assert client.get("/v1/briefs").status_code == 422


def test_documents_are_narrowed_by_year_and_topic_and_sorted(client: httpx.Client) -> None:
    params = {"kind": "policy", "topic": "技能与就业补贴", "limit": 500}
    found = DocumentList.model_validate(client.get("/v1/documents", params={**params, "sort": "newest"}).json())
    dates = [document.effective or document.issued for document in found.items]
    assert dates == sorted(dates, reverse=True)

    of_year = DocumentList.model_validate(client.get("/v1/documents", params={**params, "year": dates[0][:4]}).json())
    assert 0 < of_year.total < found.total
    assert all((document.effective or document.issued).startswith(dates[0][:4]) for document in of_year.items)
    assert client.get("/v1/documents", params={"year": "去年"}).status_code == 422


def test_a_search_is_narrowed_by_topic_and_ranks_stay_whole(client: httpx.Client) -> None:
    found = SearchResponse.model_validate(client.get("/v1/search", params={"q": "产假多少天", "topic": "女职工特殊保护"}).json())

    topics = {client.get(f"/v1/documents/{hit.doc_id}").json()["topic"] for hit in found.items}
    assert topics == {"女职工特殊保护"}
    assert [hit.rank for hit in found.items] == list(range(1, len(found.items) + 1))
