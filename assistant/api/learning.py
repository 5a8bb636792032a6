"""Learning paths: what to read in which order, and why."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.state import Stated
from assistant.wire import schemas
from assistant.wire.presenting import present_path_step
from knowledge_base import CORPUS
from knowledge_base.editorial.learning_paths import LearningPath, find_paths, load_paths
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document
from knowledge_base.validity import status_of

router = APIRouter(tags=["学习路线"])


@router.get("/v1/paths", summary="学习路线")
def paths(
    state: Stated,
    occupation: Annotated[str, Query(max_length=40, description="职业；不写就是全部")] = "",
    goal: Annotated[str, Query(max_length=40, description="目标；不写就是全部")] = "",
    level: Annotated[str, Query(max_length=10, description="入门、进阶或骨干；不写就是全部")] = "",
    as_of: Annotated[dt.date | None, Query(description="按哪一天算文件的状态；不写就是今天")] = None,
) -> schemas.PathList:
    """Paths that fit all that is asked for, in the order in which they were written."""
    found = find_paths(_paths(), occupation or None, goal or None, level or None)
    filters = Filters(as_of=as_of, region=state.parts.settings.region)
    documents = {entry.document.slug: entry.document for entry in state.parts.readers().generation.catalogue.entries.values()}
    return schemas.PathList(total=len(found), items=[_present(path, documents, filters) for path in found])


@cache
def _paths() -> tuple[LearningPath, ...]:
    return load_paths(CORPUS / "paths.yaml")


def _present(path: LearningPath, documents: dict[str, Document], filters: Filters) -> schemas.PathOut:
    steps = []
    for step in path.steps:
        document = documents.get(step.document)
        status = status_of(document, filters.date(), filters.region) if document else None
        steps.append(present_path_step(step, document, status))
    return schemas.PathOut(occupation=path.occupation, goal=path.goal, level=path.level, steps=steps)
