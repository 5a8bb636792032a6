"""The mark of the product, drawn in ``logo.svg``."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "logo.svg"


@cache
def logo_svg() -> str:
    """The drawing itself."""
    return _FILE.read_text(encoding="utf-8")


@cache
def logo_html() -> str:
    """The drawing as an image that a screen reader passes over: the name stands beside it."""
    data = base64.b64encode(logo_svg().encode()).decode()
    return f'<img class="logo" src="data:image/svg+xml;base64,{data}" alt="" width="28" height="28">'
