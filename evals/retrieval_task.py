"""The product's own retrieval over a task in BEIR form: corpus.jsonl, queries.jsonl, qrels.tsv.

A line of the corpus becomes a document of one passage, whole. The index is a real generation in a temporary folder.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.errors import DatasetError
from evals.metrics.intervals import Estimate, quantile
from evals.metrics.ranking import Judgements, Rankings, summarise_ranking
from knowledge_base.embedder.embedding import Embedder
from knowledge_base.index.catalogue import Catalogue, Entry
from knowledge_base.index.fields import embedding_text, lexical_entry
from knowledge_base.index.generation import Generation, Manifest
from knowledge_base.index.generations import open_generation
from knowledge_base.index.lexical import TantivyIndex
from knowledge_base.index.vectors import ChromaStore
from knowledge_base.search.retrieval import Filters, Mode, Retriever
from knowledge_base.text.normalise import TOKENISER_VERSION
from knowledge_base.types import Document, Kind, Passage, passage_id_of

DEPTH = 50
"""Documents that a run lists for a query; each leg brings 60 candidates to the fusion."""

_BATCH = 512


@dataclass(frozen=True)
class RetrievalTask:
    """Documents, queries by id and the grades of relevant documents."""

    name: str
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    judgements: Judgements


@dataclass(frozen=True)
class RetrievalResult:
    """Rankings of a task with their metrics; ``ms`` are milliseconds a query."""

    rankings: Rankings
    metrics: Mapping[str, Estimate]
    ms_p50: Estimate
    ms_p95: Estimate


def load_task(folder: Path) -> RetrievalTask:
    """The task of a folder.

    Raises:
        DatasetError: a file is missing or a line is malformed; the message names the line.
    """
    documents = tuple(_document(row) for row in _rows(folder / "corpus.jsonl", ("_id", "text")))
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl", ("_id", "text"))}
    judgements: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(folder / "qrels.tsv").splitlines()[1:], 2):
        try:
            query, document, grade = line.split("\t")[:3]
            judgements.setdefault(query, {})[document] = int(float(grade))
        except ValueError as exc:
            raise DatasetError(f"qrels.tsv 第 {number} 行应是 query-id、corpus-id、score 三列，用制表符隔开") from exc
    return RetrievalTask(folder.name, documents, queries, judgements)


def search_task(
    task: RetrievalTask, embedder: Embedder, mode: Mode = "hybrid", *, progress: Callable[[int, int], None] = lambda *_: None
) -> RetrievalResult:
    """Search every judged query of a task and score the rankings."""
    wanted = [q for q in task.queries if q in task.judgements]
    rankings: dict[str, list[str]] = {}
    spent: list[float] = []
    with task_generation(task.documents, embedder) as generation:
        retriever = Retriever(generation, embedder)
        for done, query_id in enumerate(wanted, 1):
            begun = time.perf_counter()
            found = retriever.search(task.queries[query_id], DEPTH, Filters(), mode=mode)
            spent.append(1000 * (time.perf_counter() - begun))
            rankings[query_id] = [scored.passage.doc_id for scored in found.passages]
            progress(done, len(wanted))
    return RetrievalResult(rankings, summarise_ranking(task.judgements, rankings), quantile(spent, 0.5), quantile(spent, 0.95))


def write_run(path: Path, rankings: Rankings, tag: str) -> None:
    """Write rankings as a TREC run. The score counts down with the rank, so that sorting by it keeps the order."""
    with path.open("w", encoding="utf-8") as file:
        for query_id, ranked in rankings.items():
            for rank, document_id in enumerate(ranked, 1):
                file.write(f"{query_id} Q0 {document_id} {rank} {DEPTH + 1 - rank} {tag}\n")


@contextmanager
def task_generation(documents: Sequence[Document], embedder: Embedder) -> Iterator[Generation]:
    """An opened generation that holds each document as one passage; gone when the block ends."""
    passages = [Passage(passage_id_of(d.doc_id, 1), d.doc_id, d.text, 0, len(d.text), 1) for d in documents]
    with TemporaryDirectory(prefix="evals-task-") as folder:
        built = Path(folder)
        Catalogue.build(
            built / "catalogue.sqlite", ((Entry(d, "task", d.slug), [(p, p.passage_id)]) for d, p in zip(documents, passages, strict=True))
        )
        pairs = list(zip(documents, passages, strict=True))
        TantivyIndex.build(built / "lexical", (lexical_entry(d, p) for d, p in pairs))
        store = ChromaStore(built / "vectors")
        for start in range(0, len(pairs), _BATCH):
            batch = pairs[start : start + _BATCH]
            store.add([p.passage_id for _, p in batch], embedder.embed_passages([embedding_text(d, p) for d, p in batch]))
        store.close()
        manifest = Manifest("task", embedder.fingerprint, embedder.dimension, TOKENISER_VERSION, "", len(documents), len(passages), "")
        generation = open_generation(built, manifest)
        try:
            yield generation
        finally:
            generation.close()


def _document(row: Mapping[str, Any]) -> Document:
    return Document(str(row["_id"]), str(row["_id"]), Kind.TRAINING, str(row.get("title") or ""), str(row["text"]))


def _rows(path: Path, needed: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise DatasetError(f"{path.name} 第 {number} 行不是 JSON：{exc}") from exc
        if not isinstance(row, dict) or any(name not in row for name in needed):
            raise DatasetError(f"{path.name} 第 {number} 行缺 {'、'.join(needed)} 中的字段")
        yield row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}。任务文件夹里应有 corpus.jsonl、queries.jsonl、qrels.tsv") from exc
