"""Panels of a running service: those that come with the program and those in its data folder; judgements go to the data folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.errors import DatasetError, RunMissing
from evals.panel.folder import PANELS, Panel, PanelFolder, panel_names
from evals.panel.judgements import Judgement, contradiction
from evals.panel.turns import Key, PanelTurn, by_conversation

_NAME = re.compile(r"\w[\w.-]*", re.ASCII)


class PanelDesk:
    """Finds panels by name. Safe to call from several threads of one process."""

    def __init__(self, folder: Path, shipped: Path = PANELS) -> None:
        """Open the desk; nothing is read yet.

        Args:
            folder: panels of the service, and judgements given on it.
            shipped: panels that come with the program; only read.
        """
        self._folder, self._shipped = folder, shipped
        self._open: dict[str, PanelFolder] = {}

    def folders(self) -> list[PanelFolder]:
        """Every panel that has been asked, the one asked last first."""
        names = dict.fromkeys((*panel_names(self._folder), *panel_names(self._shipped)))
        asked = [(asking.asked, name) for name in names if (asking := self.folder(name).asking())]
        return [self.folder(name) for _, name in sorted(asked, reverse=True)]

    def folder(self, name: str) -> PanelFolder:
        """A panel by name.

        Raises:
            RunMissing: there is none.
        """
        if name not in self._open:
            own = self._folder / name
            shipped = self._shipped / name
            path = next((p for p in (own, shipped) if (p / "panel.json").is_file()), None)
            if path is None or not _NAME.fullmatch(name):
                raise RunMissing(f"没有叫 {name} 的评读")
            self._open[name] = PanelFolder(path, own)
        return self._open[name]


def ordered_turns(panel: Panel) -> list[PanelTurn]:
    """The turns that were answered, conversation by conversation: what judges number from 1."""
    return [t for turns in by_conversation(panel.turns).values() for t in turns if t.key in panel.answers]


def numbered(turns: Sequence[PanelTurn], number: int) -> PanelTurn:
    """The turn of that number.

    Raises:
        RunMissing: there is none.
    """
    if not 1 <= number <= len(turns):
        raise RunMissing(f"这次评读没有第 {number} 轮")
    return turns[number - 1]


def own_rows(panel: Panel, judge: str) -> dict[Key, Judgement]:
    """What one judge has said, by turn; nothing of any other judge."""
    return {j.key: j for j in panel.judgements if j.judge == judge}


def keep_row(folder: PanelFolder, judgement: Judgement) -> Judgement:
    """Keep a checked row.

    Raises:
        DatasetError: two of its fields contradict each other.
    """
    if fault := contradiction(judgement):
        raise DatasetError(fault)
    return folder.add_judgement(replace(judgement, second=False, judged=""))
