"""What the built-in embedder adds to lexical search: ``python -m evals.benchmarks.embedder --shared DIR --folds DIR``.

Searches the tasks under ``DIR/retrieval/tasks`` with the product's own retrieval. The questions of stard_train are each searched
with the model that never saw them: ``--folds`` names what ``python -m knowledge_base.training.embedder_training --folds`` wrote. Without it
that task is left out, because the shipped model was trained on its questions.

The constants of the fusion were chosen on the queries of one half; the table gives both.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.understanding.turn import joins_by_words, standalone
from evals.metrics.ranking import Judgements, Rankings, summarise_ranking
from evals.retrieval_task import RetrievalTask, load_task, search_task, write_run
from evals.samples import DATASETS, Expected, load_dataset
from evals.targets import question_of
from knowledge_base import CORPUS
from knowledge_base.embedder.embedding import Embedder, HashingEmbedder, StaticEmbedder
from knowledge_base.index.generations import IndexFolder
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.search.retrieval import Filters, Mode, Retriever
from knowledge_base.training.embedder_training import FOLDS, fold_of

SEEN_IN_TRAINING = "stard_train"
GUARDS = ("cmrc2018_dev_trial", "drcd_dev_hant")
TOP_K = 10
MODES: tuple[Mode, ...] = ("lexical", "dense", "hybrid")


def was_tuned_on(query_id: str) -> bool:
    """Whether a query is of the half on which the constants of the fusion were chosen."""
    return int(hashlib.sha256(f"half{query_id}".encode()).hexdigest(), 16) % 2 == 0


def search_held_out(task: RetrievalTask, folds: Path, mode: Mode) -> Rankings:
    """Rankings in which each query was searched with the model of the fold that holds it out."""
    rankings: dict[str, list[str]] = {}
    for fold in range(FOLDS):
        queries = {i: text for i, text in task.queries.items() if fold_of(text) == fold}
        found = search_task(replace(task, queries=queries), StaticEmbedder(folds / str(fold)), mode)
        rankings |= {i: list(ranked) for i, ranked in found.rankings.items()}
    return rankings


def search_mode(task: RetrievalTask, mode: Mode, folds: Path | None) -> Rankings:
    """Rankings of a task in one mode, with no query scored by a model that was trained on it."""
    if mode != "lexical" and folds is not None and task.name == SEEN_IN_TRAINING:
        return search_held_out(task, folds, mode)
    embedder: Embedder = HashingEmbedder() if mode == "lexical" else StaticEmbedder()
    return search_task(task, embedder, mode).rankings


def search_own(embedder: Embedder, mode: Mode) -> tuple[Judgements, Rankings]:
    """For the development questions that the shipped corpus answers: which gold facts are sought, and the facts found by rank.

    A passage that holds a gold fact counts as that fact, any other as itself.
    """
    lexicon = Lexicon.load(CORPUS / "lexicon.yaml")
    wanted = [s for s in load_dataset(DATASETS / "dev.jsonl").samples if s.gold_facts and s.expected in (Expected.ANSWER, Expected.PARTIAL)]
    rankings: dict[str, list[str]] = {}
    with TemporaryDirectory(prefix="evals-own-") as folder:
        ingest(IndexFolder(Path(folder)), embedder)
        generation = IndexFolder(Path(folder)).open(embedder)
        retriever = Retriever(generation, embedder, lexicon)
        for sample in wanted:
            question = question_of(sample)
            filters = Filters(question.as_of, question.region, question.kinds)
            found = retriever.search(standalone(question, joins_by_words(lexicon)), TOP_K, filters, mode=mode).passages
            rankings[sample.sample_id] = [
                "gold" if set(f.passage.source_ids) & set(sample.gold_facts) else f.passage.passage_id for f in found
            ]
        generation.close()
    return {s.sample_id: {"gold": 1} for s in wanted}, {i: list(dict.fromkeys(r)) for i, r in rankings.items()}


def print_own() -> None:
    """Print how often a gold fact stands in the first passages, by mode."""
    print("\n| development questions | n | top 1 | top 5 | MRR@10 |\n|---|---|---|---|---|")  # noqa: T201
    for mode in MODES:
        judgements, rankings = search_own(StaticEmbedder(), mode)
        metrics = summarise_ranking(judgements, rankings)
        cells = " | ".join(f"{metrics[name].value or 0.0:.3f}" for name in ("success@1", "success@5", "MRR@10"))
        print(f"| {mode} | {metrics['success@1'].n} | {cells} |", flush=True)  # noqa: T201


def _cells(task: RetrievalTask, rankings: dict[Mode, Rankings], *, tuned: bool) -> str:
    """Number of judged queries, nDCG@10 by mode and hybrid over lexical, over the half that was tuned on or the other."""
    judged = {query: grades for query, grades in task.judgements.items() if was_tuned_on(query) is tuned}
    scored = {mode: summarise_ranking(judged, {q: r for q, r in found.items() if q in judged}) for mode, found in rankings.items()}
    values = {mode: metrics["nDCG@10"].value or 0.0 for mode, metrics in scored.items()}
    cells = " | ".join(f"{values[mode]:.4f}" for mode in MODES)
    return f"{scored['hybrid']['nDCG@10'].n} | {cells} | {values['hybrid'] / values['lexical']:.3f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--runs", type=Path, help="folder for the rankings as TREC runs")
    args = parser.parse_args()
    print("| task | queries | n | " + " | ".join(f"{mode} nDCG@10" for mode in MODES) + " | hybrid / lexical |")  # noqa: T201
    print("|---|---|---|" + "---|" * (len(MODES) + 1))  # noqa: T201
    for name in (*GUARDS, *((SEEN_IN_TRAINING,) if args.folds else ())):
        task = load_task(args.shared / "retrieval" / "tasks" / name)
        rankings = {mode: search_mode(task, mode, args.folds) for mode in MODES}
        for mode in MODES if args.runs else ():
            args.runs.mkdir(parents=True, exist_ok=True)
            write_run(args.runs / f"{name}-{mode}.run", rankings[mode], mode)
        for half, tuned in (("tuned on", True), ("not looked at", False)):
            print(f"| {name} | {half} | {_cells(task, rankings, tuned=tuned)} |", flush=True)  # noqa: T201
    print_own()


if __name__ == "__main__":
    main()
