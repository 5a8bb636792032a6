"""How likely a reading answers: the weights of the judgement's signals, fitted by logistic regression and measured out of fold.

Questions come from a writer whose ways of asking are taken out of the corpus first, from a writer who had seen titles alone, from the
development datasets, and from turns that are out of scope. Every reading that was judged for a question is a row; it is right where
it is the document that the way was written for, or holds a gold fact. Readings that share half of their facts with the right one are
left out.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # scikit-learn ships no types

from assistant.judging.readings import ReadingSignals, ReadingWeights
from assistant.reader import Reader
from assistant.types import Question
from evals.metrics.intervals import share
from evals.samples import Expected, load_named
from evals.suites import LABELLED_ON
from knowledge_base import training
from knowledge_base.reader.readings import Reading, is_whole

DATASETS = ("dev", "multi_turn", "time_place", "near_miss", "plain", "asked_anew")
STORIES = Path(__file__).parent / "unseen" / "ways_u3.jsonl"
"""Ways of asking for 150 guides, a third of them stories, by a writer who had seen their titles alone."""
FOLDS, SEED = 5, 20261129
MOST_WAYS, MOST_OTHERS = 600, 200
_LINE = re.compile(r"^> (问法|不是)（(?:([^）·]*)·)?([^）·]+)）：(.*)$", re.M)


@dataclass(frozen=True, slots=True)
class Probe:
    """A question and what answers it: a document by ``slug``, or whatever holds a fact of ``gold``; nothing where both are empty."""

    group: str
    question: Question
    slug: str = ""
    gold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A judged reading: the number of its probe, its signals and whether it answers."""

    probe: int
    signals: ReadingSignals
    right: bool


@dataclass(frozen=True)
class Fitted:
    """The weights, and what every row's probability would be by weights fitted without its question."""

    weights: ReadingWeights
    probes: tuple[Probe, ...]
    rows: tuple[Row, ...]
    out_of_fold: tuple[float, ...]


def without_writers(corpus: Path, writers: Sequence[str], folder: Path) -> list[Probe]:
    """Copy a corpus without what some writers wrote, and return what they wrote as probes."""
    shutil.copytree(corpus, folder)
    ways: list[Probe] = []
    misses: list[Probe] = []
    for path in sorted(folder.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        slug = next(iter(re.findall(r"^id: (\S+)$", text, re.M)), "")
        for what, voice, writer, items in _LINE.findall(text):
            if writer not in writers:
                continue
            for item in filter(None, map(str.strip, items.split("｜"))):
                asked, _, belongs = (part.strip() for part in item.partition("→"))
                if what == "问法":
                    ways.append(Probe(f"问法·{voice}", Question(asked), slug))
                else:
                    misses.append(Probe("近似的问法", Question(asked), "" if belongs == "无" else belongs))
        path.write_text(_LINE.sub(lambda m: "" if m[3] in writers else m[0], text), encoding="utf-8")
    random.Random(SEED).shuffle(ways)
    return misses + ways[:MOST_WAYS]


def development_probes() -> Iterator[Probe]:
    """The questions of the development datasets that are answered or not, and turns that are out of scope."""
    for dataset in load_named(DATASETS):
        for sample in dataset.samples:
            if sample.expected in (Expected.ANSWER, Expected.ABSTAIN):
                question = Question(sample.text, sample.history, as_of=sample.as_of or LABELLED_ON)
                group = dataset.name if sample.answerable else f"{dataset.name}·没有"
                yield Probe(group, question, gold=frozenset(sample.gold_facts if sample.answerable else ()))
    for row in map(json.loads, STORIES.read_text(encoding="utf-8").splitlines()):
        if "text" in row:
            yield Probe(f"只看过标题的写手·{row['voice']}", Question(row["text"]), row["doc"])
    data = Path(training.__file__).parent / "data"
    routes = [json.loads(line) for path in sorted(data.glob("routes*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    others = [str(row["text"]) for row in routes if row["route"] == "out_of_scope"]
    yield from (Probe("超出范围", Question(text)) for text in random.Random(SEED).sample(others, min(MOST_OTHERS, len(others))))


def collect_rows(reader: Reader, probes: Sequence[Probe], *, progress: Callable[[int, int], None] = lambda *_: None) -> list[Row]:
    """Rows of all readings that are judged for the probes."""
    judge = reader.readings
    if judge is None:
        return []
    facts = {r.lead.passage_id: _facts(reader, r) for r in judge.index.readings}
    of_slug: dict[str, list[Reading]] = {}
    for reading in judge.index.readings:
        of_slug.setdefault(reading.document.slug, []).append(reading)
    rows: list[Row] = []
    for number, probe in enumerate(probes):
        understanding = reader.turns.read(probe.question)
        wanted = frozenset(i for r in of_slug.get(probe.slug, ()) for i in facts[r.lead.passage_id])
        for read, _, signals, _ in judge.signals(understanding, reader.finder.find(understanding).candidates):
            mine = facts[read.reading.lead.passage_id]
            if not probe.slug:
                rows.append(Row(number, signals, bool(mine & probe.gold)))
            elif read.reading.document.slug == probe.slug or not mine or len(mine & wanted) * 2 < min(len(mine), len(wanted)):
                rows.append(Row(number, signals, read.reading.document.slug == probe.slug))
        progress(number + 1, len(probes))
    return rows


def fit(probes: Sequence[Probe], rows: Sequence[Row]) -> Fitted:
    """Weights for all rows; probabilities out of fold, a probe's rows in one fold."""
    inputs = np.array([astuple(row.signals) for row in rows])
    right = np.array([row.right for row in rows])
    folds = np.array([row.probe % FOLDS for row in rows])
    out_of_fold = np.zeros(len(rows))
    for fold in range(FOLDS):
        model = LogisticRegression(C=1.0, max_iter=1000).fit(inputs[folds != fold], right[folds != fold])
        out_of_fold[folds == fold] = model.predict_proba(inputs[folds == fold])[:, 1]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(inputs, right)
    names = [f.name for f in fields(ReadingSignals)]
    fitted = {name: round(float(c), 3) for name, c in zip(names, model.coef_[0], strict=True)}
    weights = ReadingWeights(constant=round(float(model.intercept_[0]), 3), **fitted)
    return Fitted(weights, tuple(probes), tuple(rows), tuple(map(float, out_of_fold)))


def render(fitted: Fitted, show: float) -> str:
    """The figures out of fold as Markdown: by group, how often the first reading is right, among the first three, and shown."""
    judged: dict[int, list[tuple[float, bool]]] = {}
    for row, probability in zip(fitted.rows, fitted.out_of_fold, strict=True):
        judged.setdefault(row.probe, []).append((probability, row.right))
    groups: dict[str, list[list[tuple[float, bool]]]] = {}
    for number, of_probe in sorted(judged.items()):
        groups.setdefault(fitted.probes[number].group, []).append(sorted(of_probe, reverse=True))
    lines = [
        "# 一种理解有多大可能就是她要问的",
        "",
        f"由 `python -m evals calibrate-readings --write` 生成，{FOLDS} 折交叉验证，每一题的概率都由没有见过它的折给出。"
        "题目是开发题，和一位只看过标题的写手的问法（先从知识库里拿掉）。",
        "",
        f"| 题 | n | 第一个就对 | 前三个里有 | 概率到 {show:g}，直接回答 | 直接回答的里头对的 |",
        "|---|---|---|---|---|---|",
    ]
    for group, probes in sorted(groups.items()):
        first = [p[0] for p in probes]
        shown = [right for probability, right in first if probability >= show]
        cells = (share([r for _, r in first]), share([any(r for _, r in p[:3]) for p in probes]), share([p >= show for p, _ in first]))
        lines.append(f"| {group} | {len(probes)} | {cells[0]} | {cells[1]} | {cells[2]} | {share(shown)} |")
    lines += ["", "| 概率 | 实际对的 |", "|---|---|", *_reliability(fitted), ""]
    return "\n".join(lines)


def render_weights(fitted: Fitted, written: str) -> str:
    """The data file with new weights; everything else as it was written."""
    weights = "".join(f"  {name}: {value:g}\n" for name, value in asdict(fitted.weights).items())
    return re.sub(r"(?<=^weights:\n)(?:  .*\n)+", weights, written, flags=re.M)


def _reliability(fitted: Fitted) -> Iterator[str]:
    """Rows of predicted probability and share right, by tenths."""
    right = np.array([row.right for row in fitted.rows])
    tenths = np.minimum((np.array(fitted.out_of_fold) * 10).astype(int), 9)
    for tenth in range(10):
        if (tenths == tenth).any():
            yield f"| {tenth / 10:.1f}–{(tenth + 1) / 10:.1f} | {share(right[tenths == tenth].tolist())} |"


def _facts(reader: Reader, reading: Reading) -> frozenset[str]:
    passages = reader.generation.catalogue.passages_of(reading.document.doc_id) if is_whole(reading.document) else [reading.lead]
    return frozenset(i for passage in passages for i in passage.source_ids)
