"""Which technologies the cases speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from assistant.api.state import Stated
from assistant.wire import schemas
from knowledge_base.types import Kind

router = APIRouter(tags=["知识库"])


@router.get("/v1/cases/technologies", summary="案例里提到哪些技术")
def technologies(state: Stated) -> schemas.TechnologyList:
    """Technologies by the number of cases whose title or text names them; a case may name several."""
    catalogue = state.parts.readers().generation.catalogue
    documents = (entry.document for entry in catalogue.entries.values())
    cases = {
        document.doc_id: "\n".join((document.title, *(passage.text for passage in catalogue.passages_of(document.doc_id))))
        for document in documents
        if document.kind is Kind.CASE
    }
    return schemas.TechnologyList(total=len(cases), items=named_in(cases, state.parts.texts.technologies))


def named_in(cases: Mapping[str, str], spellings: Mapping[str, Sequence[str]]) -> list[schemas.TechnologyOut]:
    """For each technology the cases that write it in one of its spellings, the most frequent first; those of no case are left out.

    Args:
        cases: ids of cases to what each says itself, without the ways in which people ask for it.
    """
    found = [
        schemas.TechnologyOut(name=name, doc_ids=[doc_id for doc_id, said in cases.items() if any(word in said for word in words)])
        for name, words in spellings.items()
    ]
    return sorted((technology for technology in found if technology.doc_ids), key=lambda technology: -len(technology.doc_ids))
