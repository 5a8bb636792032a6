"""Turn vectors so that what one answer's ways of asking differ in counts less: voice, dialect, length.

Within-class covariance normalisation (Hatch et al., Interspeech 2006) to the power of a half, so that the rest keeps most of its
shape. It is a linear layer behind the mean over pieces and costs nothing at run time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spread:
    """The layer: unit row -> row @ matrix + bias, then unit length."""

    matrix: Floats
    bias: Floats

    def apply(self, rows: Floats) -> Floats:
        """(n, d) unit rows."""
        turned = rows @ self.matrix + self.bias
        return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)


def fit_spread(rows: Floats, owners: npt.NDArray[np.int64], power: float = 0.25, floor: float = 0.3, share: float = 1.0) -> Spread:
    """The layer from (n, d) unit rows of ways of asking and the group of each.

    Args:
        power: of the inverse covariance; .5 would make the spread inside groups the same in all directions.
        floor: added to every variance, as a part of the mean variance.
        share: of the overall mean that is taken away.
    """
    centres = np.zeros((int(owners.max()) + 1, rows.shape[1]), dtype=np.float64)
    np.add.at(centres, owners, rows)
    counts = np.bincount(owners, minlength=len(centres))
    centres /= np.maximum(counts, 1)[:, None]
    differences = rows - centres[owners]
    values, directions = np.linalg.eigh(differences.T @ differences / len(rows))
    scale = (np.maximum(values, 0) + floor * values.mean()) ** -power
    matrix = directions @ np.diag(scale / scale.mean()) @ directions.T
    bias = -share * rows.mean(0) @ matrix
    return Spread(matrix.astype(np.float32), bias.astype(np.float32))
