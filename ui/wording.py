"""The interface strings of ``texts/zh.yaml``, by dotted name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "texts" / "zh.yaml"


@cache
def _texts() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _find(name: str) -> Any:
    found: Any = _texts()
    for part in name.split("."):
        found = found[part]
    return found


def say(name: str, /, **values: object) -> str:
    """The string called ``name`` ("ask.placeholder"), its ``{fields}`` filled in.

    Raises:
        KeyError: No such string, or a field without a value.
    """
    return str(_find(name)).format(**values)


def say_each(name: str) -> list[str]:
    """The list of strings called ``name``."""
    return [str(entry) for entry in _find(name)]


def word_for(name: str, key: str) -> str:
    """The string that the table called ``name`` gives for ``key``; ``key`` itself where the table has none."""
    return str(_find(name).get(key, key))
