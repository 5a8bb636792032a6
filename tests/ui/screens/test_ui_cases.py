"""「看案例」: the gallery with its filters and chart, and the cases that resemble ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_fake_api import FakeApi

ROOT = Path(__file__).parents[3]


@pytest.fixture
def page(api: FakeApi) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.switch_page("screens/cases.py")
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_a_case_shows_who_leads_it_where_and_how_old_its_sources_are(page: AppTest) -> None:
    html = shown(page)

    assert "共 3 个案例" in html
    for told in ("护理创新工作室", "省医院", "张静", "四川省成都市", "2024-05", "医护"):
        assert told in html
    assert "夜校&lt;b&gt;培训&lt;/b&gt;" in html


def test_sector_and_province_narrow_the_gallery(page: AppTest) -> None:
    assert page.selectbox(key="cases-sector").options == ["全部", "家政", "医护", "培训"]
    page.selectbox(key="cases-sector").select("家政").run()
    assert "共 2 个案例" in shown(page)

    page.selectbox(key="cases-province").select("上海市").run()

    assert "共 1 个案例" in shown(page)


def test_a_technology_narrows_the_gallery_and_has_a_chart_of_its_own(page: AppTest) -> None:
    assert page.selectbox(key="cases-technology").options == ["全部", "直播带货", "AI"]
    assert "案例里写到这项技术就算一个" in shown(page)
    assert "直播带货 2，AI 1" in shown(page)

    page.selectbox(key="cases-technology").select("直播带货").run()

    assert "共 2 个案例" in shown(page)


def test_words_are_looked_for_in_the_text_of_cases(api: FakeApi, page: AppTest) -> None:
    page.text_input(key="cases-query").set_value("派单").run()

    assert "共 1 个案例" in shown(page)
    assert api.searched[-1]["kind"] == "case"
    assert api.searched[-1]["q"] == "派单"


def test_the_chart_counts_a_case_under_each_of_its_sectors_and_tells_n_and_dates(page: AppTest) -> None:
    html = shown(page)
    chart = json.loads(page.get("vega_lite_chart")[0].proto.spec)

    assert "（n=3）" in html
    assert "2023-01 至 2025-09" in html
    assert [layer["encoding"]["x"]["title"] for layer in chart["layer"]] == ["案例数（个）"] * 2
    assert [layer["encoding"]["y"]["title"] for layer in chart["layer"]] == ["行业"] * 2


def test_cases_that_resemble_ours_are_searched_by_sector_and_technology(api: FakeApi, page: AppTest) -> None:
    page.button_group(key="cases-view").set_value("near").run()
    assert "先点一样" in page.info[0].value

    page.selectbox(key="near-sector").select("家政").run()
    page.button_group(key="near-technologies").set_value(["小程序"]).run()

    assert api.searched[-1]["q"] == "家政 小程序"
    assert "用小程序派单。" in shown(page)


def test_the_page_tells_when_the_api_is_down(api: FakeApi, page: AppTest) -> None:
    api.failing = True

    assert "知识库正在更新" in page.run().error[0].value
