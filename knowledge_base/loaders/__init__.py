"""Files to documents."""

from knowledge_base.loaders.documents import LOADERS, MAX_FILE_BYTES, document_from_bytes, iter_documents, load_document
from knowledge_base.loaders.encodings import decode
from knowledge_base.loaders.loaded import LoadedText

__all__ = ["load_document", "document_from_bytes", "iter_documents", "LOADERS", "LoadedText", "MAX_FILE_BYTES", "decode"]
