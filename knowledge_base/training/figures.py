"""Figures of the shipped reader: development measures, and files of origin unseen where they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.reader.encoder import Encodes
from knowledge_base.reader.judge import features_of
from knowledge_base.reader.notices import joined_turns
from knowledge_base.reader.reader import Reader
from knowledge_base.training import judging, sources
from knowledge_base.training.data import Data, Folders
from knowledge_base.training.likeness import Library, Probe
from knowledge_base.training.measures import success, task

TASKS = ("legal_consult", "rgb_zh_refine")
REFUSED = ("unlawful", "personal", "injection")


def all_figures(reader: Reader, encoder: Encodes, data: Data, folders: Folders, writers: Sequence[str]) -> dict[str, Any]:
    """Every figure by name, with n."""
    library = Library.of(encoder, data.groups)
    sections = ["#" in g.key for g in data.groups]
    out: dict[str, Any] = {}
    if writers:
        out["ways of left-out writers"] = ways_figures(reader, encoder, library, sections, judging.probes_of(data.groups, writers))
    if unseen := unseen_probes(data, folders.ways):
        out["ways of unseen writers"] = ways_figures(reader, encoder, library, sections, unseen)
    for folder in folders.measures:
        for name in ("held_out", "asked_anew", "dev"):
            if (folder / f"{name}.jsonl").exists():
                out[name] = question_figures(reader, encoder, data, folder / f"{name}.jsonl")
        for name in ("lawful_or_not", "routing", "red_team"):
            if (folder / f"{name}.jsonl").exists():
                out[name] = route_figures(reader, encoder, folder / f"{name}.jsonl")
    if folders.danger and folders.danger.is_dir():
        for path in sorted(folders.danger.glob(f"{sources.UNSEEN}*.jsonl")):
            out[f"danger {path.stem}"] = danger_figures(reader, encoder, path)
    return out


def unseen_probes(data: Data, folder: Path | None) -> list[Probe]:
    """Ways of asking and near misses of the files of origin unseen."""
    if folder is None or not folder.is_dir():
        return []
    groups = data.groups
    bare = [replace(g, ways=(), misses=()) for g in groups]
    filled = sources.add_ways(bare, sorted(folder.glob(f"{sources.UNSEEN}*.jsonl")))
    return judging.probes_of(filled, ("",))


def ways_figures(reader: Reader, encoder: Encodes, library: Library, sections: Sequence[bool], probes: Sequence[Probe]) -> dict[str, Any]:
    """Rank of the right group by likeness and by the judge, by voice; AUC of right groups against near misses' groups.

    Sections that hold the same facts are no mistake and are left out; guides that do are not.
    """
    rows = judging.judged_rows(encoder, library, probes)
    probabilities = reader.judge.head.probabilities(rows.inputs)[:, 1]
    ways = [p for p in probes if p.sort == "way"]
    ways = [replace(p, unsure=frozenset(at for at in p.unsure if sections[at])) for p in ways]
    vectors = encoder.encode([p.text for p in ways], "query")
    likeness, judged = _ranks(reader, library, vectors, ways)
    out: dict[str, Any] = {"likeness": success(likeness), "judge": success(judged), **judging.judge_figures(rows, probabilities)}
    for voice in sorted({p.voice for p in ways}):
        mine = np.array([p.voice == voice for p in ways])
        out[f"voice {voice or '-'}"] = {"likeness": success(likeness[mine]), "judge": success(judged[mine])}
    return out


def question_figures(reader: Reader, encoder: Encodes, data: Data, path: Path) -> dict[str, Any]:
    """Labelled questions among the sections of documents, and among everything."""
    out: dict[str, Any] = {}
    sections = [g for g in data.groups if "#" in g.key]
    for name, groups in (("sections", sections), ("all", list(data.groups))):
        probes = [p for p in judging.probes_of_questions(groups, path) if p.right]
        both = [Probe(p.text, p.home, p.writer, p.right | p.unsure) for p in probes]
        library = Library.of(encoder, groups)
        likeness, judged = _ranks(reader, library, encoder.encode([p.text for p in both], "query"), both)
        out[name] = {"likeness": success(likeness, (1, 5)), "judge": success(judged, (1, 5))}
    return out


def route_figures(reader: Reader, encoder: Encodes, path: Path) -> dict[str, Any]:
    """Part of the turns that should be refused, or not, whose route says so; part of turns of danger and crisis noticed."""
    said: dict[str, list[bool]] = {}
    for row in sources.read_jsonl(path):
        vector = encoder.encode([str(row["text"])], "query")[0]
        route, _ = reader.noticer.route(vector)
        name = "refuse" if row["expected"] == "refuse" else "other"
        said.setdefault(f"{name}: refused", []).append(route in REFUSED)
        if "超出范围" in str(row.get("slice", "")):
            said.setdefault("out of scope said so", []).append(route == "out_of_scope")
        elif row["expected"] in {"answer", "partial"}:
            said.setdefault("in scope kept", []).append(route == "in_scope")
    return {name: {"part": round(float(np.mean(rows)), 3), "n": len(rows)} for name, rows in said.items()}


def danger_figures(reader: Reader, encoder: Encodes, path: Path) -> dict[str, Any]:
    """Recall and false alarms of alarm and check; recall of utterances told directly; right kind."""
    rows = sources.read_danger(path)
    alone = encoder.encode([row.text for row in rows], "query")
    joined = encoder.encode([joined_turns(row.history, row.text) for row in rows], "query")
    read = [reader.noticer.danger(joined[at], alone[at]) for at in range(len(rows))]
    from knowledge_base.training.labelled import kind_of

    dangerous = np.array([row.danger != "none" for row in rows])
    alarm = np.array([d.level == "alarm" for d in read])
    noticed = np.array([d.level != "none" for d in read])
    direct = dangerous & np.array([row.told != "indirect" for row in rows])
    kinds = [d.kind == kind_of(row.danger) for d, row in zip(read, rows, strict=True) if row.danger != "none"]
    return {
        "alarm recall": round(float(alarm[dangerous].mean()), 3),
        "alarm recall, told directly": round(float(alarm[direct].mean()), 3),
        "alarm or check recall": round(float(noticed[dangerous].mean()), 3),
        "false alarm": round(float(alarm[~dangerous].mean()), 3),
        "false alarm or check": round(float(noticed[~dangerous].mean()), 3),
        "right kind": round(float(np.mean(kinds)), 3),
        "n danger": int(dangerous.sum()),
        "n none": int((~dangerous).sum()),
    }


def general_figures(encoder: Encodes, folder: Path) -> dict[str, Any]:
    """nDCG@10 of vectors alone on a drawn part of the tasks of other fields."""
    return {name: task(encoder, folder / name) for name in TASKS if (folder / name).is_dir()}


def _ranks(reader: Reader, library: Library, vectors: Any, probes: Sequence[Probe]) -> tuple[Any, Any]:
    likeness = np.zeros(len(probes), dtype=np.int64)
    judged = np.zeros(len(probes), dtype=np.int64)
    for begin in range(0, len(probes), 256):
        part = probes[begin : begin + 256]
        table = library.likeness(vectors[begin : begin + 256], part)
        for row, probe in enumerate(part):
            both = judging.first_score(table[row])
            unsure = list(probe.unsure)
            both[unsure] = -2
            likeness[begin + row] = _rank(both, probe)
            first = np.argsort(-both, kind="stable")[: judging.BEST]
            scores = np.full(len(both), -1.0)
            scores[first] = reader.judge.head.probabilities(features_of(table[row][first]))[:, 1]
            judged[begin + row] = _rank(scores, probe) if scores[list(probe.right)].max() >= 0 else likeness[begin + row]
    return likeness, judged


def _rank(scores: Any, probe: Probe) -> int:
    best = scores[list(probe.right)].max()
    return 1 + int((scores > best).sum())
