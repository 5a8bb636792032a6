"""Systems to compare with, over the same documents and the same embedder, asked by the same harness.

They answer as such systems are commonly built: the first hit is the answer, always, whatever was asked. The LangChain pipelines
cut ordinary chunks (750 characters, 150 overlap); the single legs use the product's own passages.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rjieba
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Chunk
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter
from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]  # ships no types

from assistant.settings import Settings
from assistant.wire.schemas import AnswerOut, CitationOut
from assistant.wiring import Parts, build
from evals.chat import ChatModel
from evals.judges import load_prompts
from evals.samples import Sample
from evals.settings import EvalSettings
from evals.targets import InProcessTarget, Ranking, Reply, Target
from knowledge_base.embedder.embedding import Embedder
from knowledge_base.publishing.ingest import ingest
from knowledge_base.text.normalise import tokens
from knowledge_base.types import Document, Passage

CHUNK, OVERLAP = 750, 150  # the sizes that this pipeline's tutorials and templates use
_TOP = 10
_CONTEXT = 4  # chunks that a prompt holds
_BATCH = 2000  # texts that Chroma takes at once


@dataclass(frozen=True, slots=True)
class Hit:
    """A found piece of a document."""

    passage_id: str
    text: str
    document: Document
    clause: str
    source_ids: tuple[str, ...]


Search = Callable[[str], Sequence[Hit]]
"""A question to hits, best first."""


class FirstHitTarget:
    """Answers every question with the first hit of a search, or with what a chat model makes of the first few."""

    threads = 1

    def __init__(
        self, name: str, search: Search, holders: Mapping[str, set[str]], close: Callable[[], None], model: ChatModel | None = None
    ) -> None:
        self.name = name
        self._search = search
        self._holders = holders
        self._close = close
        self._model = model

    def describe(self) -> Mapping[str, object]:
        """How it answers."""
        return {"kind": "baseline", "system": self.name, "model": self._model.model if self._model else ""}

    def reply(self, sample: Sample) -> Reply:
        """Search, and show the first hit with its citation."""
        begun = time.perf_counter()
        hits = self._search(sample.text)
        answer = self._written(sample.text, hits[:_CONTEXT]) if self._model and hits else _quoted(hits[:1])
        ms = 1000 * (time.perf_counter() - begun)
        relevant = set().union(*(self._holders.get(i, set()) for i in sample.gold_facts)) if sample.gold_facts else set()
        ranking = Ranking(tuple(h.source_ids for h in hits[:_TOP]), len(relevant), 0.0)
        return Reply(answer, {h.passage_id: h.text for h in hits}, ms, ranking)

    def _written(self, question: str, hits: Sequence[Hit]) -> AnswerOut:
        assert self._model is not None  # asked for by the caller
        prompts = load_prompts()
        context = "\n\n".join(f"[{n}] {h.text}" for n, h in enumerate(hits, 1))
        text = self._model.complete(prompts["baseline_system"], prompts["baseline_user"].format(context=context, question=question))
        used = [n for n in range(1, len(hits) + 1) if f"[{n}]" in text]
        verdict = "abstained" if re.search("知识库里没有", text) and not used else "answered"
        return _answer(verdict, text, [_citation(str(n), hits[n - 1]) for n in used], self._model.model)

    def close(self) -> None:
        """Let go of the index."""
        self._close()


def build_baselines(data_dir: Path, settings: EvalSettings | None = None) -> dict[str, Callable[[], Target]]:
    """Makers of every system of the table by name, ours last; those with a language model only where one is configured."""
    settings = settings or EvalSettings()
    makers: dict[str, Callable[[], Target]] = {
        "仅 BM25": lambda: _single_leg("仅 BM25", data_dir / "plain", dense=False),
        "仅向量": lambda: _single_leg("仅向量", data_dir / "plain", dense=True),
        "LangChain（切块+Chroma）": lambda: _langchain("LangChain（切块+Chroma）", data_dir, ensemble=False),
        "LangChain Ensemble（BM25+Chroma）": lambda: _langchain("LangChain Ensemble（BM25+Chroma）", data_dir, ensemble=True),
    }
    if settings.llm_url:
        model = ChatModel(settings.llm_url, settings.llm_model, settings.llm_key)
        name = f"LangChain Ensemble + {settings.llm_model}"
        makers[name] = lambda: _langchain(name, data_dir, ensemble=True, model=model)
    makers["本系统"] = lambda: InProcessTarget(data_dir / "plain")
    return makers


def _single_leg(name: str, data_dir: Path, *, dense: bool) -> Target:
    """The lexical or the dense leg alone over the product's passages: no look-up, no lexicon, no date, no region."""
    parts = _parts(data_dir)
    generation = parts.index.get()

    def search(question: str) -> list[Hit]:
        if dense:
            found = generation.vectors.search(parts.embedder.embed_queries([question])[0], _TOP)
        else:
            found = generation.lexical.search(question, _TOP)
        return [_hit(generation.catalogue.passage(i), generation.catalogue.document) for i, _ in found]

    return FirstHitTarget(name, search, _holders(generation.catalogue.passages()), parts.close)


def _langchain(name: str, data_dir: Path, *, ensemble: bool, model: ChatModel | None = None) -> Target:
    """RecursiveCharacterTextSplitter, Chroma and the product's embedder; with ``ensemble`` BM25 beside it, half and half."""
    parts = _parts(data_dir / "plain")
    documents = [e.document for e in parts.index.get().catalogue.entries.values()]
    hits = {h.passage_id: h for d in documents for h in _chunks(d)}
    chunks = [Chunk(page_content=h.text, metadata={"hit": i}) for i, h in hits.items()]
    store = Chroma(
        collection_name="chunks",
        embedding_function=LangChainEmbeddings(parts.embedder),
        client_settings=ChromaSettings(anonymized_telemetry=False, is_persistent=False),
    )
    store.reset_collection()
    store.add_documents(chunks, ids=list(hits))
    retriever: BaseRetriever = store.as_retriever(search_kwargs={"k": _TOP})
    if ensemble:
        index = BM25Okapi([tokens(c.page_content) for c in chunks])
        retriever = EnsembleRetriever(
            retrievers=[Bm25Retriever(index=index, chunks=chunks, cut=tokens, top_k=_TOP), retriever], weights=[0.5, 0.5]
        )

    def search(question: str) -> list[Hit]:
        return [hits[c.metadata["hit"]] for c in retriever.invoke(question)]

    holders: dict[str, set[str]] = {}
    for hit in hits.values():
        for source_id in hit.source_ids:
            holders.setdefault(source_id, set()).add(hit.passage_id)
    return FirstHitTarget(name, search, holders, parts.close, model)


def word_ensemble(texts: Mapping[str, str], embedder: Embedder, top_k: int) -> Callable[[str], list[str]]:
    """Searches texts by id with an EnsembleRetriever: BM25 over rjieba's words, and Chroma, half and half."""
    words = rjieba.Jieba()
    chunks = [Chunk(page_content=text, metadata={"id": i}) for i, text in texts.items()]
    store = Chroma(
        collection_name="words",
        embedding_function=LangChainEmbeddings(embedder),
        client_settings=ChromaSettings(anonymized_telemetry=False, is_persistent=False),
    )
    store.reset_collection()
    for start in range(0, len(chunks), _BATCH):
        store.add_documents(chunks[start : start + _BATCH], ids=list(texts)[start : start + _BATCH])
    bm25 = Bm25Retriever(index=BM25Okapi([words.cut(text) for text in texts.values()]), chunks=chunks, cut=words.cut, top_k=top_k)
    retriever = EnsembleRetriever(retrievers=[bm25, store.as_retriever(search_kwargs={"k": top_k})], weights=[0.5, 0.5])
    return lambda query: [chunk.metadata["id"] for chunk in retriever.invoke(query)][:top_k]


class LangChainEmbeddings(Embeddings):
    """The product's embedder as LangChain takes it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of chunks."""
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question."""
        return [float(x) for x in self._embedder.embed_queries([text])[0]]


class Bm25Retriever(BaseRetriever):
    """rank_bm25 over what ``cut`` makes of a text; split on blanks, as its LangChain wrapper does by itself, it finds no Chinese."""

    index: Any
    chunks: list[Chunk]
    cut: Callable[[str], list[str]]
    top_k: int

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Chunk]:
        found: list[Chunk] = self.index.get_top_n(self.cut(query), self.chunks, n=self.top_k)
        return found


def _parts(data_dir: Path) -> Parts:
    parts = build(Settings().model_copy(update={"data_dir": data_dir}))
    ingest(parts.folder, parts.embedder)
    return parts


def _holders(passages: Any) -> dict[str, set[str]]:
    holders: dict[str, set[str]] = {}
    for passage in passages:
        for source_id in passage.source_ids:
            holders.setdefault(source_id, set()).add(passage.passage_id)
    return holders


def _hit(passage: Passage, document: Callable[[str], Document]) -> Hit:
    return Hit(passage.passage_id, passage.text, document(passage.doc_id), passage.clause, passage.source_ids)


def _chunks(document: Document) -> list[Hit]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    hits = []
    for number, chunk in enumerate(splitter.create_documents([document.text])):
        start = chunk.metadata["start_index"]
        end = start + len(chunk.page_content)
        ids = dict.fromkeys(i for s in document.statements if s.start < end and start < s.end for i in s.source_ids)
        hits.append(Hit(f"{document.doc_id}.c{number}", chunk.page_content, document, "", tuple(ids)))
    return hits


def _citation(marker: str, hit: Hit) -> CitationOut:
    return CitationOut(
        marker=marker,
        passage_id=hit.passage_id,
        doc_id=hit.document.doc_id,
        title=hit.document.title,
        clause=hit.clause,
        kind=hit.document.kind.value,
        quote=hit.text,
        start=0,
        end=len(hit.text),
        source_ids=list(hit.source_ids),
    )


def _quoted(hits: Sequence[Hit]) -> AnswerOut:
    if not hits:
        return _answer("abstained", "没有找到。", [], "")
    return _answer("answered", f"{hits[0].text.strip()}[1]", [_citation("1", hits[0])], "")


def _answer(verdict: str, text: str, citations: list[CitationOut], model: str) -> AnswerOut:
    return AnswerOut.model_validate(
        {
            "message_id": "m-baseline",
            "conversation_id": "c-baseline",
            "verdict": verdict,
            "text": text,
            "citations": citations,
            "model_id": model,
        }
    )
