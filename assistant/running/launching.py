"""``make run``: knowledge base, API and pages brought up together, and taken down together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from assistant.running.doctor import disk, port, python_version
from assistant.settings import Settings
from knowledge_base.embedder.embedding import build_embedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.index.stores import build_store
from knowledge_base.publishing.ingest import Progress, ingest

logger = logging.getLogger(__name__)

READY_SECONDS = 120
STOP_SECONDS = 8
_PAGES = Path(__file__).parents[2] / "ui" / "app.py"


class _Stopped(Exception):
    """Ctrl-C or a request to end."""


class _StopRequest:
    """Whether Ctrl-C or a request to end has come.

    The signal handler only notes it: an exception raised out of a handler could lose a child that is just being started.
    """

    def __init__(self) -> None:
        self.made = False

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self.made = True

    def check(self) -> None:
        """Raise _Stopped once it has come."""
        if self.made:
            raise _Stopped


def launch(settings: Settings, progress: Progress) -> int:
    """Run until Ctrl-C; the exit status of the whole. Nothing is left running afterwards."""
    faults = [
        f
        for f in (
            python_version(),
            disk(settings.data_dir),
            port(settings.api_host, settings.api_port, "API", "ASSISTANT_API_PORT"),
            port("127.0.0.1", settings.ui_port, "页面", "ASSISTANT_UI_PORT"),
        )
        if not f.ok
    ]
    for fault in faults:
        typer.echo(f"启动不了：{fault.what}。{fault.mend}", err=True)
    if faults:
        return 1
    store = build_store(settings.store)
    report = ingest(IndexFolder(settings.data_dir, store), build_embedder(settings.embedder), progress=progress)
    store.close()  # the API is another process, and a local file serves only one
    for failure in report.failures:
        typer.echo(f"有文件没有收进：{failure.path}：{failure.reason}", err=True)

    environment = {**os.environ, "ASSISTANT_API_URL": f"http://127.0.0.1:{settings.api_port}"}
    api = [sys.executable, "-m", "assistant", "serve"]
    pages = [sys.executable, "-m", "streamlit", "run", str(_PAGES), "--server.port", str(settings.ui_port)]
    pages += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    try:
        with _stop_on_signals() as stop, _running(api, environment) as api_process, _running(pages, environment) as pages_process:
            processes = {"API": api_process, "页面": pages_process}
            _wait_ready(
                processes, stop, [f"http://127.0.0.1:{settings.api_port}/readyz", f"http://127.0.0.1:{settings.ui_port}/_stcore/health"]
            )
            typer.echo(
                f"\n女职工数字技能助手已经启动\n  页面  http://127.0.0.1:{settings.ui_port}\n  接口  http://127.0.0.1:{settings.api_port}/docs"
            )
            typer.echo("按 Ctrl-C 停止")
            while True:
                stop.check()
                for name, process in processes.items():
                    if process.poll() is not None:
                        typer.echo(f"{name}意外退出（退出码 {process.returncode}），已全部停止。请看上面的日志", err=True)
                        return 1
                time.sleep(0.2)
    except _Stopped:
        typer.echo("\n已停止")
        return 0
    except TimeoutError as exc:
        typer.echo(f"启动不了：{exc}", err=True)
        return 1


def _wait_ready(processes: Mapping[str, subprocess.Popen[bytes]], stop: _StopRequest, addresses: Sequence[str]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    waiting = list(addresses)
    while waiting:
        stop.check()
        for name, process in processes.items():
            if process.poll() is not None:
                raise TimeoutError(f"{name}没有起来（退出码 {process.returncode}），请看上面的日志")
        if time.monotonic() > deadline:
            raise TimeoutError(f"等了 {READY_SECONDS} 秒还没有就绪：{'、'.join(waiting)}")
        waiting = [a for a in waiting if not _answers(a)]
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A child process in a session of its own, ended with all its children when the block ends."""
    process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                break
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        process.wait()


@contextmanager
def _stop_on_signals() -> Iterator[_StopRequest]:
    request = _StopRequest()
    before = {number: signal.signal(number, request.note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
