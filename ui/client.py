"""The API as typed calls. Every failure is one of::

ClientError                 its text is Chinese and meant for the reader
├── UnreachableError        nobody answers, or not in time
├── BrokenOffError          a streamed answer broke off
├── UnreadableError         what came back is not what was agreed
└── RejectedError           the API said no; ``status`` tells how
    └── NotFoundError       there is no such thing
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

import httpx
from httpx_sse import ServerSentEvent, SSEError, connect_sse
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.wire.schemas import (
    AnswerOut,
    AskRequest,
    CitationOut,
    ComparisonOut,
    ConversationOut,
    DocumentList,
    DocumentOut,
    FeaturesOut,
    FeedbackRequest,
    Identifier,
    KindName,
    PassageOut,
    PassageSummary,
    PathList,
    Problem,
    QuizOut,
    RenameRequest,
    SearchResponse,
    TechnologyList,
    TranscriptionOut,
)
from ui.wording import say

_Shape = TypeVar("_Shape", bound=BaseModel)

Sort = Literal["title", "newest", "status"]
BriefFormat = Literal["docx", "pdf"]

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0
TRANSCRIPTION_SECONDS = 90.0
"""Longer than the API waits for the service behind it, so that its own words about the delay arrive."""

STREAM_READ_SECONDS = 180.0
"""Longest silence inside a streamed answer: a language model on a small machine reads its prompt for minutes."""


class ClientError(Exception):
    """The API could not give what was asked. ``str(error)`` may be shown."""


class UnreachableError(ClientError):
    """Nobody answers, or not in time."""


class BrokenOffError(ClientError):
    """A streamed answer broke off before its end."""


class UnreadableError(ClientError):
    """What came back is not what was agreed."""


class RejectedError(ClientError):
    """The API said no. ``status`` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotFoundError(RejectedError):
    """There is no such thing."""


class Meta(BaseModel):
    """How a streamed answer begins: what it will be called and who writes it."""

    message_id: Identifier
    conversation_id: Identifier
    model_id: str = ""
    ai_generated: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages that were found, before anything is written."""

    items: list[PassageSummary]


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """What the markers in the text stand for."""

    items: list[CitationOut]


@dataclass(frozen=True, slots=True)
class Followups:
    """Questions that the reader may ask next."""

    items: list[str]


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer. It replaces what was streamed."""

    answer: AnswerOut


StreamEvent = Meta | Sources | Token | Citations | Followups | Done


@dataclass(frozen=True, slots=True)
class Filters:
    """What documents and search hits must fit. Empty means any; ``as_of`` is the day whose standing counts."""

    kind: KindName | None = None
    status: str = ""
    region: str = ""
    issuer: str = ""
    as_of: date | None = None
    topic: str = ""
    year: str = ""

    def parameters(self) -> dict[str, str]:
        """Query parameters, without the empty ones."""
        named = {
            "kind": self.kind or "",
            "status": self.status,
            "region": self.region,
            "issuer": self.issuer,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "topic": self.topic,
            "year": self.year,
        }
        return {name: value for name, value in named.items() if value}


class Client:
    """One API. Safe to share between threads."""

    def __init__(self, base_url: str, api_key: str = "", *, keep_alive: bool = True) -> None:
        """Speak to an API. Without ``keep_alive`` no connection outlives its call, so that nobody needs to close the client."""
        self.base_url = base_url
        headers = {b"Authorization": f"Bearer {api_key}".encode()} if api_key else {}  # a key may be Chinese
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        limits = httpx.Limits(max_keepalive_connections=None if keep_alive else 0)
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=timeout, limits=limits, trust_env=False)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def stream_answer(self, request: AskRequest) -> Iterator[StreamEvent]:
        """The answer's events as they come; the last is :class:`Done`.

        Raises:
            BrokenOffError: The stream ended without an answer.
            ClientError: As for every call.
        """
        timeout = httpx.Timeout(STREAM_READ_SECONDS, connect=CONNECT_SECONDS)
        body = request.model_dump(mode="json", exclude_none=True)
        begun = False
        try:
            with connect_sse(self._http, "POST", "/v1/ask/stream", json=body, timeout=timeout) as source:
                if source.response.is_error:
                    source.response.read()
                    raise _rejection(source.response)
                for received in source.iter_sse():
                    begun = True
                    event = _event(received)
                    if event is None:
                        continue
                    yield event
                    if isinstance(event, Done):
                        return
        except httpx.HTTPError as exc:
            raise (BrokenOffError(say("client.interrupted")) if begun else UnreachableError(say("client.unreachable"))) from exc
        except SSEError as exc:
            raise UnreadableError(say("client.unreadable")) from exc
        raise BrokenOffError(say("client.interrupted"))

    def conversation(self, conversation_id: str) -> ConversationOut:
        """A stored conversation, oldest message first."""
        return self._get(ConversationOut, f"/v1/conversations/{identifier(conversation_id)}")

    def delete_conversation(self, conversation_id: str) -> None:
        """Remove a stored conversation for good."""
        self._send("DELETE", f"/v1/conversations/{identifier(conversation_id)}")

    def rename_conversation(self, conversation_id: str, title: str) -> None:
        """Give a stored conversation a name."""
        body = RenameRequest(title=title).model_dump()
        self._send("PATCH", f"/v1/conversations/{identifier(conversation_id)}", json=body)

    def features(self) -> FeaturesOut:
        """What this service can do beyond answering."""
        return self._get(FeaturesOut, "/v1/features")

    def transcribe(self, recording: bytes, name: str) -> str:
        """What is said in a recording; ``name`` ends in its format."""
        response = self._send("POST", "/v1/audio/transcriptions", files=[("file", (name, recording))], seconds=TRANSCRIPTION_SECONDS)
        return read_as(TranscriptionOut, response).text

    def search(self, query: str, filters: Filters, *, top_k: int = 20) -> SearchResponse:
        """Passages that fit ``query``, best first."""
        return self._get(SearchResponse, "/v1/search", {"q": query, "top_k": str(top_k), **filters.parameters()})

    def documents(self, filters: Filters, *, limit: int = 20, offset: int = 0, sort: Sort = "title") -> DocumentList:
        """A page of the documents that fit; its ``total`` counts all of them."""
        page = {"limit": str(limit), "offset": str(offset)}
        if sort != "title":
            page["sort"] = sort
        return self._get(DocumentList, "/v1/documents", {**page, **filters.parameters()})

    def versions(self, doc_id: str, as_of: date | None = None) -> DocumentList:
        """The documents that replaced each other, this one among them, oldest first, with their standing on a day."""
        return self._get(DocumentList, f"/v1/documents/{identifier(doc_id)}/versions", Filters(as_of=as_of).parameters())

    def comparison(self, doc_id: str, other_id: str) -> ComparisonOut:
        """Two documents side by side, clause by clause."""
        return self._get(ComparisonOut, f"/v1/documents/{identifier(doc_id)}/comparison", {"with": identifier(other_id)})

    def technologies(self) -> TechnologyList:
        """Which technologies the cases speak of."""
        return self._get(TechnologyList, "/v1/cases/technologies")

    def brief(self, doc_ids: Sequence[str], format: BriefFormat) -> bytes:
        """The chosen documents as a file to hand on."""
        asked: dict[str, str | list[str]] = {"doc": [identifier(doc_id) for doc_id in doc_ids], "format": format}
        return self._send("GET", "/v1/briefs", parameters=asked).content

    def document(self, doc_id: str, as_of: date | None = None) -> DocumentOut:
        """A document with its passages in reading order, and its standing on a day."""
        return self._get(DocumentOut, f"/v1/documents/{identifier(doc_id)}", Filters(as_of=as_of).parameters())

    def passage(self, passage_id: str) -> PassageOut:
        """A passage in full, with its sources."""
        return self._get(PassageOut, f"/v1/passages/{identifier(passage_id)}")

    def paths(self, *, occupation: str = "", goal: str = "", level: str = "") -> PathList:
        """Learning paths that fit; without arguments all of them."""
        named = {"occupation": occupation, "goal": goal, "level": level}
        return self._get(PathList, "/v1/paths", {name: value for name, value in named.items() if value})

    def quiz(self, *, occupation: str, goal: str, level: str) -> QuizOut:
        """A short self-check on the documents of a path."""
        return self._get(QuizOut, "/v1/learning/quiz", {"occupation": occupation, "goal": goal, "level": level})

    def send_feedback(self, feedback: FeedbackRequest) -> None:
        """Record a reader's judgement of one answer."""
        self._send("POST", "/v1/feedback", json=feedback.model_dump(mode="json"))

    def _get(self, shape: type[_Shape], path: str, parameters: Mapping[str, str] | None = None) -> _Shape:
        return read_as(shape, self._send("GET", path, parameters=parameters))

    def _send(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str | list[str]] | None = None,
        json: dict[str, object] | None = None,
        files: Sequence[tuple[str, tuple[str, bytes]]] | None = None,
        seconds: float = READ_SECONDS,
    ) -> httpx.Response:
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            response = self._http.request(method, path, params=parameters, json=json, files=files, timeout=timeout)
        except httpx.HTTPError as exc:
            raise UnreachableError(say("client.unreachable")) from exc
        if response.is_error:
            raise _rejection(response)
        return response


def read_as(shape: type[_Shape], response: httpx.Response) -> _Shape:
    """What came back, in the shape that was agreed.

    Raises:
        UnreadableError: it is not of that shape.
    """
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as exc:
        raise UnreadableError(say("client.unreadable")) from exc


_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_PASSAGES = TypeAdapter(list[PassageSummary])
_CITATIONS = TypeAdapter(list[CitationOut])
_TEXTS = TypeAdapter(list[str])


class _TokenData(BaseModel):
    text: str


_EVENTS: dict[str, Callable[[str], StreamEvent]] = {
    "meta": Meta.model_validate_json,
    "sources": lambda data: Sources(_PASSAGES.validate_json(data)),
    "token": lambda data: Token(_TokenData.model_validate_json(data).text),
    "citations": lambda data: Citations(_CITATIONS.validate_json(data)),
    "followups": lambda data: Followups(_TEXTS.validate_json(data)),
    "done": lambda data: Done(AnswerOut.model_validate_json(data)),
}


def _event(received: ServerSentEvent) -> StreamEvent | None:
    """The event in our terms; None for a kind that a newer API may send."""
    try:
        if received.event == "error":
            problem = Problem.model_validate_json(received.data)
            raise RejectedError(problem.detail or say("client.failed", status=problem.status), problem.status)
        read = _EVENTS.get(received.event)
        return read(received.data) if read else None
    except ValidationError as exc:
        raise UnreadableError(say("client.unreadable")) from exc


def _rejection(response: httpx.Response) -> RejectedError:
    try:
        detail = Problem.model_validate_json(response.content).detail
    except ValidationError:
        detail = ""
    if response.status_code == httpx.codes.NOT_FOUND:
        return NotFoundError(detail or say("client.not_found"), response.status_code)
    return RejectedError(detail or say("client.failed", status=response.status_code), response.status_code)


def identifier(candidate: str) -> str:
    """``candidate`` when it has the form of an id: it may come from the address bar and goes into a path."""
    try:
        found = _IDENTIFIER.validate_python(candidate)
    except ValidationError as exc:
        raise NotFoundError(say("client.not_found"), httpx.codes.NOT_FOUND) from exc
    if set(found) == {"."}:
        raise NotFoundError(say("client.not_found"), httpx.codes.NOT_FOUND)
    return found
