"""Questions to passages: look-up before likeness, filters, standing, and an order that never changes by chance."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_builder import CorpusBuilder
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import Generation, IndexFolder
from knowledge_base.index.questions import QuestionIndex
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.search.retrieval import RERANKED, Filters, Mode, Retriever
from knowledge_base.types import Kind, ScoredPassage, Status
from knowledge_base.validity import status_of

TODAY = dt.date(2025, 11, 28)
NOW = Filters(as_of=TODAY)
Open = Callable[[Path], Generation]


@pytest.fixture
def retriever(small_data_dir: Path, opened: Open) -> Retriever:
    return Retriever(opened(small_data_dir), StaticEmbedder(), Lexicon({"好久": "多久"}, {"生娃儿": ("产假",)}))


@pytest.fixture(scope="module")
def shipped(shipped_data_dir: Path) -> Iterator[Retriever]:
    generation = IndexFolder(shipped_data_dir).open(StaticEmbedder())
    yield Retriever(generation, StaticEmbedder(), Lexicon.load(CORPUS / "lexicon.yaml"))
    generation.close()


def slugs(found: list[ScoredPassage]) -> list[str]:
    return [s.passage.doc_id.rsplit(".", 1)[0] for s in found]


@pytest.mark.parametrize("form", ["第七条", "第7条", "第７条", "7条", "七条", "第七條"])
@pytest.mark.parametrize("title", ["特别规定", "《女职工劳动保护特别规定》", "国务院令第619号", "女職工勞動保護特別規定"])
def test_a_named_clause_comes_first_in_every_form(retriever: Retriever, title: str, form: str) -> None:
    first = retriever.retrieve(f"{title}{form}是怎么说的", 3, NOW)[0]

    assert (slugs([first]), first.passage.clause) == (["tebie"], "第七条")


@pytest.mark.parametrize("form", ["第二十条之一", "第20条之一", "第20条之1", "20条之一"])
def test_an_inserted_clause_is_found_by_its_own_number(retriever: Retriever, form: str) -> None:
    assert retriever.retrieve(f"特别规定{form}", 3, NOW)[0].passage.heading_path[-1] == "第二十条之一 数字技能"


def test_a_named_clause_comes_first_even_where_its_words_are_not_shared(retriever: Retriever) -> None:
    assert retriever.retrieve("特别规定第九条", 1, NOW)[0].passage.clause == "第九条"


def test_a_clause_that_is_not_there_names_none(retriever: Retriever) -> None:
    found = retriever.search("特别规定第九十九条", 3, NOW)

    assert [str(c) for c in found.named.clauses] == ["第九十九条"]
    assert all(p.passage.clause != "第九十九条" for p in found.passages)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_ranks_count_from_one_and_scores_never_rise(retriever: Retriever, mode: Mode) -> None:
    found = retriever.search("产假有多少天", 5, NOW, mode=mode).passages

    assert [s.rank for s in found] == list(range(1, len(found) + 1))
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert len({s.passage.passage_id for s in found}) == len(found) > 2


@pytest.mark.parametrize("top_k", [0, 1, 3, 500])
def test_no_more_than_top_k_are_given(retriever: Retriever, top_k: int) -> None:
    assert len(retriever.retrieve("产假有多少天", top_k, NOW)) <= top_k


@pytest.mark.parametrize("query", ["", "　", "？？", "🙂", "\x00"])
def test_a_question_without_words_finds_nothing(retriever: Retriever, query: str) -> None:
    assert retriever.retrieve(query, 5, NOW) == []


def test_current_rules_come_before_expired_drafts_and_other_provinces(retriever: Retriever) -> None:
    found = slugs(retriever.retrieve("女职工生育享受产假多少天", 10, NOW))

    assert max(found.index("tebie"), found.index("sichuan")) < min(map(found.index, ("jiugui", "caoan", "shaanxi")))


@pytest.mark.parametrize(
    ("query", "slug"),
    [("以前的女职工劳动保护规定产假多少天", "jiugui"), ("产假办法草案难产增加多少天", "caoan"), ("陕西女职工产假再增加多少天", "shaanxi")],
)
def test_what_is_not_current_here_comes_first_when_it_is_asked_for(retriever: Retriever, query: str, slug: str) -> None:
    assert slugs(retriever.retrieve(query, 3, NOW))[0] == slug


def test_the_asked_date_decides_what_is_current(retriever: Retriever) -> None:
    then = Filters(as_of=dt.date(2000, 1, 1), statuses=frozenset({Status.IN_FORCE}))
    found = slugs(retriever.retrieve("女职工产假", 10, then))

    assert "jiugui" in found
    assert "tebie" not in found


def test_the_asked_region_decides_whose_rule_is_elsewhere(retriever: Retriever) -> None:
    query = "女职工生育享受98天产假"
    in_shaanxi = slugs(retriever.retrieve(query, 10, Filters(as_of=TODAY, region="陕西省")))

    assert in_shaanxi.index("shaanxi") < in_shaanxi.index("sichuan")


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(as_of=TODAY, kinds=frozenset({Kind.TRAINING})), {"zhibo"}),
        (Filters(as_of=TODAY, kinds=frozenset({Kind.TRAINING, Kind.CASE})), {"zhibo", "gongzuoshi"}),
        (Filters(as_of=TODAY, statuses=frozenset({Status.DRAFT})), {"caoan"}),
        (Filters(as_of=TODAY, statuses=frozenset({Status.EXPIRED})), {"jiugui"}),
        (Filters(as_of=TODAY, statuses=frozenset({Status.ELSEWHERE})), {"shaanxi"}),
        (Filters(as_of=TODAY, issuer="国务院"), {"tebie"}),
        (Filters(as_of=TODAY, issuer="人大"), {"sichuan"}),
        (Filters(as_of=TODAY, only_region="陕西省"), {"shaanxi"}),
        (Filters(as_of=TODAY, only_region="四川省", kinds=frozenset({Kind.CASE})), {"gongzuoshi"}),
        (Filters(as_of=TODAY, issuer="没有这个机关"), set()),
    ],
)
def test_filters_shut_out_what_does_not_fit(retriever: Retriever, filters: Filters, wanted: set[str]) -> None:
    found = slugs(retriever.retrieve("女职工产假、直播和创新工作室怎么规定", 20, filters))

    assert set(found) == wanted


@given(
    kinds=st.sets(st.sampled_from(Kind)),
    statuses=st.sets(st.sampled_from(Status), max_size=3),
    region=st.sampled_from(["", "四川省", "四川省成都市", "陕西省"]),
    query=st.sampled_from(["产假多少天", "技能补贴怎么领", "直播带货", "创新工作室", "特别规定第七条"]),
)
def test_nothing_that_a_filter_shuts_out_is_ever_given(
    shipped: Retriever, kinds: set[Kind], statuses: set[Status], region: str, query: str
) -> None:
    filters = Filters(as_of=TODAY, kinds=frozenset(kinds), statuses=frozenset(statuses), only_region=region)

    for scored in shipped.retrieve(query, 8, filters):
        document = shipped.generation.catalogue.document(scored.passage.doc_id)
        assert not kinds or document.kind in kinds
        assert not statuses or status_of(document, TODAY) in statuses
        assert document.region.startswith(region)


@pytest.mark.parametrize("filters", [Filters(as_of=TODAY, kinds=frozenset({Kind.TRAINING})), Filters(as_of=TODAY, only_region="四川省")])
def test_where_filters_let_many_passages_through_the_same_come_first(shipped: Retriever, filters: Filters) -> None:
    asked_for_more = replace(shipped, few=0)

    for query in ("直播带货", "技能补贴怎么领", "产假多少天"):
        assert slugs(asked_for_more.retrieve(query, 3, filters)) == slugs(shipped.retrieve(query, 3, filters))


def test_a_question_that_a_passage_is_known_to_answer_lifts_it_above_one_whose_words_are_as_near(
    corpus: CorpusBuilder, tmp_path: Path, opened: Open
) -> None:
    long = "转岗培训每人补2000元。平台为快递从业者参保。新竣工企业招工有奖补。失业人员自己培训也能报。政策性岗位有三万个。" * 3
    corpus.document("peixun", f"\n## 培训\n\n> 问法：机器换人把我挤下来了咋办\n\n- {long}\n", folder="training")
    corpus.document("caozuo", "\n## 换人\n\n> 问法：设备报修找谁\n\n- 机器坏了要换人操作，把我们挤下来的要咋办手续。\n", folder="training")
    ingest(IndexFolder(tmp_path / "data"), StaticEmbedder(), [corpus.root])
    generation = opened(tmp_path / "data")
    without = replace(generation, questions=QuestionIndex())

    scores = [
        {slugs([s])[0]: s.score for s in Retriever(g, StaticEmbedder()).retrieve("机器换人把我挤下来了咋办", 2, NOW)}
        for g in (generation, without)
    ]

    assert scores[0]["peixun"] - scores[0]["caozuo"] > scores[1]["peixun"] - scores[1]["caozuo"] + 0.05


def test_no_document_takes_more_than_three_of_the_first_places(shipped: Retriever) -> None:
    for query in ("产假多少天", "直播带货有什么规定", "工会经费", "技能培训补贴标准"):
        counts = Counter(slugs(shipped.retrieve(query, 8, NOW)))
        assert max(counts.values()) <= 3, query


def test_a_named_instrument_may_take_every_place(shipped: Retriever) -> None:
    found = slugs(shipped.retrieve("女职工劳动保护特别规定都说了什么", 6, NOW))

    assert Counter(found).most_common(1)[0][1] > 3


def test_ties_are_ordered_by_id_in_every_run(corpus: CorpusBuilder, tmp_path: Path, opened: Open) -> None:
    for n in (3, 1, 10, 2):
        corpus.document(f"p{n}", "\n- 同样的一句话，产假98天。\n", title="同名文件", folder="training")
    ingest(IndexFolder(tmp_path / "data"), StaticEmbedder(), [corpus.root])
    retriever = Retriever(opened(tmp_path / "data"), StaticEmbedder())

    found = retriever.retrieve("产假98天", 4, NOW)

    ids = [s.passage.passage_id for s in found]
    assert ids == sorted(ids)
    assert len({s.score for s in found}) == 1
    assert found == retriever.retrieve("产假98天", 4, NOW)


class Backwards:
    """A reranker that likes best what was found last; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((query, list(texts)))
        return [place / len(texts) for place in range(len(texts))]


def reranked(retriever: Retriever) -> tuple[Retriever, Backwards]:
    backwards = Backwards()
    return replace(retriever, reranker=backwards), backwards


def test_a_reranker_orders_the_best_candidates_and_loses_none(retriever: Retriever) -> None:
    turned, backwards = reranked(retriever)
    filters = Filters(as_of=TODAY, only_region="四川省")  # all in force here: standing does not weigh

    plain = [s.passage.passage_id for s in retriever.retrieve("产假和直播怎么学", 20, filters)]
    found = turned.retrieve("产假和直播怎么学", 20, filters)

    assert [s.passage.passage_id for s in found] == plain[::-1]
    assert len(plain) == 2
    assert [s.rank for s in found] == list(range(1, len(found) + 1))
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
    assert found == turned.retrieve("产假和直播怎么学", 20, filters)
    assert all(s.passage.text in text for s, text in zip(found, backwards.asked[0][1][::-1], strict=True))


def test_a_reranker_reads_twenty_passages_and_the_rest_stay_behind_them(shipped: Retriever) -> None:
    turned, backwards = reranked(shipped)
    filters = Filters(as_of=TODAY, kinds=frozenset(Kind))  # filtered, so not spread over documents

    plain = [s.passage.passage_id for s in shipped.retrieve("直播带货", 40, filters)]
    found = [s.passage.passage_id for s in turned.retrieve("直播带货", 40, filters)]

    assert len(backwards.asked[0][1]) == RERANKED == 20
    assert set(found[:RERANKED]) == set(plain[:RERANKED])
    assert found[RERANKED:] == plain[RERANKED:]


@pytest.mark.parametrize("top_k", [0, 1, 3])
def test_a_reranker_leaves_top_k_and_exact_look_up_as_they_are(retriever: Retriever, top_k: int) -> None:
    turned, _ = reranked(retriever)

    found = turned.retrieve("特别规定第七条", top_k, NOW)

    assert len(found) == top_k
    assert [s.passage.clause for s in found[:1]] == ["第七条"][:top_k]


def test_a_reranker_that_likes_all_alike_leaves_an_order_by_id(retriever: Retriever) -> None:
    class Indifferent:
        def score(self, query: str, texts: Sequence[str]) -> list[float]:
            return [0.5] * len(texts)

    filters = Filters(as_of=TODAY, only_region="四川省")
    found = replace(retriever, reranker=Indifferent()).retrieve("产假和直播怎么学", 20, filters)

    assert [s.passage.passage_id for s in found] == sorted(s.passage.passage_id for s in found)


@pytest.mark.parametrize("mode", ["lexical", "dense"])
def test_one_leg_alone_is_not_reranked(retriever: Retriever, mode: Mode) -> None:
    turned, backwards = reranked(retriever)

    assert turned.search("产假", 5, NOW, mode=mode) == retriever.search("产假", 5, NOW, mode=mode)
    assert backwards.asked == []


def test_dialect_and_everyday_words_find_what_the_plain_question_finds(retriever: Retriever) -> None:
    asked = retriever.search("生娃儿能耍好久", 1, NOW)

    assert asked.understood.text == "生娃儿能耍多久"
    assert asked.passages[0].passage.clause == "第七条"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("产假有多少天", "女职工劳动保护特别规定"),
        ("特别规定第七条", "女职工劳动保护特别规定"),
        ("失业保险技能提升补贴怎么领", "补贴"),
        ("人才工只能训练师怎么考", "人工智能训练师"),
        ("12351是什么电话", "12351"),
    ],
)
def test_the_shipped_corpus_answers_what_it_was_written_for(shipped: Retriever, query: str, title: str) -> None:
    found = shipped.retrieve(query, 3, NOW)

    documents = [shipped.generation.catalogue.document(s.passage.doc_id) for s in found]
    assert any(title in d.title + s.passage.text for d, s in zip(documents, found, strict=True)), [d.title for d in documents]
