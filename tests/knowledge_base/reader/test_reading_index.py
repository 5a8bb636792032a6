"""Readings: what a question may be about, found by ways of asking, texts and near misses."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.reader.kept import KEPT, KnownVectors, key_of, save_kept
from knowledge_base.reader.readings import NEAREST_READ, ReadingIndex, is_whole, readings_of, statements_of
from knowledge_base.types import Document, Kind, NearMiss, Passage, Statement


class Letters:
    """Vectors that count the letters a, b, c and all others; it notes what it encodes."""

    dimension = 4

    def __init__(self, digest: str = "one") -> None:
        self.digest = digest
        self.encoded: list[str] = []

    def encode(self, texts, kind):
        self.encoded += texts
        rows = np.zeros((len(texts), 4), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                rows[row, "abc".find(letter)] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def a_passage(number: int, text: str, questions: tuple[str, ...] = (), heading: str = "答", start: int = 0) -> Passage:
    statements = (Statement(0, len(text), ("A-1",)),)
    return Passage(f"d.{number}", "d", text, start, start + len(text), number, (heading,), "", questions, statements)


GUIDE = Document("d", "gd-d", Kind.GUIDE, "title", "aa\nbb", near_misses=(NearMiss(0, "cc"),))
POLICY = Document("d", "zc-d", Kind.POLICY, "title", "aa\nbb", near_misses=(NearMiss(0, "cc"), NearMiss(3, "cb")))


def test_a_guide_is_one_reading_asked_for_by_its_title_and_every_way_of_asking() -> None:
    passages = [a_passage(1, "aa", ("ab", "ba")), a_passage(2, "bb", ("ab",), "步骤", 3)]

    [reading] = readings_of(GUIDE, passages)

    assert reading.asks == ("title", "ab", "ba")
    assert reading.texts == ("title。aa", "title\naa")
    assert reading.misses == ("cc",)
    assert reading.lead == passages[0]
    assert is_whole(GUIDE)
    assert not is_whole(POLICY)


def test_of_other_documents_each_passage_is_a_reading_with_its_own_near_misses() -> None:
    passages = [a_passage(1, "aaaaaa", ("ab",), "一"), a_passage(2, "bbbbbb", (), "二", 3)]

    first, second = readings_of(POLICY, passages)

    assert (first.name, second.name) == ("title 一", "title 二")
    assert first.texts == ("aaaaaa", "title\n一\naaaaaa")
    assert (first.misses, second.misses) == (("cc",), ("cb",))


def test_a_document_without_passages_has_no_reading() -> None:
    assert list(readings_of(GUIDE, [])) == []


def test_a_statement_over_several_lines_is_read_as_one() -> None:
    assert statements_of(a_passage(1, "aa\n bb")) == ["aa bb"]


@pytest.fixture
def index() -> ReadingIndex:
    return ReadingIndex(readings_of(POLICY, [a_passage(1, "aaaaaa", ("aab",), "一"), a_passage(2, "bbbbbb", ("bba",), "二", 3)]), Letters())


def test_the_reading_likest_a_question_comes_first(index: ReadingIndex) -> None:
    question = Letters().encode(["aaaa"], "query")[0]

    first, second = index.read(question)

    assert [first.reading.name, second.reading.name] == ["title 一", "title 二"]
    assert first.said == pytest.approx(1.0)  # its text is nothing but a
    assert second.said == pytest.approx(0.0)
    assert first.asked > second.asked > 0  # 「bba」 holds an a
    assert (first.missed, second.missed) == (0.0, 0.0)  # no near miss holds an a
    assert first.behind == 0.0 < second.behind


def test_a_near_miss_that_is_liker_than_the_ways_of_asking_tells_against_a_reading(index: ReadingIndex) -> None:
    read = index.read(Letters().encode(["cc"], "query")[0])

    missed = {r.reading.name: r.missed for r in read}
    assert missed["title 一"] > 0.5  # 「cc」 belongs elsewhere
    assert missed["title 一"] > missed["title 二"]


def test_the_likest_are_read_and_those_asked_for_whatever_their_likeness() -> None:
    passages = [a_passage(at, "a" * (at + 1) + "b" * 6, (), "一", 3 * at) for at in range(12)]
    many = ReadingIndex(readings_of(POLICY, passages), Letters())
    question = Letters().encode(["aaaa"], "query")[0]

    likest = [many.readings.index(r.reading) for r in many.read(question)]
    with_first = [many.readings.index(r.reading) for r in many.read(question, among=[0])]

    assert likest == list(range(11, 11 - NEAREST_READ, -1))
    assert with_first == [*likest, 0]


def test_a_passage_is_found_by_its_place_and_every_passage_of_a_guide_by_the_guide(index: ReadingIndex) -> None:
    guide = ReadingIndex(readings_of(GUIDE, [a_passage(1, "aa"), a_passage(2, "bb", (), "步骤", 3)]), Letters())

    assert index.place_of(a_passage(2, "bbbbbb")) == 1
    assert index.place_of(a_passage(9, "x")) is None
    assert guide.place_of(a_passage(2, "bb")) == 0


def test_an_index_without_readings_finds_nothing() -> None:
    empty = ReadingIndex([], Letters())

    assert len(empty) == 0
    assert empty.read(np.ones(4, dtype=np.float32)) == ()


def test_kept_vectors_are_not_encoded_again(tmp_path) -> None:
    save_kept([("aab", "query"), ("aab", "passage"), ("c", "query")], Letters(), tmp_path)
    encoder = Letters()

    rows = KnownVectors.open(encoder, tmp_path).encode(["aab", "b"], "query")

    assert encoder.encoded == ["b"]
    assert rows[0] @ Letters().encode(["aab"], "query")[0] == pytest.approx(1.0, abs=1e-3)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0])


def test_vectors_of_another_encoder_are_not_used(tmp_path) -> None:
    save_kept([("aab", "query")], Letters("one"), tmp_path)
    other = Letters("two")

    KnownVectors.open(other, tmp_path).encode(["aab"], "query")

    assert other.encoded == ["aab"]


def test_what_was_encoded_is_remembered_and_recalled(tmp_path) -> None:
    first = KnownVectors(Letters())
    first.encode(["aab", "b"], "query")
    first.remember(tmp_path / "readings.npz")
    encoder = Letters()
    second = KnownVectors(encoder)

    second.recall(tmp_path / "readings.npz")
    second.encode(["b", "aab"], "query")

    assert encoder.encoded == []


def test_a_memory_is_written_again_only_where_something_is_new(tmp_path) -> None:
    memory = tmp_path / "readings.npz"
    first = KnownVectors(Letters())
    first.encode(["aab"], "query")
    first.remember(memory)
    second = KnownVectors(Letters())
    second.recall(memory)
    memory.unlink()

    second.remember(memory)
    assert not memory.exists()
    second.encode(["b"], "query")
    second.remember(memory)
    assert memory.exists()


def test_a_damaged_memory_is_forgotten(tmp_path) -> None:
    (tmp_path / "readings.npz").write_bytes(b"no archive")
    encoder = Letters()
    known = KnownVectors(encoder)

    known.recall(tmp_path / "readings.npz")
    known.encode(["b"], "query")

    assert encoder.encoded == ["b"]


def test_the_share_of_known_texts_is_told(tmp_path) -> None:
    save_kept([("aab", "query")], Letters(), tmp_path)

    assert KnownVectors.open(Letters(), tmp_path).share_known([("aab", "query"), ("aab", "passage")]) == 0.5
    assert key_of("aab", "query") != key_of("aab", "passage")
    assert (tmp_path / KEPT).exists()
