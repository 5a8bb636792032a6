"""The Chinese and English words of ``texts/panel.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

_FILE = Path(__file__).parents[1] / "texts" / "panel.yaml"

Language = Literal["zh", "en"]


@cache
def panel_words() -> Mapping[str, Any]:
    """Words by section."""
    words: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return words


def measure_label(name: str, language: Language = "zh") -> str:
    """The name of a measure."""
    return str(panel_words()["measures"][name][language])


def measure_must(name: str) -> str:
    """What a measure must reach, in words."""
    return str(panel_words()["measures"][name]["must"])
