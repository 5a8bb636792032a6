"""Labelled turns for the heads: danger, route and how a turn belongs to the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.reader.notices import joined_turns
from knowledge_base.reader.turns import NEW, joined_pair
from knowledge_base.training import sources
from knowledge_base.training.sources import Group, Utterance

OWN = Path(__file__).parent / "data"
"""Our own labelled turns: ``routes*.jsonl`` (text, route, topic) and ``turns*.jsonl`` (before, turn, reading, topic)."""

KINDS = ("none", "violence", "harassment", "fraud", "despair", "labour")
ROUTES = ("in_scope", "out_of_scope", "courtesy", "unlawful", "personal", "injection")
READINGS = ("new", "elliptic", "addition", "pointer", "correction")
WHO = ("self", "child", "kin", "other")
_KIND_OF = {"child": "violence", "stalking": "violence", "image_abuse": "harassment"}
_WHO_OF = {"self": "self", "child": "child", "daughter": "child", "son": "child"}
_KIN = ("mother", "father", "sister", "brother", "kin", "grandmother", "husband", "wife")
DANGEROUS_TOPICS = ("家庭暴力", "性骚扰", "正在发生的诈骗", "诈骗", "培训防骗", "心理", "婚姻家庭", "隐私", "个人信息")
"""Topics of needs whose ways of asking may themselves tell of danger: never taken as ordinary."""


DANGEROUS_TURNS = ("家里与欺负", "诈骗安全", "心情")
"""Topics of our own turns of which the same holds."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text as a head reads it, and its class. ``block`` keeps rows together when folds are cut: a writer, a file's part, a topic."""

    text: str
    label: str
    block: str


def kind_of(danger: str) -> str:
    """The class of a danger as the data files name it."""
    return _KIND_OF.get(danger, danger)


def who_of(who: str) -> str:
    """The class of a person as the data files name them."""
    return _WHO_OF.get(who, "kin" if who in _KIN else "other")


def danger_rows(danger: Sequence[Utterance], groups: Sequence[Group], ordinary: int = 9000, seed: int = 0) -> list[Labelled]:
    """Utterances by class, and ordinary ways of asking, turns of conversations and turns out of scope as ``none``."""
    rows = [
        Labelled(joined_turns(row.history, row.text), kind_of(row.danger), f"{row.writer}/{number // 50}")
        for number, row in enumerate(danger)
    ]
    plain = [
        (w.text, w.writer) for g in groups if "#" not in g.key and not (g.urgent or g.topic.startswith(DANGEROUS_TOPICS)) for w in g.ways
    ]
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(plain))[:ordinary]
    rows += [Labelled(plain[at][0], "none", f"ways/{plain[at][1]}") for at in chosen]
    for row in _own("turns*.jsonl"):
        if row["topic"] not in DANGEROUS_TURNS:
            block = f"ways/turns {row['topic']}"
            rows += [Labelled(row["turn"], "none", block), Labelled(joined_turns([row["before"]], row["turn"]), "none", block)]
    others = (row for row in _own("routes*.jsonl") if row["route"] in ("out_of_scope", "courtesy"))
    return rows + [Labelled(row["text"], "none", f"ways/routes {row['topic']}") for row in others]


def route_rows(
    groups: Sequence[Group], danger: Sequence[Utterance], others: Sequence[str], own: Path = OWN, each: int = 1000, seed: int = 0
) -> list[Labelled]:
    """Our labelled routes; ways of asking and utterances of danger as in scope; questions of other fields as out of scope."""
    rows: list[Labelled] = []
    for path in sources.training_files(own, "routes*.jsonl"):
        for row in sources.read_jsonl(path):
            label = "in_scope" if row["route"] == "none" else str(row["route"])
            rows.append(Labelled(str(row["text"]), label, f"{path.stem}/{row['topic']}/{len(rows) // 20}"))
    rng = np.random.default_rng(seed)
    ways = [(w.text, w.writer) for g in groups for w in g.ways]
    rows += [Labelled(ways[at][0], "in_scope", f"ways/{ways[at][1]}") for at in rng.permutation(len(ways))[: 2 * each]]
    told = [row for row in danger if not row.history]
    rows += [Labelled(told[at].text, "in_scope", f"danger/{told[at].writer}/{at // 50}") for at in rng.permutation(len(told))[:each]]
    rows += [Labelled(others[at], "out_of_scope", f"others/{at % 7}") for at in rng.permutation(len(others))[: each // 2]]
    return rows


def turn_rows(
    groups: Sequence[Group], danger: Sequence[Utterance], own: Path = OWN, new: int = 600, seed: int = 0
) -> list[tuple[str, str, str, str]]:
    """Before, turn, reading and block; turns that begin a topic are drawn from ways of asking."""
    rows = [
        (str(row["before"]), str(row["turn"]), str(row["reading"]), f"{path.stem}/{row['topic']}")
        for path in sources.training_files(own, "turns*.jsonl")
        for row in sources.read_jsonl(path)
    ]
    befores = list(dict.fromkeys(before for before, _, _, _ in rows))
    rng = np.random.default_rng(seed)
    ways = [w.text for g in groups for w in g.ways]
    told = [row.text for row in danger if not row.history]
    for number in range(new):
        before = befores[number % len(befores)] if number % 3 else ways[int(rng.integers(len(ways)))]
        turn = told[int(rng.integers(len(told)))] if told and number % 5 == 0 else ways[int(rng.integers(len(ways)))]
        rows.append((before, turn, NEW, f"new/{number % 10}"))
    return rows


def _own(pattern: str) -> Iterator[dict[str, str]]:
    """Rows of our own labelled turns."""
    for path in sources.training_files(OWN, pattern):
        yield from sources.read_jsonl(path)


def turn_texts(rows: Sequence[tuple[str, str, str, str]]) -> list[Labelled]:
    """Turn rows as the encoder's training reads them: both turns as one text."""
    return [Labelled(joined_pair(before, turn), reading, block) for before, turn, reading, block in rows]
