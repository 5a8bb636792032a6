"""Labels of a turn: what its first sentences must say, which points a whole answer has, which statements are beside the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from evals.errors import DatasetError
from evals.lines import read_lines, write_lines
from evals.panel.turns import Key, PanelTurn
from evals.samples import DATASETS

PANEL_LABELS = DATASETS / "panels"

Groups = tuple[tuple[str, ...], ...]
"""Groups of words; of each group one must be said. Figures must stand whole."""

Opening = Literal["yes", "partly", "no"]


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """A question with its labels.

    ``first`` is what the first two sentences must say, ``required`` every further point and condition of a whole answer, ``never``
    what would contradict it. ``danger`` is the kind of danger that the turn tells of, or ""; ``any`` where only a judge's word is
    known. ``lacks`` says that the corpus did not hold the answer when a judge looked; it may hold it by now. ``unanswerable`` says that
    no source can hold it, ``outside`` that the question is none for this product. ``openings``
    are beginnings of answers as judges found them, ``statements`` whether a statement is to the point; both by folded text, so that
    they survive a rebuild of the corpus.
    """

    conversation: str
    turn: int
    text: str
    category: str = ""
    dialect: bool = False
    who: str = ""
    first: Groups = ()
    required: Groups = ()
    never: tuple[str, ...] = ()
    danger: str = ""
    lacks: bool = False
    unanswerable: bool = False
    outside: bool = False
    openings: Mapping[str, Opening] = field(default_factory=dict)
    statements: Mapping[str, bool] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Conversation and turn."""
        return self.conversation, self.turn

    @property
    def asked(self) -> PanelTurn:
        """The question alone."""
        return PanelTurn(self.conversation, self.turn, self.text, self.category, self.dialect, self.who)

    @property
    def points(self) -> Groups:
        """Every point of a whole answer, those of the first sentences among them."""
        return tuple(dict.fromkeys((*self.first, *self.required)))

    def merged(self, other: LabelledTurn) -> LabelledTurn:
        """These labels with further openings and statements; what was written by hand stays."""
        return replace(
            self,
            danger=self.danger or other.danger,
            lacks=self.lacks or other.lacks,
            openings={**other.openings, **self.openings},
            statements={**other.statements, **self.statements},
        )


LABELLED = TypeAdapter(LabelledTurn)


def load_labelled(path: Path) -> list[LabelledTurn]:
    """The labelled turns of a file, in its order.

    Raises:
        DatasetError: the file is not there, or a line breaks the form; the message names it.
    """
    if not path.is_file():
        raise DatasetError(f"没有标注文件 {path}。请先运行 python -m evals panel label")
    return read_lines(path, LABELLED)


def labelled_panels(folder: Path = PANEL_LABELS) -> dict[str, list[LabelledTurn]]:
    """Every panel with labels by name."""
    return {path.stem: load_labelled(path) for path in sorted(folder.glob("*.jsonl"))}


def save_labelled(path: Path, turns: list[LabelledTurn]) -> None:
    """Write labelled turns."""
    write_lines(path, turns, LABELLED)
