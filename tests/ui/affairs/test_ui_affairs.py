"""「办事」 over the real service: fill in, read the figure, count the days, look at the letter, see what applies."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant_server import Service, serve
from streamlit.testing.v1 import AppTest

from assistant.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def service(small_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("affairs") / "data"
    shutil.copytree(small_data_dir, data_dir)
    with serve(Settings(data_dir=data_dir)) as running:
        yield running


@pytest.fixture(autouse=True)
def address(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_API_URL", service.url)


def opened(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=30).run()
    page.switch_page("screens/affairs.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_a_compensation_is_worked_out_step_by_step() -> None:
    page = opened(tab="tool", tool="compensation")
    page.text_input(key="compensation-worked").set_value("8年")
    page.number_input(key="compensation-wage").set_value(4000.0)
    page.button(key="compute-compensation").click().run()

    html = shown(page)
    assert "经济补偿（N）是8个月工资，32000元" in html
    assert "4000元 × 8 = 32000元" in html
    assert "以官方发布为准" in html


def test_what_is_missing_is_asked_for() -> None:
    page = opened(tab="tool", tool="retirement")
    page.text_input(key="retirement-birth").set_value("1976-05")
    page.button(key="compute-retirement").click().run()
    assert "你的岗位原来是几岁退休" in page.info[0].value

    page.button_group(key="retirement-job").set_value("worker").run()
    assert "法定退休时间是2027年2月" in shown(page)


def test_a_slip_is_told_in_words() -> None:
    page = opened(tab="tool", tool="compensation")
    page.text_input(key="compensation-worked").set_value("很久")
    page.button(key="compute-compensation").click().run()

    assert "几年几个月" in page.error[0].value


def test_a_deadline_tells_the_last_day() -> None:
    page = opened(tab="deadline", deadline="arbitration")
    page.date_input(key="start-arbitration").set_value(dt.date(2026, 3, 1)).run()

    html = shown(page)
    assert "最后一天是2027年3月1日" in html
    assert "怎么数的" in html


def test_a_letter_is_shown_before_it_is_taken_along() -> None:
    page = opened(tab="letter", letter="wages")
    page.text_input(key="wages-total").set_value("8000元<script>")
    page.button(key="preview-wages").click().run()

    html = shown(page)
    assert "合计8000元&lt;script&gt;。" in html
    assert "还有空着的" in page.warning[0].value
    assert "12351" in html


def test_plain_questions_lead_to_what_applies() -> None:
    page = opened(tab="rights")
    page.button_group(key="situation").set_value("birth").run()
    page.button_group(key="answer-birth-stage").set_value("pregnant").run()

    html = shown(page)
    assert "产检" in html
    assert "流产休15天" not in html


def test_the_address_leads_from_one_tab_to_another() -> None:
    page = opened(tab="rights")
    page.query_params["tab"], page.query_params["letter"] = "letter", "leave_request"
    page.run()

    assert "产检、产假、哺乳时间写给单位的条子" in shown(page)
