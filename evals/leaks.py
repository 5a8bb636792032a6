"""Leaks: questions of the evals that the index knows by heart, because they stand in a document's ways of asking (问法)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.errors import DatasetError
from evals.samples import Sample
from knowledge_base.numerals import fold_numbers
from knowledge_base.text import normalise
from knowledge_base.types import Document

SHINGLE = 3
NEAR = 0.7
"""Jaccard similarity of character trigrams from which two questions count as one.

Source: Broder, "On the resemblance and containment of documents", 1997. 四川现在产假一共多少天 against 四川现在产假多少天 gives 0.58.
"""

_MARKS = re.compile(r"[^\u4e00-\u9fffa-z0-9]")


@dataclass(frozen=True, slots=True)
class Leak:
    """A sample and the way of asking that it repeats. ``document`` is the slug; ``likeness`` runs from NEAR to 1 (the same)."""

    sample: Sample
    ask: str
    document: str
    likeness: float


def find_leaks(samples: Iterable[Sample], documents: Iterable[Document]) -> list[Leak]:
    """The nearest way of asking of every sample that repeats one, likest first. Follow-ups that lean on a history are left out."""
    asks = [(shingles(q), q, d.slug) for d in documents for a in d.asks for q in a.questions]
    holders: dict[str, set[int]] = {}
    for number, (held, _, _) in enumerate(asks):
        for shingle in held:
            holders.setdefault(shingle, set()).add(number)
    leaks = []
    for sample in samples:
        if sample.history:
            continue
        own = shingles(sample.text)
        near = {n for s in own for n in holders.get(s, ())}
        best = max(((likeness(own, asks[n][0]), asks[n][1], asks[n][2]) for n in near), default=(0.0, "", ""))
        if best[0] >= NEAR:
            leaks.append(Leak(sample, best[1], best[2], best[0]))
    return sorted(leaks, key=lambda leak: (-leak.likeness, leak.sample.sample_id))


def shingles(text: str) -> frozenset[str]:
    """Character trigrams of a text without marks; a shorter text is one shingle."""
    bare = _MARKS.sub("", normalise(fold_numbers(text)))
    return frozenset(bare[i : i + SHINGLE] for i in range(max(1, len(bare) - SHINGLE + 1))) if bare else frozenset()


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard similarity, 0 to 1; 0 when both are empty."""
    union = first | second
    return len(first & second) / len(union) if union else 0.0


def load_allowed(path: Path) -> Mapping[str, str]:
    """Reason by sample id of coincidences that are let pass.

    Raises:
        DatasetError: an entry has no reason.
    """
    loaded: Any = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    allowed = {str(k): str(v or "") for k, v in (loaded or {}).items()}
    if bare := [k for k, v in allowed.items() if not v]:
        raise DatasetError(f"{path.name} 的 {bare} 没有写原因")
    return allowed


def unexcused(leaks: Sequence[Leak], allowed: Mapping[str, str]) -> list[Leak]:
    """Leaks that are not let pass, directly or by their parent."""
    return [leak for leak in leaks if leak.sample.sample_id not in allowed and leak.sample.parent not in allowed]
