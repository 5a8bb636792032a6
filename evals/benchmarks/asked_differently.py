"""What a slip of the keyboard costs: ``python -m evals.benchmarks.asked_differently``.

Asks every development question that has a gold fact, cleanly and in each other way, and looks where retrieval puts the first
passage with a gold fact. A way is compared with the clean form of the very questions that it changes, so each row has its own n.
The ways of the dataset ``perturbations`` come first, then ways that no made dataset uses. Prints a Markdown table and saves it.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pypinyin import lazy_pinyin

from assistant.settings import Settings
from assistant.wiring import Parts, build
from evals.making.perturbations import SEED, WAYS, Rewriter
from evals.making.shipped import corpus_documents
from evals.samples import DATASETS, Sample, load_dataset
from evals.suites import LABELLED_ON
from knowledge_base import CORPUS
from knowledge_base.publishing.ingest import ingest
from knowledge_base.search.retrieval import Filters

TOP = 5
SAVED = Path(__file__).parents[1] / "results" / "asked_differently.md"
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_FIGURES = frozenset("一二三四五六七八九十百千第条款项")
_ACCENT = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))


@dataclass(frozen=True, slots=True)
class Row:
    """One way: of ``n`` questions the share with a gold fact at rank 1 and among the first five, clean and in this way."""

    way: str
    n: int
    clean_1: float
    asked_1: float
    clean_5: float
    asked_5: float

    @property
    def lost(self) -> float:
        """Points of success@5 lost against the clean form; negative when it gained."""
        return 100 * (self.clean_5 - self.asked_5)


def _whole_pinyin(text: str, chance: random.Random) -> str:
    return _HAN_RUN.sub(lambda m: f" {' '.join(lazy_pinyin(m.group()))} ", text).strip()


def _joined_pinyin(text: str, chance: random.Random) -> str:
    return _HAN_RUN.sub(lambda m: "".join(lazy_pinyin(m.group())), text)


def _tail_pinyin(text: str, chance: random.Random) -> str:
    cut = chance.randrange(len(text) // 3, 2 * len(text) // 3)
    return text[:cut] + _joined_pinyin(text[cut:], chance)


def _accent_pinyin(text: str, chance: random.Random) -> str:
    """As a southwestern speaker spells it: flat tongue, front nasals, l for n."""
    spelt = _whole_pinyin(text, chance)
    for standard, heard in _ACCENT:
        spelt = spelt.replace(standard, heard)
    return re.sub(r"\bn(?=[aeiou])", "l", spelt)


def _slip(change: Callable[[str, int, random.Random], str]) -> Callable[[str, random.Random], str]:
    """A way that changes the text at one Han character that belongs to no figure and has a neighbour after it."""

    def way(text: str, chance: random.Random) -> str:
        places = [i for i in range(len(text) - 1) if all(_HAN_RUN.match(c) and c not in _FIGURES for c in text[i : i + 2])]
        return change(text, chance.choice(places), chance) if places else text

    return way


def _other_character(text: str, place: int, chance: random.Random) -> str:
    """Any other character of the common block, however it looks or sounds."""
    return text[:place] + chr(chance.randrange(0x4E00, 0x9000)) + text[place + 1 :]


MORE_WAYS: Mapping[str, Callable[[str, random.Random], str]] = {
    "整句拼音，有空格": _whole_pinyin,
    "整句拼音，无空格": _joined_pinyin,
    "后半句拼音": _tail_pinyin,
    "川音拼音": _accent_pinyin,
    "多一字": _slip(lambda text, i, _: text[:i] + text[i] + text[i:]),
    "少一字": _slip(lambda text, i, _: text[:i] + text[i + 1 :]),
    "颠倒两字": _slip(lambda text, i, _: text[:i] + text[i + 1] + text[i] + text[i + 2 :]),
    "错成任意字": _slip(_other_character),
}
"""Ways beside those of :mod:`evals.making.perturbations`."""


def ways(rewriter: Rewriter) -> Iterator[tuple[str, Callable[[str, random.Random], str | None]]]:
    """Every way by name."""
    for name, way in WAYS.items():
        yield name, partial(way, rewriter)
    yield from MORE_WAYS.items()


def measure(parts: Parts, samples: Sequence[Sample], rewriter: Rewriter, *, seed: int = SEED, show: str = "") -> list[Row]:
    """A row a way, in order; ways that change nothing are left out. ``show`` prints what was lost by the way of that name."""
    clean = {s.sample_id: rank_of_gold(parts, s, s.text) for s in samples}
    rows = []
    for name, way in ways(rewriter):
        pairs: list[tuple[int, int]] = []
        for sample in samples:
            text = way(sample.text, random.Random(f"{seed}/{sample.sample_id}/{name}"))
            if text and text != sample.text:
                asked = rank_of_gold(parts, sample, text)
                pairs.append((clean[sample.sample_id], asked))
                if name == show and pairs[-1][0] <= TOP < asked:
                    understood = parts.readers().retriever.lexicon.understand(text)
                    print(f"{sample.text}\n  {text}\n  {understood.text} + {understood.expansions}")  # noqa: T201
        if pairs:
            rows.append(Row(name, len(pairs), *(_share(pairs, which, k) for k in (1, TOP) for which in (0, 1))))
    return rows


def rank_of_gold(parts: Parts, sample: Sample, text: str) -> int:
    """Rank from 1 of the first passage with a gold fact of the sample; one more than :data:`TOP` when none is that high."""
    found = parts.readers().retriever.retrieve(text, TOP, Filters(sample.as_of or LABELLED_ON))
    return next((f.rank for f in found if set(f.passage.source_ids) & set(sample.gold_facts)), TOP + 1)


def _share(pairs: Sequence[tuple[int, int]], which: int, k: int) -> float:
    return statistics.mean(pair[which] <= k for pair in pairs)


def table(rows: Sequence[Row], milliseconds: float) -> str:
    """The rows as Markdown."""
    lines = [
        "# 换一种打法问，检索掉多少",
        "",
        "同一批开发题（有标准依据、没有前文），只比较检索：标准依据排第一、排进前五的份额。每行只算这种打法改动了的题，与同一批题的原样相比。",
        "",
        f"重做：`python -m evals.benchmarks.asked_differently`。读懂一个问题的用时中位数：{milliseconds:.2f} 毫秒。",
        "",
        "| 打法 | n | 第一：原样 | 第一：这样打 | 前五：原样 | 前五：这样打 | 前五掉几个百分点 |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {r.way} | {r.n} | {r.clean_1:.3f} | {r.asked_1:.3f} | {r.clean_5:.3f} | {r.asked_5:.3f} | {r.lost:+.1f} |" for r in rows]
    return "\n".join(lines) + "\n"


def understanding_time(parts: Parts, samples: Sequence[Sample]) -> float:
    """Median milliseconds that it takes to understand a clean question, once everything is loaded."""
    lexicon = parts.readers().retriever.lexicon
    times = []
    for sample in samples:
        begun = time.perf_counter()
        lexicon.understand(sample.text)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main() -> None:
    """Print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=DATASETS / "dev.jsonl")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", default="", help="name of a way: print the questions that it loses")
    parser.add_argument("--out", type=Path, default=SAVED)
    args = parser.parse_args()
    samples = [s for s in load_dataset(args.questions).samples if s.answerable and s.gold_facts and not s.history]
    with tempfile.TemporaryDirectory() as folder:
        parts = build(Settings(data_dir=Path(folder)))
        ingest(parts.folder, parts.embedder)
        rewriter = Rewriter.of(parts.lexicon, (d.text for d in corpus_documents(CORPUS)))
        rows = measure(parts, samples, rewriter, seed=args.seed, show=args.show)
        text = table(rows, understanding_time(parts, samples))
        parts.close()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
