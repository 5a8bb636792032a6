"""Which texts of the shipped corpus have their vectors kept with the weights, so that an index of it needs no encoding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge_base.loaders.documents import iter_documents
from knowledge_base.reader.encoder import Kind
from knowledge_base.reader.readings import readings_of, statements_of
from knowledge_base.splitting import split_document
from knowledge_base.types import Document


def kept_texts(corpus: Path) -> Iterator[tuple[str, Kind]]:
    """Every text of a corpus that the service compares a question with, as it is encoded."""
    for _, document in iter_documents([corpus]):
        if not isinstance(document, Document):
            continue
        passages = split_document(document)
        for reading in readings_of(document, passages):
            yield from ((text, "query") for text in (*reading.asks, *reading.misses))
            yield from ((text, "passage") for text in reading.texts)
        yield from ((text, "passage") for passage in passages for text in statements_of(passage))
