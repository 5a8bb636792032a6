"""How fast search is, how that grows, and what a peer takes: ``python -m evals.benchmarks.searching --help``.

``peer``    20,000 passages, searched by us and by LangChain's EnsembleRetriever (BM25 over rjieba's words, and Chroma) with the same
            embedder: milliseconds a query and nDCG@10, in one run.
``growth``  real ingests of laws, as files, of several sizes: passages a second, the share of that time that the same ingest takes again,
            and, in a fresh process, milliseconds a query, narrowed to one law in four and in a hundred too, and resident memory.
``first``   seconds to the first answer of a fresh process, ``assistant ask``.

Every table says n, is printed and is saved under ``--out``. Compare ratios within a run: machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.baselines import word_ensemble
from evals.benchmarks.asking import resident_megabytes
from evals.benchmarks.synthetic_laws import REGIONS, many_articles, read_articles, write_laws
from evals.metrics.intervals import quantile
from evals.metrics.ranking import summarise_ranking
from evals.report.plots import plot_growth
from evals.retrieval_task import RetrievalTask, load_task, task_generation
from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import Embedder, build_embedder
from knowledge_base.index.fields import embedding_text
from knowledge_base.index.generation import Generation
from knowledge_base.index.generations import IndexFolder
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.query.vocabulary import Vocabulary
from knowledge_base.search.retrieval import Filters, Retriever
from knowledge_base.types import Document, Kind

PEER_PASSAGES = 20_000
SIZES = (10_000, 100_000, 1_000_000)
QUERIES = 300
TOP_K = 10
_FIRST_QUESTIONS = ("女职工产假多少天？", "咋个学直播嘛", "四川生育津贴怎么算")

Search = Callable[[str], Sequence[str]]
"""A query to document ids, best first."""


def measure(search: Search, queries: Mapping[str, str]) -> tuple[dict[str, list[str]], list[float]]:
    """Rankings by query id, and milliseconds of each; the first query is searched once before, unmeasured."""
    rankings: dict[str, list[str]] = {}
    spent: list[float] = []
    search(next(iter(queries.values())))
    for query_id, text in queries.items():
        begun = time.perf_counter()
        rankings[query_id] = list(search(text))
        spent.append(1000 * (time.perf_counter() - begun))
    return rankings, spent


# -- a peer


def compare_with_peer(shared: Path, out: Path) -> None:
    """Search the statutes of the task, filled up with others, with both systems."""
    task = load_task(shared / "retrieval" / "tasks" / "stard_train")
    documents = _filled(task, shared)
    queries = dict([(i, t) for i, t in task.queries.items() if i in task.judgements][:QUERIES])
    embedder = build_embedder("builtin")
    lines = ["| system | passages | queries | p50 ms | p95 ms | nDCG@10 |", "|---|---|---|---|---|---|"]
    medians: list[float] = []
    with task_generation(documents, embedder) as opened:
        generation = replace(opened, vocabulary=Vocabulary.of((text, 1) for text in _texts(opened).values()))
        systems = {
            "this project": _our_search(generation, embedder),
            "LangChain EnsembleRetriever (BM25 + Chroma)": word_ensemble(_texts(generation), embedder, TOP_K),
        }
        for name, search in systems.items():
            rankings, spent = measure(search, queries)
            medians.append(quantile(spent, 0.5).value or 0.0)
            ndcg = summarise_ranking({i: task.judgements[i] for i in queries}, rankings)["nDCG@10"]
            lines.append(f"| {name} | {len(documents)} | {len(queries)} | {_ms(spent, 0.5)} | {_ms(spent, 0.95)} | {ndcg} |")
    lines.append(f"\nMedian of the peer over ours: {medians[1] / medians[0]:.0f}.")
    _save(out / "peer.md", lines)


def _filled(task: RetrievalTask, shared: Path) -> tuple[Document, ...]:
    """The task's documents and as many other articles as make :data:`PEER_PASSAGES`."""
    documents = {d.text: d for d in task.documents}
    for article in read_articles(shared / "retrieval" / "train" / "statute_articles.jsonl.gz"):
        if len(documents) >= PEER_PASSAGES:
            break
        name = f"filler-{len(documents)}"
        documents.setdefault(article.text, Document(name, name, Kind.TRAINING, f"{article.law}{article.number}", article.text))
    return tuple(documents.values())


def _our_search(generation: Generation, embedder: Embedder, filters: Filters | None = None) -> Search:
    lexicon = Lexicon.load(CORPUS / "lexicon.yaml").with_vocabulary(generation.vocabulary)
    retriever = Retriever(generation, embedder, lexicon)
    return lambda query: [scored.passage.doc_id for scored in retriever.retrieve(query, TOP_K, filters)]


def _texts(generation: Generation) -> dict[str, str]:
    """What our own legs hold of each document of one passage."""
    documents = generation.catalogue.document
    return {p.doc_id: embedding_text(documents(p.doc_id), p) for p in generation.catalogue.passages()}


# -- growth


def grow(shared: Path, out: Path, sizes: Sequence[int]) -> None:
    """Ingest laws of each size, and search them from a fresh process."""
    articles = read_articles(shared / "retrieval" / "train" / "statute_articles.jsonl.gz")
    queries = list(load_task(shared / "retrieval" / "tasks" / "stard_train").queries.values())[:QUERIES]
    lines = [
        "| passages | files | ingest s | passages/s | again, share | queries | p50 ms | p95 ms "
        "| 1 law in 4: p50, p95 | in 100: p50, p95 | resident MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    points: list[tuple[int, float, float]] = []
    for size in sizes:
        with TemporaryDirectory(prefix="benchmark-") as name:
            folder = Path(name)
            files = write_laws(many_articles(articles), size, folder / "laws")
            (folder / "queries.json").write_text(json.dumps(queries, ensure_ascii=False), encoding="utf-8")
            first, again, passages = _ingest_twice(folder)
            found = _in_fresh_process(folder)
        points.append((passages, found["p50"], found["p95"]))
        lines.append(
            f"| {passages} | {files} | {first:.1f} | {passages / first:.0f} | {again / first:.3f} | {len(queries)} "
            f"| {found['p50']:.1f} | {found['p95']:.1f} | {found['common p50']:.1f}, {found['common p95']:.1f} "
            f"| {found['rare p50']:.1f}, {found['rare p95']:.1f} | {found['resident']:.0f} |"
        )
        print(lines[-1], flush=True)  # noqa: T201
    _save(out / "growth.md", lines)
    (out / "growth.svg").write_text(plot_growth(points), encoding="utf-8")


def _ingest_twice(folder: Path) -> tuple[float, float, int]:
    embedder = build_embedder("builtin")
    seconds = []
    for _ in range(2):
        begun = time.perf_counter()
        report = ingest(IndexFolder(folder / "data"), embedder, [folder / "laws"])
        seconds.append(time.perf_counter() - begun)
    return seconds[0], seconds[1], report.passages


def _in_fresh_process(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "evals.benchmarks.searching", "query", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def query_folder(folder: Path) -> None:
    """Search an ingested folder with its queries and print the figures as one line of JSON."""
    embedder = build_embedder("builtin")
    generation = IndexFolder(folder / "data").open(embedder)
    queries = {str(n): text for n, text in enumerate(json.loads((folder / "queries.json").read_text(encoding="utf-8")))}
    figures: dict[str, float | None] = {}
    rare, common = REGIONS
    for name, filters in (("", Filters()), ("common ", Filters(only_region=common)), ("rare ", Filters(only_region=rare))):
        _, spent = measure(_our_search(generation, embedder, filters), queries)
        figures |= {f"{name}p50": quantile(spent, 0.5).value, f"{name}p95": quantile(spent, 0.95).value}
    figures["resident"] = resident_megabytes(os.getpid())
    generation.close()
    print(json.dumps(figures))  # noqa: T201


# -- the first answer


def first_answers(out: Path, repeats: int = 3) -> None:
    """Time ``assistant ask`` as a whole process over the shipped corpus, and tell whether torch came along."""
    lines = ["| question | runs | fastest s | slowest s | imports torch |", "|---|---|---|---|---|"]
    with TemporaryDirectory(prefix="benchmark-") as data_dir:
        ingest(IndexFolder(Path(data_dir)), build_embedder("builtin"))
        environment = {**os.environ, "ASSISTANT_DATA_DIR": data_dir}
        for question in _FIRST_QUESTIONS:
            spent = []
            for _ in range(repeats):
                begun = time.perf_counter()
                _ask(question, environment)
                spent.append(time.perf_counter() - begun)
            imported = _ask(question, environment, "-X", "importtime")
            torch = any(line.rsplit("|", 1)[-1].strip() == "torch" for line in imported.splitlines())
            lines.append(f"| {question} | {repeats} | {min(spent):.2f} | {max(spent):.2f} | {'yes' if torch else 'no'} |")
    _save(out / "first.md", lines)


def _ask(question: str, environment: Mapping[str, str], *options: str) -> str:
    """What one ``assistant ask`` writes to standard error."""
    command = [sys.executable, *options, "-m", "assistant", "ask", question, "--json"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stderr


def _ms(spent: Sequence[float], share: float) -> str:
    return f"{quantile(spent, share).value:.1f}"


def _save(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(lines) + "\n"
    path.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


def main() -> None:
    """Run what is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("peer", "growth"):
        command = commands.add_parser(name)
        command.add_argument("--shared", type=Path, required=True, help="folder that holds retrieval/tasks and retrieval/train")
        command.add_argument("--out", type=Path, default=Path("evals/results/benchmarks"))
    command.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    commands.add_parser("first").add_argument("--out", type=Path, default=Path("evals/results/benchmarks"))
    commands.add_parser("query").add_argument("folder", type=Path)
    args = parser.parse_args()
    if args.command == "peer":
        compare_with_peer(args.shared, args.out)
    elif args.command == "growth":
        grow(args.shared, args.out, args.sizes)
    elif args.command == "first":
        first_answers(args.out)
    else:
        query_folder(args.folder)


if __name__ == "__main__":
    main()
