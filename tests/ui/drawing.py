"""Draws one piece of a page in Streamlit's test runner, and reads what it drew."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest


def _script(draw, args, kwargs):  # type: ignore[no-untyped-def]  # Streamlit runs this text alone, without the imports above
    draw(*args, **kwargs)


def drawn(draw: Callable[..., object], *args: object, **kwargs: object) -> AppTest:
    """A page that shows ``draw(*args, **kwargs)`` and nothing else."""
    page = AppTest.from_function(_script, default_timeout=20, args=(draw, args, kwargs)).run()
    assert not page.exception, page.exception
    return page


def html_of(page: AppTest) -> str:
    """The HTML of a page, piece by piece in its order."""
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def labels_of(page: AppTest) -> list[str]:
    """The labels of its buttons, in order."""
    return [button.label for button in page.button]
