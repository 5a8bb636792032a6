"""Which documents the next generation holds: pure, so worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge_base.index.catalogue import Entry
from knowledge_base.publishing.merge import CORPUS_ORIGIN, IngestTask, LoadedFiles, displaced_by_corpus, load_files, merge_entries
from knowledge_base.types import Document, Kind

HERE = Path("unused")


def entry(slug: str, origin: str, version: int = 1, path: str = "") -> Entry:
    document = Document(f"{slug}.{version}", slug, Kind.POLICY, f"《{slug}》", f"{slug} {version}")
    return Entry(document, origin, path or f"{slug}.md")


def by_id(*entries: Entry) -> dict[str, Entry]:
    return {e.document.doc_id: e for e in entries}


def merged(
    task: IngestTask, old: Mapping[str, Entry], loaded: Sequence[Entry], unreadable: set[tuple[str, str]] | None = None
) -> list[str]:
    return list(merge_entries(task, old, LoadedFiles(list(loaded), [], unreadable or set())).entries)


def test_documents_of_other_origins_are_carried_over() -> None:
    task = IngestTask({CORPUS_ORIGIN: HERE}, origins=frozenset({CORPUS_ORIGIN}))

    assert merged(task, by_id(entry("upload", "uploads")), [entry("corpus", CORPUS_ORIGIN)]) == ["corpus.1", "upload.1"]


def test_a_document_that_is_gone_from_an_origin_read_completely_is_dropped() -> None:
    old = by_id(entry("gone", CORPUS_ORIGIN))

    assert merged(IngestTask({}, origins=frozenset({CORPUS_ORIGIN})), old, []) == []
    assert merged(IngestTask({}), old, []) == ["gone.1"]


def test_a_document_whose_file_cannot_be_read_keeps_its_last_good_version() -> None:
    task = IngestTask({}, origins=frozenset({CORPUS_ORIGIN}))

    assert merged(task, by_id(entry("broken", CORPUS_ORIGIN)), [], {(CORPUS_ORIGIN, "broken.md")}) == ["broken.1"]


def test_a_new_version_replaces_the_old_one_and_is_named() -> None:
    old, new = entry("a", "uploads"), entry("a", "uploads", 2)

    found = merge_entries(IngestTask({}), by_id(old), LoadedFiles([new], [], set()))

    assert list(found.entries) == ["a.2"]
    assert found.named == {"a.2"}


def test_documents_to_remove_are_dropped_wherever_they_come_from() -> None:
    task = IngestTask({}, remove=frozenset({"old.1", "new.1"}))

    assert merged(task, by_id(entry("old", "uploads")), [entry("new", "uploads"), entry("kept", "uploads")]) == ["kept.1"]


def test_documents_are_ordered_by_slug() -> None:
    assert merged(IngestTask({}), by_id(entry("b", "x"), entry("a", "x")), [entry("c", "x")]) == ["a.1", "b.1", "c.1"]


def test_an_upload_whose_id_the_corpus_takes_is_reported_with_the_title() -> None:
    old = by_id(entry("taken", "uploads"), entry("free", "uploads"), entry("taken2", CORPUS_ORIGIN))

    failures = list(displaced_by_corpus(old, [entry("taken", CORPUS_ORIGIN, 2), entry("taken2", CORPUS_ORIGIN, 2)]))

    assert [f.path for f in failures] == ["taken.md"]
    assert "《taken》" in failures[0].reason


def test_an_unchanged_file_is_read_once_and_a_rebuild_reads_it_again(tmp_path: Path) -> None:
    (tmp_path / "通知.md").write_text("# 关于产假的通知\n\n产假98天。\n", encoding="utf-8")
    task = IngestTask({"uploads": tmp_path}, origins=frozenset({"uploads"}))
    first = load_files(task, {}, lambda *_: None).entries
    old = by_id(*first)

    again = load_files(task, old, lambda *_: None).entries
    rebuilt = load_files(IngestTask({"uploads": tmp_path}, origins=frozenset({"uploads"}), rebuild=True), old, lambda *_: None).entries

    assert again[0].document is first[0].document
    assert rebuilt[0].document is not first[0].document
    assert rebuilt == first
