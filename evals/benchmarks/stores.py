"""What it costs to keep the index elsewhere: ``python -m evals.benchmarks.stores embedded chroma://127.0.0.1:8000 milvus:/tmp/index.db``.

Ingests the shipped corpus into each store, in a data folder that goes away again, and searches the development questions in it,
``--rounds`` times. Prints seconds of the ingest, milliseconds of a search (whole, and of each leg), and for how many questions
the best five are, in their order, those of the first store named. Compare stores as ratios on one machine, not across machines.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import build_embedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.index.stores import build_store
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.search.fusion import CANDIDATES
from knowledge_base.search.retrieval import Retriever

QUESTIONS = Path(__file__).parents[1] / "datasets" / "dev.jsonl"
TOP = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one store. Milliseconds, one a search; ``best`` holds the passage ids of each question."""

    seconds: float
    passages: int
    whole: list[float]
    words: list[float]
    vectors: list[float]
    best: list[list[str]]


def measure(address: str, questions: Sequence[str], rounds: int) -> Measured:
    """Ingest into a store and search there.

    Raises:
        KnowledgeBaseError: the store cannot be reached or written.
    """
    embedder, lexicon = build_embedder("builtin"), Lexicon.load(CORPUS / "lexicon.yaml")
    store = build_store(address)
    with TemporaryDirectory(prefix="evals-stores-") as data_dir:
        folder = IndexFolder(Path(data_dir), store)
        report = ingest(folder, embedder)
        generation = folder.open(embedder)
        retriever = Retriever(generation, embedder, lexicon)
        retriever.retrieve(questions[0], TOP)  # the first opens files and loads dictionaries
        measured = Measured(report.seconds, report.passages, [], [], [], [])
        for number, question in enumerate(list(questions) * rounds):
            begun = time.perf_counter()
            found = retriever.search(question, TOP)
            measured.whole.append(1000 * (time.perf_counter() - begun))
            begun = time.perf_counter()
            generation.lexical.search(found.understood.text, CANDIDATES, beside=" ".join(found.understood.expansions))
            measured.words.append(1000 * (time.perf_counter() - begun))
            vector = embedder.embed_queries([found.understood.query])[0]
            begun = time.perf_counter()
            generation.vectors.search(vector, CANDIDATES)
            measured.vectors.append(1000 * (time.perf_counter() - begun))
            if number < len(questions):
                measured.best.append([p.passage.passage_id for p in found.passages])
        generation.close()
        store.sweep(folder.owner(), ())  # its folder goes, and nobody else would drop its collections
    store.close()
    return measured


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    texts = [json.loads(line)["text"] for line in args.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    first: Measured | None = None
    print(f"n = {len(texts)} questions, {args.rounds} rounds; ms: median / 95th percentile")  # noqa: T201
    for address in args.addresses:
        found = measure(address, texts, args.rounds)
        first = first or found
        same = sum(ours == theirs for ours, theirs in zip(found.best, first.best, strict=True))
        legs = ", ".join(
            f"{name} {_shown(ms)}" for name, ms in (("whole", found.whole), ("words", found.words), ("vectors", found.vectors))
        )
        print(f"{address}: {found.passages} passages in {found.seconds:.1f} s; {legs}; same best {TOP}: {same}/{len(texts)}")  # noqa: T201


def _shown(milliseconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=20)
    return f"{statistics.median(milliseconds):.1f} / {cuts[18]:.1f}"


if __name__ == "__main__":
    main()
