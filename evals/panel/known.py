"""Whether questions of a panel were known before: in a dataset, in another panel, or in the ways of asking of the documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.matching import fold_question
from evals.panel.turns import PanelTurn
from evals.run_folder import RESULTS
from evals.samples import DATASETS

SHORT = 8
"""Characters up to which two questions may be alike by chance (「你好」, 「多少钱」); such turns are not looked up."""

_WORDS = ("text", "question")


def known_before(turns: Sequence[PanelTurn], but: Path, folders: Sequence[Path] | None = None) -> dict[str, str]:
    """Texts of turns that a dataset or another panel has word for word (letters folded), with the file that has them.

    Args:
        turns: the turns to look up.
        but: the folder of their own panel.
        folders: where to look; the datasets, the unseen writers' files and the panels when None.
    """
    wanted = {fold_question(t.text): t.text for t in turns if len(t.text) > SHORT}
    found: dict[str, str] = {}
    for path in _files(folders or (DATASETS, DATASETS.parent / "unseen", RESULTS / "panels")):
        if but not in path.parents:
            for text in _texts(path):
                if (folded := fold_question(text)) in wanted:
                    found.setdefault(wanted[folded], path.name if path.stem != "questions" else path.parent.name)
    return found


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(p for p in folder.rglob("*.jsonl") if p.stem not in ("answers", "whole") and p.parent.name != "judgements")


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield from _texts_of(json.loads(line))


def _texts_of(row: dict[str, Any]) -> Iterator[str]:
    yield from (row[name] for name in _WORDS if isinstance(row.get(name), str))
    for turn in row.get("turns", ()):
        if isinstance(turn, dict):
            yield from _texts_of(turn)
