"""What we know and how it is found: documents in, ranked passages out."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
"""The folder of the shipped documents. How to write one is told in its ``README.md``."""
