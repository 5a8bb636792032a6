"""A panel on disk: what it is (panel.json), its questions, how they were answered, and a file of judgements for each judge."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.wire.schemas import AnswerOut
from evals.errors import DatasetError, RunError
from evals.lines import append_line, dump_line, fault_of, read_lines, write_lines
from evals.origins import Origin, Seen
from evals.panel.judgements import JUDGEMENT, Judgement
from evals.panel.quota import Quota
from evals.panel.turns import ANSWER, TURN, GivenAnswer, Key, PanelTurn
from evals.remarks import now
from evals.run_folder import RESULTS

PANELS = RESULTS / "panels"

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class PanelCard:
    """What a panel is. ``repeats`` names where questions of it were known from before it was asked."""

    name: str
    origin: Origin
    quota: Quota = field(default_factory=Quota)
    created: str = ""
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """When and of what a panel was asked: the generation that answered, the commit, and the settings that answers depend on."""

    asked: str
    generation: str = ""
    commit: str = ""
    dirty: bool = False
    target: Mapping[str, object] = field(default_factory=dict)

    def same_product(self, other: Asking) -> bool:
        """Whether answers of both may stand in one panel."""
        return (self.generation, self.commit, self.target) == (other.generation, other.commit, other.target)


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer as it went over the wire: what the page draws."""

    conversation: str
    turn: int
    answer: AnswerOut

    @property
    def key(self) -> Key:
        """Conversation and turn."""
        return self.conversation, self.turn


@dataclass(frozen=True)
class Panel:
    """A panel, read."""

    card: PanelCard
    turns: tuple[PanelTurn, ...]
    answers: Mapping[Key, GivenAnswer]
    judgements: tuple[Judgement, ...]
    asking: Asking | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.card.name


_CARD = TypeAdapter(PanelCard)
_ASKING = TypeAdapter(Asking)
_WHOLE = TypeAdapter(WholeAnswer)


class PanelFolder:
    """The folder of one panel. ``also`` may hold judgements that were given elsewhere; they are read too, and new ones go there."""

    def __init__(self, path: Path, also: Path | None = None) -> None:
        self.path = path
        self._judged_in = also or path
        self._lock = threading.Lock()

    @property
    def questions_path(self) -> Path:
        """File of the questions."""
        return self.path / "questions.jsonl"

    @property
    def answers_path(self) -> Path:
        """File of the answers as they are read."""
        return self.path / "answers.jsonl"

    @property
    def whole_path(self) -> Path:
        """File of the answers as they went over the wire."""
        return self.path / "whole.jsonl"

    def create(self, card: PanelCard) -> None:
        """Make an empty panel.

        Raises:
            RunError: there is a panel of that name, or the name is none.
        """
        if not _NAME.fullmatch(card.name):
            raise RunError(f"名字「{card.name}」只能用字母、数字和 . _ -")
        if (self.path / "panel.json").exists():
            raise RunError(f"已经有叫 {card.name} 的评读。请换一个名字")
        self.path.mkdir(parents=True, exist_ok=True)
        self.write_card(card)

    def write_card(self, card: PanelCard) -> None:
        """Write what the panel is."""
        (self.path / "panel.json").write_text(_CARD.dump_json(card, indent=1).decode() + "\n", encoding="utf-8")

    def card(self) -> PanelCard:
        """What the panel is.

        Raises:
            RunError: it is missing or damaged.
        """
        return _read(self.path / "panel.json", _CARD)

    def asking(self) -> Asking | None:
        """When and of what it was asked; None before that."""
        path = self.path / "asked.json"
        return _read(path, _ASKING) if path.exists() else None

    def write_asking(self, asking: Asking) -> None:
        """Write when and of what it was asked."""
        (self.path / "asked.json").write_text(_ASKING.dump_json(asking, indent=1).decode() + "\n", encoding="utf-8")

    def turns(self) -> list[PanelTurn]:
        """The questions, in their order."""
        return read_lines(self.questions_path, TURN)

    def add_turns(self, turns: Sequence[PanelTurn]) -> None:
        """Add questions.

        Raises:
            RunError: the panel has been asked; its questions stay as they are.
            DatasetError: a conversation and turn is there twice, or a conversation lacks a turn.
        """
        if self.answers_path.exists():
            raise RunError(f"{self.path.name} 已经问过，不能再加题。请另建一个")
        write_lines(self.questions_path, check_turns([*self.turns(), *turns]), TURN)

    def answers(self) -> dict[Key, GivenAnswer]:
        """Answers by conversation and turn."""
        return {a.key: a for a in read_lines(self.answers_path, ANSWER)}

    def add_answer(self, answer: GivenAnswer, whole: AnswerOut | None) -> None:
        """Keep an answer."""
        append_line(self.answers_path, dump_line(answer, ANSWER).encode())
        if whole is not None:
            # Written with its defaults: the sort of a card is one.
            append_line(self.whole_path, _WHOLE.dump_json(WholeAnswer(*answer.key, whole)) + b"\n")

    def whole_answers(self) -> dict[Key, AnswerOut]:
        """Answers as they went over the wire, of the panels that kept them."""
        return {w.key: w.answer for w in read_lines(self.whole_path, _WHOLE)}

    def judgements(self) -> list[Judgement]:
        """Every judge's last row on each turn, by judge and in the order of the turns as judged."""
        found: dict[tuple[str, Key], Judgement] = {}
        for folder in dict.fromkeys((self.path, self._judged_in)):
            for path in sorted((folder / "judgements").glob("*.jsonl")):
                for judgement in read_lines(path, JUDGEMENT):
                    found[path.stem, judgement.key] = replace(judgement, judge=path.stem)
        return list(found.values())

    def add_judgement(self, judgement: Judgement) -> Judgement:
        """Keep a judge's row on a turn, in the place of an earlier one of that judge; it says whether another judge was there first.

        Raises:
            DatasetError: the judge has no usable name, or the panel has no such turn.
        """
        if not _NAME.fullmatch(judgement.judge):
            raise DatasetError(f"评读人代号「{judgement.judge}」只能用字母、数字和 . _ -")
        with self._lock:
            known = self.judgements()
            own = next((j for j in known if j.key == judgement.key and j.judge == judgement.judge), None)
            others = any(j.key == judgement.key and j.judge != judgement.judge for j in known)
            kept = replace(judgement, second=own.second if own else others, judged=judgement.judged or now())
            written = dump_line(replace(kept, judge=""), JUDGEMENT)
            append_line(self._judged_in / "judgements" / f"{judgement.judge}.jsonl", written.encode())
        return kept

    def read(self) -> Panel:
        """The panel.

        Raises:
            RunError: the folder is none, or damaged.
            DatasetError: one of its rows is damaged.
        """
        return Panel(self.card(), tuple(self.turns()), self.answers(), tuple(self.judgements()), self.asking())


def panel_folder(name: str) -> PanelFolder:
    """The folder of a panel by name under results/panels, or by path; it need not exist yet."""
    path = Path(name)
    return PanelFolder(path if "/" in name or (path / "panel.json").is_file() else PANELS / name)


def open_panel(name: str) -> PanelFolder:
    """The folder of a panel that is there.

    Raises:
        RunError: there is none.
    """
    folder = panel_folder(name)
    if not (folder.path / "panel.json").is_file():
        raise RunError(f"没有叫 {name} 的评读。现有的是：{'、'.join(panel_names()) or '（还没有）'}")
    return folder


def panel_names(folder: Path = PANELS) -> list[str]:
    """Names of the panels of a folder, in order."""
    return sorted(p.parent.name for p in folder.glob("*/panel.json"))


def check_turns(turns: Sequence[PanelTurn]) -> Sequence[PanelTurn]:
    """The turns, if every conversation has each of its turns once, from 1 on.

    Raises:
        DatasetError: one does not.
    """
    numbers: dict[str, list[int]] = {}
    for turn in turns:
        if not turn.text.strip():
            raise DatasetError(f"对话 {turn.conversation} 第 {turn.turn} 轮没有写问题")
        numbers.setdefault(turn.conversation, []).append(turn.turn)
    for conversation, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            raise DatasetError(f"对话 {conversation} 的轮次是 {sorted(found)}，应从 1 连着数，每轮一次")
    return turns


def fresh_card(name: str, writer: str, seen: Seen = Seen.NOTHING) -> PanelCard:
    """The card of a panel that nobody has been asked yet."""
    return PanelCard(name, Origin(writer, seen), created=now())


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        return adapter.validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as exc:
        raise RunError(f"{path} 读不懂：{fault_of(exc)}") from exc
    except OSError as exc:
        raise RunError(f"{path} 读不了：{exc}") from exc
