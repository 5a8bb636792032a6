"""What the union officer sees and decides: questions that got no good answer, and answers that the officer approves."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from assistant.api.access import Officer, require_admin
from assistant.api.state import State, Stated
from assistant.approved import Approved, Submission
from assistant.clock import as_stored
from assistant.desk.unanswered import group_unanswered
from assistant.storage.changes import Action
from assistant.understanding.question_key import question_key
from assistant.wire import schemas
from assistant.wire.presenting import present_citation

router = APIRouter(tags=["审核（管理）"], dependencies=[Depends(require_admin)])

_MOST_READ = 5000
"""Unmet questions that one listing looks at, the latest ones."""


@router.get("/v1/unanswered", summary="没答好的问题，相近的归在一起")
def unanswered(
    state: Stated,
    days: Annotated[int, Query(ge=1, le=3650, description="最近多少天")] = 90,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> schemas.UnansweredList:
    """Questions abstained from, answered in part or judged unhelpful, the most asked first; approved ones are left out."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    unmet = state.store.unmet_questions(as_stored(since), _MOST_READ)
    desk = state.parts.approved
    key_of = partial(question_key, lexicon=state.parts.lexicon, words=state.parts.texts.same_questions)
    groups = group_unanswered(unmet, key_of, lambda question: desk.covering(question) is not None)
    page = groups[offset : offset + limit]
    return schemas.UnansweredList(total=len(groups), items=[schemas.UnansweredGroup.model_validate(asdict(g)) for g in page])


@router.post("/v1/approved", status_code=201, summary="审核一个回答", responses={422: {"model": schemas.Problem}})
def approve(request: schemas.ApprovedRequest, state: Stated) -> schemas.ApprovedOut:
    """Keep an answer that a person approved; refused, with every reason, when its sources do not carry a line."""
    approved = state.parts.approved.approve(_submission(request), state.parts.readers().generation)
    state.parts.changes.record(approved.author, Action.APPROVED, approved.approved_id, approved.questions[0])
    return _present(approved, state)


@router.put("/v1/approved/{approved_id}", summary="修改审核过的回答", responses={404: {"model": schemas.Problem}})
def change(approved_id: schemas.Identifier, request: schemas.ApprovedRequest, state: Stated) -> schemas.ApprovedOut:
    """Put an answer, checked in the same way, in the place of an approved one; refused, the former one stays."""
    approved = state.parts.approved.change(approved_id, _submission(request), state.parts.readers().generation)
    state.parts.changes.record(approved.author, Action.APPROVED_CHANGED, approved_id, approved.questions[0])
    return _present(approved, state)


@router.post("/v1/approved/{approved_id}/expire", summary="让审核过的回答到期", responses={404: {"model": schemas.Problem}})
def expire(approved_id: schemas.Identifier, state: Stated, officer: Officer) -> schemas.ApprovedOut:
    """End an approved answer now; it stays in the list as expired."""
    approved = state.parts.approved.expire(approved_id)
    state.parts.changes.record(officer, Action.APPROVED_EXPIRED, approved_id, approved.questions[0])
    return _present(approved, state)


@router.get("/v1/approved", summary="列出审核过的回答")
def list_approved(state: Stated) -> schemas.ApprovedList:
    """Every approved answer, the newest first, and whether it is given today."""
    return schemas.ApprovedList(items=[_present(approved, state) for approved in reversed(state.parts.approved.all())])


@router.delete("/v1/approved/{approved_id}", status_code=204, summary="撤回审核过的回答", responses={404: {"model": schemas.Problem}})
def withdraw(approved_id: schemas.Identifier, state: Stated, officer: Officer) -> Response:
    """Take an approved answer back; it is not given from then on."""
    approved = state.parts.approved.get(approved_id)
    state.parts.approved.remove(approved_id)
    state.parts.changes.record(officer, Action.APPROVED_REMOVED, approved_id, approved.questions[0])
    return Response(status_code=204)


def _submission(request: schemas.ApprovedRequest) -> Submission:
    return Submission(
        questions=tuple(dict.fromkeys(request.questions)),
        text=request.text,
        author=request.author,
        expires=request.expires,
        passage_ids=tuple(dict.fromkeys(request.passage_ids)),
        source_ids=tuple(dict.fromkeys(request.source_ids)),
    )


def _present(approved: Approved, state: State) -> schemas.ApprovedOut:
    desk, generation = state.parts.approved, state.parts.readers().generation
    return schemas.ApprovedOut(
        approved_id=approved.approved_id,
        questions=list(approved.questions),
        text=approved.text,
        citations=[present_citation(c) for c in desk.citations_of(approved, generation) or ()],
        author=approved.author,
        created=approved.created,
        expires=approved.expires,
        state=desk.state_of(approved, generation).value,
    )
