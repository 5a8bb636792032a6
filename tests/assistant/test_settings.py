"""The settings as the README tells them."""

from __future__ import annotations

from pathlib import Path

from assistant.settings import settings_table

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_holds_the_table_of_the_settings() -> None:
    assert settings_table() in README.read_text(encoding="utf-8")
