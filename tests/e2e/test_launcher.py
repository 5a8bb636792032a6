"""``make run`` after the environment is there: both parts come up together and go down together."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

QUESTION = {"question": "女职工生育产假国家规定是多少天？"}

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for left processes in /proc")


def descendants(pid: int) -> set[int]:
    """Processes below a process."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_gone(pids: set[int], seconds: float = 10) -> set[int]:
    """Those of the processes that are still there at the end."""
    until = time.monotonic() + seconds
    while (left := {pid for pid in pids if is_alive(pid)}) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def test_it_comes_up_answers_and_goes_down_without_leaving_anything_and_comes_up_again_as_it_was(launch: Callable[..., Any]) -> None:
    with launch() as first:
        first.wait_ready()
        below = descendants(first.process.pid)
        answer = httpx.post(f"{first.api}/v1/ask", json=QUESTION, timeout=30).json()
        ready = httpx.get(f"{first.api}/readyz").json()

        assert "98" in answer["text"]
        assert first.page in first.said
        assert f"{first.api}/docs" in first.said
        assert len(below) >= 2
        assert first.interrupt() == 0
        assert wait_gone(below) == set()
        assert not is_taken(first.api_port)
        assert not is_taken(first.page_port)
        assert "已停止" in first.said
        assert "Traceback" not in first.said

    with launch(ports=(first.api_port, first.page_port)) as second:
        second.wait_ready()

        assert httpx.get(f"{second.api}/readyz").json() == ready
        assert "建向量索引" not in second.said
        kept = httpx.get(f"{second.api}/v1/conversations/{answer['conversation_id']}").json()
        assert [message["role"] for message in kept["messages"]] == ["user", "assistant"]
        assert second.interrupt() == 0


def test_when_one_part_dies_the_other_is_stopped_and_the_exit_status_says_so(launch: Callable[..., Any]) -> None:
    with launch(built=True) as product:
        product.wait_ready()
        below = descendants(product.process.pid)
        (api,) = [pid for pid in below if b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
        os.kill(api, signal.SIGKILL)

        assert product.process.wait(30) == 1
        assert wait_gone(below) == set()
        assert "意外退出" in product.said
        assert not is_taken(product.page_port)


@pytest.mark.parametrize("which", [0, 1], ids=["of the API", "of the pages"])
def test_a_taken_port_is_one_clear_line(launch: Callable[..., Any], which: int) -> None:
    with socket.socket() as taken, socket.socket() as free:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free.bind(("127.0.0.1", 0))
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        with launch(ports=(port, other) if which == 0 else (other, port)) as product:
            status = product.process.wait(60)

        assert status == 1
        (line,) = [line for line in product.said.split("\n") if line.strip()]
        assert f"{port} 已被占用" in line
        assert re.search(r"ASSISTANT_(API|UI)_PORT=\d+", line)
        assert not is_taken(other)


def test_ctrl_c_while_it_is_still_starting_leaves_nothing_behind(launch: Callable[..., Any]) -> None:
    with launch() as product:
        until = time.monotonic() + 60
        while len(below := descendants(product.process.pid)) < 2:
            assert time.monotonic() < until, product.said
            time.sleep(0.02)
        product.interrupt()

        assert wait_gone(below) == set()
        assert not is_taken(product.api_port)
        assert not is_taken(product.page_port)
        assert "Traceback" not in product.said
