"""The house's own words beside the shipped lexicon, as a person writes them: one a line, left and right of an equals sign.

::

    咋个整 = 怎么办              dialect
    坐月子 = 产假、生育津贴       synonyms
    直播销售员                   terms

They are kept as ``DATA_DIR/lexicon.yaml``, in the form of the shipped file, and read by the same loader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge_base.errors import CorpusError
from knowledge_base.query.lexicon import Lexicon
from knowledge_base.text.normalise import normalise

FILE = "lexicon.yaml"
MOST_LINES = 500
"""Lines of one part: more are a file of the corpus."""

_MOST_VALUES = 3
_LONGEST = 20
_TERM_LENGTHS = range(2, 13)  # as the shipped file asks for
_EQUALS = re.compile(r"\s*(?:=>|->|→|=|＝|：|:)\s*")
_COMMA = re.compile(r"[、，,；;]\s*|\s+")
_PARTS = {"dialect": "方言", "synonyms": "口头的说法", "terms": "专用词"}


@dataclass(frozen=True, slots=True)
class WordLines:
    """The three parts of a lexicon as lines of text."""

    dialect: str = ""
    synonyms: str = ""
    terms: str = ""


def read_lines(lines: WordLines) -> Lexicon:
    """The words that lines hold.

    Raises:
        CorpusError: some do not hold; the message names each with its part and line.
    """
    faults: list[str] = []
    dialect: dict[str, str] = {}
    synonyms: dict[str, tuple[str, ...]] = {}
    terms: dict[str, None] = {}
    for place, line in _numbered(lines.dialect, "dialect", faults):
        left, right = _sides(line)
        if fault := _side_fault(left, right, "咋个 = 怎么", dialect):
            faults.append(f"{place}：{fault}")
        elif len(left) < 2:
            faults.append(f"{place}：“{left}”只有一个字，夹在别的词里会换错，请写长一点")
        else:
            dialect[left] = right
    for place, line in _numbered(lines.synonyms, "synonyms", faults):
        left, right = _sides(line)
        values = tuple(dict.fromkeys(filter(None, _COMMA.split(right))))
        if fault := _side_fault(left, right, "坐月子 = 产假、生育津贴", synonyms):
            faults.append(f"{place}：{fault}")
        elif len(values) > _MOST_VALUES:
            faults.append(f"{place}：“{left}”右边有 {len(values)} 个词，最多 {_MOST_VALUES} 个")
        else:
            synonyms[left] = values
    for place, line in _numbered(lines.terms, "terms", faults):
        term = normalise(line)
        if len(term) not in _TERM_LENGTHS:
            faults.append(f"{place}：“{term}”有 {len(term)} 个字，专用词要 2 到 12 个字，一行一个")
        terms[term] = None
    if faults:
        raise CorpusError("；".join(faults))
    return Lexicon(dialect, synonyms, tuple(terms))


def as_lines(lexicon: Lexicon) -> WordLines:
    """The words of a lexicon as lines."""
    return WordLines(
        "\n".join(f"{left} = {right}" for left, right in lexicon.dialect.items()),
        "\n".join(f"{left} = {'、'.join(right)}" for left, right in lexicon.synonyms.items()),
        "\n".join(lexicon.terms),
    )


def load_own(data_dir: Path) -> Lexicon:
    """The house's own words; none where none were written.

    Raises:
        CorpusError: the file was damaged by hand; the message says where.
    """
    path = data_dir / FILE
    return Lexicon.load(path) if path.exists() else Lexicon()


def save_own(data_dir: Path, lexicon: Lexicon) -> None:
    """Keep the house's own words, once the loader has read them back."""
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f"{FILE}.new"
    words = {
        "dialect": dict(lexicon.dialect),
        "synonyms": {left: list(right) for left, right in lexicon.synonyms.items()},
        "terms": list(lexicon.terms),
    }
    fresh.write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False), encoding="utf-8")
    Lexicon.load(fresh)
    fresh.replace(data_dir / FILE)


def advice_on(lexicon: Lexicon, occurs: Callable[[str], str]) -> list[str]:
    """What speaks against words without making them impossible.

    ``occurs`` gives a stretch of the knowledge base in which a word stands, or "".
    """
    advice = []
    for left in lexicon.dialect:
        if around := occurs(left):
            advice.append(f"“{left}”也出现在资料里（…{around}…），可能换错")
    wanted = dict.fromkeys((*(word for values in lexicon.synonyms.values() for word in values), *lexicon.terms))
    advice += [f"资料里没有“{word}”，写了也查不到" for word in wanted if not occurs(word)]
    return advice


def _numbered(text: str, part: str, faults: list[str]) -> Iterator[tuple[str, str]]:
    """Lines that say something, each with its place in words."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        faults.append(f"{_PARTS[part]}有 {len(lines)} 行，最多 {MOST_LINES} 行")
        return
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield f"{_PARTS[part]}第 {number} 行", line.strip()


def _sides(line: str) -> tuple[str, str]:
    left, *rest = _EQUALS.split(line, maxsplit=1)
    return normalise(left).strip(), normalise(rest[0]).strip() if rest else ""


def _side_fault(left: str, right: str, example: str, known: dict[str, str] | dict[str, tuple[str, ...]]) -> str:
    if not left or not right:
        return f"要写成“{example}”这样，等号两边都有词"
    if max(len(left), len(right)) > _LONGEST and example.startswith("咋个"):
        return f"太长了，一边最多 {_LONGEST} 个字"
    if left == right:
        return f"“{left}”两边一样"
    return f"“{left}”前面已经写过" if left in known else ""
