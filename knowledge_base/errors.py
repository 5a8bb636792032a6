"""Errors of the knowledge base. Every message says what happened, with which value, and what to do about it.

KnowledgeBaseError
├── LoadError              a file cannot be read as a document; the message is the reason shown in the report
├── CorpusError            a front matter, a lexicon or a source list is malformed
├── EmbedderError          an embedder cannot be built or does not fit its settings
├── RerankerError          a reranker cannot be built
├── IngestError            a new generation could not be built; the one in use keeps serving
├── VectorStoreError       the vector store failed or has lost data
│   └── StoreUnavailable   the index server does not answer; the index itself may be fine
└── IndexUnavailable       no generation can be opened
    └── IndexMismatch      the generation was built by another embedder or tokeniser; the message names the command that repairs it
"""

from __future__ import annotations


class KnowledgeBaseError(Exception):
    """Base of every error that this package raises on purpose."""


class LoadError(KnowledgeBaseError):
    """A file cannot be read as a document."""


class CorpusError(KnowledgeBaseError):
    """A file of the corpus breaks the rules of corpus/README.md."""


class EmbedderError(KnowledgeBaseError):
    """An embedder cannot be built, or its settings do not fit it."""


class RerankerError(KnowledgeBaseError):
    """A reranker cannot be built."""


class IngestError(KnowledgeBaseError):
    """A new generation could not be built. The one in use keeps serving."""


class VectorStoreError(KnowledgeBaseError):
    """The vector store failed or has lost data."""


class StoreUnavailable(VectorStoreError):
    """The index server cannot be reached, or the file of a local one cannot be opened."""


class IndexUnavailable(KnowledgeBaseError):
    """No generation can be opened."""


class IndexMismatch(IndexUnavailable):
    """The generation on disk was built with settings other than the current ones."""
