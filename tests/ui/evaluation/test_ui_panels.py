"""「逐轮评读」 and 「评读结果」: one turn at a time, the row, going back, and what a second judge does not see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation_fake_api import KEY, FakeEvaluation, serve_evaluation
from streamlit.testing.v1 import AppTest

from ui.evaluation.judging import CHOICES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def evaluation(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEvaluation]:
    fake = FakeEvaluation()
    server = serve_evaluation(fake)
    monkeypatch.setenv("ASSISTANT_API_URL", fake.url)
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(evaluation: FakeEvaluation) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.switch_page("screens/evaluation.py")
    page.run()
    page.text_input(key="evaluation-key").set_value(KEY)
    press(page, "进入")
    page.button_group(key="evaluation-view").set_value("judging")
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def come_in(page: AppTest, code: str) -> AppTest:
    page.text_input(key="panel-code").set_value(code)
    return press(page, "开始评")


def choose(page: AppTest, judge: str, number: int, **chosen: str) -> AppTest:
    for name, value in chosen.items():
        page.button(key=f"panel-row-2026-12-{judge}-{number}-{name}-{value}").click()
        page.run()
    return page


def fill(page: AppTest, judge: str, number: int, first: str = "yes") -> AppTest:
    choose(page, judge, number, first=first, harm="none", verdict="yes", complete="partly", understood="yes", kind="composing")
    page.number_input(key=f"panel-row-2026-12-{judge}-{number}-statements").set_value(3)
    return press(page, "存下来，看下一轮")


def test_a_judge_gives_a_code_first(page: AppTest) -> None:
    assert "她看到的" not in shown(page)

    come_in(page, "王 一")

    assert "代号只能用字母" in page.warning[0].value


def test_a_turn_is_shown_as_on_the_phone_and_its_buttons_ask_nothing(page: AppTest, evaluation: FakeEvaluation) -> None:
    html = shown(come_in(page, "w1"))

    assert "第 1 轮，一共 2 轮" in html
    assert "满7个月就不上夜班。" in html
    assert "<b>x</b>" not in html  # text of an answer is never markup
    press(page, "那产检呢")
    assert "第 1 轮，一共 2 轮" in shown(page)


def test_a_row_is_kept_and_the_next_turn_comes_with_what_was_said_before(page: AppTest, evaluation: FakeEvaluation) -> None:
    fill(come_in(page, "w1"), "w1", 1)

    kept = evaluation.judged["w1", 1]
    assert (kept.first_sentence_answers, kept.statements, kept.complete, kept.kind) == ("yes", 3, "partly", "composing")
    html = shown(page)
    assert "第 2 轮，一共 2 轮" in html
    assert "怀起了厂头喊我上夜班咋个办" in html
    assert "可以点：去哪开" in html


def test_an_unfinished_row_says_what_is_missing_and_keeps_nothing(page: AppTest, evaluation: FakeEvaluation) -> None:
    come_in(page, "w1")

    press(page, "存下来，看下一轮")

    assert "还没有选" in page.warning[0].value
    assert "只看第一句" in page.warning[0].value
    assert evaluation.judged == {}


def test_a_judge_may_go_on_and_come_back_and_finds_the_own_row(page: AppTest, evaluation: FakeEvaluation) -> None:
    fill(come_in(page, "w1"), "w1", 1, "no")

    press(page, "上一轮")

    assert "第 1 轮，一共 2 轮（评过了）" in shown(page)
    assert page.number_input(key="panel-row-2026-12-w1-1-statements").value == 3
    press(page, "跳到没评的")
    assert "第 2 轮" in shown(page)


def test_a_second_judge_sees_nothing_of_the_first(page: AppTest, evaluation: FakeEvaluation) -> None:
    fill(come_in(page, "w1"), "w1", 1)
    press(page, "w1 · 换代号")

    html = shown(come_in(page, "w2"))

    assert "第 1 轮，一共 2 轮</h2>" in html
    assert page.number_input(key="panel-row-2026-12-w2-1-statements").value == 0


@pytest.mark.parametrize(
    ("chosen", "kept"), [("nobody", (False, None, False)), ("missed", (True, False, False)), ("alarm", (False, None, True))]
)
def test_danger_is_one_question(page: AppTest, evaluation: FakeEvaluation, chosen: str, kept: tuple[bool, bool | None, bool]) -> None:
    come_in(page, "w1")
    choose(page, "w1", 1, danger=chosen)

    fill(page, "w1", 1)

    row = evaluation.judged["w1", 1]
    assert (row.danger_turn, row.danger_help_first, row.false_alarm) == kept


def test_no_two_answers_share_a_key() -> None:
    keys = [key for choice in CHOICES for key in choice.keys.values()]

    assert len(keys) == len(set(keys))
    assert not {"C", "R", "0"} & set(keys)


def test_when_all_is_judged_it_says_so(page: AppTest) -> None:
    fill(come_in(page, "w1"), "w1", 1)
    fill(page, "w1", 2)

    assert "都评完了" in page.success[0].value


def test_results_have_intervals_n_agreement_and_the_worst_turns(page: AppTest, evaluation: FakeEvaluation) -> None:
    fill(come_in(page, "w1"), "w1", 1)
    page.button_group(key="evaluation-view").set_value("panels")
    page.run()

    html = shown(page)
    for told in ("75.0% [30.0, 95.0]（n=4）", "≥ 75 %", "外人，什么也没看过", "没接上前面的话 1 轮", "0.79", "c1 第 2 轮", "答非所问"):
        assert told in html
    assert "<i>y</i>" not in html


def test_without_a_judgement_there_are_no_results(page: AppTest) -> None:
    page.button_group(key="evaluation-view").set_value("panels")
    page.run()

    assert "还没有人评过" in page.info[0].value


def test_without_a_panel_it_says_what_to_do(page: AppTest, evaluation: FakeEvaluation) -> None:
    evaluation.panels = []
    page.run()

    assert "还没有可以评的对话" in page.info[0].value
