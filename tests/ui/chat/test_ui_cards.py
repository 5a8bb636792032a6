"""Cards beside an answer: every field with the way to its words, or told to be missing."""

from __future__ import annotations

import html as html_module
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_fake_api import LAW, QUOTE, FakeApi

ROOT = Path(__file__).parents[3]


@pytest.fixture
def page(api: FakeApi) -> AppTest:
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.chat_input(key="question").set_value("产假清单").run()
    return page


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def card(page: AppTest, kind: str) -> str:
    """The HTML that begins with the head of the card of this kind."""
    (found,) = [body for body in shown(page).split('<div data-hook="card" ') if body.startswith(f'data-kind="{kind}"')]
    return found


def opener(html: str, name: str) -> str:
    """The key of the button that a button in the HTML with this spoken name stands for."""
    return re.findall(rf'aria-label="{name}" data-opens="([^"]*)"', html)[0]


def test_a_checklist_shows_each_field_or_says_that_it_is_not_stated_and_can_be_copied(page: AppTest) -> None:
    html = card(page, "checklist")

    assert "产假：申请清单" in html
    assert QUOTE in html
    assert "— 文件未载明" in html
    assert '<p class="plain">2012-04-28 起施行</p>' in html
    (copied,) = re.findall(r'data-action="copy"[^>]*data-text="([^"]*)"', html.split("</dl>")[1].split("</div>")[0])
    for told in ("产假：申请清单", f"多少：{QUOTE}", "在哪办：文件未载明", f"《{LAW}》", "以官方发布为准"):
        assert told in html_module.unescape(copied)


def test_a_field_opens_its_passage_with_the_quote_marked(page: AppTest) -> None:
    key = opener(card(page, "checklist"), f"看原文：《{LAW}》第七条")
    page.button(key=key).click().run()

    assert f"<mark>{QUOTE}</mark>" in shown(page)


def test_a_path_leads_to_its_page_and_names_other_paths(page: AppTest) -> None:
    html = card(page, "path")

    for told in ("《AI使用安全》", "先学怎样不泄密。", "要多久：文件未载明", "您也可以选"):
        assert told in html
    labels = [link.label for link in page.get("page_link")]
    assert "到“学技能”照着学" in labels
    assert "护士 · 手机与防骗 · 入门" in labels


def test_studios_tell_why_they_fit_how_old_their_figures_are_and_open(page: AppTest) -> None:
    html = card(page, "studios")
    for told in ("先看这 1 个，一共 3 个", "数字是报道当时的口径。", "资料时间 2024-06", '<span class="badge">医护</span>'):
        assert told in html

    page.button(key=opener(html, "打开：张静护理创新工作室")).click().run()

    assert "第十四条 怎么投诉" in shown(page)


def test_two_rules_stand_side_by_side_each_with_its_standing(page: AppTest) -> None:
    html = card(page, "comparison")

    assert "已失效" in html
    assert "现行" in html
    assert html.index("产假天数") < html.index("— 文件未载明") < html.index(QUOTE)
