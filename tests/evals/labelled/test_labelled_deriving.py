"""Labels from a judged panel, and those written by hand that stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from panel_pieces import TURNS, ScriptedConversing, judgement, panel_with

from evals.errors import DatasetError
from evals.labelled.deriving import derive_labels
from evals.labelled.labels import LabelledTurn, labelled_panels, load_labelled, save_labelled
from evals.labelled.reading import opening_key
from evals.matching import fold_question
from evals.panel.asking import ask_panel
from evals.panel.folder import Panel


@pytest.fixture
def judged(tmp_path: Path) -> Panel:
    folder = panel_with(tmp_path / "p")
    ask_panel(folder, ScriptedConversing())
    for row in (
        judgement("c1", 1, statements=1),
        judgement("c1", 2, first_sentence_answers="no", statements=1, irrelevant_statements=1),
        judgement("c2", 1, danger_turn=True, danger_help_first=False, statements=3, irrelevant_statements=1),
        judgement("c3", 1, kind="not_in_corpus", statements=0),
    ):
        folder.add_judgement(replace(row, judge="j1"))
    return folder.read()


def test_openings_statements_danger_and_lacks_come_from_the_judges(judged: Panel) -> None:
    first, second, danger, lacking = derive_labels(judged)

    sentence = f"关于{TURNS[0].text}：98天。"
    assert first.openings == {opening_key(sentence): "yes"}
    assert first.statements == {fold_question(sentence): True}
    assert list(second.statements.values()) == [False]
    assert (danger.danger, danger.statements) == ("any", {})  # one of three: which, the judge does not say
    assert lacking.lacks


def test_what_was_written_by_hand_stays(judged: Panel) -> None:
    by_hand = LabelledTurn("c2", 1, TURNS[2].text, first=(("110",),), danger="violence")

    labels = {t.key: t for t in derive_labels(judged, [by_hand])}

    assert (labels["c2", 1].first, labels["c2", 1].danger) == ((("110",),), "violence")
    assert labels["c2", 1].openings


def test_labels_are_written_and_read(judged: Panel, tmp_path: Path) -> None:
    labels = derive_labels(judged)
    save_labelled(tmp_path / "labels" / "p.jsonl", labels)

    assert labelled_panels(tmp_path / "labels") == {"p": labels}
    with pytest.raises(DatasetError, match="没有标注文件"):
        load_labelled(tmp_path / "none.jsonl")
