"""Who may do what: routes of the administrator and of the evaluator ask for their keys."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, HTTPException

from assistant.api.state import Stated
from assistant.errors import Unauthorized


def is_one_of(authorization: str, *keys: str) -> bool:
    """Whether a header gives one of the keys that are set; a key may hold any characters, and goes as UTF-8."""
    given = authorization.removeprefix("Bearer ").encode("latin-1", "replace")  # as which headers are decoded
    return any(key and secrets.compare_digest(given, key.encode()) for key in keys)


def require_admin(state: Stated, authorization: Annotated[str, Header()] = "") -> None:
    """Let the request pass only with the admin key.

    Raises:
        HTTPException: 403, there is no admin key, so that these routes are closed.
        Unauthorized: the key is wrong or missing.
    """
    key = state.parts.settings.admin_key
    if not key:
        raise HTTPException(403, "管理接口没有开启：启动服务前请设置 ASSISTANT_ADMIN_KEY")
    if not is_one_of(authorization, key):
        raise Unauthorized("管理密钥不对。请在请求头里写 Authorization: Bearer 密钥")


def require_evaluator(state: Stated, authorization: Annotated[str, Header()] = "") -> None:
    """Let the request pass with the evaluator's key, or the admin key.

    Raises:
        HTTPException: 403, there is neither key, so that these routes are closed.
        Unauthorized: the key is wrong or missing.
    """
    settings = state.parts.settings
    if not (settings.evaluator_key or settings.admin_key):
        raise HTTPException(403, "评测接口没有开启：启动服务前请设置 ASSISTANT_EVALUATOR_KEY")
    if not is_one_of(authorization, settings.evaluator_key, settings.admin_key):
        raise Unauthorized("评测密钥不对。请在请求头里写 Authorization: Bearer 密钥")


UNNAMED = "未署名"
_LONGEST_NAME = 40


def _officer(
    x_officer: Annotated[str, Header(description="谁在改，记在修改记录里；中文按 UTF-8 百分号编码")] = "",
) -> str:
    """What the officer calls herself, for the log of changes."""
    return unquote(x_officer).strip()[:_LONGEST_NAME] or UNNAMED


Officer = Annotated[str, Depends(_officer)]
"""A route's parameter of this type is given the name of who makes the change."""
