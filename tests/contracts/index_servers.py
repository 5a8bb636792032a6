"""Real servers that hold an index, each a process of its own on loopback and a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge_base.errors import StoreUnavailable
from knowledge_base.index.stores import build_store

_PATIENCE = 60  # seconds


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def running_chroma(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a Chroma server over a folder."""
    port = port or free_port()
    chroma = Path(sys.executable).with_name("chroma")
    with _running(
        [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)], f"chroma://127.0.0.1:{port}"
    ) as a:
        yield a


@contextmanager
def running_milvus(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a Milvus server over a folder: Milvus Lite's own, which speaks the protocol of a cluster."""
    port = port or free_port()
    server = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with _running(server, f"milvus://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def _running(command: Sequence[str], address: str) -> Iterator[str]:
    environment = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(address, server)
        yield address
    finally:
        server.kill()  # what a server must survive
        server.wait(_PATIENCE)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    store = build_store(address)
    while True:
        assert server.poll() is None, f"the server of {address} ended with {server.returncode}"
        try:
            store.check()
        except StoreUnavailable:
            assert time.monotonic() < deadline, f"{address} did not come up"
            time.sleep(0.1)
        else:
            store.close()
            return
