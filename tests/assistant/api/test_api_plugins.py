"""Routes of other packages: found by their entry points; one that is broken is left out and told in the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.api import discover_routers

MODULE = "from fastapi import APIRouter\nrouter = APIRouter(prefix='/v1/greetings')\nnumber = 7\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, first on the path; write ``entry_points.txt`` into its ``dist-info``."""
    info = tmp_path / "greeting-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n", encoding="utf-8")
    (tmp_path / "greeting_routes.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return info / "entry_points.txt"


def test_a_router_is_found_by_its_entry_point(install: Path) -> None:
    install.write_text("[assistant.routers]\ngreeting = greeting_routes:router\n", encoding="utf-8")

    assert "/v1/greetings" in {router.prefix for router in discover_routers()}


@pytest.mark.parametrize("value", ["greeting_nowhere:router", "greeting_routes:nothing", "greeting_routes:number"])
def test_what_cannot_be_loaded_is_left_out_and_told(install: Path, value: str, caplog: pytest.LogCaptureFixture) -> None:
    install.write_text(f"[assistant.routers]\ngreeting = {value}\n", encoding="utf-8")

    assert "/v1/greetings" not in {router.prefix for router in discover_routers()}
    assert value in caplog.text
