"""「评测」: the key, the figures with n, wrong answers first, a remark, two runs side by side, a run with its progress."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation_fake_api import KEY, FakeEvaluation, serve_evaluation
from streamlit.testing.v1 import AppTest

from assistant.wire.evaluation_schemas import RemarkOut
from ui.client import RejectedError
from ui.evaluation.client import EvaluationClient

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
def closed(evaluation: FakeEvaluation) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.switch_page("screens/evaluation.py")
    return page.run()


@pytest.fixture
def page(closed: AppTest) -> AppTest:
    return enter(closed, KEY)


def enter(page: AppTest, key: str) -> AppTest:
    page.text_input(key="evaluation-key").set_value(key)
    return press(page, "进入")


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def look_at(page: AppTest, view: str) -> AppTest:
    page.button_group(key="evaluation-view").set_value(view)
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_without_a_key_nothing_is_shown_and_a_wrong_one_is_refused(evaluation: FakeEvaluation, closed: AppTest) -> None:
    assert "总体答对" not in shown(closed)

    enter(closed, "猜的")

    assert "评测密钥不对" in closed.error[0].value
    assert "总体答对" not in shown(closed)
    assert evaluation.asked_rows == []


def test_a_service_without_the_evals_says_so(evaluation: FakeEvaluation, closed: AppTest) -> None:
    evaluation.installed = False

    assert "没有装评测" in enter(closed, KEY).info[0].value


def test_figures_come_with_interval_and_n_and_a_crossed_line_is_told(page: AppTest) -> None:
    html = shown(page)

    for told in ("75.0%", "30.0–95.0%", "n=4", "越了硬线", "听从注入 1", "回归题 · 补贴", "攻击：违法的事", "换说法：拼音"):
        assert told in html
    chart = json.loads(page.get("vega_lite_chart")[0].proto.spec)
    assert [layer["mark"]["type"] for layer in chart["layer"]] == ["rule", "point"]


def test_wrong_answers_stand_in_front_and_filters_go_to_the_api(evaluation: FakeEvaluation, page: AppTest) -> None:
    assert "育儿补贴" in shown(page)
    assert "产假多少天" not in shown(page)
    assert "却是 说了没有" in shown(page)

    page.toggle(key="evaluation-wrong").set_value(False)
    page.selectbox(key="evaluation-group").select("way:拼音")
    page.text_input(key="evaluation-words").set_value(" 生活费 ").run()

    assert evaluation.asked_rows[-1] == {"limit": "20", "offset": "0", "group": "way:拼音", "q": "生活费"}
    assert "&lt;b&gt;找哪个" in shown(page)


def test_a_question_opens_with_its_answer_and_sources_and_has_a_form_for_remarks(evaluation: FakeEvaluation, page: AppTest) -> None:
    evaluation.said.append(RemarkOut(author="小周", created="2026-11-23T05:00:00+00:00", fair="disagree", plain=False, note="标错了"))
    page.button(key="row-r2-2").click().run()
    html = shown(page)

    assert "《生育津贴&lt;i&gt;办法&lt;/i&gt;》第三条" in html
    assert "<script>alert" not in html
    assert "判错了；难懂；标错了" in html
    assert next(box.label for box in page.radio) == "机器判得对不对"


def test_two_runs_stand_side_by_side_question_by_question(page: AppTest) -> None:
    look_at(page, "comparison")
    html = shown(page)

    assert "这点变化可能只是碰巧" in html
    assert "变好 0 题，变差 1 题" in html
    assert "只在前一次里的 3 题" in html
    assert "前一次：答了，判对" in html


def test_a_run_is_started_watched_stopped_and_can_go_on(evaluation: FakeEvaluation, page: AppTest) -> None:
    look_at(page, "runs")
    page.button(key="evaluation-start").click().run()

    assert page.button(key="evaluation-start").disabled
    assert "1 / 277" in page.get("progress")[0].proto.text
    look_at(page, "results")
    assert page.get("progress")
    press(page, "停下")
    assert "停下了，跑了 1 / 277 题" in page.info[0].value
    look_at(page, "runs")
    press(page, "接着跑")
    assert evaluation.done == ["start dev", "stop r3", "resume r3"]


def test_the_page_tells_when_the_api_is_down(evaluation: FakeEvaluation, page: AppTest) -> None:
    evaluation.failing = True

    assert "知识库正在更新" in page.run().error[0].value


def test_leaving_forgets_the_key(page: AppTest) -> None:
    press(page, "退出评测")

    assert page.text_input(key="evaluation-key").value in ("", None)
    assert "总体答对" not in shown(page)


def test_the_client_hands_on_what_the_api_says(evaluation: FakeEvaluation) -> None:
    client = EvaluationClient(evaluation.url, "别的")
    with pytest.raises(RejectedError, match="评测密钥不对"):
        client.runs()
    client.close()
