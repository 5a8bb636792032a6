"""Requests that are too large are refused before they are read whole."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem


class BodyLimit:
    """ASGI middleware: a body over the limit of its path gets a 413 problem. ``larger`` holds the paths that take more than most."""

    def __init__(self, app: ASGIApp, *, ordinary: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._ordinary = ordinary
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body read, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._ordinary)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        held: list[Message] = []
        size = 0
        more = True
        while more:
            message = await receive()
            held.append(message)
            size += len(message.get("body", b""))
            more = message["type"] == "http.request" and message.get("more_body", False)
            if size > limit:
                await self._refuse(limit, scope, receive, send)
                return

        async def replay() -> Message:
            return held.pop(0) if held else await receive()

        await self._app(scope, replay, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem(413, "内容太大", f"这次发送的内容超过了 {limit // 1000} KB，请缩短或拆开再发", scope["path"])
        await response(scope, receive, send)
