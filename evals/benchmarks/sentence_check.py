"""True statements with one thing changed: how many the sentence check catches: ``python -m evals.benchmarks.sentence_check``.

Two kinds of true statement, over the whole shipped corpus. *Quoted*: a statement of the corpus citing its own passage. *Reworded*: a
sentence of a fact's own wording (``sources.jsonl``), citing the one passage that says the fact in other words; it stands in for a
model's prose. Saves a Markdown table by kind of change, with every miss and why it is missed (``texts/sentence_check.yaml``).
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.checking.prepared import prepare
from assistant.checking.statements import check_statement, split_sentences
from assistant.settings import Settings
from assistant.texts.condition_words import ConditionWords
from assistant.types import Citation
from assistant.wiring import build
from evals.metrics.intervals import share
from knowledge_base import CORPUS
from knowledge_base.editorial.corpus_check import load_sources
from knowledge_base.index.catalogue import Catalogue
from knowledge_base.publishing.ingest import ingest
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.normalise import normalise
from knowledge_base.types import Kind, Status

SAVED = Path(__file__).parents[1] / "results" / "sentence_check.md"
EXPLAINED = Path(__file__).parents[1] / "texts" / "sentence_check.yaml"

SEED = 20260701
"""Of the changes whose misses are told one by one."""

OTHER_SEEDS = (1, 2, 3, 4, 5)
"""Of changes that nothing was mended for."""

Change = Callable[[str, random.Random], str | None]
"""A statement with one thing changed; None where there is nothing of the kind to change."""

_PLACES = ["四川", "陕西", "重庆", "上海", "北京", "广东", "浙江", "江苏", "山东", "福建", "成都", "绵阳", "宜宾", "南充", "广元", "雅安"]
_NUMBERS = ["12351", "12333", "12338", "12345", "12348", "12377", "96110"]
_UNITS = ["天", "个月", "元", "万元", "年", "%", "小时", "人", "家", "岁", "周", "次"]
_BOUNDS = [
    ("不超过", "不少于"),
    ("以上", "以下"),
    ("以内", "以上"),
    ("至少", "至多"),
    ("不少于", "不超过"),
    ("未满", "满"),
    ("最高", "最低"),
    ("以下", "以上"),
    ("不低于", "不高于"),
]
# 能不能 is a question; without its 不 it is no sentence, and neither is 性不能.
_NEGATION = (
    r"(?<!能)不(?!同|断|久|仅|但|论|管|止|限|少于|等|法|利|良|妨|改|足有)|未(?!来|成年|必)|没有"
    r"|无(?!人|论|障|线|偿)|非(?!常|遗|物|公|全)|禁止|严禁"
)
_AFFIRMED = "(?<![不没未无非功技可只职性])(?:能(?![力不])|可以|应当|适用|享受|需要|超过|低于|支持|具备)"
# The collector's notes on a fact are no part of it: 〔…〕, 【…】, and the fields of a record that were left empty.
_NOTES = re.compile(r"〔[^〕]{5,}〕|【[^】]*】|[^；：]{2,4}：(?:未见|未说明|不详)(?:（[^）]*）)?(?:；|$)")


@dataclass(frozen=True, slots=True)
class TrueStatement:
    """A statement and what it cites."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Miss:
    """A change that was not caught."""

    kind: str
    true: str
    said: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was caught of one sort of true statement: how many changes of each kind were made, and those missed."""

    made: Mapping[str, int]
    misses: tuple[Miss, ...]

    @property
    def n(self) -> int:
        """Changes made."""
        return sum(self.made.values())

    def missed(self, kind: str) -> int:
        """Changes of a kind that were missed."""
        return sum(m.kind == kind for m in self.misses)


def _swap(pattern: str, others: Sequence[str] | Callable[[str], Sequence[str]]) -> Change:
    """A change that puts another word in the place of one that fits the pattern."""

    def change(text: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        options = others(match.group()) if callable(others) else others
        options = [o for o in options if o != match.group() and o not in match.group() and match.group() not in o]
        return text[: match.start()] + rng.choice(options) + text[match.end() :] if options else None

    return change


def _drop(pattern: str) -> Change:
    def change(text: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        return text[: match.start()] + text[match.end() :]

    return change


def _deny(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(_AFFIRMED, text))
    if not found:
        return None
    at = rng.choice(found).start()
    return f"{text[:at]}不{text[at:]}"


def _turn_bound(text: str, rng: random.Random) -> str | None:
    found = [(m, b) for a, b in _BOUNDS for m in re.finditer(a, text) if re.search(r"\d", text[max(0, m.start() - 6) : m.end() + 4])]
    if not found:
        return None
    match, other = rng.choice(found)
    return text[: match.start()] + other + text[match.end() :]


def changes(terms: Sequence[str]) -> dict[str, Change]:
    """The kinds of change by name. ``terms`` are the names and terms of art that are exchanged for one another."""
    pattern = "|".join(re.escape(t) for t in sorted(terms, key=len, reverse=True))
    return {
        "一个数字": _swap(r"\d", list("123456789")),
        "单位": _swap(r"(?<=\d)(?:个月|万元|亿元|小时|天|元|年|%|人|家|岁|周|次|月)", _UNITS),
        "丢了否定": _drop(_NEGATION),
        "多了否定": _deny,
        "条号": _swap(
            r"(?<=第)[一二三四五六七八九](?=条)|(?<=[十百])[一二三四五六七八九](?=条)|\d(?=条)",
            lambda c: "123456789" if c.isdigit() else "一二三四五六七八九",
        ),
        "名称": _swap(pattern, terms),
        "地名": _swap("|".join(_PLACES), _PLACES),
        "热线": _swap(r"(?<!\d)(?:" + "|".join(_NUMBERS) + r")(?!\d)", _NUMBERS),
        "界限": _turn_bound,
        "应当、可以": _swap("应当|必须|可以", lambda w: ["应当"] if w == "可以" else ["可以"]),
    }


def quoted_statements(catalogue: Catalogue) -> list[TrueStatement]:
    """Every statement of the documents, citing its own passage."""
    return [
        TrueStatement(p.text[s.start : s.end], Citation(1, p, e.document, Status.IN_FORCE, 0, len(p.text)))
        for e in catalogue.entries.values()
        for p in catalogue.passages_of(e.document.doc_id)
        for s in p.statements
    ]


def reworded_statements(catalogue: Catalogue, sources: Path = CORPUS / "sources.jsonl") -> list[TrueStatement]:
    """Sentences of the facts that one passage was written from, in the facts' own words, citing that passage.

    Guides are left out: of a fact they say only what their question needs, so that its other sentences are not true of them.
    """
    facts = load_sources(sources)
    passages: dict[str, list[Citation]] = {}
    for entry in catalogue.entries.values():
        if entry.document.kind is Kind.GUIDE:
            continue
        for p in catalogue.passages_of(entry.document.doc_id):
            for source_id in p.source_ids:
                passages.setdefault(source_id, []).append(Citation(1, p, entry.document, Status.IN_FORCE, 0, len(p.text)))
    told = []
    for source_id, citations in passages.items():
        if len(citations) == 1 and source_id in facts:
            text = facts[source_id].statement
            told += [TrueStatement(_NOTES.sub("", text[start:end]), citations[0]) for start, end in split_sentences(text)]
    return told


def stands(statement: str, citation: Citation, terms: Sequence[str], words: ConditionWords) -> bool:
    """Whether the sentence check lets a statement pass."""
    return not check_statement(f"{statement}[1]", [citation], terms, words=words)


def changed(true: Sequence[TrueStatement], change: Change, seed: int = SEED) -> Iterator[tuple[TrueStatement, str]]:
    """Each statement with one thing changed, unless its passage happens to say that, too; the same changes every time."""
    rng = random.Random(seed)
    order = list(true)
    rng.shuffle(order)
    for one in order:
        text = change(one.text, rng)
        if text is None or prepare(text) == prepare(one.text) or normalise(text) in normalise(one.citation.passage.text):
            continue
        yield one, text


def measure(true: Sequence[TrueStatement], terms: Sequence[str], words: ConditionWords, seed: int = SEED) -> Result:
    """What is caught of true statements with one thing changed."""
    made: dict[str, int] = {}
    misses = []
    for kind, change in changes(terms).items():
        cases = list(changed(true, change, seed))
        made[kind] = len(cases)
        misses += [Miss(kind, one.text, said) for one, said in cases if stands(said, one.citation, terms, words)]
    return Result(made, tuple(misses))


def load_explained() -> dict[str, str]:
    """Why a miss is one, by the changed statement."""
    return {row["said"]: row["why"] for row in yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))["misses"]}


def caught(results: Sequence[Result]) -> str:
    """Share of changes that were caught in several measurements together, with how many were made."""
    made = sum(r.n for r in results)
    return f"{1 - sum(len(r.misses) for r in results) / made:.4f}（n={made}）"


def table(quoted: Result, reworded: Result, stood: tuple[int, int], others: Sequence[str], explained: Mapping[str, str]) -> str:
    """Shares caught by kind of change and every miss with its reason, as Markdown.

    Args:
        quoted: what is caught of statements of the corpus.
        reworded: what is caught of statements in other words.
        stood: how many of these stand as they are, and of how many.
        others: what is caught of both with the changes of the other seeds.
        explained: why a miss is one, by the changed statement.
    """
    lines = [
        "# 句子核对：改动一处，抓住多少",
        "",
        "真话改动一处（一个数字、一个单位、一个“不”……），核对应当不让它通过。“照抄”是知识库里的原句，“改写”是事实记录里意思相同、说法不同的句子。",
        "",
        "重做：`python -m evals.benchmarks.sentence_check`。",
        "",
        f"没有改动的改写句放行 {share([True] * stood[0] + [False] * (stood[1] - stood[0]))}；照抄的原句全部放行。改动只做在放行的句子上。",
        "",
        "| 改动 | 照抄 n | 抓住 | 改写 n | 抓住 |",
        "|---|---|---|---|---|",
    ]
    for kind, n in quoted.made.items():
        m = reworded.made[kind]
        lines.append(f"| {kind} | {n} | {1 - quoted.missed(kind) / max(1, n):.3f} | {m} | {1 - reworded.missed(kind) / max(1, m):.3f} |")
    totals = [f"{r.n} | {1 - len(r.misses) / r.n:.3f}" for r in (quoted, reworded)]
    lines += [f"| **合计** | {totals[0]} | {totals[1]} |", ""]
    lines += [
        f"换 {len(OTHER_SEEDS)} 组随机数另做的改动（没有照着它们改过规则）：照抄 {others[0]}，改写 {others[1]}。",
        "",
        "## 没抓住的",
        "",
    ]
    for name, result in (("照抄", quoted), ("改写", reworded)):
        lines += [f"### {name}：{len(result.misses)} 句", "", "| 改动 | 原句 | 改成 | 为什么没抓住 |", "|---|---|---|---|"]
        lines += [f"| {m.kind} | {_cell(m.true)} | {_cell(m.said)} | {explained.get(m.said, '还没有说明')} |" for m in result.misses]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=SAVED)
    args = parser.parse_args()
    terms = Lexicon.load(CORPUS / "lexicon.yaml").terms
    with tempfile.TemporaryDirectory() as folder:
        parts = build(Settings(data_dir=Path(folder)))
        ingest(parts.folder, parts.embedder)
        catalogue, words = parts.index.get().catalogue, parts.texts.conditions
        quoted, told = quoted_statements(catalogue), reworded_statements(catalogue)
        parts.close()
    stood = [t for t in told if stands(t.text, t.citation, terms, words)]
    others = tuple(caught([measure(true, terms, words, s) for s in OTHER_SEEDS]) for true in (quoted, stood))
    text = table(measure(quoted, terms, words), measure(stood, terms, words), (len(stood), len(told)), others, load_explained())
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
