"""All training data in one object, read from the folders that a command names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge_base.training import sources
from knowledge_base.training.leaks import Known
from knowledge_base.training.sources import Group, Miss, Pair, Utterance, Way

HELD_FOLD, FOLDS = 0, 5
"""Questions of STARD and LeCoQA in this fold of five are never trained on."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the data lies; what is None is left out.

    Args:
        corpus: the corpus; its folder ``guides`` is read as guides.
        asked: ``needs_*.jsonl`` and ``danger_*.jsonl``.
        ways: more ways of asking by other writers.
        danger: more utterances of danger.
        guides: guides that are not in the corpus yet.
        pairs: ``stard_train``, ``lecoqa_answers_train``, ``other_questions`` and ``statute_articles``, ``.jsonl.gz``.
        facts: JSONL of sourced facts; their words stay in the vocabulary.
        measures: folders of questions, JSONL with a field text, that nothing may be trained on.
    """

    corpus: Path
    asked: Path | None = None
    ways: Path | None = None
    danger: Path | None = None
    guides: Path | None = None
    pairs: Path | None = None
    facts: Path | None = None
    measures: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """What the encoder is trained on."""

    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    others: tuple[str, ...]
    danger: tuple[Utterance, ...]


def read_data(folders: Folders, without: Sequence[str] = ()) -> Data:
    """The data of all folders; files and writers that begin with an entry of ``without`` are left out beside those of origin unseen."""
    known = Known(measured_questions(folders))
    needs = [g for p in _files(folders.asked, "needs_*.jsonl", without) for g in sources.read_needs(p)]
    documents = sources.read_documents(folders.corpus) + (sources.read_documents(folders.guides) if folders.guides else [])
    unique = list({g.key: g for g in documents}.values())
    guides = [g for g in unique if "#" not in g.key]
    sections = [g for g in unique if "#" in g.key]
    merged = sources.merge_needs(guides, sources.not_yet_told(needs, guides)) + sections
    groups = sources.add_ways(merged, _files(folders.ways, "*.jsonl", without))
    danger = [
        row
        for folder, pattern in ((folders.asked, "danger_*.jsonl"), (folders.danger, "*.jsonl"))
        for path in _files(folder, pattern, without)
        for row in sources.read_danger(path)
    ]
    return Data(
        tuple(_allowed(g, known, (*without, sources.UNSEEN)) for g in groups),
        tuple(_pairs(folders.pairs)),
        tuple(str(r["q"]) for p in sources.training_files(folders.pairs, "other_questions.jsonl.gz") for r in sources.read_jsonl(p)),
        tuple(row for row in dict.fromkeys(danger) if not known.repeats(row.text)),
    )


def measured_questions(folders: Folders) -> Iterator[str]:
    """Every question of the measures and of files of origin unseen."""
    for folder in folders.measures:
        for path in sorted(folder.glob("*.jsonl")):
            for row in sources.read_jsonl(path):
                yield str(row.get("text") or row.get("near_miss") or "")
    for other in (folders.asked, folders.ways, folders.danger):
        for path in sorted(other.glob(f"{sources.UNSEEN}*.jsonl")) if other and other.is_dir() else ():
            for row in sources.read_jsonl(path):
                yield str(row.get("text") or row.get("near_miss") or "")


def texts_of(data: Data) -> Iterator[tuple[str, str]]:
    """Kind and text of everything that may stand in a batch."""
    for group in data.groups:
        yield "query", group.title
        yield from (("query", w.text) for w in group.ways)
        yield from (("query", m.text) for m in group.misses)
        yield from (("passage", t) for t in group.targets)
    for pair in data.pairs:
        yield "query", pair.question
        yield "passage", pair.passage
    yield from (("query", q) for q in data.others)


def vocabulary_texts(folders: Folders, data: Data) -> tuple[Iterable[str], Iterable[str]]:
    """Texts whose pieces all stay, and texts whose frequent pieces stay."""
    ours = [
        *(text for _, text in texts_of(data)),
        *(f"{'。'.join(row.history)}。{row.text}" for row in data.danger),
        *(path.read_text(encoding="utf-8") for path in sorted(folders.corpus.rglob("*.md"))),
        *(
            json.dumps(row, ensure_ascii=False)
            for path in (sorted(folders.facts.rglob("*.jsonl")) if folders.facts else ())
            for row in sources.read_jsonl(path)
        ),
    ]
    others = (str(row["text"]) for p in sources.training_files(folders.pairs, "statute_articles.jsonl.gz") for row in sources.read_jsonl(p))
    return ours, others


def fold_of(question: str) -> int:
    """The fold of a question that is not ours, the same in every run."""
    return int(hashlib.sha256(question.encode("utf-8")).hexdigest(), 16) % FOLDS


def _pairs(folder: Path | None) -> Iterator[Pair]:
    for name in ("stard_train.jsonl.gz", "lecoqa_answers_train.jsonl.gz"):
        for path in sources.training_files(folder, name):
            yield from (p for p in sources.read_pairs(path) if fold_of(p.question) != HELD_FOLD)


def _files(folder: Path | None, pattern: str, without: Sequence[str]) -> list[Path]:
    return [p for p in sources.training_files(folder, pattern) if not any(p.stem.startswith(w) for w in without)]


def _allowed(group: Group, known: Known, without: Sequence[str]) -> Group:
    """The group without what may not be trained on."""

    def may(row: Way | Miss) -> bool:
        return not row.writer.startswith(tuple(without)) and not known.repeats(row.text)

    return replace(group, ways=tuple(filter(may, group.ways)), misses=tuple(filter(may, group.misses)))
