"""The knowledge base as LangChain users see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from knowledge_base.embedder.embedding import StaticEmbedder
from knowledge_base.index.generations import Generation
from knowledge_base.search.retrieval import Filters, Retriever


def test_langchain_gets_what_the_retriever_gives(small_data_dir: Path, opened: Callable[[Path], Generation]) -> None:
    from knowledge_base.search.langchain import KnowledgeBaseRetriever

    retriever = Retriever(opened(small_data_dir), StaticEmbedder())
    filters = Filters(as_of=dt.date(2025, 11, 28))

    documents = KnowledgeBaseRetriever(retriever=retriever, top_k=3, filters=filters).invoke("产假有多少天")

    found = retriever.retrieve("产假有多少天", 3, filters)
    assert [d.page_content for d in documents] == [s.passage.text for s in found]
    assert [d.metadata["rank"] for d in documents] == [1, 2, 3]
    assert {d.metadata["passage_id"] for d in documents} == {s.passage.passage_id for s in found}
    assert documents[0].metadata["title"] == "女职工劳动保护特别规定"
    assert documents[0].metadata["status"] == "现行"
    assert documents[0].metadata["source_ids"] == ["A-1"]
