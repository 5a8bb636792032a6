"""Training data read from files into typed rows. Whose name begins with ``unseen`` is a measure and is never read for training.

Files, all UTF-8:
- needs, one JSON object a line: ``need, group, facts, answer_first, ways {voice: [text]}, near_misses [{text, belongs}]``
- ways, one a line: ``need, text, voice, writer``, or a near miss: ``need, near_miss, belongs, writer``
- danger, one a line: ``text, history, danger, who, now``
- labelled turns of our own in ``data/``: see ``notices``
- corpus and guides: Markdown with front matter, ``## `` headings, ``> 问法：a｜b``, ``> 不是：a→slug｜b→无``, statements with ``[^ID]``
- pairs and other questions, ``.jsonl.gz``: ``q, p`` and ``q``
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.training.errors import DataError

UNSEEN = "unseen"
_MARK = re.compile(r"\[\^([^\]]+)\]")
_LIST_ITEM = re.compile(r"^(?:[-*]|\d+[.、])\s*")
_LONGEST_PASSAGE = 400


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking. ``voice`` is story, dialect, terse, official, or empty where nobody said; ``writer`` is a file or a person."""

    text: str
    voice: str
    writer: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that sounds alike and has another answer; ``belongs`` names the group that has it, or is empty."""

    text: str
    belongs: str
    writer: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one answer serves: a need, a guide or a section. ``targets`` are texts that answer; the first is the shortest."""

    key: str
    topic: str
    title: str
    facts: frozenset[str]
    targets: tuple[str, ...]
    ways: tuple[Way, ...]
    misses: tuple[Miss, ...] = ()
    names: tuple[str, ...] = field(default=())
    """Other names that near misses and ways know the group by: needs of a guide, the slug."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A turn with those before it and what it tells of danger. ``danger`` is ``none`` where it tells of none."""

    text: str
    history: tuple[str, ...]
    danger: str
    who: str
    now: str
    told: str
    writer: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question that is not ours and a text that answers it."""

    question: str
    passage: str


def training_files(folder: Path | None, pattern: str) -> list[Path]:
    """Files of a folder that may be trained on, by name; those of origin unseen are left out. Empty without a folder."""
    return [p for p in sorted(folder.glob(pattern)) if not p.name.startswith(UNSEEN)] if folder and folder.is_dir() else []


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, or of one that is gzipped.

    Raises:
        DataError: a line is not JSON.
    """
    text = gzip.decompress(path.read_bytes()).decode("utf-8") if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as exc:
            raise DataError(f"{path.name}, line {number}: not JSON") from exc


def read_needs(path: Path) -> list[Group]:
    """The needs of one file; its name is the writer."""
    groups = []
    for row in read_jsonl(path):
        ways = [Way(text, voice, path.stem) for voice, texts in row["ways"].items() for text in texts]
        misses = [Miss(m["text"], m.get("belongs", ""), path.stem) for m in row.get("near_misses", ())]
        targets = (f"{row['need']}。{row['answer_first']}",)
        groups.append(
            Group(row["need"], row["group"], row["need"], frozenset(row["facts"]), targets, tuple(ways), tuple(misses), (row["need"],))
        )
    return groups


def read_documents(folder: Path) -> list[Group]:
    """Groups of the Markdown files of a folder: one a guide, else one a section that has ways of asking."""
    groups: list[Group] = []
    for path in sorted(folder.rglob("*.md")):
        read = _front_matter(path)
        if read is None:
            continue
        head, body = read
        sections = list(_sections(body))
        if head.get("kind") == "guide":
            groups += [_guide(head, sections)]
        else:
            groups += [s for s in (_section_group(head, *section) for section in sections) if s.ways and s.targets]
    return groups


def add_ways(groups: Sequence[Group], paths: Iterable[Path]) -> list[Group]:
    """The groups with the ways and near misses of other writers added by the name of the need."""
    known = {name: at for at, group in enumerate(groups) for name in (group.key, *group.names)}
    ways: dict[int, list[Way]] = {}
    misses: dict[int, list[Miss]] = {}
    for path in paths:
        for row in read_jsonl(path):
            at = known.get(str(row.get("need", "")))
            if at is None:
                continue
            writer = str(row.get("writer") or path.stem)
            if row.get("near_miss"):
                misses.setdefault(at, []).append(Miss(str(row["near_miss"]), str(row.get("belongs", "")), writer))
            elif row.get("text"):
                ways.setdefault(at, []).append(Way(str(row["text"]), str(row.get("voice", "")), writer))
    return [
        replace(group, ways=(*group.ways, *ways.get(at, ())), misses=(*group.misses, *misses.get(at, ())))
        for at, group in enumerate(groups)
    ]


def merge_needs(guides: Sequence[Group], needs: Sequence[Group]) -> list[Group]:
    """Guides with the ways, misses and facts of the needs that they alone answer, and the needs that no guide answers."""
    owners: dict[str, list[int]] = {}
    for at, guide in enumerate(guides):
        for name in guide.names:
            owners.setdefault(name, []).append(at)
    merged = list(guides)
    left: list[Group] = []
    for need in needs:
        mine = owners.get(need.key, [])
        if len(mine) != 1:
            left.append(need)
            continue
        guide = merged[mine[0]]
        merged[mine[0]] = replace(
            guide,
            topic=need.topic or guide.topic,
            facts=guide.facts | need.facts,
            ways=(*guide.ways, *need.ways),
            misses=(*guide.misses, *need.misses),
        )
    return merged + left


def read_danger(path: Path) -> list[Utterance]:
    """The utterances of one file; its name is the writer."""
    return [
        Utterance(
            row["text"],
            tuple(row.get("history", ())),
            row["danger"],
            str(row.get("who", "")),
            str(row.get("now", "")),
            str(row.get("told") or ""),
            str(row.get("writer") or path.stem),
        )
        for row in read_jsonl(path)
    ]


def read_pairs(path: Path) -> list[Pair]:
    """Pairs that are not ours."""
    return [Pair(row["q"], row["p"][:_LONGEST_PASSAGE]) for row in read_jsonl(path)]


def _front_matter(path: Path) -> tuple[Mapping[str, Any], str] | None:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return None
    _, head, body = text.split("---\n", 2)
    loaded = yaml.safe_load(head)
    return (loaded, body) if isinstance(loaded, dict) and loaded.get("id") else None


def _sections(body: str) -> Iterator[tuple[str, list[str], list[str], list[str]]]:
    """Heading, ways of asking, near misses as written, and lines of each section."""
    for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        asks: list[str] = []
        misses: list[str] = []
        lines: list[str] = []
        for line in rest.splitlines():
            if line.startswith("> 问法："):
                asks += [a.strip() for a in line.removeprefix("> 问法：").split("｜") if a.strip()]
            elif line.startswith("> 不是："):
                misses += [m.strip() for m in line.removeprefix("> 不是：").split("｜") if m.strip()]
            elif line.strip() and not line.startswith((">", "#", "[^", "|")):
                lines.append(line.strip())
        yield heading.strip(), asks, misses, lines


def _plain(line: str) -> str:
    return _LIST_ITEM.sub("", _MARK.sub("", line)).strip()


def _miss(written: str, writer: str) -> Miss:
    text, _, belongs = written.partition("→")
    return Miss(text.strip(), "" if belongs.strip() in {"", "无"} else belongs.strip(), writer)


def _section_group(head: Mapping[str, Any], heading: str, asks: list[str], misses: list[str], lines: list[str]) -> Group:
    slug, title = str(head["id"]), str(head["title"])
    statements = [_plain(line) for line in lines]
    whole = f"{title}\n{heading}\n" + "".join(statements)
    facts = frozenset(fact for line in lines for fact in _MARK.findall(line))
    ways = tuple(Way(a, "", f"corpus/{slug}") for a in asks)
    near = tuple(_miss(m, f"corpus/{slug}") for m in misses)
    targets = (*(s for s in statements if len(s) > 5), whole[:_LONGEST_PASSAGE])
    return Group(f"{slug}#{heading}", str(head.get("topic") or head.get("kind", "")), f"{title} {heading}", facts, targets, ways, near)


def _guide(head: Mapping[str, Any], sections: Sequence[tuple[str, list[str], list[str], list[str]]]) -> Group:
    slug, title = str(head["id"]), str(head["title"])
    ways = tuple(Way(a, "", f"guides/{slug}") for _, asks, _, _ in sections for a in asks)
    misses = tuple(_miss(m, f"guides/{slug}") for _, _, near, _ in sections for m in near)
    lines = [line for heading, _, _, lines in sections for line in lines if heading != "找谁"]
    answer = [_plain(line) for heading, _, _, lines in sections for line in lines if heading == "答"]
    facts = frozenset(fact for line in lines for fact in _MARK.findall(line))
    first = f"{title}。{answer[0]}" if answer else title
    targets = tuple(dict.fromkeys((first, f"{title}\n" + "".join(answer)[:_LONGEST_PASSAGE])))
    names = (slug, *map(str, head.get("needs") or ()))
    return Group(slug, str(head.get("topic", "")), title, facts, targets, ways, misses, names)
