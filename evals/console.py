"""What the commands show on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

console = Console(stderr=True)


@contextmanager
def show_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error; call it with how much is done and how much there is."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield update
