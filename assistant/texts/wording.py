"""The raw contents of a file of this folder, for the words of the sentence check; all else is typed in :mod:`assistant.texts.library`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base.text.yaml import parse_yaml

_TEXTS = Path(__file__).parent


@cache
def load_texts(name: str = "zh") -> Mapping[str, Any]:
    """Contents of ``texts/NAME.yaml``, read once."""
    loaded = parse_yaml((_TEXTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(loaded)
