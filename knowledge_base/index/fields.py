"""What the index holds of a passage: the fields of the lexical leg with their weights, and the text of its vector."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge_base.text.normalise import tokens
from knowledge_base.types import Document, Passage

FIELD_WEIGHTS: Mapping[str, float] = {"body": 1.0, "head": 0.3, "asks": 1.5}
"""Weight of each field in the lexical score.

The body holds the head too: title and text as one field is best for lay questions to statutes (nDCG@10 .474 against
.452 as two fields of equal weight, n 1234). Counting the head lightly once more helps encyclopaedia questions.
"""

BESIDE = 0.5
"""Weight of a word added to a query, such as a synonym. A typed word has weight 1."""

MAX_QUERY_TOKENS = 512
"""Most distinct tokens of a query that are searched; a longer text is cut there."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """What the lexical leg holds of one passage: its text, its title and headings, and the questions (问法) it answers."""

    passage_id: str
    body: str
    head: str = ""
    asks: str = ""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage on its way into an index, with its document and the key of its vector."""

    document: Document
    passage: Passage
    vector_key: str

    @classmethod
    def of(cls, document: Document, passage: Passage) -> IndexedPassage:
        """The passage with its key: passages with equal embedding texts have equal keys."""
        return cls(document, passage, hashlib.sha256(embedding_text(document, passage).encode()).hexdigest()[:32])


def head_of(document: Document, passage: Passage) -> str:
    """Title, short titles, 文号 and headings of a passage."""
    return " ".join(dict.fromkeys((document.title, *document.short_titles, document.doc_no, *passage.heading_path, passage.clause)))


def lexical_entry(document: Document, passage: Passage) -> LexicalEntry:
    """What the lexical leg indexes of a passage."""
    return LexicalEntry(passage.passage_id, passage.text, head_of(document, passage), " ".join(passage.questions))


def embedding_text(document: Document, passage: Passage) -> str:
    """What the dense leg embeds of a passage."""
    return "\n".join(filter(None, (head_of(document, passage), " ".join(passage.questions), passage.text)))


def field_tokens(entry: LexicalEntry) -> dict[str, list[str]]:
    """Tokens of each field of :data:`FIELD_WEIGHTS`; the body includes the head."""
    return {"body": tokens(f"{entry.head}\n{entry.body}"), "head": tokens(entry.head), "asks": tokens(entry.asks)}


def weighted_tokens(query: str, beside: str = "") -> dict[str, float]:
    """The first :data:`MAX_QUERY_TOKENS` distinct tokens of a query and of the words beside it, each with its weight."""
    counts: dict[str, float] = dict(Counter(tokens(query)))
    for token in tokens(beside):
        counts.setdefault(token, BESIDE)
    return dict(itertools.islice(counts.items(), MAX_QUERY_TOKENS))
