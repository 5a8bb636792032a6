"""What an ingest tells: its progress while it runs, and its report at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Called with a stage's name in Chinese, the units done and the units in total."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read as a document."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. All counts are of documents, except ``passages``: the passages in the index afterwards.

    ``updated`` counts the added documents that replaced an earlier text; that text counts as removed.
    """

    added: int
    unchanged: int
    removed: int
    failed: int
    passages: int
    seconds: float
    generation: str
    failures: tuple[Failure, ...]
    updated: int = 0
