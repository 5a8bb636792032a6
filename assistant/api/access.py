"""Who may do what: routes of the administrator and of the evaluator ask for their keys."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Header, HTTPException

from assistant.api.state import Stated
from assistant.errors import Unauthorized


def require_admin(state: Stated, authorization: Annotated[str, Header()] = "") -> None:
    """Let the request pass only with the admin key.

    Raises:
        HTTPException: 403, there is no admin key, so that these routes are closed.
        Unauthorized: the key is wrong or missing.
    """
    key = state.parts.settings.admin_key
    if not key:
        raise HTTPException(403, "管理接口没有开启：启动服务前请设置 ASSISTANT_ADMIN_KEY")
    if not secrets.compare_digest(authorization.removeprefix("Bearer ").encode(), key.encode()):
        raise Unauthorized("管理密钥不对。请在请求头里写 Authorization: Bearer 密钥")


def require_evaluator(state: Stated, authorization: Annotated[str, Header()] = "") -> None:
    """Let the request pass with the evaluator's key, or the admin key.

    Raises:
        HTTPException: 403, there is neither key, so that these routes are closed.
        Unauthorized: the key is wrong or missing.
    """
    settings = state.parts.settings
    keys = [key.encode() for key in (settings.evaluator_key, settings.admin_key) if key]
    if not keys:
        raise HTTPException(403, "评测接口没有开启：启动服务前请设置 ASSISTANT_EVALUATOR_KEY")
    given = authorization.removeprefix("Bearer ").encode()
    if not any(secrets.compare_digest(given, key) for key in keys):
        raise Unauthorized("评测密钥不对。请在请求头里写 Authorization: Bearer 密钥")
