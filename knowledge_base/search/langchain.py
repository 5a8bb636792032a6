"""For LangChain users: this knowledge base as a retriever."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge_base.search.retrieval import Filters
from knowledge_base.validity import status_of


class KnowledgeBaseRetriever(BaseRetriever):
    """Passages of the knowledge base as LangChain documents, best first.

    ``metadata`` holds passage_id, doc_id, title, clause, doc_no, status, region, source_ids, score and rank.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Any
    """A :class:`~knowledge_base.search.retrieval.Retriever`; pydantic cannot build a schema of a dataclass over protocols."""

    top_k: int = 5
    filters: Filters = Filters()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangChainDocument]:
        found = []
        for scored in self.retriever.retrieve(query, self.top_k, self.filters):
            document = self.retriever.generation.catalogue.document(scored.passage.doc_id)
            metadata = {
                "passage_id": scored.passage.passage_id,
                "doc_id": document.doc_id,
                "title": document.title,
                "clause": scored.passage.clause,
                "doc_no": document.doc_no,
                "status": status_of(document, self.filters.date(), self.filters.region).value,
                "region": document.region,
                "source_ids": list(scored.passage.source_ids),
                "score": scored.score,
                "rank": scored.rank,
            }
            found.append(LangChainDocument(page_content=scored.passage.text, metadata=metadata))
        return found
