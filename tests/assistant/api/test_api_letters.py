"""Letters and entitlements over HTTP; nothing that was filled in is kept."""

from __future__ import annotations

import io

import docx
import httpx
import pytest
from assistant_server import Service

from assistant.fonts import find_chinese_font
from assistant.reader import Reader
from assistant.tools.entitlements import load_situations
from assistant.tools.letters import load_letters
from assistant.wire.tool_schemas import Entitlements, LetterList, LetterPreview, SituationList


def test_every_form_can_be_previewed_with_its_clauses(client: httpx.Client) -> None:
    listed = LetterList.model_validate(client.get("/v1/letters").json())

    assert listed.total == len(load_letters())
    for letter in listed.items:
        preview = LetterPreview.model_validate(client.post(f"/v1/letters/{letter.name}", json={"fields": {}}).json())
        assert preview.paragraphs[0].style == "title"
        assert preview.empty
        assert preview.whom
        assert any(paragraph.sources for paragraph in preview.paragraphs)


def test_a_letter_is_downloaded_and_kept_by_nobody(client: httpx.Client) -> None:
    fields = {"name": "王小红", "employer": "成都某某服装厂", "total": "8000元"}
    answer = client.post("/v1/letters/wages/file", json={"fields": fields})

    assert answer.headers["cache-control"] == "no-store"
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert "合计8000元。" in text
    pdf = client.post("/v1/letters/wages/file", params={"format": "pdf"}, json={"fields": fields})
    assert pdf.content.startswith(b"%PDF") if find_chinese_font() else pdf.status_code == 503


def test_what_is_filled_in_is_not_stored(client: httpx.Client, service: Service) -> None:
    client.post("/v1/letters/wages/file", json={"fields": {"name": "欧阳独一无二"}})
    client.post("/v1/tools/compensation", json={"inputs": {"worked": "8年", "wage": 98765.43}})

    folder = service.parts.settings.data_dir
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and "conversations" in path.name)
    assert "欧阳独一无二".encode() not in kept
    assert b"98765" not in kept


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/letters/love", {"fields": {}}, 404),
        ("/v1/letters/wages", {"fields": {"secret": "x"}}, 422),
        ("/v1/letters/wages", {"fields": {"name": "x" * 3000}}, 422),
        ("/v1/letters/wages/file?format=exe", {"fields": {}}, 422),
        ("/v1/entitlements/lottery", {"answers": {}}, 404),
        ("/v1/entitlements/birth", {"answers": {"stage": "tired"}}, 422),
    ],
)
def test_errors_are_problems(client: httpx.Client, path: str, body: dict[str, object], status: int) -> None:
    answer = client.post(path, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_plain_questions_lead_to_rights_with_their_clauses(client: httpx.Client) -> None:
    listed = SituationList.model_validate(client.get("/v1/entitlements").json())
    answers = {"stage": "pregnant", "contract": "yes", "insured": "yes", "place": "sichuan", "date": "2026-12-20"}
    found = Entitlements.model_validate(client.post("/v1/entitlements/birth", json={"answers": answers}).json())

    assert [s.name for s in listed.items] == list(load_situations())
    assert all(question.options[-1].key == "unsure" for s in listed.items for question in s.questions if question.options)
    assert any("产检" in item.text for item in found.items)
    assert all(item.sources for item in found.items)
    assert {item.tool for item in found.items} >= {"maternity_leave", "maternity_allowance"}


def test_every_fact_of_letters_and_entitlements_stands_in_a_passage(reader: Reader) -> None:
    stated = {fact for letter in load_letters().values() for fact in letter.facts}
    stated |= {fact for situation in load_situations().values() for item in situation.items for fact in item.wording.facts}
    held = {fact for passage in reader.generation.catalogue.passages() for fact in passage.source_ids}

    assert stated - held == set()
