"""What every lexical index promises."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.errors import IndexUnavailable
from knowledge_base.index.lexical import MAX_QUERY_TOKENS, LexicalEntry, LexicalIndex, TantivyIndex
from knowledge_base.index.milvus import MilvusConnection, MilvusWords

ENTRIES = [
    LexicalEntry("chanjia.1", "女职工生育享受98天产假，其中产前可以休假15天。", "特别规定 第七条 产假天数", "生娃儿能耍好久"),
    LexicalEntry("chanjia.2", "女职工怀孕未满4个月流产的，享受15天产假。", "特别规定 第七条 产假天数"),
    LexicalEntry("butie.1", "参加数字技能培训，每人每年补贴1500元。", "关于培训补贴的通知"),
    LexicalEntry("zhibo.1", "直播销售员用手机直播，学习 Excel 和 C++。", "直播入门"),
    LexicalEntry("kong.1", "", ""),
]

Make = Callable[[list[LexicalEntry]], LexicalIndex]


@pytest.fixture(params=["tantivy", "milvus"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Builds an index of entries in a folder of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "tantivy":
        return lambda entries: TantivyIndex.build(folder / uuid.uuid4().hex, entries)
    connection: MilvusConnection = request.getfixturevalue("milvus_lite")
    return lambda entries: milvus_words(connection, folder, entries)


def milvus_words(connection: MilvusConnection, folder: Path, entries: list[LexicalEntry]) -> MilvusWords:
    name = f"contract_{uuid.uuid4().hex}"
    return MilvusWords.build(connection, name, folder / f"{name}.sqlite", entries)


class TestLexicalIndex:
    def test_the_passage_that_shares_most_words_comes_first(self, make: Make) -> None:
        hits = make(ENTRIES).search("培训补贴多少元", 5)

        assert hits[0][0] == "butie.1"
        assert all(score > 0 for _, score in hits)
        assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    @pytest.mark.parametrize("query", ["第7条", "第七條", "第７条产假", "產假", "９８天", "九十八天", "excel", "ＥＸＣＥＬ", "c++"])
    def test_every_written_form_of_a_word_finds_it(self, make: Make, query: str) -> None:
        assert make(ENTRIES).search(query, 1)

    def test_questions_and_headings_are_searched_too(self, make: Make) -> None:
        index = make(ENTRIES)

        assert index.search("娃儿耍", 1)[0][0] == "chanjia.1"
        assert index.search("通知", 1)[0][0] == "butie.1"

    @pytest.mark.parametrize("query", ["", "　", "？！。", "🙂", "xyzzy", "龘靐", '"', "AND OR NOT", "body:产", "(", "\\", "*"])
    def test_a_query_without_known_words_finds_nothing_and_breaks_nothing(self, make: Make, query: str) -> None:
        found = {i for i, _ in make(ENTRIES).search(query, 5)}

        assert found == ({"chanjia.1", "chanjia.2"} if "产" in query else set())

    @pytest.mark.parametrize("top_k", [0, -3])
    def test_asking_for_none_gives_none(self, make: Make, top_k: int) -> None:
        assert make(ENTRIES).search("产假", top_k) == []

    def test_top_k_bounds_what_is_given(self, make: Make) -> None:
        assert len(make(ENTRIES).search("产假", 1)) == 1
        assert len(make(ENTRIES).search("产假", 50)) == 2

    def test_only_passages_among_those_given_are_found_and_score_as_before(self, make: Make) -> None:
        index = make(ENTRIES)
        everywhere = dict(index.search("女职工产假补贴", 5))

        hits = index.search("女职工产假补贴", 5, among={"chanjia.2", "butie.1", "nicht-da"})

        assert {i for i, _ in hits} == {"chanjia.2", "butie.1"}
        assert dict(hits) == pytest.approx({i: everywhere[i] for i, _ in hits})
        assert index.search("产假", 5, among=set()) == []

    def test_ties_are_ordered_by_id_whatever_the_order_of_building(self, make: Make) -> None:
        entries = [LexicalEntry(f"p.{n}", "产假98天") for n in (3, 1, 10, 2)]

        assert [i for i, _ in make(entries).search("产假", 3)] == ["p.1", "p.10", "p.2"]

    def test_many_ties_are_still_cut_by_id(self, make: Make) -> None:
        entries = [LexicalEntry(f"p.{n:02d}", "产假98天") for n in reversed(range(60))]

        assert [i for i, _ in make(entries).search("产假", 3)] == ["p.00", "p.01", "p.02"]

    def test_the_same_query_gives_the_same_answer(self, make: Make) -> None:
        index, other = make(ENTRIES), make(ENTRIES)

        assert index.search("女职工产假补贴", 5) == index.search("女职工产假补贴", 5) == other.search("女职工产假补贴", 5)

    def test_a_query_longer_than_any_question_is_cut_and_answered(self, make: Make) -> None:
        filler = "".join(chr(0x4E00 + n) for n in range(0, 4 * MAX_QUERY_TOKENS, 2))

        assert make(ENTRIES).search("产假" + filler, 1)[0][0].startswith("chanjia")

    def test_document_frequency_counts_passages(self, make: Make) -> None:
        index = make(ENTRIES)

        assert index.document_frequency("产假") == 2
        assert index.document_frequency("7条") == index.document_frequency("补贴") + 1 == 2
        assert index.document_frequency("没有") == index.document_frequency("") == 0

    def test_length_counts_every_passage_even_an_empty_one(self, make: Make) -> None:
        assert len(make(ENTRIES)) == 5
        assert len(make([])) == 0

    def test_an_empty_index_finds_nothing(self, make: Make) -> None:
        assert make([]).search("产假", 5) == []


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return TantivyIndex.build(tmp_path_factory.mktemp("any") / "lexical", ENTRIES)


@given(query=st.text(max_size=50))
def test_any_query_is_answered(index: LexicalIndex, query: str) -> None:
    hits = index.search(query, 3)

    assert len(hits) <= 3
    assert all(score > 0 for _, score in hits)


def test_a_built_index_can_be_opened_again(tmp_path: Path) -> None:
    built = TantivyIndex.build(tmp_path / "lexical", ENTRIES)

    assert TantivyIndex(tmp_path / "lexical").search("产假98天", 3) == built.search("产假98天", 3)


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_folder_that_is_no_index_is_refused_with_advice(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "meta.json").write_bytes(content)

    with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
        TantivyIndex(tmp_path)


def test_milvus_scores_as_tantivy_does(make_text: Callable[[int], str], milvus_lite: MilvusConnection, tmp_path: Path) -> None:
    """Lengths from none to far above 40, where tantivy stops to keep them exactly."""
    entries = [LexicalEntry(f"p.{n}", make_text(n * n), make_text(n % 60), make_text(n % 7) if n % 3 else "") for n in range(40)]
    tantivy, milvus = TantivyIndex.build(tmp_path / "lexical", entries), milvus_words(milvus_lite, tmp_path, entries)

    for query, beside in (("产假补贴", ""), ("女职工产假产假", "生育津贴"), ("直播", "补贴 培训")):
        expected, found = tantivy.search(query, 10, beside=beside), milvus.search(query, 10, beside=beside)
        assert [i for i, _ in found] == [i for i, _ in expected]
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], rel=1e-5)


@pytest.fixture
def make_text() -> Callable[[int], str]:
    """Text of so many characters out of a few, the same for the same number."""
    return lambda length: "".join("产假补贴女职工直播培训生育津"[(7 * n * n + length * n) % 14] for n in range(length))


def test_a_text_longer_than_milvus_holds_is_searched_as_far_as_it_goes(milvus_lite: MilvusConnection, tmp_path: Path) -> None:
    index = milvus_words(milvus_lite, tmp_path, [LexicalEntry("p.1", "产假" + "补贴" * 20_000 + "直播")])

    assert [i for i, _ in index.search("产假", 1)] == ["p.1"]
    assert index.search("直播", 1) == []


def test_a_generation_without_its_statistics_is_refused_with_advice(milvus_lite: MilvusConnection, tmp_path: Path) -> None:
    milvus_words(milvus_lite, tmp_path, ENTRIES)
    written = next(tmp_path.glob("*.sqlite"))
    written.rename(tmp_path / "gone")

    with pytest.raises(IndexUnavailable, match="assistant ingest --rebuild"):
        MilvusWords(milvus_lite, written.stem, written)
