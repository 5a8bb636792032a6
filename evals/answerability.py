"""Does a passage answer a question? Our judge on public files of questions with and without an answer, beside BM25 and the first passage.

The form is that of SQuAD 2.0 (Rajpurkar et al. 2018, arXiv 1806.03822), or JSON lines with ``question``, ``passage`` and ``answerable``.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evals.errors import DatasetError
from evals.metrics.intervals import Estimate, share, statistic
from knowledge_base.reader import Candidate
from knowledge_base.reader import Reader as NeuralReader
from knowledge_base.text.normalise import tokens

BESIDE = 9
"""Other passages of the file, the likest by BM25, that are judged beside a question's own: our judge weighs candidates together."""

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MOST_SENTENCES = 40
_SEED = 20261129


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its passage; ``answerable`` says whether the passage answers it."""

    pair_id: str
    question: str
    passage: str
    answerable: bool


@dataclass(frozen=True)
class Abstention:
    """How a system tells answerable from unanswerable pairs.

    Precision and recall have "unanswerable" as the positive class. ``accuracy`` counts both. ``auroc`` is the chance that an answerable
    pair scores above an unanswerable one; it has no value where a system gives no score.
    """

    precision: Estimate
    recall: Estimate
    accuracy: Estimate
    auroc: Estimate


Scores = Callable[[Sequence[Pair], Callable[[int, int], None]], list[float]]


def load_pairs(path: Path) -> list[Pair]:
    """The pairs of a file: SQuAD 2.0's JSON, or JSON lines.

    Raises:
        DatasetError: the file cannot be read, or is of neither form.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path} 读不了：{exc}") from exc
    try:
        pairs = list(_squad(json.loads(text))) if _is_squad(text) else list(_lines(text, path.name))
    except (ValueError, KeyError, TypeError) as exc:
        raise DatasetError(f"{path.name} 既不是 SQuAD 2.0 的 JSON，也不是一行一题的 JSONL（{exc!r}）") from exc
    if not pairs:
        raise DatasetError(f"{path.name} 里没有题")
    return pairs


def measure_file(pairs: Sequence[Pair], progress: Callable[[int, int], None] = lambda *_: None) -> dict[str, Abstention]:
    """Every system by name: our judge at its own bar, BM25 at the bar that fits best on the other half, the first passage always."""
    reader = NeuralReader.open()
    judged = judge_scores(reader, pairs, progress)
    lexical = bm25_scores(pairs)
    truth = [p.answerable for p in pairs]
    return {
        "本系统的判断": abstention(truth, [score >= reader.judge.bar for score in judged], judged),
        "BM25": abstention(truth, crossfit(truth, lexical), lexical),
        "第一段（从不弃答）": abstention(truth, [True] * len(pairs), None),
    }


def judge_scores(reader: NeuralReader, pairs: Sequence[Pair], progress: Callable[[int, int], None] = lambda *_: None) -> list[float]:
    """Our judge's probability that each question's own passage answers it, judged beside the likest others of the file."""
    passages = list(dict.fromkeys(p.passage for p in pairs))
    places = {passage: place for place, passage in enumerate(passages)}
    candidates = [_candidate(reader, passage) for passage in passages]
    ranks = _ranker(passages)
    scores = []
    for done, pair in enumerate(pairs, 1):
        own = places[pair.passage]
        beside = [place for place in ranks(pair.question) if place != own][:BESIDE]
        question = reader.encoder.encode([pair.question], "query")[0]
        scores.append(float(reader.judge.probabilities(question, [candidates[place] for place in (own, *beside)])[0]))
        progress(done, len(pairs))
    return scores


def bm25_scores(pairs: Sequence[Pair]) -> list[float]:
    """Okapi BM25 of each question against its own passage, with the other passages of the file as the collection."""
    passages = list(dict.fromkeys(p.passage for p in pairs))
    places = {passage: place for place, passage in enumerate(passages)}
    index = _bm25(passages)
    return [float(index.get_batch_scores(tokens(p.question), [places[p.passage]])[0]) for p in pairs]


def crossfit(truth: Sequence[bool], scores: Sequence[float], halves: Sequence[int] | None = None) -> list[bool]:
    """Decisions for each half by the bar that has the best accuracy on the other half.

    Args:
        truth: which pairs are answerable.
        scores: their scores, higher for answerable.
        halves: 0 or 1 for each pair; drawn by a fixed seed when None.
    """
    halves = halves if halves is not None else draw_halves(len(truth))
    decided = [False] * len(truth)
    for half in (0, 1):
        other = [i for i, own in enumerate(halves) if own != half] or list(range(len(truth)))
        bar = _best_bar([truth[i] for i in other], [scores[i] for i in other])
        for i, own in enumerate(halves):
            if own == half:
                decided[i] = scores[i] >= bar
    return decided


def draw_halves(count: int) -> list[int]:
    """0 or 1 for each of ``count`` pairs, as many of each as can be, drawn by a fixed seed: files often list answerable ones in turn."""
    halves = [i % 2 for i in range(count)]
    random.Random(_SEED).shuffle(halves)
    return halves


def abstention(truth: Sequence[bool], answered: Sequence[bool], scores: Sequence[float] | None) -> Abstention:
    """The figures of a system's decisions; a system that never abstains has no precision."""
    decisions = list(zip(truth, answered, strict=True))
    return Abstention(
        precision=share([not right for right, given in decisions if not given]),
        recall=share([not given for right, given in decisions if not right]),
        accuracy=share([right == given for right, given in decisions]),
        auroc=_auroc(truth, scores) if scores is not None else share([]),
    )


def render_abstention(found: Mapping[str, Abstention], pairs: int) -> str:
    """The table in Markdown."""
    lines = [f"{pairs} 题。正类是“答不了”。", "", "| | 弃答精确率 | 弃答召回率 | 判对 | AUROC |", "|---|---:|---:|---:|---:|"]
    for name, figures in found.items():
        cells = (figures.precision, figures.recall, figures.accuracy, figures.auroc)
        lines.append(f"| {name} | {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _is_squad(text: str) -> bool:
    head = text.lstrip()[:200]
    return head.startswith("{") and '"data"' in text and '"paragraphs"' in text


def _squad(loaded: Any) -> Iterator[Pair]:
    for article in loaded["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                answerable = not question.get("is_impossible", not question.get("answers", True))
                yield Pair(str(question["id"]), str(question["question"]), str(paragraph["context"]), answerable)


def _lines(text: str, name: str) -> Iterator[Pair]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            row = json.loads(line)
            answerable = row["answerable"] if "answerable" in row else not row["is_impossible"]
            if not isinstance(answerable, bool):
                raise DatasetError(f"{name} 第 {number} 行：answerable 应是 true 或 false")
            yield Pair(str(row.get("id", number)), str(row["question"]), str(row.get("passage") or row["context"]), answerable)


def _candidate(reader: NeuralReader, passage: str) -> Candidate:
    sentences = [s.strip() for s in _SENTENCE.findall(passage) if s.strip()][:_MOST_SENTENCES] or [passage]
    none = np.zeros((0, len(reader.encoder.encode(["问"], "query")[0])), dtype=np.float32)
    return Candidate(asks=none, texts=reader.encoder.encode(sentences, "passage"), misses=none)


def _ranker(passages: Sequence[str]) -> Callable[[str], list[int]]:
    index = _bm25(passages)
    return lambda question: [int(place) for place in np.argsort(-index.get_scores(tokens(question)), kind="stable")]


def _bm25(passages: Sequence[str]) -> Any:
    from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]  # a development dependency: the evals compare with it

    return BM25Okapi([tokens(passage) or [""] for passage in passages])


def _best_bar(truth: Sequence[bool], scores: Sequence[float]) -> float:
    bars = [*sorted(set(scores)), float("inf")]
    return max(bars, key=lambda bar: sum((score >= bar) == right for score, right in zip(scores, truth, strict=True)))


def _auroc(truth: Sequence[bool], scores: Sequence[float]) -> Estimate:
    """Area under the ROC curve with a bootstrap interval over pairs; no value where one class is missing.

    Source: Hanley and McNeil, Radiology 1982; ties count half.
    """
    if len(set(truth)) < 2:
        return share([])
    _, place = np.unique(np.asarray(scores), return_inverse=True)
    codes = [2.0 * float(place[i]) + float(right) for i, right in enumerate(truth)]

    def of(sample: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.apply_along_axis(_area, -1, sample)

    return statistic(codes, of)


def _area(codes: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    place, right = codes // 2, codes % 2 == 1
    _, inverse, counts = np.unique(place, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    good, bad = int(right.sum()), int((~right).sum())
    if not good or not bad:
        return 0.5
    return float((ranks[right].sum() - good * (good + 1) / 2) / (good * bad))
