"""A name for a stored conversation, so that its reader finds it again."""

from __future__ import annotations

from fastapi import APIRouter, Response

from assistant.api.state import Stated
from assistant.errors import NotFound
from assistant.wire import schemas

router = APIRouter(tags=["问答"])


@router.patch("/v1/conversations/{conversation_id}", status_code=204, summary="给一次对话改名", responses={404: {"model": schemas.Problem}})
def rename(conversation_id: schemas.Identifier, request: schemas.RenameRequest, state: Stated) -> Response:
    """Give a conversation a name; it is masked like everything that is stored."""
    if not state.store.rename(conversation_id, request.title):
        raise NotFound(f"没有编号为 {conversation_id} 的对话，可能已经删除")
    return Response(status_code=204)
