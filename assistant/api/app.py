"""The application: parts in, routes out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI, Request, Response

from assistant.api import (
    cases,
    comparisons,
    documents,
    entitlements,
    learning,
    letters,
    openai_protocol,
    problems,
    publications,
    questions,
    quizzes,
    renaming,
    review,
    service,
    tools,
    transcription,
    upkeep,
    words,
)
from assistant.api.access import is_one_of
from assistant.api.limits import BodyLimit
from assistant.api.metrics import Metrics
from assistant.api.state import State
from assistant.api.tool_state import Tools
from assistant.desk.publishing import Publisher
from assistant.errors import Unauthorized
from assistant.storage.conversations import ConversationStore, MaskedConversations
from assistant.wiring import Parts
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.publishing.drafts import DraftFolder

logger = logging.getLogger(__name__)

_PUBLICATION_SECONDS = 30
"""How long the end of the service waits for a publication; one that is cut off leaves the generation in use as it is."""

_OPEN = {"/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/redoc"}


def create_app(parts: Parts, store: ConversationStore, more: Sequence[APIRouter] = ()) -> FastAPI:
    """The HTTP interface over the given parts, with the routes of other packages. The caller closes the parts.

    Whatever is stored is masked first.
    """

    def public() -> str:
        return "\n".join(f"{r.number} {r.purpose}" for r in parts.referrals)

    drafts = DraftFolder(parts.settings.data_dir)
    publisher = Publisher(parts.folder, parts.embedder, parts.settings.uploads, drafts, parts.changes)
    sources = load_sources(CORPUS / "sources.jsonl")
    state = State(parts, MaskedConversations(store, public), sources, Metrics(), drafts, publisher, Tools())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        publisher.wait(_PUBLICATION_SECONDS)
        parts.close()

    app = FastAPI(
        title="女职工数字技能助手",
        version=version("women-workers-digital-assistant"),
        description="只依据知识库作答、逐句核对出处的问答接口。错误都是 application/problem+json。",
        lifespan=lifespan,
    )
    app.state.parts = state
    problems.install(app)
    larger = dict.fromkeys(("/v1/documents", "/v1/drafts"), parts.settings.max_upload_bytes)
    larger[transcription.TRANSCRIPTIONS_PATH] = parts.settings.max_audio_bytes
    app.add_middleware(BodyLimit, ordinary=parts.settings.max_request_bytes, larger=larger)

    @app.middleware("http")
    async def watch(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        key = parts.settings.api_key
        given, known = request.headers.get("authorization", ""), (key, parts.settings.admin_key, parts.settings.evaluator_key)
        if key and request.url.path not in _OPEN and not is_one_of(given, *known):
            found = problems.problem_of(Unauthorized("请在请求头里带上 Authorization: Bearer 密钥"))
            response: Response = problems.problem(found.status, found.title, found.detail, request.url.path, {"WWW-Authenticate": "Bearer"})
        else:
            response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "unmatched")
        state.metrics.requests.labels(request.method, route, str(response.status_code)).inc()
        return response

    routers = (
        *(questions, renaming, openai_protocol, documents, comparisons, cases, learning, quizzes, transcription),
        *(tools, letters, entitlements, publications, upkeep, review, words, service),
    )
    for router in (*(module.router for module in routers), *more):
        app.include_router(router)
    return app
