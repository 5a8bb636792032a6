"""Documents to a generation on disk: split, indexed in every leg, verified and activated."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.embedder.embedding import Embedder, Vectors
from knowledge_base.errors import IndexUnavailable, IngestError
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.index.fields import IndexedPassage, embedding_text, lexical_entry
from knowledge_base.index.generation import Generation, Manifest, VectorStore
from knowledge_base.index.generations import QUESTIONS, VOCABULARY, IndexFolder, open_generation
from knowledge_base.index.questions import QuestionIndex
from knowledge_base.index.stores import IndexStore
from knowledge_base.publishing.report import Progress
from knowledge_base.query.vocabulary import PROMINENT, Vocabulary
from knowledge_base.splitting import split_document
from knowledge_base.text.normalise import TOKENISER_VERSION

_EMBED_BATCH = 500
_MAX_TEXT = 2_000_000  # characters that a vocabulary is counted on; it hardly grows with more


def build_generation(
    folder: IndexFolder, embedder: Embedder, entries: Mapping[str, Entry], previous: Generation | None, progress: Progress, author: str
) -> Manifest:
    """Build a generation of these documents, verify it and activate it. Vectors of unchanged passages come from ``previous``.

    Raises:
        IngestError: the generation failed its verification; the one in use stays.
    """
    with folder.building() as building:
        split: list[tuple[Entry, list[IndexedPassage]]] = []
        for count, entry in enumerate(entries.values(), 1):
            split.append((entry, [IndexedPassage.of(entry.document, p) for p in split_document(entry.document)]))
            progress("切分条款", count, len(entries))
        collection = folder.new_collection()
        catalogue = Catalogue.build(
            building / "catalogue.sqlite", [(entry, [(p.passage, p.vector_key) for p in passages]) for entry, passages in split]
        )
        passages = [p for _, held in split for p in held]
        known = _KnownVectors.of(previous, passages)
        progress("建词汇索引", 0, len(passages))
        # The lexical leg is built in Python, the dense one mostly inside libraries: each gets a core.
        with ThreadPoolExecutor(1, "words") as executor:
            words = executor.submit(_write_words, folder.store, building, collection, passages)
            questions = _write_vectors(folder.store, building, collection, embedder, passages, known, progress)
            words.result()
        manifest = Manifest(
            generation=folder.next_name(),
            embedder=embedder.fingerprint,
            dimension=embedder.dimension,
            tokeniser=TOKENISER_VERSION,
            corpus_hash=hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest(),
            documents=len(entries),
            passages=catalogue.passage_count,
            built=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            author=author,
            store=folder.store.kind,
            collection=collection,
            questions=len(questions),
        )
        _verify(building, manifest, embedder, folder.store)
        folder.install(building, manifest)
    progress("完成", len(passages), len(passages))
    return manifest


def _write_words(store: IndexStore, building: Path, collection: str, passages: Sequence[IndexedPassage]) -> None:
    """Write the lexical leg and the vocabulary."""
    try:
        store.write_words(building, collection, (lexical_entry(p.document, p.passage) for p in passages))
    except ValueError as exc:  # what tantivy raises when it cannot write
        raise IndexUnavailable(f"词汇索引写不了：{exc}") from exc
    Vocabulary.of(_weighted_texts(passages)).save(building / VOCABULARY)


def _weighted_texts(passages: Sequence[IndexedPassage]) -> Iterator[tuple[str, int]]:
    """The texts a vocabulary is counted on, each with the weight of a use. A large corpus is sampled evenly.

    Ways of asking that are typed with slips are left out: a speller that has learnt a slip no longer mends it.
    """
    seen = set()
    spelt_well: frozenset[str] = frozenset()
    step = 1 + sum(len(p.passage.text) for p in passages) // _MAX_TEXT
    for document, passage in ((p.document, p.passage) for p in passages[::step]):
        if document.doc_id not in seen:
            seen.add(document.doc_id)
            spelt_well = frozenset(q for asks in document.asks if asks.is_spelt_well for q in asks.questions)
            yield "\n".join((document.title, *document.short_titles, document.doc_no, document.issuer)), PROMINENT
        yield "\n".join((*passage.heading_path, *(q for q in passage.questions if q in spelt_well))), PROMINENT
        yield passage.text, 1


def _write_vectors(
    store: IndexStore,
    building: Path,
    collection: str,
    embedder: Embedder,
    passages: Sequence[IndexedPassage],
    known: _KnownVectors,
    progress: Progress,
) -> QuestionIndex:
    """Write the dense leg and the questions leg."""
    vectors = store.write_vectors(building, collection, embedder.dimension)
    try:
        _fill(vectors, embedder, passages, known, progress)
    finally:
        vectors.close()
    questions = _embed_questions(embedder, passages, known)
    questions.save(building / QUESTIONS)
    return questions


@dataclass(frozen=True, slots=True)
class _KnownVectors:
    """Vectors of the previous generation by vector key: each passage's own and those of its questions."""

    passages: Mapping[str, Vectors]
    questions: Mapping[str, Vectors]

    @classmethod
    def of(cls, previous: Generation | None, passages: Sequence[IndexedPassage]) -> _KnownVectors:
        """The previous generation's vectors for passages whose embedding text has not changed."""
        if previous is None:
            return cls({}, {})
        ids = previous.catalogue.vector_keys()
        reused = {p.vector_key: ids[p.vector_key] for p in passages if p.vector_key in ids}
        vectors, questions = previous.vectors.get(list(reused.values())), previous.questions.get(reused.values())
        return cls(
            {key: vectors[passage_id] for key, passage_id in reused.items() if passage_id in vectors},
            {key: questions[passage_id] for key, passage_id in reused.items() if passage_id in questions},
        )


def _fill(store: VectorStore, embedder: Embedder, passages: Sequence[IndexedPassage], known: _KnownVectors, progress: Progress) -> None:
    def rows_of(batch: Sequence[IndexedPassage]) -> Vectors:
        new = [p for p in batch if p.vector_key not in known.passages]
        embedded = iter(embedder.embed_passages([embedding_text(p.document, p.passage) for p in new]))
        rows = [known.passages[p.vector_key] if p.vector_key in known.passages else next(embedded) for p in batch]
        return np.asarray(rows, dtype=np.float32)

    starts = range(0, len(passages), _EMBED_BATCH)
    with ThreadPoolExecutor(1, "embedding") as ahead:  # embeds the next batch while the store writes this one
        following = [ahead.submit(rows_of, passages[:_EMBED_BATCH])]
        for start in starts:
            rows = following.pop().result()
            end = start + _EMBED_BATCH
            if end < len(passages):
                following.append(ahead.submit(rows_of, passages[end : end + _EMBED_BATCH]))
            store.add([p.passage.passage_id for p in passages[start:end]], rows)
            progress("建向量索引", min(end, len(passages)), len(passages))


def _embed_questions(embedder: Embedder, passages: Sequence[IndexedPassage], known: _KnownVectors) -> QuestionIndex:
    """The questions leg. Questions are embedded as queries, with the query prompt of a model that has one."""
    held = {p.passage.passage_id: known.questions[p.vector_key] for p in passages if p.vector_key in known.questions}
    for start in range(0, len(passages), _EMBED_BATCH):
        batch = [p.passage for p in passages[start : start + _EMBED_BATCH]]
        new = [passage for passage in batch if passage.questions and passage.passage_id not in held]
        rows = iter(embedder.embed_queries([question for passage in new for question in passage.questions]))
        held |= {p.passage_id: np.array([next(rows) for _ in p.questions]) for p in new}
    return QuestionIndex(held)


def _verify(building: Path, manifest: Manifest, embedder: Embedder, store: IndexStore) -> None:
    """Check that catalogue, words and vectors have equal counts, and that both legs find a passage by its own text."""
    generation = open_generation(building, manifest, store)
    try:
        counts = (generation.catalogue.passage_count, len(generation.lexical), len(generation.vectors))
        if len(set(counts)) != 1:
            raise IngestError(f"新索引数目对不上（目录、词汇、向量）：{counts}，没有启用。请再运行一次 assistant ingest")
        sample = next(generation.catalogue.passages(), None)
        if sample is None:
            return
        text = embedding_text(generation.catalogue.document(sample.doc_id), sample)
        by_words = {i for i, _ in generation.lexical.search(text, 20)}
        by_vector = {i for i, _ in generation.vectors.search(embedder.embed_passages([text])[0], 20)}
        if sample.passage_id not in by_words or (by_vector and sample.passage_id not in by_vector):
            raise IngestError(f"新索引找不到自己的段落 {sample.passage_id}，没有启用。请再运行一次 assistant ingest --rebuild")
    finally:
        generation.close()
