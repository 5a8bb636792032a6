"""Plain words for terms: one everyday sentence a term, read strictly from ``corpus/glossary.yaml`` and checked against the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.editorial.corpus_check import Finding
from knowledge_base.errors import CorpusError
from knowledge_base.text.numerals import figures
from knowledge_base.text.yaml import parse_yaml
from knowledge_base.types import Source

LONGEST = 45
"""Characters of an explanation; a longer one is no help to a reader on a phone."""

_FIELDS = {"term", "plain", "sources"}
_STATES_FACTS = re.compile(r"《|〔|第[一二三四五六七八九十百\d]+条")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term and what it means in everyday words; ``source_ids`` where the explanation states facts."""

    term: str
    plain: str
    source_ids: tuple[str, ...] = ()


def load_glossary(path: Path) -> tuple[GlossaryEntry, ...]:
    """Entries of a file in its order.

    Raises:
        CorpusError: the file cannot be read, or an entry has no term or explanation, an unknown field, or repeats a term.
    """
    try:
        entries: Any = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise CorpusError(f"找不到词语解释文件 {path}") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise CorpusError(f"{path.name} 不是合法的 UTF-8 YAML：{exc}") from exc
    if not isinstance(entries, list):
        raise CorpusError(f"{path.name} 应是词语的列表，每条以“- term:”开头")
    glossary: dict[str, GlossaryEntry] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or set(entry) - _FIELDS or not all(isinstance(entry.get(k), str) for k in ("term", "plain")):
            raise CorpusError(f"{path.name} 第 {number} 条：应写 term、plain 两项文字，可以再写 sources，读到的是 {entry!r}")
        if entry["term"] in glossary:
            raise CorpusError(f"{path.name} 第 {number} 条：{entry['term']} 与前面重复，请删去一条")
        glossary[entry["term"]] = GlossaryEntry(entry["term"], entry["plain"], tuple(entry.get("sources") or ()))
    return tuple(glossary.values())


def check_glossary(glossary: Sequence[GlossaryEntry], sources: Mapping[str, Source]) -> tuple[Finding, ...]:
    """Faults of explanations: an unknown source, a figure that its sources do not state, a fact without a source, too long."""
    return tuple(Finding("glossary.yaml", f"“{entry.term}”：{fault}") for entry in glossary for fault in _faults(entry, sources))


def _faults(entry: GlossaryEntry, sources: Mapping[str, Source]) -> Iterator[str]:
    unknown = [i for i in entry.source_ids if i not in sources]
    if unknown:
        yield f"来源编号 {unknown} 不在 sources.jsonl 里"
    ground = " ".join(sources[i].statement for i in entry.source_ids if i in sources)
    if missing := sorted(figures(entry.plain) - figures(ground)):
        yield f"数字 {missing} 不在所注来源 {list(entry.source_ids)} 里"
    if not entry.source_ids and _STATES_FACTS.search(entry.plain):
        yield "说到了文件或条号，要写 sources"
    if len(entry.plain) > LONGEST:
        yield f"有 {len(entry.plain)} 个字，请缩到 {LONGEST} 个字以内"
