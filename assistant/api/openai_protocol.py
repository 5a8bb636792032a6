"""The OpenAI protocol (chat completions, models) over the same assistant, so that programs written for it work unchanged.

The answer's text holds its markers and what they rest on; the whole :class:`~assistant.wire.schemas.AnswerOut`, citations and all, comes
beside
it in the extra field ``answer``. Sampling settings (``temperature`` and the like) are taken and change nothing; what an
answer could not honour (tools, JSON output, several choices, pictures) is refused in the protocol's error form.

Source: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answering import Done, Event, Meta, Token
from assistant.api.problems import error_body, problem_of, protocol_error
from assistant.api.questions import keep, question_of
from assistant.api.state import State, Stated
from assistant.errors import AssistantError
from assistant.texts.wording import phrase
from assistant.types import Answer
from assistant.wire import schemas
from knowledge_base.errors import KnowledgeBaseError

logger = logging.getLogger(__name__)
router = APIRouter(tags=["OpenAI 协议"])

MODEL = "women-workers-assistant"
"""The one model of this service, whatever writes its prose."""

_CREATED = int(dt.datetime(2026, 11, 23, tzinfo=dt.UTC).timestamp())  # of version 0.1.0
_MOST_TURNS = 50  # as many as /v1/ask takes


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message. ``system`` and ``developer`` messages are taken and not followed: this assistant keeps to its own rules."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells beside the text."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A chat completion request; ``as_of``, ``region``, ``kinds`` and ``conversation_id`` are ours and optional."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [{"model": MODEL, "messages": [{"role": "user", "content": "产假多少天？"}]}]}
    )

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    logprobs: bool | None = None
    modalities: list[str] | None = None
    response_format: dict[str, Any] | None = None
    conversation_id: schemas.Identifier | None = None
    as_of: dt.date | None = None
    region: str | None = Field(default=None, max_length=40)
    kinds: list[schemas.KindName] | None = None


@router.get("/v1/models", summary="有哪些模型")
def models() -> dict[str, Any]:
    """The one model of this service."""
    return {"object": "list", "data": [_model()]}


@router.get("/v1/models/{model}", summary="一个模型", response_model=None)
def one_model(model: str) -> dict[str, Any] | JSONResponse:
    """The model of this service; a 404 for any other name."""
    return _model() if model == MODEL else _no_such_model(model)


@router.post("/v1/chat/completions", summary="按 OpenAI 协议问一个问题", response_model=None)
def chat_completions(request: ChatRequest, state: Stated) -> dict[str, Any] | JSONResponse | StreamingResponse:
    """A chat completion, or its chunks as server-sent events."""
    if request.model != MODEL:
        return _no_such_model(request.model)
    if refused := _refusal(request):
        return refused
    asked = _asked(request)
    question = question_of(asked, state)
    if not request.stream:
        answer = state.parts.assistant.ask(question)
        return _completion(answer, keep(asked, answer, state), question.text)
    events = state.parts.assistant.stream(question)
    first = next(events)  # what fails before the first event is a plain error, not a broken stream
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    usage = bool(request.stream_options and request.stream_options.include_usage)
    return StreamingResponse(_chunks(first, events, asked, state, usage=usage), media_type="text/event-stream", headers=headers)


def _refusal(request: ChatRequest) -> JSONResponse | None:
    """The error for what an answer could not honour; None when all is well."""
    last = request.messages[-1]
    unsupported = {
        "n": request.n not in (None, 1),
        "tools": bool(request.tools or request.functions),
        "logprobs": bool(request.logprobs),
        "modalities": bool(set(request.modalities or ()) - {"text"}),
        "response_format": (request.response_format or {}).get("type", "text") != "text",
    }
    for name, asked in unsupported.items():
        if asked:
            return protocol_error(400, phrase("protocol_unsupported", name=name), param=name, code="unsupported_parameter")
    if last.role != "user":
        return protocol_error(400, phrase("protocol_last_message"), param="messages", code="invalid_value")
    if isinstance(last.content, list) and any(part.type != "text" for part in last.content):
        return protocol_error(400, phrase("protocol_text_only"), param="messages", code="invalid_value")
    text = last.text.strip()
    if not text:
        return protocol_error(400, phrase("protocol_empty"), param="messages", code="invalid_value")
    if len(text) > schemas.MAX_QUESTION_CHARACTERS:
        said = phrase("protocol_too_long", most=schemas.MAX_QUESTION_CHARACTERS)
        return protocol_error(400, said, param="messages", code="string_above_max_length")
    return None


def _asked(request: ChatRequest) -> schemas.AskRequest:
    """The request as ``/v1/ask`` takes it: the last message asks, those before it are what it hangs on."""
    history = [
        schemas.HistoryTurn(role="user" if m.role == "user" else "assistant", content=m.text[:20_000])
        for m in request.messages[:-1]
        if m.role in ("user", "assistant")
    ]
    return schemas.AskRequest(
        question=request.messages[-1].text,
        conversation_id=request.conversation_id,
        # A conversation of ours that is only named is read from the store.
        history=history[-_MOST_TURNS:] if history or not request.conversation_id else None,
        as_of=request.as_of,
        region=request.region,
        kinds=request.kinds,
    )


def _completion(answer: Answer, presented: schemas.AnswerOut, question: str) -> dict[str, Any]:
    content = answer.text + _closing(answer)
    return {
        "id": f"chatcmpl-{answer.message_id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": _usage(question, content),
        "answer": presented.model_dump(mode="json"),
    }


def _chunks(first: Event, events: Iterator[Event], asked: schemas.AskRequest, state: State, *, usage: bool) -> Iterator[bytes]:
    """The answer as chunks. A reader who leaves midway still finds her turn stored."""
    assert isinstance(first, Meta)
    frame = {"id": f"chatcmpl-{first.message_id}", "object": "chat.completion.chunk", "created": int(time.time()), "model": MODEL}
    kept = False

    def chunk(delta: dict[str, str], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data({**frame, "choices": [choice], **({"usage": None} if usage else {}), **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        for event in events:
            if isinstance(event, Token):
                yield chunk({"content": event.text})
            elif isinstance(event, Done):
                presented = keep(asked, event.answer, state)
                kept = True
                yield chunk({"content": _closing(event.answer)})
                yield chunk({}, "stop", answer=presented.model_dump(mode="json"))
                if usage:
                    written = event.answer.text + _closing(event.answer)
                    yield _data({**frame, "choices": [], "usage": _usage(asked.question, written)})
        yield b"data: [DONE]\n\n"
    except (AssistantError, KnowledgeBaseError) as exc:
        kept = True
        logger.warning("stream failed: %s", exc)
        yield _data(error_body(problem_of(exc)))
    except Exception as exc:
        # The outermost edge of a stream: its status is long sent, so that only an event can tell the reader.
        kept = True
        logger.exception("stream failed unexpectedly")
        yield _data(error_body(problem_of(exc)))
    finally:
        if not kept:
            for event in events:
                if isinstance(event, Done):
                    keep(asked, event.answer, state)


def _closing(answer: Answer) -> str:
    """What other readers see beside the text: caveats and the label."""
    lines = [phrase("protocol_caveat", caveat=caveat) for caveat in answer.caveats]
    return "\n\n" + "\n".join([*lines, f"（{answer.label}）"])


def _usage(question: str, content: str) -> dict[str, int]:
    """Lengths in characters: nothing here is counted in tokens."""
    return {"prompt_tokens": len(question), "completion_tokens": len(content), "total_tokens": len(question) + len(content)}


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": _CREATED, "owned_by": "women-workers-digital-assistant"}


def _no_such_model(model: str) -> JSONResponse:
    return protocol_error(404, phrase("protocol_no_model", model=model[:80], known=MODEL), param="model", code="model_not_found")


def _data(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
