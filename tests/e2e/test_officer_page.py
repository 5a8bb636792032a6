"""What the officer does, in a real browser: let herself in, hand in files, publish, see them cited, and take them back."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from launched_product import ADMIN_KEY, Launched
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

NOTICE = "蓉城纺织女职工夜校通知\n\n蓉城纺织女职工夜校2026年秋季班每周三晚上七点上课，报名费为36元，联系人是车间工会小组长。\n"
ASKED = "蓉城纺织女职工夜校报名费多少钱？"


def let_in(page: Page, key: str = ADMIN_KEY) -> None:
    page.goto(urljoin(page.url, "/knowledge"))
    page.get_by_label("您怎么称呼").fill("李主席")
    page.get_by_label("管理密钥").fill(key)
    page.get_by_role("button", name="进去").click()


def go_to(page: Page, part: str) -> None:
    desk = page.locator(".st-key-desk")
    desk.get_by_role("radio", name=part).or_(desk.get_by_role("button", name=part)).click()


def test_she_hands_in_two_files_publishes_sees_the_answer_cite_hers_and_goes_back(desktop: Page, running: Launched, pictures: Path) -> None:
    before = httpx.get(f"{running.api}/readyz").json()["generation"]
    let_in(desktop, "falsch")
    expect(desktop.get_by_text("密钥不对")).to_be_visible()
    desktop.get_by_label("管理密钥").fill(ADMIN_KEY)
    desktop.get_by_role("button", name="进去").click()
    expect(desktop.locator('[data-hook="officer"]')).to_contain_text("李主席")
    assert ADMIN_KEY not in desktop.url

    desktop.locator('input[type="file"]').set_input_files(
        [
            {"name": "夜校通知.txt", "mimeType": "text/plain", "buffer": NOTICE.encode("gb18030")},
            {"name": "坏了.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 broken"},
        ]
    )
    desktop.get_by_role("button", name="读一读这 2 个文件").click()
    expect(desktop.locator('[data-hook="draft"]')).to_contain_text("蓉城纺织女职工夜校通知")
    expect(desktop.get_by_text(re.compile("读不了：.*PDF"))).to_be_visible()
    desktop.get_by_text("看看怎么分段").click()
    expect(desktop.locator('[data-hook="preview"]').last).to_contain_text("报名费为36元")
    desktop.get_by_text("改信息").click()
    desktop.get_by_label("有效期至").fill("明年")
    desktop.get_by_label("适用地区").fill("四川省")
    desktop.get_by_role("button", name="保存修改").click()
    expect(desktop.get_by_text("有效期至“明年”不是日期")).to_be_visible()
    expect(desktop.get_by_label("有效期至")).to_have_count(1)  # the former form is gone
    desktop.get_by_label("有效期至").fill("2027-12")
    desktop.screenshot(path=pictures / "desktop-officer-correction.png")
    desktop.get_by_role("button", name="保存修改").click()
    expect(desktop.locator('[data-hook="draft"]')).to_contain_text("2027-12")
    desktop.screenshot(path=pictures / "desktop-officer-drafts.png")
    assert httpx.get(f"{running.api}/readyz").json()["generation"] == before

    desktop.get_by_role("button", name="发布这 1 份").click()
    expect(desktop.get_by_text(re.compile("发布好了.*新增 1 篇"))).to_be_visible(timeout=60_000)
    desktop.screenshot(path=pictures / "desktop-officer-published.png", full_page=True)
    answer = httpx.post(f"{running.api}/v1/ask", json={"question": ASKED}, timeout=30).json()
    assert "36元" in answer["text"]
    assert "夜校通知" in answer["citations"][0]["title"]

    go_to(desktop, "版本")
    expect(desktop.locator('[data-hook="generation"]').first).to_contain_text("李主席 发布")
    desktop.get_by_role("button", name="回到这个版本").first.click()
    expect(desktop.get_by_text(re.compile("已经回到 .* 的版本"))).to_be_visible()
    assert httpx.get(f"{running.api}/readyz").json()["generation"] == before
    assert "36元" not in httpx.post(f"{running.api}/v1/ask", json={"question": ASKED}, timeout=30).json()["text"]

    go_to(desktop, "修改记录")
    expect(desktop.locator('[data-hook="change"]').first).to_contain_text("回到以前的版本")
    expect(desktop.get_by_text("李主席").first).to_be_visible()


def test_the_key_is_gone_after_a_reload(phone: Page) -> None:
    let_in(phone)
    expect(phone.locator('[data-hook="officer"]')).to_be_visible()

    phone.reload()

    expect(phone.get_by_label("管理密钥")).to_have_value("")
