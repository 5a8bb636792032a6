"""Files that were handed in: kept apart from what is live, read for a preview, corrected, and told what publishing them would do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge_base.errors import LoadError
from knowledge_base.index.catalogue import Entry
from knowledge_base.loaders import document_from_bytes
from knowledge_base.publishing.drafts import Draft, DraftFolder, standing_of
from knowledge_base.publishing.ingest import CORPUS_ORIGIN

RULE = "夜校管理办法\n\n第一条 为了办好夜校，制定本办法。\n\n第二条 夜校每周三上课。\n\n第三条 本办法自2026年3月1日起施行。\n"


@pytest.fixture
def drafts(tmp_path: Path) -> DraftFolder:
    return DraftFolder(tmp_path)


def add(drafts: DraftFolder, data: bytes | str = RULE, name: str = "夜校办法.txt", created: str = "2026-11-23T01:00:00") -> Draft:
    return drafts.add(data.encode() if isinstance(data, str) else data, name, author="李主席", created=created)


def test_a_draft_shows_what_was_recognised_and_how_it_splits(drafts: DraftFolder) -> None:
    draft = add(drafts, RULE.encode("gb18030"))

    assert draft.document is not None
    assert (draft.document.title, draft.document.effective) == ("夜校管理办法", "2026-03-01")
    assert [p.clause for p in draft.passages() if p.clause] == ["第一条", "第二条", "第三条"]
    assert drafts.all() == [draft]
    assert drafts.get(draft.draft_id) == draft


def test_a_file_that_cannot_be_read_is_kept_as_its_reason_alone(drafts: DraftFolder) -> None:
    draft = add(drafts, b"%PDF-1.7 broken", "坏了.pdf")

    assert "PDF" in draft.failure
    assert (draft.document, draft.passages()) == (None, [])
    assert not drafts.file(draft).exists()
    with pytest.raises(LoadError, match="改不了"):
        drafts.restate(draft, {"title": "好的"})


def test_the_same_name_again_takes_the_place_of_the_earlier_draft(drafts: DraftFolder) -> None:
    add(drafts, "坏", "夜校办法.pdf")
    add(drafts)
    newer = add(drafts, RULE.replace("周三", "周四"), created="2026-11-23T02:00:00")

    assert [d.name for d in drafts.all()] == ["夜校办法.txt", "夜校办法.pdf"]
    assert drafts.all()[0] == newer


def test_a_correction_is_kept_and_another_one_replaces_it(drafts: DraftFolder) -> None:
    draft = drafts.restate(add(drafts), {"title": "夜校办法（试行）", "region": "四川省"})
    assert draft.document is not None
    assert (draft.document.title, draft.document.region) == ("夜校办法（试行）", "四川省")

    again = drafts.restate(draft, {"status": "现行"})

    assert again.document is not None
    assert (again.document.title, again.document.region, again.document.status) == ("夜校管理办法", "", "现行")
    assert drafts.get(draft.draft_id) == again


def test_a_last_day_before_the_first_one_that_the_file_states_is_refused(drafts: DraftFolder) -> None:
    draft = add(drafts)

    with pytest.raises(LoadError, match="早于 2026-03-01"):
        drafts.restate(draft, {"expires": "2025-12-31"})

    assert drafts.get(draft.draft_id) == draft


def test_what_is_published_takes_what_was_stated_along(drafts: DraftFolder) -> None:
    draft = drafts.restate(add(drafts), {"title": "夜校办法（试行）"})
    assert draft.document is not None

    upload = drafts.upload(draft)

    assert document_from_bytes(upload.data, draft.stored, stated=upload.stated).doc_id == draft.document.doc_id


def test_what_publishing_would_do_is_told(drafts: DraftFolder) -> None:
    draft = add(drafts)
    assert draft.document is not None
    former = replace(draft.document, doc_id="former", text="旧的")
    namesake = replace(draft.document, doc_id="other", slug="other", title="《夜校 管理办法》")

    alone = standing_of(draft, [])
    replacing = standing_of(draft, [Entry(former, "/uploads", "a"), Entry(namesake, CORPUS_ORIGIN, "b")])
    taken = standing_of(draft, [Entry(former, CORPUS_ORIGIN, "a")])

    assert (alone.replaces, alone.same_title, alone.faults) == (None, (), ())
    assert (replacing.replaces, replacing.same_title, replacing.faults) == (former, (namesake,), ())
    assert taken.replaces is None
    assert "请改成另一个编号" in taken.faults[0]


def test_two_drafts_of_one_id_are_told(drafts: DraftFolder) -> None:
    first = drafts.restate(add(drafts), {"id": "yexiao"})
    second = drafts.restate(add(drafts, name="另一份.txt"), {"id": "yexiao"})

    assert "夜校办法.txt" in standing_of(second, [], [first, second]).faults[0]


@pytest.mark.parametrize("draft_id", ["", "..", "../index", "d-1", "d-" + "g" * 16])
def test_what_is_no_id_finds_nothing(drafts: DraftFolder, draft_id: str) -> None:
    add(drafts)

    assert drafts.get(draft_id) is None


def test_a_damaged_record_hides_no_other_draft(drafts: DraftFolder) -> None:
    draft = add(drafts)
    (drafts.path / "d-damaged").mkdir()
    (drafts.path / "d-damaged" / "draft.json").write_text("{", encoding="utf-8")

    assert drafts.all() == [draft]
    drafts.remove(draft.draft_id)
    assert drafts.all() == []
