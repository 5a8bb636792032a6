"""Training data read from files into typed rows. Whose name begins with ``unseen`` is a measure and is never read for training.

Files, all UTF-8:
- needs, one JSON object a line: ``need, group, facts, answer_first, ways {voice: [text]}, near_misses [{text, belongs}]``
- ways, one a line: ``need`` or ``doc``, ``text, voice, writer``; a near miss has ``near_miss, belongs`` for ``text, voice``
- danger, one a line: ``text, history, danger, who, now``
- labelled turns of our own in ``data/``: see ``notices``
- corpus and guides: Markdown with front matter, ``## `` headings, ``> 问法（voice·writer）：a｜b``,
  ``> 不是（writer）：a→slug｜b→无``, where the brackets may be missing, and statements with ``[^ID]``
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
_LINE = re.compile(r"^> (问法|不是)(?:（([^）]*)）)?：(.*)$")
VOICES = {"故事": "story", "四川话": "dialect", "短句": "terse", "书面": "official", "平常": "plain"}


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
    urgent: str = ""
    """The danger that a guide is for; empty for most."""


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
    """Groups of the Markdown files of a folder: one a guide or lesson, else one a section that has ways of asking."""
    groups: list[Group] = []
    for path in sorted(folder.rglob("*.md")):
        read = _front_matter(path)
        if read is None:
            continue
        head, body = read
        sections = list(_sections(body, str(head["id"])))
        if head.get("kind") == "guide" or head.get("form") == "lesson":
            groups.append(_whole(head, sections))
        else:
            groups += [g for g in (_section_group(head, section) for section in sections) if g.ways and g.targets]
    return groups


def add_ways(groups: Sequence[Group], paths: Iterable[Path]) -> list[Group]:
    """The groups with the ways and near misses of other writers added by the name of the need."""
    known = {name: at for at, group in enumerate(groups) for name in (group.key, *group.names)}
    ways: dict[int, list[Way]] = {}
    misses: dict[int, list[Miss]] = {}
    for path in paths:
        for row in read_jsonl(path):
            at = known.get(str(row.get("doc") or row.get("need", "")))
            if at is None:
                continue
            writer = str(row.get("writer") or path.stem)
            if row.get("near_miss"):
                misses.setdefault(at, []).append(Miss(str(row["near_miss"]), str(row.get("belongs", "")), writer))
            elif row.get("text"):
                voice = str(row.get("voice", ""))
                ways.setdefault(at, []).append(Way(str(row["text"]), VOICES.get(voice, voice), writer))
    return [
        replace(
            group,
            ways=tuple({way.text: way for way in (*ways.get(at, ()), *group.ways)}.values()),
            misses=tuple({miss.text: miss for miss in (*misses.get(at, ()), *group.misses)}.values()),
        )
        for at, group in enumerate(groups)
    ]


def not_yet_told(needs: Sequence[Group], guides: Sequence[Group]) -> list[Group]:
    """Needs whose ways of asking do not stand in a guide yet."""
    told = {way.text for guide in guides for way in guide.ways}
    return [need for need in needs if sum(way.text in told for way in need.ways) * 2 < len(need.ways)]


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


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    ways: tuple[Way, ...]
    misses: tuple[Miss, ...]
    lines: tuple[str, ...]


def _sections(body: str, slug: str) -> Iterator[_Section]:
    """Heading, ways of asking, near misses and lines of each section."""
    for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        ways: list[Way] = []
        misses: list[Miss] = []
        lines: list[str] = []
        for line in rest.splitlines():
            if asked := _LINE.match(line):
                what, by, items = asked.groups()
                voice, _, writer = (by or "").rpartition("·")
                writer = writer or f"corpus/{slug}"
                texts = [t.strip() for t in items.split("｜") if t.strip()]
                if what == "问法":
                    ways += [Way(t, VOICES.get(voice, voice), writer) for t in texts]
                else:
                    misses += [_miss(t, writer) for t in texts]
            elif line.strip() and not line.startswith((">", "#", "[^", "|")):
                lines.append(line.strip())
        yield _Section(heading.strip(), tuple(ways), tuple(misses), tuple(lines))


def _plain(line: str) -> str:
    return _LIST_ITEM.sub("", _MARK.sub("", line)).strip()


def _miss(written: str, writer: str) -> Miss:
    text, _, belongs = written.partition("→")
    return Miss(text.strip(), "" if belongs.strip() in {"", "无"} else belongs.strip(), writer)


def _section_group(head: Mapping[str, Any], section: _Section) -> Group:
    slug, title = str(head["id"]), str(head["title"])
    statements = [_plain(line) for line in section.lines]
    whole = f"{title}\n{section.heading}\n" + "".join(statements)
    targets = (*(s for s in statements if len(s) > 5), whole[:_LONGEST_PASSAGE])
    topic = str(head.get("topic") or head.get("kind", ""))
    key, name = f"{slug}#{section.heading}", f"{title} {section.heading}"
    return Group(key, topic, name, _facts(section.lines), targets, section.ways, section.misses)


def _whole(head: Mapping[str, Any], sections: Sequence[_Section]) -> Group:
    """A guide or a lesson: its first section is the answer."""
    slug, title = str(head["id"]), str(head["title"])
    ways = tuple({way.text: way for section in sections for way in section.ways}.values())
    misses = tuple({miss.text: miss for section in sections for miss in section.misses}.values())
    answer = [_plain(line) for section in sections[:1] for line in section.lines]
    facts = _facts([line for section in sections for line in section.lines if section.heading != "找谁"])
    first = f"{title}。{answer[0]}" if answer else title
    targets = tuple(dict.fromkeys((first, f"{title}\n" + "".join(answer)[:_LONGEST_PASSAGE])))
    names = (slug, *map(str, head.get("needs") or ()))
    return Group(slug, str(head.get("topic", "")), title, facts, targets, ways, misses, names, str(head.get("urgent") or ""))


def _facts(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(fact for line in lines for fact in _MARK.findall(line))
