"""Fixed phrases and word lists, read from the files beside this module; nothing the assistant says stands in code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.text.yaml import parse_yaml

_TEXTS = Path(__file__).parent


@lru_cache(maxsize=8)
def load_texts(name: str = "zh") -> Mapping[str, Any]:
    """Contents of ``texts/NAME.yaml``."""
    loaded = parse_yaml((_TEXTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(loaded)


def phrase(key: str, **words: object) -> str:
    """A fixed phrase with its words filled in."""
    return str(load_texts()[key]).format(**words)


@lru_cache(maxsize=8)
def load_prompt(name: str) -> str:
    """Contents of ``texts/prompts/NAME.md``, its places to fill in braces."""
    return (_TEXTS / "prompts" / f"{name}.md").read_text(encoding="utf-8")
