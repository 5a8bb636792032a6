"""The systems of the comparison: what a first-hit system shows, and what a chat model makes of the first few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from evals.baselines import CHUNK, OVERLAP, Bm25Retriever, FirstHitTarget, Hit, LangChainEmbeddings, _chunks
from evals.chat import ChatModel
from evals.judging import Judge
from evals.samples import Expected, Sample
from knowledge_base.embedder.embedding import HashingEmbedder
from knowledge_base.types import Document, Kind, Statement

RULE = Document("d1", "tebie", Kind.POLICY, "女职工劳动保护特别规定", "正文")
HITS = tuple(
    Hit(f"p{n}", text, RULE, clause, (source,))
    for n, (text, clause, source) in enumerate(
        [
            ("女职工生育享受98天产假。", "第七条", "NZG-007"),
            ("每天1小时哺乳时间。", "第九条", "NZG-009"),
            ("不得降低工资。", "第五条", "NZG-005"),
            ("难产增加15天。", "第七条", "NZG-007"),
            ("流产享受15天产假。", "第七条", "NZG-008"),
        ],
        1,
    )
)
ASKED = Sample("q1", "产假多少天？", Expected.ANSWER, gold_facts=("NZG-007",), must_include=(("98天",),))


@dataclass(frozen=True, slots=True)
class CannedModel(ChatModel):
    """Writes one text, and keeps what it was asked."""

    written: str = ""
    asked: list[str] = field(default_factory=list)

    def complete(self, system: str, user: str) -> str:
        self.asked.append(user)
        return self.written


def first_hit(hits: Sequence[Hit] = HITS, model: ChatModel | None = None) -> FirstHitTarget:
    return FirstHitTarget("仅 BM25", lambda _: hits, {"NZG-007": {"p1", "p4"}, "NZG-008": {"p5"}}, lambda: None, model)


def test_the_first_hit_is_the_answer_with_its_source() -> None:
    reply = first_hit().reply(ASKED)

    assert reply.answer is not None
    assert reply.answer.text == "女职工生育享受98天产假。[1]"
    (citation,) = reply.answer.citations
    assert (citation.passage_id, citation.clause, citation.quote, citation.source_ids) == ("p1", "第七条", HITS[0].text, ["NZG-007"])
    assert Judge().judge(ASKED, reply).right


def test_without_a_hit_it_says_so() -> None:
    reply = first_hit(()).reply(ASKED)

    assert reply.answer is not None
    assert (reply.answer.verdict, reply.answer.citations) == ("abstained", [])


@pytest.mark.parametrize(
    ("gold", "relevant", "ranks"),
    [
        (("NZG-007",), 2, (1, 4)),
        (("NZG-007", "NZG-008"), 3, (1, 4, 5)),
        (("NZG-009",), 0, (2,)),  # no passage of the index is known to hold it
        ((), 0, ()),
    ],
)
def test_the_ranking_knows_the_passages_with_a_gold_fact(gold: tuple[str, ...], relevant: int, ranks: tuple[int, ...]) -> None:
    asked = replace(ASKED, gold_facts=gold)
    row = Judge().judge(asked, first_hit().reply(asked))

    assert (row.relevant, row.ranks) == (relevant, ranks)


def test_the_ranking_ends_at_ten() -> None:
    many = [replace(HITS[0], passage_id=f"p{n}") for n in range(30)]

    reply = first_hit(many).reply(ASKED)

    assert reply.ranking is not None
    assert len(reply.ranking.source_ids) == 10


@pytest.mark.parametrize(
    ("written", "verdict", "markers"),
    [
        ("产假98天[1]，难产加15天[4]。", "answered", ["1", "4"]),
        ("产假98天。", "answered", []),  # it names no source; the harness will find it at fault
        ("知识库里没有。", "abstained", []),
        ("知识库里没有天气，但产假98天[1]。", "answered", ["1"]),
        ("见[5]。", "answered", []),  # a source that the prompt did not hold
    ],
)
def test_a_chat_model_cites_what_its_text_names(written: str, verdict: str, markers: list[str]) -> None:
    reply = first_hit(model=CannedModel("", "m", written=written)).reply(ASKED)

    assert reply.answer is not None
    assert (reply.answer.verdict, reply.answer.text, reply.answer.model_id) == (verdict, written, "m")
    assert [c.marker for c in reply.answer.citations] == markers


def test_a_chat_model_reads_the_first_four_hits_and_the_question() -> None:
    model = CannedModel("", "m", written="产假98天[1]。")

    first_hit(model=model).reply(ASKED)

    (prompt,) = model.asked
    assert "产假多少天？" in prompt
    assert "[4] 难产增加15天。" in prompt
    assert "流产享受15天产假" not in prompt


def test_a_chat_model_is_not_asked_about_nothing() -> None:
    model = CannedModel("", "m", written="产假98天。")

    reply = first_hit((), model).reply(ASKED)

    assert reply.answer is not None
    assert reply.answer.verdict == "abstained"
    assert model.asked == []


@pytest.mark.parametrize(("model", "named"), [(None, ""), (CannedModel("", "qwen"), "qwen")])
def test_a_system_is_described_by_its_name_and_model(model: ChatModel | None, named: str) -> None:
    assert first_hit(model=model).describe() == {"kind": "baseline", "system": "仅 BM25", "model": named}


# -- the LangChain pipelines


def test_chunks_carry_the_facts_of_the_statements_that_they_overlap() -> None:
    first, second = "甲" * 700, "乙" * 700
    text = f"{first}\n\n{second}"
    document = replace(
        RULE,
        text=text,
        statements=(
            Statement(0, 10, ("A-1",)),
            Statement(len(first) - 5, len(first) + 20, ("B-1",)),
            Statement(len(text) - 9, len(text), ("C-1",)),
        ),
    )

    hits = _chunks(document)

    assert [h.source_ids for h in hits] == [("A-1", "B-1"), ("B-1", "C-1")]
    assert all(h.text in text and len(h.text) <= CHUNK for h in hits)


def test_neighbouring_chunks_of_running_text_share_their_edge() -> None:
    text = "".join(f"{n:04d}" for n in range(600))

    hits = _chunks(replace(RULE, text=text))

    shared = next(size for size in range(CHUNK, 0, -1) if hits[0].text.endswith(hits[1].text[:size]))
    assert 0 < shared <= OVERLAP


def test_the_embedder_gives_langchain_plain_lists_of_the_same_numbers() -> None:
    embedder = HashingEmbedder()
    wrapped = LangChainEmbeddings(embedder)

    documents, query = wrapped.embed_documents(["产假98天", "哺乳1小时"]), wrapped.embed_query("产假")

    assert [len(vector) for vector in documents] == [embedder.dimension] * 2
    assert all(type(x) is float for x in query)
    assert query == pytest.approx([float(x) for x in embedder.embed_queries(["产假"])[0]])


def test_bm25_is_asked_with_the_words_of_its_own_cut() -> None:
    asked: list[tuple[list[str], int]] = []

    class Index:
        def get_top_n(self, words: list[str], chunks: list[object], n: int) -> list[object]:
            asked.append((words, n))
            return chunks[:n]

    retriever = Bm25Retriever(index=Index(), chunks=[], cut=lambda text: text.split("、"), top_k=3)

    assert retriever.invoke("产假、天数") == []
    assert asked == [(["产假", "天数"], 3)]
