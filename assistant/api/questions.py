"""Asking, the conversation that comes of it, and what readers think of the answers."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import TypeAdapter

from assistant.answering import Citations, Done, Event, Followups, Meta, Sources, Token
from assistant.api.problems import problem_of
from assistant.api.state import State, Stated
from assistant.errors import AssistantError, NotFound, StoreError
from assistant.storage.conversations import StoredMessage, now
from assistant.types import Answer, Question, Turn
from assistant.wire import schemas
from assistant.wire.presenting import present_answer, present_citation, present_nearest
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.types import Kind

logger = logging.getLogger(__name__)
router = APIRouter(tags=["问答"])

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_TURNS_REMEMBERED = 6


@router.post("/v1/ask", summary="问一个问题，得到一个有出处的回答", responses={422: {"model": schemas.Problem}})
def ask(request: schemas.AskRequest, state: Stated) -> schemas.AnswerOut:
    """The whole answer at once."""
    answer = state.parts.assistant.ask(question_of(request, state))
    return keep(request, answer, state)


@router.post(
    "/v1/ask/stream",
    summary="问一个问题，边查边答（SSE）",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "meta, sources, token…, citations, followups, done 或 error"}},
)
def ask_stream(request: schemas.AskRequest, state: Stated) -> StreamingResponse:
    """The answer as server-sent events; the last, ``done``, holds what ``/v1/ask`` would have given."""
    events = state.parts.assistant.stream(question_of(request, state))
    first = next(events)  # what fails before the first event is a plain problem, not a broken stream
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_send(first, events, request, state), media_type="text/event-stream", headers=headers)


@router.get("/v1/conversations/{conversation_id}", summary="取回一次对话", responses={404: {"model": schemas.Problem}})
def conversation(conversation_id: schemas.Identifier, state: Stated) -> schemas.ConversationOut:
    """Messages of a conversation, oldest first."""
    messages = state.store.messages(conversation_id)
    if not messages:
        raise NotFound(f"没有编号为 {conversation_id} 的对话，可能已经删除")
    return schemas.ConversationOut(
        conversation_id=conversation_id,
        title=state.store.title(conversation_id),
        messages=[
            schemas.MessageOut(
                role="assistant" if m.role == "assistant" else "user",
                content=m.content,
                created=m.created,
                answer=None if m.answer is None else schemas.AnswerOut.model_validate(m.answer),
                helpful=m.helpful,
            )
            for m in messages
        ],
    )


@router.delete("/v1/conversations/{conversation_id}", status_code=204, summary="删除一次对话", responses={404: {"model": schemas.Problem}})
def erase(conversation_id: schemas.Identifier, state: Stated) -> Response:
    """Erase a conversation with all its messages."""
    if not state.store.erase(conversation_id):
        raise NotFound(f"没有编号为 {conversation_id} 的对话，可能已经删除")
    return Response(status_code=204)


@router.post("/v1/feedback", status_code=204, summary="说说回答有没有用", responses={404: {"model": schemas.Problem}})
def feedback(request: schemas.FeedbackRequest, state: Stated) -> Response:
    """Keep a reader's judgement of an answer."""
    state.store.give_feedback(request.message_id, request.helpful, request.reason)
    state.metrics.feedback.labels(str(request.helpful).lower()).inc()
    return Response(status_code=204)


def question_of(request: schemas.AskRequest, state: State) -> Question:
    """A request as the assistant takes it: with the stored conversation where the request brings no history."""
    history = tuple(Turn(t.role, t.content) for t in request.history or ())
    if request.history is None and request.conversation_id:
        try:
            stored = state.store.messages(request.conversation_id)
        except StoreError as exc:
            logger.warning("history left out: %s", exc)
            stored = []
        history = tuple(Turn(m.role, m.content) for m in stored[-_TURNS_REMEMBERED:])
    return Question(
        text=request.question,
        history=history,
        conversation_id=request.conversation_id or "",
        as_of=request.as_of,
        region=request.region or state.parts.settings.region,
        kinds=frozenset(Kind(k) for k in request.kinds or ()),
    )


def keep(request: schemas.AskRequest, answer: Answer, state: State) -> schemas.AnswerOut:
    """Count and store a turn; a store that fails does not cost the reader her answer."""
    presented = present_answer(answer)
    state.metrics.count(answer)
    question = StoredMessage(f"q-{uuid.uuid4().hex[:16]}", "user", request.question, now())
    kept = StoredMessage(answer.message_id, "assistant", answer.text, now(), presented.model_dump(mode="json"))
    try:
        state.store.add_turn(answer.conversation_id, question, kept)
    except StoreError as exc:
        state.metrics.unstored.inc()
        logger.error("turn not stored: %s", exc)
    return presented


def _send(first: Event, events: Iterator[Event], request: schemas.AskRequest, state: State) -> Iterator[bytes]:
    """Events on the wire. A reader who leaves midway still finds the stored answer when she returns."""
    kept = False
    try:
        yield _encode(first)
        for event in events:
            if isinstance(event, Done):
                presented = keep(request, event.answer, state)
                kept = True
                yield _sse("done", presented.model_dump(mode="json"))
            else:
                yield _encode(event)
    except (AssistantError, KnowledgeBaseError) as exc:
        kept = True
        logger.warning("stream failed: %s", exc)
        yield _sse("error", problem_of(exc).model_dump())
    except Exception as exc:
        # The outermost edge of a stream: its status is long sent, so that only an event can tell the reader.
        kept = True
        logger.exception("stream failed unexpectedly")
        yield _sse("error", problem_of(exc).model_dump())
    finally:
        if not kept:
            for event in events:
                if isinstance(event, Done):
                    keep(request, event.answer, state)


def _encode(event: Event) -> bytes:
    match event:
        case Meta():
            return _sse(
                "meta",
                {
                    "message_id": event.message_id,
                    "conversation_id": event.conversation_id,
                    "label": event.label,
                    "ai_generated": event.ai_generated,
                    "model_id": event.model_id,
                },
            )
        case Sources():
            return _sse("sources", [present_nearest(n).model_dump() for n in event.nearest])
        case Token():
            return _sse("token", {"text": event.text})
        case Citations():
            return _sse("citations", [present_citation(c).model_dump() for c in event.citations])
        case Followups():
            return _sse("followups", list(event.questions))
        case Done():
            return _sse("done", present_answer(event.answer).model_dump(mode="json"))


def _sse(event: str, data: object) -> bytes:
    return format_sse_event(event=event, data_str=_ANY.dump_json(data).decode())
