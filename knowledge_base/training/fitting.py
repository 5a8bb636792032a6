"""Fit heads on vectors of the finished encoder, and choose their bars on rows of left-out blocks."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier

from knowledge_base.reader.heads import Head

Floats = npt.NDArray[np.float32]
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head and what it said of every row while that row's block was left out: (n, classes) probabilities."""

    head: Head
    left_out: Floats


def fit_linear(
    rows: Floats, labels: Sequence[str], blocks: Sequence[str], classes: tuple[str, ...], strength: float = 8.0, balanced: bool = True
) -> Fitted:
    """A multinomial logistic head; ``strength`` is the inverse of the penalty. Blocks are kept together when folds are cut."""
    numbers = np.array([classes.index(label) for label in labels])
    left_out = np.zeros((len(rows), len(classes)), dtype=np.float32)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, numbers, list(blocks)):
        left_out[test] = _fit(rows[train], numbers[train], classes, strength, balanced).probabilities(rows[test])
    return Fitted(_fit(rows, numbers, classes, strength, balanced), left_out)


@dataclass(frozen=True, slots=True)
class Network:
    """Recipe of a head with one hidden layer: its units, the penalty on weights, the rate and the rounds over all rows."""

    hidden: int = 16
    penalty: float = 0.01
    rate: float = 3e-3
    rounds: int = 30


def fit_network(
    rows: Floats, labels: Sequence[str], blocks: Sequence[str], classes: tuple[str, ...], recipe: Network = Network()
) -> Fitted:
    """A head with one hidden layer; inputs of any scale. Blocks are kept together when folds are cut."""
    numbers = np.array([classes.index(label) for label in labels])
    left_out = np.zeros((len(rows), len(classes)), dtype=np.float32)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(rows, numbers, list(blocks)):
        left_out[test] = _fit_network(rows[train], numbers[train], classes, recipe).probabilities(rows[test])
    return Fitted(_fit_network(rows, numbers, classes, recipe), left_out)


def _fit_network(rows: Floats, numbers: npt.NDArray[np.int64], classes: tuple[str, ...], recipe: Network) -> Head:
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    model = MLPClassifier((recipe.hidden,), alpha=recipe.penalty, learning_rate_init=recipe.rate, max_iter=recipe.rounds, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit((rows - mean) / scale, numbers)
    first, second = model.coefs_
    first = first / scale[:, None]
    bias = model.intercepts_[0] - mean @ first
    last, ends = np.zeros((recipe.hidden, len(classes))), np.full(len(classes), -30.0)
    if second.shape[1] == 1:  # two classes share one output, of the second
        last[:, model.classes_[1]], ends[model.classes_] = second[:, 0], [0.0, model.intercepts_[1][0]]
    else:
        last[:, model.classes_], ends[model.classes_] = second, model.intercepts_[1]
    layers = (first.astype(np.float32), last.astype(np.float32))
    return Head(classes, layers, (bias.astype(np.float32), ends.astype(np.float32)))


def log_loss(probabilities: Floats, truths: npt.NDArray[np.bool_]) -> float:
    """Mean negative log of the probability of what was true."""
    said = np.clip(np.where(truths, probabilities, 1 - probabilities), 1e-6, 1)
    return float(-np.log(said).mean())


def bar_for_false_alarms(scores: Floats, positive: npt.NDArray[np.bool_], most: float) -> float:
    """The lowest bar over which at most ``most`` of the negatives lie."""
    return float(np.quantile(scores[~positive], 1.0 - most))


def bar_for_recall(scores: Floats, positive: npt.NDArray[np.bool_], least: float) -> float:
    """The highest bar over which at least ``least`` of the positives lie."""
    return float(np.quantile(scores[positive], 1.0 - least))


def calibration_error(probabilities: Floats, truths: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over bins of equal width. Source: Naeini et al., AAAI 2015."""
    at = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [
        abs(float(probabilities[at == b].mean()) - float(truths[at == b].mean())) * (at == b).mean() for b in range(bins) if (at == b).any()
    ]
    return float(sum(gaps))


def _fit(rows: Floats, numbers: npt.NDArray[np.int64], classes: tuple[str, ...], strength: float, balanced: bool) -> Head:
    present = np.unique(numbers)
    model = LogisticRegression(C=strength, max_iter=400, class_weight="balanced" if balanced else None)
    model.fit(rows, numbers)
    weights = np.zeros((rows.shape[1], len(classes)), dtype=np.float32)
    biases = np.full(len(classes), -30.0, dtype=np.float32)
    if len(present) == 2:
        weights[:, present[1]] = model.coef_[0]
        biases[present[0]], biases[present[1]] = 0.0, model.intercept_[0]
    else:
        weights[:, present] = model.coef_.T
        biases[present] = model.intercept_
    return Head(classes, (weights,), (biases,))
