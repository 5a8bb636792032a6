"""A panel is asked turn by turn through a conversation id, here and over HTTP, and what was asked is written down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant_server import Service, serve
from panel_pieces import ScriptedConversing, panel_with

from assistant.settings import Settings
from evals.errors import RunError, TargetError
from evals.panel.asking import HttpConversing, ask_panel, conversing_at, conversing_over
from evals.panel.turns import PanelTurn
from evals.targets import InProcessTarget


def test_each_turn_is_asked_in_its_conversation(tmp_path: Path) -> None:
    target = ScriptedConversing()

    ask_panel(panel_with(tmp_path / "p"), target)

    assert [conversation for _, conversation in target.asked] == ["", "talk-1", "", ""]


def test_what_was_asked_is_written_down_and_the_panel_is_no_longer_fresh(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")

    ask_panel(folder, ScriptedConversing())

    asking = folder.asking()
    assert asking is not None
    assert (asking.generation, asking.target) == ("g1", {"kind": "scripted", "region": "四川省"})
    assert folder.card().origin.spent == asking.asked[:10]


def test_a_turn_that_fails_is_a_row_with_its_error_and_is_asked_again_with_its_conversation(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")

    ask_panel(folder, ScriptedConversing(failing=["要医院开证明不"]))
    again = ScriptedConversing()
    ask_panel(folder, again)

    assert [text for text, _ in again.asked] == ["怀起了厂头喊我上夜班咋个办", "要医院开证明不"]
    assert not any(a.error for a in folder.answers().values())


def test_another_product_is_not_mixed_in(tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p")
    ask_panel(folder, ScriptedConversing())

    with pytest.raises(RunError, match="已经问过另一个版本"):
        ask_panel(folder, ScriptedConversing(generation="g2"))


def test_an_empty_panel_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="还没有题"):
        ask_panel(panel_with(tmp_path / "p", ()), ScriptedConversing())


def test_in_this_process_a_follow_up_is_understood_by_the_products_own_routes(product: InProcessTarget, tmp_path: Path) -> None:
    turns = (PanelTurn("c", 1, "女职工产假有多少天？"), PanelTurn("c", 2, "那难产呢"))
    folder = panel_with(tmp_path / "p", turns)

    with conversing_over(product.parts) as target:
        first, second = ask_panel(folder, target)

    assert "98" in first.answer
    assert "15" in second.answer


def test_a_service_that_is_not_there_is_an_error_of_ours() -> None:
    with pytest.raises(TargetError, match="没有就绪"), conversing_at("http://127.0.0.1:9"):
        pass


def test_over_http_the_conversation_goes_on(running: Service, tmp_path: Path) -> None:
    folder = panel_with(tmp_path / "p", (PanelTurn("c", 1, "女职工产假有多少天？"), PanelTurn("c", 2, "那难产呢")))
    target = HttpConversing(running.url)

    answers = ask_panel(folder, target)
    target.close()

    assert "15" in answers[1].answer
    asking = folder.asking()
    assert asking is not None
    assert asking.generation


@pytest.fixture(scope="module")
def running(shipped_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("asked") / "data"
    shutil.copytree(shipped_data_dir, data_dir)
    with serve(Settings(data_dir=data_dir)) as service:
        yield service
