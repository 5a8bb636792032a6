"""Figures of an encoder alone: ways of asking to their group, questions to their section, tasks of other fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.reader.encoder import Encodes, Kind
from knowledge_base.training import sources
from knowledge_base.training.sources import Group

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the numbers of the groups that are right for it."""

    text: str
    right: frozenset[int]
    voice: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """What questions are compared with: rows of texts and the group of each."""

    rows: Floats
    owners: npt.NDArray[np.int64]
    count: int

    def scores(self, questions: Floats) -> Floats:
        """(questions, groups) likeness to the likest text of each group; -1 for a group without texts."""
        likeness = questions @ self.rows.T
        out = np.full((len(questions), self.count), -1.0, dtype=np.float32)
        for group in range(self.count):
            mine = self.owners == group
            if mine.any():
                out[:, group] = likeness[:, mine].max(1)
        return out


def stock_of(encoder: Encodes, texts: Sequence[Sequence[tuple[str, str]]]) -> Stock:
    """The stock of groups whose texts are pairs of kind and text."""
    flat = [(at, kind, text) for at, group in enumerate(texts) for kind, text in group]
    rows = np.zeros((len(flat), 0), dtype=np.float32)
    kinds: tuple[Kind, ...] = ("query", "passage")
    for kind in kinds:
        part = [i for i, (_, k, _) in enumerate(flat) if k == kind]
        if part:
            encoded = encoder.encode([flat[i][2] for i in part], kind)
            if not rows.shape[1]:
                rows = np.zeros((len(flat), encoded.shape[1]), dtype=np.float32)
            rows[part] = encoded
    return Stock(rows, np.array([at for at, _, _ in flat], dtype=np.int64), len(texts))


def ranks(scores: Floats, asked: Sequence[Asked]) -> npt.NDArray[np.int64]:
    """Rank, from 1, of the best right group of each question."""
    out = np.zeros(len(asked), dtype=np.int64)
    for row, question in enumerate(asked):
        best = max(float(scores[row, at]) for at in question.right)
        out[row] = 1 + int((scores[row] > best).sum())
    return out


def success(found: npt.NDArray[np.int64], tops: Sequence[int] = (1, 3, 5)) -> dict[str, float]:
    """Part of the questions whose right group is among the first k, and n."""
    return {**{f"top{k}": round(float((found <= k).mean()), 3) for k in tops}, "n": len(found)}


def auc(positive: npt.ArrayLike, negative: npt.ArrayLike) -> float:
    """Probability that a positive scores above a negative; ties count half."""
    plus, minus = np.asarray(positive, dtype=np.float64), np.sort(np.asarray(negative, dtype=np.float64))
    below, upto = np.searchsorted(minus, plus, "left"), np.searchsorted(minus, plus, "right")
    return float((below + upto).sum() / (2 * len(plus) * len(minus)))


def stories_of_needs(encoder: Encodes, groups: Sequence[Group], writer: str) -> dict[str, object]:
    """Stories of one file's needs among all needs, known by the other voices; and stories against near misses."""
    texts = [
        [("query", g.title), *(("query", w.text) for w in g.ways if w.voice != "story"), *(("passage", t) for t in g.targets)]
        for g in groups
    ]
    stock = stock_of(encoder, texts)
    stories = [
        Asked(w.text, frozenset({at}), w.voice, w.writer)
        for at, g in enumerate(groups)
        for w in g.ways
        if w.voice == "story" and w.writer == writer
    ]
    misses = [(m.text, at) for at, g in enumerate(groups) for m in g.misses if m.writer == writer]
    scores = stock.scores(encoder.encode([s.text for s in stories], "query"))
    missed = stock.scores(encoder.encode([t for t, _ in misses], "query"))
    own = [float(scores[i, next(iter(s.right))]) for i, s in enumerate(stories)]
    return {
        **success(ranks(scores, stories)),
        "auc_story_near_miss": round(auc(own, [float(missed[i, at]) for i, (_, at) in enumerate(misses)]), 3),
    }


def unseen_ways(encoder: Encodes, groups: Sequence[Group], asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Questions among all groups, known by title, ways and targets; by voice and together."""
    stock = stock_of(encoder, [group_texts(g) for g in groups])
    found = ranks(stock.scores(encoder.encode([a.text for a in asked], "query")), asked)
    voices = sorted({a.voice for a in asked})
    out = {"all": success(found)}
    for voice in voices:
        out[voice or "-"] = success(found[[i for i, a in enumerate(asked) if a.voice == voice]])
    return out


def group_texts(group: Group) -> list[tuple[str, str]]:
    """What a group is known by: kind and text."""
    return [("query", group.title), *(("query", w.text) for w in group.ways), *(("passage", t) for t in group.targets)]


def questions_to_sections(encoder: Encodes, groups: Sequence[Group], path: Path) -> dict[str, float]:
    """Labelled questions whose gold facts stand in a group: rank of the first such group by ways, title and statements."""
    asked = []
    for row in sources.read_jsonl(path):
        gold = frozenset(row.get("gold_facts") or ())
        right = frozenset(at for at, g in enumerate(groups) if g.facts & gold)
        if right and not row.get("history"):
            asked.append(Asked(row["text"], right))
    stock = stock_of(encoder, [group_texts(g) for g in groups])
    return success(ranks(stock.scores(encoder.encode([a.text for a in asked], "query")), asked), (1, 5))


def task(encoder: Encodes, folder: Path, questions: int = 200, documents: int = 1500, seed: int = 0) -> dict[str, float]:
    """nDCG@10 of vectors alone on a drawn part of a task in BEIR's form; the same part for every encoder."""
    rng = np.random.default_rng(seed)
    queries = {str(r["_id"]): str(r["text"]) for r in sources.read_jsonl(folder / "queries.jsonl")}
    corpus = {str(r["_id"]): f"{r.get('title', '')}\n{r['text']}".strip() for r in sources.read_jsonl(folder / "corpus.jsonl")}
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)
    chosen = [str(q) for q in rng.permutation(sorted(q for q in grades if q in queries))[:questions]]
    wanted = list(dict.fromkeys(d for q in chosen for d in grades[q] if d in corpus))
    rest = [str(d) for d in rng.permutation(sorted(set(corpus) - set(wanted)))][: max(0, documents - len(wanted))]
    names = wanted + rest
    rows = encoder.encode([corpus[d][:300] for d in names], "passage")
    scores = encoder.encode([queries[q] for q in chosen], "query") @ rows.T
    return {"ndcg10": round(float(np.mean([_ndcg(scores[i], names, grades[q]) for i, q in enumerate(chosen)])), 4), "n": len(chosen)}


def _ndcg(scores: Floats, names: Sequence[str], grades: Mapping[str, int]) -> float:
    first = np.argsort(-scores, kind="stable")[:10]
    gained = sum(grades.get(names[at], 0) / np.log2(rank + 2) for rank, at in enumerate(first))
    best = sum(g / np.log2(rank + 2) for rank, g in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return float(gained / best) if best else 0.0


def show(figures: object) -> str:
    """Figures as indented JSON."""
    return json.dumps(figures, ensure_ascii=False, indent=1)
