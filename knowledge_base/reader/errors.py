"""What can go wrong while the reader is opened.

ReaderError
└── ModelFilesError   a file of the model is missing, broken, or belongs to another model
"""

from __future__ import annotations


class ReaderError(Exception):
    """The reader cannot be used; the message says why and what to do."""


class ModelFilesError(ReaderError):
    """A file of the model is missing, broken, or belongs to another model."""
