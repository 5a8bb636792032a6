"""Questions of a panel from a file: tables as writers fill them in, a turn a line, a conversation a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from panel_pieces import TURNS

from evals.errors import DatasetError
from evals.panel.importing import panel_template, read_panel_file
from evals.panel.known import known_before
from evals.panel.quota import Quota, compare_with_quota
from evals.panel.turns import PanelTurn


def test_the_table_for_writers_is_read_as_it_was_given_out(tmp_path: Path) -> None:
    path = tmp_path / "题.xlsx"
    path.write_bytes(panel_template())

    turns = read_panel_file(path)

    assert [(t.conversation, t.turn, t.category, t.dialect) for t in turns] == [
        ("例1", 1, "work_motherhood", True),
        ("例1", 2, "work_motherhood", True),
        ("例2", 1, "tools", False),
    ]


def test_a_turn_a_line_and_a_conversation_a_line_may_be_mixed(write_lines: Callable[..., Path]) -> None:
    path = write_lines(
        "题.jsonl",
        json.dumps({"conversation": "a", "turn": 1, "text": "问一", "category": "想学什么", "dialect": "是"}, ensure_ascii=False),
        json.dumps({"id": "b", "category": "danger", "turns": ["他打我", {"question": "我怕", "dialect": True}]}, ensure_ascii=False),
    )

    assert read_panel_file(path) == [
        PanelTurn("a", 1, "问一", "learning", dialect=True),
        PanelTurn("b", 1, "他打我", "danger"),
        PanelTurn("b", 2, "我怕", "danger", dialect=True),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"conversation": "a", "turn": 1}', "第 1 行：text"),
        ('{"conversation": "a", "turn": 2, "text": "问"}', r"轮次是 \[2\]"),
        ('{"turn": 1, "text": "问"}', "缺对话的编号"),
        ('{"conversation": "a", "turn": 1, "text": "问", "dialekt": true}', "不认识字段"),
        ('{"conversation": "a", "turn": 1, "text": "问", "dialect": "有点"}', "应填 是 或 否"),
        ("[]", "JSON 对象"),
        ("{", "不是合法的 JSON"),
    ],
)
def test_a_broken_line_is_named(write_lines: Callable[..., Path], line: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        read_panel_file(write_lines("题.jsonl", line))


def test_a_question_that_a_dataset_has_is_not_new(write_lines: Callable[..., Path], tmp_path: Path) -> None:
    write_lines("sets/dev.jsonl", '{"text": "怀起了厂头喊我上夜班咋个办？"}')

    found = known_before(TURNS, tmp_path / "own", [tmp_path / "sets"])

    assert found == {"怀起了厂头喊我上夜班咋个办": "dev.jsonl"}


def test_the_quota_says_what_is_missing() -> None:
    shares = {s.name: s for s in compare_with_quota(Quota(turns=4), TURNS)}

    assert shares["全部轮次"].enough
    assert (shares["追问"].there, shares["追问"].wanted) == (1, 1)
    assert (shares["上班和生育"].there, shares["上班和生育"].wanted) == (2, 1)
    assert not shares["想学什么"].enough
