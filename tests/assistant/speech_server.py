"""A server on loopback that speaks the OpenAI protocol's /audio/transcriptions and says what a test wants, faults included."""

from __future__ import annotations

import contextlib
import io
import json
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class SpeechServer:
    """A running server: its address, what it will say, and the bodies and keys that it was sent."""

    url: str = ""
    body: bytes = b'{"text": ""}'
    status: int = 200
    wait: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def says(self, text: str) -> None:
        self.body = json.dumps({"text": text}, ensure_ascii=False).encode()


@contextmanager
def speech_server() -> Iterator[SpeechServer]:
    """A server until the block ends."""
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            running.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            running.keys.append(self.headers.get("authorization", ""))
            stopped.wait(running.wait)
            with contextlib.suppress(OSError):  # the client has had enough
                self.send_response(running.status if self.path == "/v1/audio/transcriptions" else 404)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(running.body)))
                self.end_headers()
                self.wfile.write(running.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = SpeechServer(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, name="speech")
    thread.start()
    try:
        yield running
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def recording(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """A silent WAV of that length."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * int(seconds * rate))
    return written.getvalue()
