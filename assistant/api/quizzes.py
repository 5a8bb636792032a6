"""A short self-check on the documents of a learning path."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.state import State, Stated
from assistant.errors import NotFound
from assistant.wire import schemas
from knowledge_base import CORPUS
from knowledge_base.editorial.learning_paths import LearningPath, find_paths, load_paths
from knowledge_base.editorial.quizzes import QuizQuestion, make_quiz
from knowledge_base.index.generation import Generation
from knowledge_base.search.retrieval import Filters
from knowledge_base.types import Document, Kind, Status
from knowledge_base.validity import status_of

router = APIRouter(tags=["学习路线"])

_NOT_TO_LEARN = (Status.EXPIRED, Status.DRAFT, Status.ELSEWHERE)


@router.get("/v1/learning/quiz", summary="学完自己测一测", responses={404: {"model": schemas.Problem}})
def quiz(
    state: Stated,
    occupation: Annotated[str, Query(min_length=1, max_length=40, description="职业")],
    goal: Annotated[str, Query(min_length=1, max_length=40, description="目标")],
    level: Annotated[str, Query(max_length=10, description="入门、进阶或骨干；不写就取这个目标的第一条路线")] = "",
    most: Annotated[int, Query(ge=1, le=20, description="最多几道题")] = 5,
    as_of: Annotated[dt.date | None, Query(description="按哪一天算文件的状态；不写就是今天")] = None,
) -> schemas.QuizOut:
    """Questions made of the path's own documents, each with the statement that answers it; what no longer holds is not asked about."""
    found = find_paths(_paths(), occupation, goal, level or None)
    if not found:
        raise NotFound(f"没有“{occupation}·{goal}”这条学习路线。所有路线见 /v1/paths")
    path = found[0]
    generation = state.parts.readers().generation
    documents = {entry.document.slug: entry.document for entry in generation.catalogue.entries.values()}
    chosen = [d for d in (documents.get(step.document) for step in path.steps) if d and _may_be_learned(d, state, as_of)]
    passages = [passage for document in chosen for passage in generation.catalogue.passages_of(document.doc_id)]
    others = [p for d in documents.values() if d.kind is Kind.TRAINING for p in generation.catalogue.passages_of(d.doc_id)]
    questions = make_quiz(passages, others, most)
    items = [_present(question, generation) for question in questions]
    return schemas.QuizOut(occupation=path.occupation, goal=path.goal, level=path.level, items=items)


@cache
def _paths() -> tuple[LearningPath, ...]:
    return load_paths(CORPUS / "paths.yaml")


def _may_be_learned(document: Document, state: State, as_of: dt.date | None) -> bool:
    filters = Filters(as_of=as_of, region=state.parts.settings.region)
    return document.kind is not Kind.POLICY or status_of(document, filters.date(), filters.region) not in _NOT_TO_LEARN


def _present(question: QuizQuestion, generation: Generation) -> schemas.QuizQuestionOut:
    document = generation.catalogue.document(question.passage.doc_id)
    return schemas.QuizQuestionOut(
        prompt=question.prompt,
        options=list(question.options),
        answer=question.answer,
        passage_id=question.passage.passage_id,
        doc_id=document.doc_id,
        title=document.title,
        clause=question.passage.clause,
        quote=question.quote,
        start=question.start,
        end=question.end,
    )
