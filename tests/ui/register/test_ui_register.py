"""「查政策」 in depth: versions, comparison, citing, related material, the saved list and briefs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_fake_api import LAW, FakeApi

from ui.client import Client, RejectedError

ROOT = Path(__file__).parents[3]
SLUG = "nv-zhigong-laodong-baohu-tebie-guiding"
SAVE = f"save-{SLUG}"


@pytest.fixture
def page(api: FakeApi) -> AppTest:
    return opened()


def opened(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.switch_page("screens/policies.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_year_topic_and_order_are_asked_for(api: FakeApi, page: AppTest) -> None:
    page.selectbox(key="year").select("2012").run()
    page.selectbox(key="topic").select("女职工特殊保护").run()
    page.button_group(key="sort").set_value("newest").run()

    assert api.searched[-1] | {"year": "2012", "topic": "女职工特殊保护", "sort": "newest"} == api.searched[-1]


def test_the_timeline_leads_to_a_comparison_with_the_older_on_the_left(api: FakeApi) -> None:
    page = opened(doc="dT")
    assert shown(page).index("女职工劳动保护规定") < shown(page).index("您正在看这一版")

    page.button(key="compare-d0").click().run()

    assert (page.query_params["doc"], page.query_params["with"]) == ("d0", SLUG)
    html = shown(page)
    assert "享受9<mark>0</mark>天产假" in html
    assert "享受9<mark>8</mark>天产假&lt;b&gt;" in html
    assert "只有一边有" in html


def test_the_timeline_tells_from_when_to_when_each_version_held(api: FakeApi) -> None:
    html = shown(opened(doc="dT"))

    assert "1988-09-01 起施行，到 2012-04-28 换成新的一版" in html
    assert "2012-04-28 起施行<" in html


def test_a_past_day_is_told_and_goes_along_to_the_document(api: FakeApi, page: AppTest) -> None:
    assert "不一定是现在的规定" not in shown(page)
    page.date_input(key="as_of").set_value(date(2020, 1, 1)).run()
    assert "下面是按 2020-01-01 那天算的" in shown(page)
    assert api.searched[-1]["as_of"] == "2020-01-01"

    page.button(key="document-dT").click().run()

    assert (page.query_params["doc"], page.query_params["on"]) == ("dT", "2020-01-01")
    assert "下面是按 2020-01-01 那天算的" in shown(page)
    assert {"as_of": "2020-01-01"} in api.read


def test_an_address_with_a_day_that_is_none_shows_today(api: FakeApi) -> None:
    assert "不一定是现在的规定" not in shown(opened(doc="dT", on="昨天"))


def test_any_other_policy_can_be_set_beside(api: FakeApi) -> None:
    page = opened(doc="dT")
    page.selectbox(key="compare-with").select("d0").run()
    page.button(key="compare-go").click().run()

    assert (page.query_params["doc"], page.query_params["with"]) == (SLUG, "d0")


def test_a_clause_can_be_cited_with_title_clause_and_number(api: FakeApi) -> None:
    assert f'data-text="《{LAW}》第七条（国务院令第619号）"' in shown(opened(doc="dT"))


def test_related_cases_are_offered_and_open(api: FakeApi) -> None:
    page = opened(doc="dT")

    assert page.button(key="related-al-jiazheng-1").label == "《川妹子家政》"


def test_a_saved_document_is_listed_exported_and_taken_back(api: FakeApi, page: AppTest) -> None:
    page.button(key=SAVE).click().run()
    assert page.button(key=f"open-saved-{SLUG}").label == f"《{LAW}》"

    page.button(key="export-saved").click().run()
    assert [(brief["doc"], brief["format"]) for brief in api.briefs] == [([SLUG], ["docx"]), ([SLUG], ["pdf"])]
    assert [button.label for button in page.get("download_button")] == ["下载 Word", "下载 PDF"]

    page.button(key=f"unsave-{SLUG}").click().run()
    assert f"unsave-{SLUG}" not in [button.key for button in page.button]


def test_a_machine_without_fonts_still_gives_word_and_says_why(api: FakeApi, page: AppTest) -> None:
    api.without_font = True
    page.button(key=SAVE).click().run()
    page.button(key="export-saved").click().run()

    assert [button.label for button in page.get("download_button")] == ["下载 Word"]
    assert "没有中文字体" in page.warning[0].value


def test_the_client_reads_versions_comparisons_and_briefs(api: FakeApi, client: Client) -> None:
    assert [document.doc_id for document in client.versions("dT").items] == ["d0", "dT"]
    assert client.comparison("d0", "dT").rows[0].likeness == 90
    assert client.brief(["d0", "dT"], "docx") == b"BRIEF"
    api.without_font = True
    with pytest.raises(RejectedError, match="没有中文字体"):
        client.brief(["d0"], "pdf")
