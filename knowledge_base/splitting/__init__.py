"""Documents to passages: regulations clause by clause, other text by heading and sentence, tables whole."""

from knowledge_base.splitting.passages import split_document
from knowledge_base.splitting.sections import Section, count_clauses, split_sections

__all__ = ["split_document", "Section", "split_sections", "count_clauses"]
