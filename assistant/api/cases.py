"""Which technologies the cases speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from fastapi import APIRouter

from assistant.api.state import Stated
from assistant.wire import schemas
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Document, Kind

router = APIRouter(tags=["知识库"])

_FILE = Path(__file__).parents[1] / "texts" / "technologies.yaml"


@router.get("/v1/cases/technologies", summary="案例里提到哪些技术")
def technologies(state: Stated) -> schemas.TechnologyList:
    """Technologies by the number of cases whose text names them; a case may name several."""
    documents = (entry.document for entry in state.parts.readers().generation.catalogue.entries.values())
    cases = [document for document in documents if document.kind is Kind.CASE]
    return schemas.TechnologyList(total=len(cases), items=named_in(cases, _spellings()))


def named_in(cases: Sequence[Document], spellings: Mapping[str, Sequence[str]]) -> list[schemas.TechnologyOut]:
    """For each technology the cases that write it in one of its spellings, the most frequent first; those of no case are left out."""
    found = [
        schemas.TechnologyOut(name=name, doc_ids=[case.doc_id for case in cases if any(word in case.text for word in words)])
        for name, words in spellings.items()
    ]
    return sorted((technology for technology in found if technology.doc_ids), key=lambda technology: -len(technology.doc_ids))


@cache
def _spellings() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = parse_yaml(_FILE.read_text(encoding="utf-8"))
    return loaded
