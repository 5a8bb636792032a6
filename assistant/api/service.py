"""Whether the service lives, is ready, and how it does."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from assistant.api.state import Stated
from assistant.wire import schemas

router = APIRouter(tags=["服务"])


@router.get("/healthz", summary="进程是否活着")
def healthz() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.get("/readyz", summary="能不能回答问题", responses={503: {"model": schemas.Problem}})
def readyz(state: Stated) -> schemas.StatusOut:
    """What is being served; a 503 problem while there is no knowledge base, or the server that holds it does not answer."""
    manifest = state.parts.index.get().manifest
    state.parts.folder.store.check()
    return schemas.StatusOut(
        generation=manifest.generation,
        documents=manifest.documents,
        passages=manifest.passages,
        embedder=manifest.embedder,
        built=manifest.built,
    )


@router.get("/metrics", summary="Prometheus 指标", response_class=Response)
def metrics(state: Stated) -> Response:
    """Counters in Prometheus' text form."""
    current = state.parts.folder.current()
    if current:
        state.metrics.passages.set(state.parts.folder.manifest(current).passages)
    return Response(generate_latest(state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
