"""The panel's commands, as a judge types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from panel_pieces import TURNS, ScriptedConversing, judgement, panel_with
from typer.testing import CliRunner, Result

from evals.__main__ import app
from evals.errors import DatasetError, EvalError, RunError
from evals.lines import dump_line
from evals.panel.asking import ask_panel
from evals.panel.judgements import JUDGEMENT


def typed(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(app, ["panel", *(str(a) for a in arguments)])
    if isinstance(done.exception, EvalError):
        raise done.exception
    return done


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    folder = panel_with(tmp_path / "p")
    ask_panel(folder, ScriptedConversing())
    return folder.path


def test_a_new_panel_tells_its_quota_and_takes_questions(tmp_path: Path) -> None:
    made = typed("new", tmp_path / "p", "--template", tmp_path / "题.xlsx")
    taken = typed("import", tmp_path / "p", tmp_path / "题.xlsx")

    assert "缺 全部轮次：0/120" in made.stdout
    assert "收下 3 轮" in taken.stdout


def test_a_judge_is_shown_one_turn_with_its_conversation_and_the_row_to_fill_in(asked: Path) -> None:
    typed("judge", asked, "--judge", "j1", "--row", json.dumps(json.loads(dump_line(judgement(), JUDGEMENT))))

    shown = typed("judge", asked, "--judge", "j1").stdout

    assert "还有 3 轮没有评" in shown
    assert "对话 c1 第 2 轮   ← 评这一轮" in shown
    assert "问：怀起了厂头喊我上夜班咋个办" in shown
    assert "〔可以点：还有呢〕" in shown
    assert '{"conversation": "c1", "turn": 2, "first_sentence_answers": ""' in shown


def test_a_file_of_judgements_is_taken_whole_or_not_at_all(asked: Path, tmp_path: Path) -> None:
    rows = [dump_line(judgement(*t.key), JUDGEMENT) for t in TURNS]
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("".join(rows), encoding="utf-8")
    bad.write_text(rows[0] + dump_line(judgement("c9", 1), JUDGEMENT), encoding="utf-8")

    with pytest.raises(DatasetError, match="对话 c9 第 1 轮：没有这一轮的回答"):
        typed("judge", asked, "--judge", "j1", "--rows", bad)

    assert not (asked / "judgements").exists()
    assert "收下 4 轮" in typed("judge", asked, "--judge", "j1", "--rows", good).stdout
    assert "4/4 = 100 % (51–100)" in typed("summary", asked, "--table").stdout


def test_a_judge_may_take_one_half(asked: Path) -> None:
    assert "还有 1 轮没有评" in typed("judge", asked, "--judge", "j1", "--part", "3/3").stdout


def test_two_askings_of_the_same_questions_are_paired(asked: Path, tmp_path: Path) -> None:
    again = panel_with(tmp_path / "q")
    ask_panel(again, ScriptedConversing())
    for path, first in ((asked, "no"), (again.path, "yes")):
        row = dump_line(judgement(first_sentence_answers=first), JUDGEMENT)
        typed("judge", path, "--judge", "j1", "--row", row)

    told = typed("compare", asked, again.path).stdout

    assert "同样的问题 1 轮都评读过" in told
    assert "怀起了厂头喊我上夜班咋个办（no → yes）" in told


def test_a_panel_that_is_not_there_is_named() -> None:
    with pytest.raises(RunError, match="没有叫 没有 的评读。现有的是：2026-11"):
        typed("summary", "没有")
