"""Leaks: questions of the evals that the index knows by heart, because they stand in a document's ways of asking (问法)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.errors import DatasetError
from evals.samples import Sample
from knowledge_base.text.similarity import NEAR, Known
from knowledge_base.types import Document


@dataclass(frozen=True, slots=True)
class Leak:
    """A sample and the way of asking that it repeats. ``document`` is the slug; ``likeness`` runs from NEAR to 1 (the same)."""

    sample: Sample
    ask: str
    document: str
    likeness: float


def find_leaks(samples: Iterable[Sample], documents: Iterable[Document]) -> list[Leak]:
    """The nearest way of asking of every sample that repeats one, likest first. Follow-ups that lean on a history are left out."""
    asks = [(q, d.slug) for d in documents for a in d.asks for q in a.questions]
    known = Known(q for q, _ in asks)
    leaks = []
    for sample in samples:
        number, best = (0, 0.0) if sample.history else known.nearest(sample.text)
        if best >= NEAR:
            leaks.append(Leak(sample, *asks[number], best))
    return sorted(leaks, key=lambda leak: (-leak.likeness, leak.sample.sample_id))


def find_trained(samples: Iterable[Sample], queries: Iterable[str]) -> list[str]:
    """Queries that the embedder is trained on and that repeat a sample, in the order given."""
    known = Known(s.text for s in samples)
    return [q for q in dict.fromkeys(queries) if known.nearest(q)[1] >= NEAR]


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
