"""Train the encoder: one question near what answers it and near other ways of asking it, far from near misses.

The loss is supervised contrastive (Khosla et al., arXiv 2004.11362) over all texts of a step. The base is a second teacher: on
texts of other fields the likeness of a text to the step's other texts follows the base's (relative entropy), so that what the
base knows of the world stays. Linear heads read danger, route and turn from the same vectors. At the end the weights are
averaged with the base's.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression

from knowledge_base.training.batches import Batch, Mix, Sampler, Task, positives_and_negatives
from knowledge_base.training.model import Reader, fast_precision

logger = logging.getLogger(__name__)

SHARPEN = 10.0
"""Factor on unit vectors before a head, so that weights of usual size can tell classes apart."""
LONGEST_TRAINED = 80
"""Pieces of a text that a training step reads; longer ones are cut, which halves a step's time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a run depends on beside its data."""

    seed: int = 20261129
    steps: int = 1500
    rate: float = 1e-4
    warm_up: int = 20
    last_rate: float = 0.05
    """Part of ``rate`` that is left at the last step."""
    temperature: float = 0.03
    teacher_temperature: float = 0.02
    teacher: float = 0.5
    heads: float = 0.25
    """Weight of each head's loss."""
    head_rate: float = 30.0
    """How many times the encoder's rate the heads learn with: they begin at random, the encoder does not."""
    decay: float = 0.01
    mix: Mix = field(default_factory=Mix)


@dataclass(slots=True)
class Run:
    """A training run that can stop and go on."""

    reader: Reader
    heads: torch.nn.ModuleDict
    optimiser: torch.optim.Optimizer
    step: int = 0


def contrastive_loss(
    vectors: torch.Tensor, positive: npt.NDArray[np.bool_], negative: npt.NDArray[np.bool_], temperature: float
) -> torch.Tensor:
    """Mean over anchors of the mean over their positives of -log p(positive before all negatives); 0 where nothing has a positive."""
    logits = vectors @ vectors.T / temperature
    is_positive, is_negative = torch.from_numpy(positive), torch.from_numpy(negative)
    against = torch.logsumexp(logits.masked_fill(~is_negative, -1e4), dim=1, keepdim=True)
    each = torch.nn.functional.softplus(against - logits)
    count = is_positive.sum(1)
    per_anchor = (each * is_positive).sum(1) / count.clamp(min=1)
    return per_anchor[count > 0].mean() if bool((count > 0).any()) else logits.sum() * 0


def teacher_loss(vectors: torch.Tensor, base: torch.Tensor, rows: npt.NDArray[np.bool_], temperature: float) -> torch.Tensor:
    """Relative entropy of the likeness of ``rows`` to all other texts, from the base's to the reader's."""
    if not rows.any():
        return vectors.sum() * 0
    chosen = torch.from_numpy(np.flatnonzero(rows))
    itself = torch.zeros((len(chosen), len(vectors)), dtype=torch.bool)
    itself[torch.arange(len(chosen)), chosen] = True
    ours = (vectors[chosen] @ vectors.T / temperature).masked_fill(itself, -1e4)
    theirs = (base[chosen] @ base.T / temperature).masked_fill(itself, -1e4)
    return torch.nn.functional.kl_div(ours.log_softmax(-1), theirs.log_softmax(-1), reduction="batchmean", log_target=True)


def rate_at(step: int, recipe: Recipe) -> float:
    """Rate of a step: a rise over ``warm_up`` steps, then half a cosine."""
    if step < recipe.warm_up:
        return recipe.rate * (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return recipe.rate * (recipe.last_rate + (1 - recipe.last_rate) * (1 + math.cos(math.pi * min(1.0, done))) / 2)


def start(reader: Reader, classes: Mapping[str, int], recipe: Recipe) -> Run:
    """A run at its first step; ``classes`` are the numbers of classes of the heads."""
    torch.manual_seed(recipe.seed)
    width = reader.bert.config.hidden_size
    heads = torch.nn.ModuleDict({name: torch.nn.Linear(width, count) for name, count in classes.items()})
    groups = [{"params": list(reader.bert.parameters())}, {"params": list(heads.parameters())}]
    return Run(reader, heads, torch.optim.AdamW(groups, lr=recipe.rate, weight_decay=recipe.decay))


def probe_heads(run: Run, tasks: Mapping[str, Task], most: int = 900) -> None:
    """Begin the heads with a logistic fit on the encoder as it is, so that the first steps do not push it at random.

    Source: Kumar et al., arXiv 2202.10054.
    """
    rng = np.random.default_rng(0)
    for name, task in tasks.items():
        rows = [task.rows[int(at)] for at in rng.permutation(len(task.rows))[:most]]
        with fast_precision():
            vectors = run.reader.encode([row.text for row in rows], "query") * SHARPEN
        model = LogisticRegression(C=1.0, max_iter=200).fit(vectors, [task.classes.index(row.label) for row in rows])
        head = run.heads[name]
        if isinstance(head, torch.nn.Linear) and len(model.classes_) > 2:
            with torch.no_grad():
                head.weight[torch.from_numpy(model.classes_)] = torch.from_numpy(model.coef_.astype(np.float32))
                head.bias[torch.from_numpy(model.classes_)] = torch.from_numpy(model.intercept_.astype(np.float32))


def save_run(run: Run, folder: Path) -> None:
    """Write what a run needs to go on; the file is replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "bert": run.reader.bert.state_dict(),
        "heads": run.heads.state_dict(),
        "optimiser": run.optimiser.state_dict(),
        "step": run.step,
    }
    torch.save(state, folder / "run.tmp")
    (folder / "run.tmp").replace(folder / "run.pt")


def resume(run: Run, folder: Path) -> bool:
    """Whether a run was found in the folder; then it goes on from there."""
    if not (folder / "run.pt").exists():
        return False
    state = torch.load(folder / "run.pt", weights_only=True)
    run.reader.bert.load_state_dict(state["bert"])
    run.heads.load_state_dict(state["heads"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.step = int(state["step"])
    return True


def run_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The encoder's weights of the last saved step of a run."""
    state = torch.load(folder / "run.pt", weights_only=True)
    weights: dict[str, torch.Tensor] = state["bert"]
    return weights


def train(
    run: Run, sampler: Sampler, base: Mapping[str, npt.NDArray[np.float16]], recipe: Recipe, folder: Path, every: float = 240
) -> None:
    """Train to the recipe's last step, saving the run every ``every`` seconds.

    Args:
        base: the base's vector of every text of other fields and of every other text that may stand beside one.
    """
    for _ in range(run.step):
        sampler.draw()  # the batches that the run has seen
    run.reader.bert.train()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")
    saved = time.monotonic()
    sums: dict[str, list[float]] = {}
    while run.step < recipe.steps:
        for name, value in _step(run, sampler, base, recipe).items():
            sums.setdefault(name, []).append(value)
        run.step += 1
        if run.step % 10 == 0:
            logger.info("step %d %s", run.step, {k: round(float(np.mean(v)), 4) for k, v in sums.items()})
            sums.clear()
        if time.monotonic() - saved > every or run.step == recipe.steps:
            save_run(run, folder)
            saved = time.monotonic()


def _step(run: Run, sampler: Sampler, base: Mapping[str, npt.NDArray[np.float16]], recipe: Recipe) -> dict[str, float]:
    began = time.monotonic()
    for group, times in zip(run.optimiser.param_groups, (1.0, recipe.head_rate), strict=True):
        group["lr"] = rate_at(run.step, recipe) * times
    batch = sampler.draw()
    vectors = _vectors(run.reader, batch)
    ours = vectors[: len(batch.texts)]
    positive, negative = positives_and_negatives(batch.groups, sampler.apart)
    losses = {"contrast": contrastive_loss(ours, positive, negative, recipe.temperature)}
    theirs = torch.from_numpy(np.stack([base[f"{k}|{t}"] for t, k in zip(batch.texts, batch.text_kinds, strict=True)]).astype(np.float32))
    losses["teacher"] = recipe.teacher * teacher_loss(ours, theirs, batch.general, recipe.teacher_temperature)
    at = len(batch.texts)
    for name, (texts, classes) in batch.labelled.items():
        logits = run.heads[name](vectors[at : at + len(texts)] * SHARPEN)
        losses[name] = recipe.heads * torch.nn.functional.cross_entropy(logits, torch.from_numpy(classes))
        at += len(texts)
    total = torch.stack(list(losses.values())).sum()
    run.optimiser.zero_grad(set_to_none=True)
    total.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_([p for g in run.optimiser.param_groups for p in g["params"]], 1.0)
    run.optimiser.step()
    return {**{k: float(v.detach()) for k, v in losses.items()}, "seconds": time.monotonic() - began}


def _vectors(reader: Reader, batch: Batch) -> torch.Tensor:
    labelled = [text for texts, _ in batch.labelled.values() for text in texts]
    pieces = reader.pieces([*batch.texts, *labelled], [*batch.text_kinds, *["query"] * len(labelled)])
    with fast_precision():
        return reader.vectors([p if len(p) <= LONGEST_TRAINED else [*p[: LONGEST_TRAINED - 1], p[-1]] for p in pieces])


def averaged(state: Mapping[str, torch.Tensor], base: Mapping[str, torch.Tensor], share: float = 0.5) -> dict[str, torch.Tensor]:
    """``share`` of trained weights and the rest of the base's. Source: Wortsman et al., arXiv 2109.01903."""
    return {name: share * value + (1 - share) * base[name] for name, value in state.items()}


def base_vectors(reader: Reader, texts: Sequence[tuple[str, str]], cache: Path) -> dict[str, npt.NDArray[np.float16]]:
    """The base's vectors by ``kind|text``, kept in a file between runs.

    Args:
        texts: pairs of kind and text.
    """
    keys = list(dict.fromkeys(f"{kind}|{text}" for kind, text in texts))
    known: dict[str, npt.NDArray[np.float16]] = {}
    if cache.exists():
        with np.load(cache, allow_pickle=False) as stored:
            known = dict(zip((str(k) for k in stored["keys"]), stored["vectors"], strict=True))
    new = [k for k in keys if k not in known]
    for kind in ("query", "passage"):
        part = [k for k in new if k.startswith(f"{kind}|")]
        if part:
            with fast_precision():
                rows = reader.encode([k.partition("|")[2] for k in part], kind)
            known |= dict(zip(part, rows.astype(np.float16), strict=True))
    if new:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    return known
