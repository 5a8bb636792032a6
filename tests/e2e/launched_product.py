"""The product as ``make run`` starts it, and its pages in a browser: what the end-to-end tests work with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "test-output"
EVALUATOR_KEY = "评测密钥-试验"
ADMIN_KEY = "guanli-miyao-e2e"
READY_SECONDS = 120
STOP_SECONDS = 30


@dataclass(frozen=True)
class Launched:
    """A launcher that was started: its process, its two ports, its data folder and what it says."""

    process: subprocess.Popen[bytes]
    api_port: int
    page_port: int
    data_dir: Path
    log: Path

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.page_port}"

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_ready(self) -> None:
        """Return once both answer; fail with the launcher's words when it ends or takes too long."""
        until = time.monotonic() + READY_SECONDS
        while not ("Ctrl-C" in self.said and answers(f"{self.api}/readyz") and answers(self.page)):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.1)

    def interrupt(self) -> int:
        """What Ctrl-C does: SIGINT to the launcher's group. The launcher's exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(STOP_SECONDS)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_ports() -> tuple[int, int]:
    """Two ports on which nothing listens."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


@contextmanager
def launched(folder: Path, *, ports: tuple[int, int] | None = None, more: Mapping[str, str] | None = None) -> Iterator[Launched]:
    """The launcher with its data in ``folder`` and ``more`` settings; whatever is left of it is killed when the block ends."""
    api_port, page_port = ports or free_ports()
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    settings = {
        "ASSISTANT_API_PORT": str(api_port),
        "ASSISTANT_UI_PORT": str(page_port),
        "ASSISTANT_DATA_DIR": str(folder / "data"),
        "ASSISTANT_ADMIN_KEY": ADMIN_KEY,
    }
    log = folder / f"launcher-{api_port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "run"],
            env={**kept, **settings, **(more or {}), "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Launched(process, api_port, page_port, folder / "data", log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def pages_for(api: str, folder: Path) -> Iterator[str]:
    """The pages alone, over an API that is somewhere else; their address."""
    _, port = free_ports()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "ui" / "app.py"), "--server.port", str(port)]
    with (folder / f"pages-{port}.log").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1", "--server.headless", "true"],
            env={**kept, "ASSISTANT_API_URL": api},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + READY_SECONDS
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def open_page(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai")
    page.set_default_timeout(30_000)
    page.goto(address)
    return page


def enter_key(page: Page) -> None:
    """Open the evaluator's page with her key."""
    page.get_by_label("评测密钥").fill(EVALUATOR_KEY)
    page.get_by_role("button", name="进入").click()
    page.locator('[data-hook="figures"]').wait_for()
