"""The settings as docs/settings.md lists them."""

from __future__ import annotations

from pathlib import Path

from assistant.settings import settings_table

SETTINGS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_settings_page_has_the_table_of_the_settings_between_its_markers() -> None:
    between = SETTINGS.read_text(encoding="utf-8").partition("<!-- settings")[2].partition("<!-- /settings -->")[0]

    assert between.partition("-->")[2].strip() == settings_table()
