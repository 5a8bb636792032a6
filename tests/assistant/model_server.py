"""A language model's server on loopback that speaks the OpenAI protocol and says what a test wants, faults included."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server does with one request: streams ``text`` in pieces of ``size`` characters, unless a fault comes first."""

    text: str | Callable[[str], str] = ""
    size: int = 3
    status: int = 200
    finish: str | None = "stop"
    wait: float = 0.0
    """Seconds before the answer begins."""
    pause: float = 0.0
    """Seconds between two pieces."""
    dies_after: int | None = None
    """Pieces after which the connection is torn down."""
    garbage: bool = False


@dataclass
class ModelServer:
    """A running server: its address, what it was asked, and what it will reply, the last reply again and again."""

    url: str
    replies: list[Reply] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def prompt(self, number: int = -1) -> str:
        """The user message of a request."""
        return str(self.requests[number]["messages"][-1]["content"])


def numbered(prompt: str, words: str) -> int:
    """The number of the first passage in a prompt that holds the words."""
    for number, text in re.findall(r'<资料 编号="(\d+)".*?>\n(.*?)\n</资料>', prompt, re.S):
        if words in text:
            return int(number)
    raise AssertionError(f"no passage holds {words}: {prompt}")


@contextmanager
def model_server(replies: Sequence[Reply]) -> Iterator[ModelServer]:
    """A server until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            running.requests.append(body)
            running.keys.append(self.headers.get("authorization", ""))
            reply = running.next_reply()
            stopped.wait(reply.wait)
            with contextlib.suppress(OSError):  # the client has had enough
                self._answer(reply, str(body["messages"][-1]["content"]))

        def _answer(self, reply: Reply, prompt: str) -> None:
            if reply.status != 200:
                data = json.dumps({"error": {"message": "no", "type": "rate_limit_error", "param": None, "code": None}}).encode()
                self.send_response(reply.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            text = reply.text if isinstance(reply.text, str) else reply.text(prompt)
            pieces = [text[i : i + reply.size] for i in range(0, len(text), reply.size)]
            self._chunk({"role": "assistant", "content": ""})
            for sent, piece in enumerate(pieces):
                if sent == reply.dies_after:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self._chunk({"content": piece})
                stopped.wait(reply.pause)
            if reply.garbage:
                self.wfile.write(b"data: {not json\n\n")
            if reply.finish:
                self._chunk({}, reply.finish)
                self.wfile.write(b"data: [DONE]\n\n")

        def _chunk(self, delta: dict[str, str], finish: str | None = None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": int(time.time()), "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = ModelServer(f"http://127.0.0.1:{server.server_address[1]}/v1", list(replies))
    thread = threading.Thread(target=server.serve_forever, name="model")
    thread.start()
    try:
        yield running
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
