"""What we know and how it is found: documents in, ranked passages out."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
"""The folder of the shipped documents. Its ``README.md`` explains how to write one."""
