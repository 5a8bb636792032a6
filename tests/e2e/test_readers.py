"""What may go wrong around readers, and what each finds for herself: a cut line, two at once, a past day, a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from launched_product import Launched, open_page, pages_for
from line import Line, line_to
from playwright.sync_api import Browser, Page, expect
from reading import ask, assert_fits, choose, latest_answer, settle

pytestmark = pytest.mark.browser

LEAVE = "女职工生育产假国家规定是多少天？"
MARKETER = "互联网营销师有哪几个工种？"
EXPIRED = "四川省失业保险技能提升补贴（2023年度）"


@pytest.fixture
def open_at(browser: Browser, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Opens an address in a browser profile of its own, closed after the test."""

    def opened(address: str, width: int = 390, height: int = 844) -> Page:
        page = open_page(browser, address, width, height)
        request.addfinalizer(page.close)
        return page

    return opened


@pytest.fixture(scope="module")
def line_to_api(running: Launched) -> Iterator[Line]:
    """A line from pages to the API."""
    with line_to(running.api_port) as line:
        yield line


@pytest.fixture(scope="module")
def far_pages(line_to_api: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Pages that reach the API over that line."""
    with pages_for(line_to_api.address, tmp_path_factory.mktemp("far")) as address:
        yield address


def test_an_unclear_question_brings_choices_and_one_click_asks_the_chosen(phone: Page, pictures: Path) -> None:
    ask(phone, "补贴")
    expect(phone.locator('[data-hook="verdict"]').last).to_have_attribute("data-verdict", "clarify")
    choice = phone.locator('[class*="st-key-followup-1-1"] button')
    expect(choice).to_be_in_viewport()
    chosen = choice.inner_text()
    phone.screenshot(path=pictures / "phone-clarify.png")
    choice.click()

    expect(phone.locator('[data-hook="answer"]')).to_have_count(2)
    expect(phone.locator('[data-hook="question"]')).to_have_text(["补贴", chosen])


def test_two_readers_at_once_see_nothing_of_each_other(running: Launched, open_at: Callable[..., Page]) -> None:
    one, other = open_at(running.page), open_at(running.page, 1280, 900)
    ask(one, LEAVE)
    ask(other, MARKETER)

    assert "98" in latest_answer(one)
    assert "选品" in latest_answer(other)
    expect(one.locator('[data-hook="question"]')).to_have_text([LEAVE])
    expect(other.locator('[data-hook="question"]')).to_have_text([MARKETER])
    for page in (one, other):
        expect(page).to_have_url(re.compile(r"[?&]c=c-"))
        page.get_by_role("button", name="新的对话").click()
        expect(page.get_by_text("以前的对话（1）")).to_be_visible()
    assert one.url != other.url or "c=" not in one.url


def test_with_the_api_down_she_is_told_plainly_and_a_retry_answers_when_it_is_back(
    far_pages: str, line_to_api: Line, open_at: Callable[..., Page], pictures: Path
) -> None:
    page = open_at(far_pages)
    page.get_by_text("可以这样问").wait_for()
    line_to_api.cut()
    try:
        ask(page, LEAVE)
        expect(page.get_by_text("服务暂时连不上")).to_be_visible()
        expect(page.locator('[data-hook="question"]')).to_have_text([LEAVE])
        page.screenshot(path=pictures / "phone-api-down.png")
        page.get_by_role("link", name="查政策").click()
        expect(page.get_by_text("服务暂时连不上")).to_be_visible()
        page.get_by_role("link", name="问一问").click()
        expect(page.locator('[data-hook="question"]')).to_have_text([LEAVE])
    finally:
        line_to_api.mend()
    page.get_by_role("button", name="再试一次").click()

    assert "98" in latest_answer(page)
    expect(page.locator('[data-hook="question"]')).to_have_text([LEAVE])


def test_an_answer_is_there_on_return_when_the_telephones_connection_was_cut(running: Launched, open_at: Callable[..., Page]) -> None:
    with line_to(running.page_port) as line:
        page = open_at(line.address)
        box = page.get_by_test_id("stChatInput").locator("textarea")
        box.fill(LEAVE)
        box.press("Enter")
        page.wait_for_url(re.compile(r"[?&]c=c-"))
        expect(page.locator('[data-hook="question"]')).to_be_visible()  # what draws it has been fetched, and is not cut off half-way
        line.cut()
        expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        line.mend()

        expect(page.locator('[data-hook="answer"]')).to_contain_text("98", timeout=60_000)
        expect(page.locator('[data-hook="question"]')).to_have_text([LEAVE])
        page.reload()
        expect(page.locator('[data-hook="question"]')).to_have_text([LEAVE])
        assert "98" in latest_answer(page)


def test_a_past_day_shows_what_held_then_and_says_so(desktop: Page, pictures: Path) -> None:
    desktop.get_by_role("link", name="查政策").click()
    expect(desktop.locator('[data-hook="entry"]').first).to_be_visible()
    desktop.get_by_text("更多条件").click()
    desktop.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    desktop.keyboard.type("20230601", delay=30)
    desktop.keyboard.press("Escape")
    desktop.keyboard.press("Tab")
    expect(desktop.locator('[data-hook="day"]')).to_contain_text("2023-06-01")
    choose(desktop, "状态", "现行")
    choose(desktop, "年份", "2023")
    desktop.keyboard.press("Escape")

    entry = desktop.locator(".stVerticalBlock", has=desktop.locator('[data-hook="entry"]', has_text=EXPIRED)).last
    expect(entry).to_contain_text("现行")
    desktop.screenshot(path=pictures / "desktop-policies-past-day.png")
    entry.get_by_role("button", name="看条文").click()
    expect(desktop.locator('[data-hook="document"]')).to_contain_text("现行")
    expect(desktop.locator('[data-hook="day"]')).to_contain_text("2023-06-01")
    desktop.goto(re.sub(r"&on=[^&]*|on=[^&]*&", "", desktop.url))
    expect(desktop.locator('[data-hook="document"]')).to_contain_text("已失效")


def test_the_keyboard_alone_asks_opens_a_source_and_comes_back(desktop: Page) -> None:
    box = desktop.get_by_test_id("stChatInput").locator("textarea")
    box.wait_for()
    for _ in range(40):
        if desktop.evaluate("document.activeElement.matches('[data-testid=stChatInput] textarea')"):
            break
        desktop.keyboard.press("Tab")
    desktop.keyboard.type(LEAVE)
    desktop.keyboard.press("Enter")
    assert "98" in latest_answer(desktop)
    settle(desktop)
    for _ in range(60):
        if desktop.evaluate("document.activeElement.matches('button.marker')"):
            break
        desktop.keyboard.press("Shift+Tab")
    marker = desktop.evaluate("document.activeElement.getAttribute('aria-label')")
    assert marker.endswith("打开出处")
    desktop.keyboard.press("Enter")
    dialog = desktop.get_by_role("dialog")
    expect(dialog.locator("mark").first).to_be_visible()
    expect(dialog).to_be_focused()
    desktop.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    assert desktop.evaluate("document.activeElement.getAttribute('aria-label')") == marker


def test_large_type_is_larger_everywhere_and_still_fits(phone: Page, pictures: Path) -> None:
    phone.get_by_text("可以这样问").wait_for()
    settle(phone)
    size = "parseFloat(getComputedStyle(document.querySelector('.lead')).fontSize)"
    before = phone.evaluate(size)
    phone.get_by_role("button", name="大字").click()

    assert phone.evaluate(size) >= 1.2 * before
    phone.get_by_role("link", name="学技能").click()
    expect(phone.get_by_text("先点一下您做的行业")).to_be_visible()
    assert_fits(phone)
    phone.get_by_role("link", name="问一问").click()
    ask(phone, LEAVE)
    latest_answer(phone)
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-large-type.png")


def test_a_conversation_is_named_and_found_by_its_name_after_a_reload(phone: Page) -> None:
    phone.get_by_role("button", name="四川现在产假多少天？").click()
    latest_answer(phone)
    phone.get_by_role("button", name="改名").click()
    name = phone.get_by_role("dialog").get_by_role("textbox", name="名字")
    name.fill("给小张看的产假")
    phone.get_by_role("button", name="就叫这个").click()
    expect(phone.get_by_role("dialog")).to_have_count(0)
    phone.get_by_role("button", name="新的对话").click()
    phone.get_by_text("以前的对话（1）").wait_for()
    phone.reload()
    phone.get_by_text("以前的对话（1）").click()
    phone.get_by_role("button", name="给小张看的产假", exact=True).click()

    assert "188" in latest_answer(phone)


def test_a_self_check_says_at_once_what_the_material_says(phone: Page, pictures: Path) -> None:
    phone.goto(re.sub(r"^(https?://[^/]+).*", r"\1", phone.url) + "/learning?occupation=工厂一线&goal=考证")
    phone.get_by_text("学完了？自己测一测").click()
    question = phone.locator('[class*="st-key-quiz-"]', has=phone.locator('[data-hook="quiz"]')).last
    question.get_by_role("radio").or_(question.get_by_role("button")).first.click()
    expect(phone.locator('[data-hook="quiz-result"]')).to_be_visible()
    phone.locator('[data-hook="quiz"]').nth(1).scroll_into_view_if_needed()
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-quiz.png")
