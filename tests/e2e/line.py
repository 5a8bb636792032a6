"""A line between two programs that a test can cut and mend, as a lift does to a telephone's connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65_536


class Line:
    """Forwards connections from its own port to another on loopback until it is cut."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._whole = True
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, name="line", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the line begins."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection, and each new one as it comes."""
        with self._lock:
            self._whole = False
            cut, self._open = self._open, set()
        for one in cut:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def mend(self) -> None:
        """Let connections through again."""
        with self._lock:
            self._whole = True

    def close(self) -> None:
        """Stop for good."""
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            far = socket.create_connection(("127.0.0.1", self._target), timeout=10)
            far.settimeout(None)
            with self._lock:
                if self._whole:
                    self._open |= {near, far}
                    threading.Thread(target=_pump, args=(far, near), daemon=True).start()
                    threading.Thread(target=_pump, args=(near, far), daemon=True).start()
                    return
            far.close()
        near.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to a port, until the block ends."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
