"""What a reader does, in a real browser: ask, read, open a source, come back, ring, look up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reading import ask, assert_fits, choose, latest_answer

pytestmark = pytest.mark.browser

QUESTION = "女职工生育产假国家规定是多少天？"


def test_on_a_phone_she_asks_reads_opens_the_source_and_finds_it_all_again_after_a_reload(phone: Page, pictures: Path) -> None:
    expect(phone.get_by_text("可以这样问")).to_be_visible()
    phone.screenshot(path=pictures / "phone-empty.png")
    ask(phone, QUESTION)

    said = latest_answer(phone)
    assert "98" in said
    expect(phone.locator('[data-hook="verdict"]').last).to_have_attribute("data-verdict", "answered")
    expect(phone.locator('[data-hook="label"]').last).to_contain_text("摘录")
    expect(phone.locator('[data-hook="question"]').last).to_be_in_viewport()
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-answer.png")

    phone.locator('[class*="st-key-source-1-1"] button').click()
    dialog = phone.get_by_role("dialog")
    marked = dialog.locator("mark").first
    expect(marked).to_be_visible()
    assert "98" in "".join(dialog.locator("mark").all_inner_texts())
    expect(dialog).to_contain_text("女职工劳动保护特别规定")
    expect(dialog).to_contain_text("以官方发布为准")
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-source.png")
    phone.keyboard.press("Escape")

    expect(phone).to_have_url(re.compile(r"[?&]c=c-"))
    address = phone.url
    phone.reload()
    assert latest_answer(phone) == said
    expect(phone.locator('[data-hook="question"]')).to_have_text([QUESTION])
    assert phone.url == address


def test_a_follow_up_stays_in_the_same_conversation(phone: Page, pictures: Path) -> None:
    ask(phone, "互联网营销师有哪几个工种？")
    latest_answer(phone)
    expect(phone).to_have_url(re.compile(r"[?&]c=c-"))
    address = phone.url
    ask(phone, "那五级要学好多学时")

    expect(phone.locator('[data-hook="answer"]')).to_have_count(2)
    assert phone.url == address
    expect(phone.locator('[data-hook="question"]')).to_have_text(["互联网营销师有哪几个工种？", "那五级要学好多学时"])
    phone.screenshot(path=pictures / "phone-follow-up.png")


def test_a_question_without_an_answer_shows_a_number_to_ring(phone: Page, pictures: Path) -> None:
    ask(phone, "《女职工劳动保护特别规定》第三条写的什么？")

    latest_answer(phone)
    expect(phone.locator('[data-hook="verdict"]').last).to_have_attribute("data-verdict", "abstained")
    dial = phone.locator('[data-hook="referrals"] a[href^="tel:"]').first
    expect(dial).to_be_visible()
    assert re.fullmatch(r"tel:\d+", str(dial.get_attribute("href")))
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-abstained.png")


def test_a_starter_question_is_answered_by_one_click_and_judged_by_another(desktop: Page, pictures: Path) -> None:
    desktop.get_by_role("button", name="四川现在产假多少天？").click()

    assert "188" in latest_answer(desktop)
    thumbs = desktop.get_by_test_id("stFeedback").or_(desktop.locator('[class*="st-key-feedback-"]')).last
    thumbs.get_by_role("button").or_(thumbs.get_by_role("radio")).first.click()
    expect(desktop.get_by_text("谢谢您，我们记下了。")).to_be_visible()
    desktop.screenshot(path=pictures / "desktop-answer.png")


def test_policies_are_listed_searched_filtered_and_read_clause_by_clause(desktop: Page, pictures: Path) -> None:
    desktop.get_by_role("link", name="查政策").click()
    total = desktop.locator('[data-hook="total"]')
    expect(total).to_be_visible()
    everything = int(re.sub(r"\D", "", total.inner_text()))
    desktop.screenshot(path=pictures / "desktop-policies.png")

    desktop.get_by_text("更多条件").click()
    choose(desktop, "状态", "征求意见稿")
    expect(total).not_to_have_text(f"共 {everything} 篇")
    entries = desktop.locator('[data-hook="entry"]')
    assert 0 < int(re.sub(r"\D", "", total.inner_text())) < everything
    expect(entries.first).to_contain_text("征求意见稿")
    expect(entries.filter(has_not_text="征求意见稿")).to_have_count(0)
    desktop.screenshot(path=pictures / "desktop-policies-drafts.png")

    desktop.goto(desktop.url.split("?")[0])
    box = desktop.get_by_role("searchbox").or_(desktop.get_by_label(re.compile("想查什么"))).first
    box.fill("女职工劳动保护特别规定 产假")
    box.press("Enter")
    hit = desktop.locator('[data-hook="hit"]').first
    expect(hit).to_contain_text("女职工劳动保护特别规定")
    desktop.get_by_role("button", name="看这一条").first.click()
    expect(desktop.locator('[data-hook="document"]')).to_contain_text("国务院令第619号")
    expect(desktop.locator('[data-hook="clause"]').nth(5)).to_be_attached()
    desktop.screenshot(path=pictures / "desktop-clauses.png")


def test_the_policy_page_fits_a_phone(phone: Page, pictures: Path) -> None:
    phone.get_by_role("link", name="查政策").click()

    expect(phone.locator('[data-hook="entry"]').first).to_be_visible()
    expect(phone.get_by_placeholder("例如：育儿假、生育津贴")).to_be_visible()
    assert_fits(phone)
    phone.screenshot(path=pictures / "phone-policies.png")
