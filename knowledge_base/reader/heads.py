"""Heads: small classifiers on the encoder's vectors, kept in ``heads.npz`` with their card ``heads.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import WEIGHTS, Floats
from knowledge_base.reader.errors import ModelFilesError


@dataclass(frozen=True, slots=True)
class Head:
    """A classifier with one softmax over its classes.

    Args:
        weights: one (inputs, outputs) matrix a layer; the last has one column a class.
        biases: one row a layer. Between layers stands a rectifier.
        thresholds: named bars, chosen by cross-validation over writers.
    """

    classes: tuple[str, ...]
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def probabilities(self, rows: Floats) -> Floats:
        """(n, classes) float32 rows that sum to 1, for (n, inputs) rows."""
        hidden = np.asarray(rows, dtype=np.float32)
        for at, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = hidden @ weight + bias
            if at + 1 < len(self.weights):
                hidden = np.maximum(hidden, 0.0)
        raised = np.exp(hidden - hidden.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)

    def by_class(self, row: Floats) -> dict[str, float]:
        """Probability of every class for one row of inputs."""
        return dict(zip(self.classes, map(float, self.probabilities(row[None])[0]), strict=True))


def load_heads(folder: Path = WEIGHTS) -> dict[str, Head]:
    """Heads by name.

    Raises:
        ModelFilesError: a file is missing, or a head of the card has no weights.
    """
    card_path, weights_path = folder / "heads.json", folder / "heads.npz"
    if not (card_path.exists() and weights_path.exists()):
        raise ModelFilesError(f"{folder} lacks heads.json or heads.npz; install the package anew, or train the reader")
    card = json.loads(card_path.read_text(encoding="utf-8"))
    with np.load(weights_path, allow_pickle=False) as stored:
        arrays: dict[str, npt.NDArray[np.float32]] = {name: stored[name].astype(np.float32) for name in stored.files}
    heads = {}
    for name, entry in card.items():
        count = int(entry["layers"])
        try:
            weights = tuple(arrays[f"{name}.{at}.weight"] for at in range(count))
            biases = tuple(arrays[f"{name}.{at}.bias"] for at in range(count))
        except KeyError as exc:
            raise ModelFilesError(f"heads.npz in {folder} lacks {exc}; heads.json and heads.npz come from different runs") from exc
        heads[name] = Head(tuple(entry["classes"]), weights, biases, {k: float(v) for k, v in entry.get("thresholds", {}).items()})
    return heads


def save_heads(heads: Mapping[str, Head], folder: Path) -> None:
    """Write ``heads.npz`` and ``heads.json``; the same heads give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, npt.NDArray[np.float32]] = {}
    card = {}
    for name, head in sorted(heads.items()):
        for at, (weight, bias) in enumerate(zip(head.weights, head.biases, strict=True)):
            arrays[f"{name}.{at}.weight"] = np.asarray(weight, dtype=np.float32)
            arrays[f"{name}.{at}.bias"] = np.asarray(bias, dtype=np.float32)
        card[name] = {"classes": list(head.classes), "layers": len(head.weights), "thresholds": dict(sorted(head.thresholds.items()))}
    with (folder / "heads.npz").open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)
    (folder / "heads.json").write_text(json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
