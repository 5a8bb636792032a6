"""A panel on disk: made, filled, judged by two who do not overwrite each other, and read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from panel_pieces import TURNS, ScriptedConversing, judgement, panel_with

from assistant.wire.schemas import StudiosCard
from evals.errors import DatasetError, RunError
from evals.panel.asking import ask_panel
from evals.panel.folder import PanelFolder, fresh_card
from evals.panel.turns import GivenAnswer, PanelTurn


def test_a_name_is_given_once(tmp_path: Path) -> None:
    panel_with(tmp_path / "p")

    with pytest.raises(RunError, match="已经有叫 p 的评读"):
        PanelFolder(tmp_path / "p").create(fresh_card("p", "外人"))


def test_a_conversation_without_its_second_turn_is_refused(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p", ())

    with pytest.raises(DatasetError, match=r"轮次是 \[1, 3\]"):
        folder.add_turns([PanelTurn("c", 1, "问"), PanelTurn("c", 3, "再问")])


def test_questions_stay_once_they_were_asked(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")
    ask_panel(folder, ScriptedConversing())

    with pytest.raises(RunError, match="已经问过"):
        folder.add_turns([PanelTurn("c9", 1, "问")])


def test_the_second_judge_is_marked_and_a_corrected_row_takes_the_place_of_the_former(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")
    for judge, harm in (("j1", "none"), ("j2", "none"), ("j1", "misleading")):
        folder.add_judgement(replace(judgement(harm=harm), judge=judge))

    kept = {j.judge: j for j in folder.judgements()}

    assert len(folder.judgements()) == 2
    assert (kept["j1"].harm, kept["j1"].second) == ("misleading", False)
    assert (kept["j2"].harm, kept["j2"].second) == ("none", True)


def test_judgements_may_be_kept_elsewhere_and_are_read_together(tmp_path: Path) -> None:
    shipped = panel_with(tmp_path / "p")
    shipped.add_judgement(replace(judgement(), judge="j1"))
    here = PanelFolder(tmp_path / "p", tmp_path / "own" / "p")

    here.add_judgement(replace(judgement(), judge="j2"))

    assert {j.judge for j in here.judgements()} == {"j1", "j2"}
    assert {j.judge for j in shipped.judgements()} == {"j1"}


def test_a_judge_needs_a_usable_code(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="评读人代号"):
        panel_with(tmp_path / "p").add_judgement(replace(judgement(), judge="../x"))


def test_a_panel_is_read_whole(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")
    ask_panel(folder, ScriptedConversing())

    panel = folder.read()

    assert panel.turns == TURNS
    assert set(panel.answers) == {t.key for t in TURNS}
    assert folder.whole_answers()["c1", 2].followups == ["还有呢"]


def test_the_cards_of_a_whole_answer_are_read_again(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")
    card = StudiosCard(title="工作室", total=0, rows=[])
    given = ScriptedConversing().ask("问", "").model_copy(update={"cards": [card]})

    folder.add_answer(GivenAnswer("c1", 1, "answered", "答"), given)

    assert folder.whole_answers()["c1", 1].cards == [card]
