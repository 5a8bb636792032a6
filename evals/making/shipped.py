"""The shipped datasets that are made, not written: which function makes which file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from evals.leaks import find_leaks
from evals.making.attacks import make_attacks
from evals.making.clause_lookups import clause_lookups
from evals.making.perturbations import Rewriter, perturb
from evals.provenance import Provenance
from evals.samples import DATASETS, Sample, dump_sample, load_dataset
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.types import Document


def make_dataset(name: str, corpus: Path, folder: Path = DATASETS) -> list[Sample]:
    """The samples of a made dataset."""
    return MAKERS[name](corpus, folder)


def write_dataset(name: str, corpus: Path, folder: Path = DATASETS) -> int:
    """Make a dataset and write its file; the number of samples."""
    samples = make_dataset(name, corpus, folder)
    (folder / f"{name}.jsonl").write_text("".join(dump_sample(s) + "\n" for s in samples), encoding="utf-8")
    return len(samples)


def corpus_documents(corpus: Path) -> list[Document]:
    """Documents of a corpus folder that state anything, each once."""
    provenance = Provenance.load(corpus)
    return list({d.doc_id: d for held in provenance.documents.values() for d in held}.values())


def _clauses(corpus: Path, _: Path) -> list[Sample]:
    """Clause look-ups; one that coincides with a 问法 is asked another way, so that it is no leak."""
    documents = corpus_documents(corpus)
    samples = clause_lookups(documents)
    leaked = {leak.sample.sample_id for leak in find_leaks(samples, documents)}
    return [replace(s, text=f"想看原话：{s.text}") if s.sample_id in leaked else s for s in samples]


def _perturbations(corpus: Path, folder: Path) -> list[Sample]:
    lexicon = Lexicon.load(corpus / "lexicon.yaml")
    return perturb(load_dataset(folder / "dev.jsonl").samples, Rewriter.of(lexicon, (d.text for d in corpus_documents(corpus))))


def _attacks(_: Path, folder: Path) -> list[Sample]:
    return make_attacks(folder / "attacks.yaml")


MAKERS: Mapping[str, Callable[[Path, Path], list[Sample]]] = {
    "clauses": _clauses,
    "perturbations": _perturbations,
    "red_team": _attacks,
}
"""Name of a made dataset to its maker: (corpus, folder of datasets) -> samples."""
