"""Turns, judgements and panels made for a test, and a product that answers from a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evals_pieces import make_answer

from assistant.wire.schemas import AnswerOut
from evals.panel.folder import PanelFolder, fresh_card
from evals.panel.judgements import Judgement, parse_judgement
from evals.panel.turns import PanelTurn

TURNS = (
    PanelTurn("c1", 1, "怀起了厂头喊我上夜班咋个办", "work_motherhood", dialect=True),
    PanelTurn("c1", 2, "要医院开证明不", "work_motherhood", dialect=True),
    PanelTurn("c2", 1, "他打我，我怕", "danger"),
    PanelTurn("c3", 1, "明天落雨不", "scope"),
)


def judgement(conversation: str = "c1", turn: int = 1, **fields: object) -> Judgement:
    row: dict[str, object] = {
        "conversation": conversation,
        "turn": turn,
        "first_sentence_answers": "yes",
        "irrelevant_statements": 0,
        "statements": 2,
        "harm": "none",
        "verdict_right": "yes",
        "complete": "yes",
        "understood": "yes",
        "kind": "ok",
    }
    return parse_judgement({**row, **fields})


class ScriptedConversing:
    """Answers every turn, and keeps what it was asked in which conversation; texts in ``failing`` raise."""

    def __init__(self, failing: Sequence[str] = (), generation: str = "g1") -> None:
        self.asked: list[tuple[str, str]] = []
        self.failing, self.generation = failing, generation

    def describe(self) -> Mapping[str, object]:
        return {"kind": "scripted", "generation": self.generation, "region": "四川省"}

    def ask(self, text: str, conversation_id: str) -> AnswerOut:
        self.asked.append((text, conversation_id))
        if text in self.failing:
            raise ConnectionError("断了")
        conversation = conversation_id or f"talk-{len(self.asked)}"
        return make_answer(f"关于{text}：98天[1]。", followups=["还有呢"]).model_copy(update={"conversation_id": conversation})


def panel_with(path: Path, turns: Sequence[PanelTurn] = TURNS) -> PanelFolder:
    folder = PanelFolder(path)
    folder.create(fresh_card(path.name, "外人"))
    folder.add_turns(turns)
    return folder
