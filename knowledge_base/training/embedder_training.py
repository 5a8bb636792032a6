"""Train the built-in embedder: ``python -m knowledge_base.training.embedder_training --shared DIR --out DIR``.

Questions of the evals and near-copies of them are left out of the pairs.

A static embedding: a text's vector is the mean of its tokens' vectors. Tokens are words, found as the likeliest path through a
word list. During training a word's vector is the sum of its own vector and those of its characters and character pairs, times a
weight. At the end all of this is folded into one row a word, so that words never seen in a pair still lie near their parts.

The loss ranks a query's passage above the passages of the batch's other queries (Henderson et al., "Efficient Natural Language
Response Suggestion", 2017). There is nothing to learn from what lexical search finds anyway, so in half of the batches the words
shared with the passage are hidden from the query.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.text.normalise import normalise
from knowledge_base.text.similarity import NEAR, Known

logger = logging.getLogger(__name__)

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

EVALS = Path(__file__).parents[2] / "evals" / "datasets"
"""Folder of the questions that must not be trained on."""

UNKNOWN = "[UNK]"
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_RUN = re.compile(r"[㐀-鿿]+|[a-z]+|[0-9]+")


FOLDS = 5
WORD_WEIGHTS = {"statutes": 1, "cmrc": 3, "stard": 5, "lecoqa": 5, "bridges": 0, "own": 20}
"""Weight of a word's occurrence by origin when the vocabulary is chosen: what people ask here weighs most."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of training. ``shares`` gives each origin's share of the batches."""

    shares: Mapping[str, float]
    steps: int
    rate: float
    hide_shared: float
    """Share of the batches in which a query loses the tokens it shares with its passage."""
    hard_negatives: int
    query_dropout: float
    passage_dropout: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a run depends on except its data. The model card says what other values gave."""

    seed: int = 20260101
    dimension: int = 256
    words: int = 20_000
    parts: bool = True
    statutes: int = 60_000  # pairs
    pool: int = 60_000  # articles to draw hard negatives from
    batch: int = 512
    longest: int = 160  # tokens of a text in one batch
    scale: float = 16.0  # of the cosines before the softmax
    base: Phase = Phase({"statutes": 0.6, "cmrc": 0.2, "own": 0.2}, 600, 0.006, 0.5, 1, 0.1, 0.2)
    tuning: Phase = Phase(
        {"stard": 0.3, "lecoqa": 0.1, "bridges": 0.15, "statutes": 0.05, "cmrc": 0.2, "own": 0.2}, 300, 0.003, 0.0, 2, 0.3, 0.4
    )
    """Only this phase sees the questions of STARD and LeCoQA."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and a text that answers it; ``group`` keeps the pairs of one query in one fold."""

    query: str
    passage: str
    group: str = ""


# -- data


def read_pairs(path: Path) -> list[Pair]:
    """Pairs of a ``.jsonl.gz`` file with the fields q and p."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Pair(row["q"], row["p"], group=row["q"]) for row in rows]


def read_questions(paths: Iterable[Path]) -> Known:
    """Questions of the evals (JSONL with a field text), which must not be trained on."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return Known(str(json.loads(line)["text"]) for line in lines)


def corpus_pairs(rng: np.random.Generator, without: Known, folder: Path | None = None) -> list[Pair]:
    """Pairs of our own corpus: each way of asking (问法) and each heading with its passage, shown without that question.

    Ways of asking that are near-copies of a question in ``without`` are left out.
    """
    from knowledge_base import CORPUS
    from knowledge_base.index.fields import head_of
    from knowledge_base.loaders import iter_documents
    from knowledge_base.splitting import split_document
    from knowledge_base.types import Document

    pairs: list[Pair] = []
    for _, document in iter_documents([folder or CORPUS]):
        if not isinstance(document, Document):
            continue
        for passage in split_document(document):
            head = head_of(document, passage)
            group = passage.passage_id
            questions = [q for q in passage.questions if without.nearest(q)[1] < NEAR]
            for asked in questions:
                others = [q for q in questions if q != asked and rng.random() < 0.5]
                pairs.append(Pair(asked, "\n".join((head, " ".join(others), passage.text)), group))
            if passage.heading_path:
                pairs.append(Pair(passage.heading_path[-1], "\n".join((" ".join(questions), passage.text)), group))
            sentences = _SENTENCE.findall(passage.text)
            if len(sentences) > 1:
                chosen = int(rng.integers(len(sentences)))
                rest = "".join(s for i, s in enumerate(sentences) if i != chosen)
                pairs.append(Pair(sentences[chosen], "\n".join((head, " ".join(questions), rest)), group))
    return pairs


def statute_pairs(path: Path, rng: np.random.Generator, count: int) -> list[Pair]:
    """Pairs of a sentence of an article and the rest of it under its law's name; articles of one sentence are split at commas."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    seen: set[str] = set()
    pairs: list[Pair] = []
    for at in rng.permutation(len(articles)):
        article = articles[int(at)]
        text = str(article["text"])
        if len(text) < 40 or text in seen:
            continue
        seen.add(text)
        sentences = _SENTENCE.findall(text)
        if len(sentences) < 2:
            sentences = [s for s in re.findall(r"[^，、：]+[，、：]?", text) if s]
        if len(sentences) < 2:
            continue
        first = int(rng.integers(len(sentences)))
        last = first + 1 + int(rng.integers(2)) if len(sentences) > 3 else first + 1
        query = "".join(sentences[first:last])
        rest = "".join(sentences[:first] + sentences[last:])
        pairs.append(Pair(query, f"{article['law']}{article['no']} {article.get('chapter') or ''} {rest}", text))
        if len(pairs) >= count:
            break
    return pairs


def training_pairs(folder: Path, recipe: Recipe, without: Known, rng: np.random.Generator) -> dict[str, list[Pair]]:
    """All pairs by origin, from ``shared/retrieval/train`` and our own corpus, without near-copies of questions in ``without``."""
    pairs = {
        "statutes": statute_pairs(folder / "statute_articles.jsonl.gz", rng, recipe.statutes),
        "cmrc": read_pairs(folder / "cmrc2018_train.jsonl.gz"),
        "stard": read_pairs(folder / "stard_train.jsonl.gz"),
        "lecoqa": read_pairs(folder / "lecoqa_answers_train.jsonl.gz"),
        "own": corpus_pairs(rng, without),
    }
    pairs = {name: [p for p in many if name == "statutes" or without.nearest(p.query)[1] < NEAR] for name, many in pairs.items()}
    # Pair a lawyer's answer with the article the question was about: from everyday to legal words.
    answers = {p.query: p.passage for p in pairs["lecoqa"]}
    pairs["bridges"] = [Pair(answers[p.query], p.passage, p.group) for p in pairs["stard"] if p.query in answers]
    return pairs


# -- vocabulary and tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Occurrences of each word in the texts, segmented with jieba's dictionary."""
    import rjieba

    counts: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(normalise(text)):
            if run[0].isascii():
                counts[run] += 1
            else:
                counts.update(rjieba.cut(run, False))
    return counts


def build_tokenizer(counts: Mapping[str, float], size: int, longest: int = 6) -> Any:
    """A ``tokenizers`` Unigram tokenizer with the ``size`` most frequent words and every character that occurs.

    Like jieba, it takes the likeliest path through a word list with frequencies. Han runs, Latin words and numbers are separated
    first; everything else is dropped.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    characters: Counter[str] = Counter()
    for word, count in counts.items():
        for character in word:
            characters[character] += count  # type: ignore[assignment]
    kept = [w for w, _ in sorted(counts.items(), key=lambda i: (-i[1], i[0])) if 2 <= len(w) <= (longest if not w.isascii() else 16)]
    total = sum(counts.values())
    weight = {c: max(counts.get(c, 0.0), 0.05) for c in characters}
    for word in kept[: max(0, size - len(weight) - 1)]:
        weight[word] = counts[word]
    vocabulary = [(UNKNOWN, -30.0)]
    vocabulary += [(w, math.log(c / total)) for w, c in sorted(weight.items(), key=lambda i: (-i[1], i[0]))]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\p{Han}+|[a-z]+|[0-9]+"), behavior="removed", invert=True)
    return tokenizer


def parts_of(word: str) -> list[str]:
    """A word, its characters and its character pairs, without repeats."""
    if len(word) == 1 or word.isascii():
        return [word]
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] if len(word) > 2 else []
    return list(dict.fromkeys([word, *word, *pairs]))


# -- ragged arrays: rows of token ids as one flat array with offsets


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of different lengths: row i is ``flat[offsets[i]:offsets[i + 1]]``."""

    flat: Ids
    offsets: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Rows:
        """Rows from lists."""
        offsets = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(r) for r in rows], out=offsets[1:])
        return cls(np.fromiter((i for r in rows for i in r), dtype=np.int32, count=int(offsets[-1])), offsets)

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    def row(self, at: int) -> Ids:
        """One row."""
        return self.flat[self.offsets[at] : self.offsets[at + 1]]

    def owners(self) -> npt.NDArray[np.int64]:
        """The row index of each position in ``flat``."""
        return np.repeat(np.arange(self.count), np.diff(self.offsets))

    def where(self, kept: npt.NDArray[np.bool_]) -> Rows:
        """The rows with only the kept positions."""
        offsets = np.zeros_like(self.offsets)
        offsets[1:] = np.cumsum(np.bincount(self.owners(), kept, minlength=self.count))
        return Rows(self.flat[kept], offsets)

    def take(self, at: npt.NDArray[np.int64]) -> Rows:
        """The rows at these indices, in that order."""
        lengths = (self.offsets[1:] - self.offsets[:-1])[at]
        offsets = np.zeros(len(at) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[at] - offsets[:-1], lengths)
        return Rows(self.flat[places], offsets)


def encode(tokenizer: Any, texts: Sequence[str]) -> Rows:
    """Token ids of the texts, without unknown tokens."""
    rows: list[list[int]] = []
    for start in range(0, len(texts), 4096):
        encoded = tokenizer.encode_batch([normalise(t) for t in texts[start : start + 4096]], add_special_tokens=False)
        rows += [[i for i in e.ids if i] for e in encoded]
    return Rows.of(rows)


@dataclass(frozen=True, slots=True)
class Source:
    """Encoded pairs of one origin. ``share`` is its share of the batches. Pairs with equal ``groups`` or equal ``answers`` are not
    negatives of each other. ``hard`` lists for each pair the rows of ``negatives`` that lexical search finds.
    """

    name: str
    queries: Rows
    passages: Rows
    share: float
    groups: npt.NDArray[np.int64]
    answers: npt.NDArray[np.int64]
    negatives: Rows | None = None
    hard: tuple[Ids, ...] = ()


# -- model


class Table:
    """The vectors being trained; a batch moves only the rows it uses."""

    def __init__(self, words: Sequence[str], idf: Floats, recipe: Recipe) -> None:
        rng = np.random.default_rng(recipe.seed)
        known = {w: i for i, w in enumerate(words)}
        rows: list[list[int]] = []
        for word in words:
            row = [known.setdefault(p, len(known)) for p in (parts_of(word) if recipe.parts else [word])]
            rows.append(row)
        self.parts = Rows.of(rows)
        self.vectors: Floats = (rng.standard_normal((len(known), recipe.dimension)) / math.sqrt(recipe.dimension)).astype(np.float32)
        self.weights: Floats = np.log(idf / np.sqrt(np.diff(self.parts.offsets))).astype(np.float32)[:, None]
        self._forget()

    def copy(self) -> Table:
        """A copy that can be trained separately; its moments start from zero."""
        other = object.__new__(Table)
        other.parts = self.parts
        other.vectors, other.weights = self.vectors.copy(), self.weights.copy()
        other._forget()
        return other

    def _forget(self) -> None:
        self._moments = [np.zeros(len(a)) for a in (self.vectors, self.weights)]
        self._steps = [np.zeros(len(a), np.int64) for a in (self.vectors, self.weights)]

    def step(self, which: int, rows: npt.NDArray[np.int64], gradient: Floats, rate: float) -> None:
        """One step on some rows of the vectors (0) or weights (1), divided by the root mean square of their gradients."""
        target, moment = ((self.vectors, self.weights)[which], self._moments[which])
        squares = np.einsum("ij,ij->i", gradient, gradient) / gradient.shape[1]
        steps = self._steps[which]
        steps[rows] += 1
        moment[rows] = moment[rows] * 0.99 + squares * 0.01
        size = np.sqrt(moment[rows] / (1 - 0.99 ** steps[rows])) + 1e-8
        gradient *= (rate / size)[:, None].astype(np.float32)
        target[rows] -= gradient

    def folded(self) -> Floats:
        """One vector a word, with its parts and weight folded in."""
        summed = np.add.reduceat(self.vectors[self.parts.flat], self.parts.offsets[:-1], axis=0)
        folded: Floats = (summed * np.exp(self.weights)).astype(np.float32)
        folded[0] = 0.0
        return folded


def train(table: Table, sources: Sequence[Source], phase: Phase, recipe: Recipe, seed: int) -> None:
    """Train the table in place."""
    import torch
    from torch.nn import functional

    rng = np.random.default_rng(seed)
    shares = np.array([s.share for s in sources])
    shares = shares / shares.sum()
    losses: list[float] = []
    begun = time.perf_counter()
    for step in range(phase.steps):
        source = sources[int(rng.choice(len(sources), p=shares))]
        queries, passages, right = _batch(source, phase, recipe, rng)
        flat, inverse = np.unique(np.concatenate((queries.flat, passages.flat)), return_inverse=True)
        parts = table.parts.take(flat.astype(np.int64))
        touched, part_inverse = np.unique(parts.flat, return_inverse=True)
        rows = touched.astype(np.int64)
        vectors = torch.from_numpy(table.vectors[rows]).requires_grad_()
        weights = torch.from_numpy(table.weights[flat]).requires_grad_()
        tokens = functional.embedding_bag(torch.from_numpy(part_inverse), vectors, torch.from_numpy(parts.offsets[:-1]), mode="sum")
        tokens = tokens * weights.exp()
        cut = len(queries.flat)
        q = functional.embedding_bag(torch.from_numpy(inverse[:cut]), tokens, torch.from_numpy(queries.offsets[:-1]), mode="sum")
        p = functional.embedding_bag(torch.from_numpy(inverse[cut:]), tokens, torch.from_numpy(passages.offsets[:-1]), mode="sum")
        scores = functional.normalize(q) @ functional.normalize(p).T * recipe.scale
        others = torch.from_numpy(right).fill_diagonal_(False)  # also right, so neither rewarded nor punished
        scores = scores.masked_fill(others, -1e4)
        loss = functional.cross_entropy(scores, torch.arange(len(scores)))
        loss.backward()  # type: ignore[no-untyped-call]
        rate = phase.rate * min(1.0, (step + 1) / 50) * (1 - step / phase.steps)
        table.step(0, rows, vectors.grad.numpy(), rate)  # type: ignore[union-attr]
        table.step(1, flat.astype(np.int64), weights.grad.numpy(), rate)  # type: ignore[union-attr]
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            logger.info("step %d of %d: loss %.3f, %.0f s", step + 1, phase.steps, np.mean(losses[-100:]), time.perf_counter() - begun)


def _batch(source: Source, phase: Phase, recipe: Recipe, rng: np.random.Generator) -> tuple[Rows, Rows, npt.NDArray[np.bool_]]:
    """Queries, their passages followed by hard negatives, and which passages (columns) are right for each query (rows)."""
    size = min(recipe.batch, source.queries.count)
    chosen = rng.choice(source.queries.count, size=size, replace=False)
    queries, passages = source.queries.take(chosen), source.passages.take(chosen)
    if rng.random() < phase.hide_shared:
        queries = _without_shared(queries, passages)
    groups, answers = source.groups[chosen], source.answers[chosen]
    right = (groups[:, None] == groups) | (answers[:, None] == answers)
    if source.negatives is not None and phase.hard_negatives:
        candidates = [source.hard[int(at)] for at in chosen] * phase.hard_negatives
        negatives = source.negatives.take(np.array([int(c[int(rng.integers(len(c)))]) for c in candidates if len(c)], dtype=np.int64))
        right = np.pad(right, ((0, 0), (0, negatives.count)))
        offsets = np.append(passages.offsets, passages.offsets[-1] + negatives.offsets[1:])
        passages = Rows(np.concatenate((passages.flat, negatives.flat)), offsets)
    queries = _thinned(queries, phase.query_dropout, rng, recipe.longest)
    return queries, _thinned(passages, phase.passage_dropout, rng, recipe.longest), right


def _without_shared(queries: Rows, passages: Rows) -> Rows:
    """The queries without the tokens of their passages; a query that would become empty is unchanged."""
    most = int(max(queries.flat.max(initial=0), passages.flat.max(initial=0))) + 1
    mine, theirs = (r.owners() * most + r.flat for r in (queries, passages))
    kept = ~np.isin(mine, theirs)
    kept |= (np.bincount(queries.owners(), kept, minlength=queries.count) == 0)[queries.owners()]
    return queries.where(kept)


def _thinned(rows: Rows, share: float, rng: np.random.Generator, longest: int) -> Rows:
    """The rows without a random share of their tokens; rows longer than ``longest`` lose more."""
    keep = (1 - share) * np.minimum(1.0, longest / np.maximum(np.diff(rows.offsets), 1))
    kept = rng.random(len(rows.flat)) < keep[rows.owners()]
    kept |= (np.bincount(rows.owners(), kept, minlength=rows.count) == 0)[rows.owners()]
    return rows.where(kept)


# -- hard negatives


def hard_negatives(pairs: Sequence[Pair], pool: Sequence[str], ranks: tuple[int, int] = (2, 30)) -> list[Ids]:
    """For each pair, indices of the pool's texts that lexical search finds for its query, except copies of a right answer."""
    import tempfile

    from knowledge_base.index.fields import LexicalEntry
    from knowledge_base.index.lexical import TantivyIndex
    from knowledge_base.text.normalise import tokens

    right: dict[str, list[set[str]]] = {}
    for pair in pairs:
        right.setdefault(pair.group, []).append(set(tokens(pair.passage)))
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex.build(Path(folder), (LexicalEntry(str(i), text) for i, text in enumerate(pool)))
        held: dict[int, set[str]] = {}
        found: dict[str, Ids] = {}
        for pair in pairs:
            if pair.query in found:
                continue
            kept = []
            for place, _ in index.search(pair.query, ranks[1])[ranks[0] :]:
                words = held.setdefault(int(place), set(tokens(pool[int(place)])))
                if all(len(words & r) < 0.5 * min(len(words), len(r)) for r in right[pair.group]):
                    kept.append(int(place))
            found[pair.query] = np.array(kept, dtype=np.int32)
    return [found[p.query] for p in pairs]


# -- the shipped folder


def save(folder: Path, tokenizer: Any, table: Floats) -> None:
    """Write a folder that ``SentenceTransformer(folder)`` opens: int8 rows, each with its own scale."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9).astype(np.float32) / 127
    rows = np.rint(table / scale[:, None]).astype(np.int8)
    _write_safetensors(folder / "model.safetensors", {"embeddings": rows, "weights": scale})
    (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False) + "\n", encoding="utf-8")
    modules = [
        ("", "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"),
        ("1_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
    ]
    _write_json(folder / "modules.json", [{"idx": i, "name": str(i), "path": p, "type": t} for i, (p, t) in enumerate(modules)])
    _write_json(
        folder / "1_Normalize" / "config.json", {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "", "document": ""},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_safetensors(path: Path, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": {"int8": "I8", "float32": "F32"}[tensor.dtype.name],
            "shape": list(tensor.shape),
            "data_offsets": [at, at + tensor.nbytes],
        }
        at += tensor.nbytes
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + b"".join(t.tobytes() for t in tensors.values()))


# -- a run


ASKED = ("stard", "lecoqa", "bridges")
"""Origins whose questions are held out by folds."""


@dataclass(frozen=True)
class Material:
    """The encoded training data and the vocabulary."""

    tokenizer: Any
    words: tuple[str, ...]
    idf: Floats
    pairs: Mapping[str, Sequence[Pair]]
    sources: Mapping[str, Source]

    @classmethod
    def read(cls, shared: Path, recipe: Recipe, without: Known) -> Material:
        """Read the data under ``shared/retrieval/train`` and our own corpus, without near-copies of ``without``."""
        folder = shared / "retrieval" / "train"
        rng = np.random.default_rng(recipe.seed)
        pairs = training_pairs(folder, recipe, without, rng)
        tokenizer = build_tokenizer(_weighted_words(pairs), recipe.words)
        words = tuple(w for w, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1]))
        logger.info("%s pairs, %d words", {n: len(p) for n, p in pairs.items()}, len(words))
        encoded = {
            n: (encode(tokenizer, [p.query for p in many]), encode(tokenizer, [p.passage for p in many])) for n, many in pairs.items()
        }
        holding = np.ones(len(words))
        for name in recipe.base.shares:
            rows = encoded[name][1]
            holding += np.bincount(np.unique(rows.owners() * len(words) + rows.flat) % len(words), minlength=len(words))
        idf = np.log(1 + sum(encoded[n][1].count for n in recipe.base.shares) / holding).astype(np.float32)
        articles = statute_articles(folder / "statute_articles.jsonl.gz", rng, recipe.pool)
        sources = {}
        for name, many in pairs.items():
            negatives: Rows | None = None
            hard: list[npt.NDArray[np.int32]] = []
            if name in ASKED:
                hard, found = _hard_articles(many, articles)
                negatives = encode(tokenizer, found)
            elif name != "statutes":
                hard, negatives = _hard_passages(many, by_group=name == "own"), encoded[name][1]
            numbered = (_numbers([p.group for p in many]), _numbers([p.passage for p in many]))
            sources[name] = Source(name, *encoded[name], 1.0, *numbered, negatives, tuple(hard))
            logger.info("%s: %.1f hard negatives a pair", name, np.mean([len(h) for h in hard]) if hard else 0)
        return cls(tokenizer, words, idf, pairs, sources)

    def of(self, phase: Phase, keep: Callable[[str], bool] = lambda _: True) -> list[Source]:
        """The sources of a phase; of the questions that people asked, only those that ``keep`` accepts."""
        chosen = []
        for name, share in phase.shares.items():
            source = self.sources[name]
            if name in ASKED:
                at = np.array([i for i, p in enumerate(self.pairs[name]) if keep(p.group)])
                source = replace(
                    source,
                    queries=source.queries.take(at),
                    passages=source.passages.take(at),
                    groups=source.groups[at],
                    answers=source.answers[at],
                    hard=tuple(source.hard[i] for i in at),
                )
            chosen.append(replace(source, share=share))
        return chosen


def _weighted_words(pairs: Mapping[str, Sequence[Pair]]) -> Counter[str]:
    """How often each word occurs, by the weight of its source."""
    counts: Counter[str] = Counter()
    for name, many in pairs.items():
        for word, count in count_words(sorted({p.query for p in many} | {p.passage for p in many})).items():
            counts[word] += count * WORD_WEIGHTS[name]
    return counts


def _hard_articles(pairs: Sequence[Pair], articles: Sequence[str]) -> tuple[list[npt.NDArray[np.int32]], list[str]]:
    """Hard negatives of each pair as places among the articles that are used, and those articles."""
    # Search for a bridge with its question, as for the pair it was made from.
    hard = hard_negatives([replace(p, query=p.group) for p in pairs], articles)
    used = np.unique(np.concatenate(hard))
    return [np.searchsorted(used, h).astype(np.int32) for h in hard], [articles[int(i)] for i in used]


def _hard_passages(pairs: Sequence[Pair], *, by_group: bool) -> list[npt.NDArray[np.int32]]:
    """Hard negatives of each pair among the passages of all, of which equal ones, or those of one group, count once."""
    firsts = list({p.group if by_group else p.passage: i for i, p in reversed(list(enumerate(pairs)))}.values())
    return [np.array(firsts, dtype=np.int32)[h] for h in hard_negatives(pairs, [pairs[i].passage for i in firsts])]


def _numbers(names: Sequence[str]) -> npt.NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


def statute_articles(path: Path, rng: np.random.Generator, count: int) -> list[str]:
    """Distinct articles with their law's name, drawn at random."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    texts = list(dict.fromkeys(f"{a['law']}{a['no']}　{a['text']}" for a in articles))
    return [texts[int(i)] for i in rng.permutation(len(texts))[:count]]


def fold_of(question: str) -> int:
    """The fold (0–4) that holds out a question."""
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % FOLDS


def run(shared: Path, out: Path, folds: Path | None, recipe: Recipe, without: Known) -> None:
    """Train and write the model to ``out``; with ``folds``, also five models that each saw four fifths of the questions."""
    import torch

    torch.set_num_threads(1)
    material = Material.read(shared, recipe, without)
    base = Table(material.words, material.idf, recipe)
    train(base, material.of(recipe.base), recipe.base, recipe, recipe.seed)
    held_out: list[int | None] = [None, *(range(FOLDS) if folds else ())]
    for fold in held_out:
        table = base.copy()
        kept = material.of(recipe.tuning, lambda question, fold=fold: fold_of(question) != fold)  # type: ignore[misc]
        train(table, kept, recipe.tuning, recipe, recipe.seed + 1)
        save(out if fold is None or folds is None else folds / str(fold), material.tokenizer, table.folded())
        logger.info("fold %s written, %.0f CPU seconds so far", "none" if fold is None else fold, time.process_time())


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="训练内置向量模型（只用 CPU，约 10 分钟）")
    parser.add_argument("--shared", type=Path, required=True, help="放训练数据的文件夹，里面有 retrieval/train")
    parser.add_argument("--out", type=Path, required=True, help="模型写到这个文件夹")
    parser.add_argument("--folds", type=Path, help="另把五折模型写到这个文件夹，用来量未见过的问题")
    parser.add_argument("--without", type=Path, nargs="+", default=sorted(EVALS.glob("*.jsonl")), help="评测题（JSONL），一题也不拿来训练")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run(arguments.shared, arguments.out, arguments.folds, Recipe(), read_questions(arguments.without))


if __name__ == "__main__":
    main()
