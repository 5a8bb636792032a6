"""Fixed sentences of the tools (``words.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge_base.text.yaml import parse_yaml

FILE = Path(__file__).parent / "words.yaml"


@cache
def load_words() -> Mapping[str, str]:
    """The sentences by name."""
    words: dict[str, str] = parse_yaml(FILE.read_text(encoding="utf-8"))
    return words
