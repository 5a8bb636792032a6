"""Which technologies the cases speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from assistant.api.state import Stated
from assistant.wire import schemas
from knowledge_base.types import Document, Kind

router = APIRouter(tags=["知识库"])


@router.get("/v1/cases/technologies", summary="案例里提到哪些技术")
def technologies(state: Stated) -> schemas.TechnologyList:
    """Technologies by the number of cases whose text names them; a case may name several."""
    documents = (entry.document for entry in state.parts.readers().generation.catalogue.entries.values())
    cases = [document for document in documents if document.kind is Kind.CASE]
    return schemas.TechnologyList(total=len(cases), items=named_in(cases, state.parts.texts.technologies))


def named_in(cases: Sequence[Document], spellings: Mapping[str, Sequence[str]]) -> list[schemas.TechnologyOut]:
    """For each technology the cases that write it in one of its spellings, the most frequent first; those of no case are left out."""
    found = [
        schemas.TechnologyOut(name=name, doc_ids=[case.doc_id for case in cases if any(word in case.text for word in words)])
        for name, words in spellings.items()
    ]
    return sorted((technology for technology in found if technology.doc_ids), key=lambda technology: -len(technology.doc_ids))
