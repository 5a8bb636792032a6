"""The interface strings: every one that is named exists, and every one that exists is used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from assistant.wire.schemas import KindName, Verdict
from ui.settings import UiSettings
from ui.wording import say, say_each, word_for

UI = Path(__file__).parents[2] / "ui"
TABLES = {"brief_format", "case_view", "sort", "kind", "status_note", "confidence", "verdict"}
TABLES |= {
    f"evaluation_{name}" for name in ("view", "suite", "group", "dataset", "family", "slice", "expected", "verdict", "fair", "download")
}
TABLES |= {f"panel_{name}" for name in ("first", "danger", "harm", "verdict", "complete", "understood", "kind", "by", "group", "field")}
TABLES |= {"section", "ageing", "ageing_note", "clash", "approved_state", "action", "affairs_tab", "affairs_link", "letter_file"}


def written() -> set[str]:
    texts: dict[str, dict[str, Any]] = yaml.safe_load((UI / "texts" / "zh.yaml").read_text(encoding="utf-8"))
    return {f"{group}.{name}" for group, entries in texts.items() if group not in TABLES for name in entries}


def test_every_string_is_used_and_every_used_string_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    named = set(re.findall(r'["\']([a-z]+\.[a-z_]+)["\']', source))
    computed = {f"policies.{name}" for name in ("status", "region", "issuer", "topic", "year")}
    computed |= {"cases.sector", "cases.technology", "cases.province"}
    computed |= {f"learning.{name}" for name in ("occupation", "level", "goal")}

    sides = ("before", "after", "open_before", "open_after", "better_pairs", "worse_pairs")
    labels = (f"{label}{answer}" for label in ("faithful", "plain") for answer in ("", "_yes", "_no"))
    computed |= {f"evaluation.{name}" for name in ("group", "expected", "verdict", *sides, *labels)}

    assert written() - named - computed == set()
    assert set(re.findall(r'say(?:_each)?\("([a-z_.]+)"', source)) <= written()


def test_every_verdict_and_kind_has_its_words() -> None:
    assert all(say(f"verdict.{verdict}") for verdict in get_args(Verdict))
    assert [word_for("kind", kind) for kind in get_args(KindName)] == ["政策法规", "学习材料", "案例", "办事指引"]
    assert word_for("kind", "别的") == "别的"
    assert say_each("ask.starters")[1] == "莫得电脑能学AI不？"


def test_an_unknown_string_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("ask.nothing")


def test_the_address_of_the_api_comes_from_its_url_or_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_API_URL", raising=False)
    monkeypatch.delenv("ASSISTANT_API_PORT", raising=False)
    assert UiSettings().base_url == "http://127.0.0.1:8000"

    monkeypatch.setenv("ASSISTANT_API_PORT", "8123")
    assert UiSettings().base_url == "http://127.0.0.1:8123"

    monkeypatch.setenv("ASSISTANT_API_URL", "http://api.example/")
    assert UiSettings().base_url == "http://api.example"


def test_the_pages_import_nothing_of_ours_but_the_wire_types() -> None:
    for path in UI.rglob("*.py"):
        ours = re.findall(r"^(?:from|import) ((?:assistant|knowledge_base|evals)[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(ours) <= {"assistant.wire.schemas", "assistant.wire.evaluation_schemas", "assistant.wire.tool_schemas"}, path


def test_no_folder_is_called_pages_which_streamlit_would_run_without_our_frame() -> None:
    assert not (UI / "pages").exists()
