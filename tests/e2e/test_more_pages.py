"""What readers do on the other pages, in a real browser: tick off and come back, save, compare, export, find a conversation again."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

NEW = "nzg-sichuan-jiaqi-zhidao-yijian-2025"


def at(page: Page, path: str) -> None:
    page.goto(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + path)


def test_what_was_ticked_off_is_there_after_a_reload_and_in_a_bare_visit(phone: Page) -> None:
    at(phone, "/learning?occupation=教师&goal=用AI减负")
    ticks = phone.get_by_role("checkbox", name="学过了")
    expect(phone.locator('[class*="st-key-learned-"][class*="-kept"]').first).to_be_visible()  # the browser's list has arrived
    phone.locator(".stCheckbox label").first.click()
    expect(phone.locator('[data-hook="progress"]')).to_contain_text("学了 1 篇")

    phone.reload()
    expect(ticks.first).to_be_checked()
    at(phone, "/learning?occupation=教师&goal=用AI减负")
    expect(ticks.first).to_be_checked()


def test_versions_are_compared_side_by_side_on_a_desktop(desktop: Page) -> None:
    at(desktop, f"/policies?doc={NEW}")
    desktop.get_by_role("button", name="对照着看").first.click()

    expect(desktop.locator('[data-hook="comparison-row"]').first).to_be_visible()
    expect(desktop).to_have_url(re.compile(r"doc=nzg-sichuan-yuerjia-2021.*with=" + NEW))


def test_a_saved_list_survives_a_reload_and_becomes_files_that_open(desktop: Page, tmp_path: Path) -> None:
    at(desktop, f"/policies?doc={NEW}")
    desktop.get_by_role("button", name="存下来").click()
    expect(desktop.get_by_role("button", name="不存了")).to_be_visible()
    at(desktop, "/policies")
    desktop.get_by_text("我存的文件（1）").click()
    desktop.get_by_role("button", name="导出简报").click()

    texts = {}
    for name in ("Word", "PDF"):
        button = desktop.get_by_role("button", name=f"下载 {name}")
        if name == "PDF" and desktop.get_by_text("没有中文字体").is_visible():
            continue
        with desktop.expect_download() as downloading:
            button.click()
        path = tmp_path / downloading.value.suggested_filename
        downloading.value.save_as(path)
        if name == "Word":
            texts[name] = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(path.read_bytes())).paragraphs)
        else:
            with pypdfium2.PdfDocument(path) as file:
                texts[name] = file[0].get_textpage().get_text_range()
    assert all("川卫发〔2025〕14号" in text and "资料来源" in text for text in texts.values())


def test_an_earlier_conversation_is_found_again_in_this_browser(phone: Page) -> None:
    phone.get_by_role("button", name="四川现在产假多少天？").click()
    expect(phone.locator('[data-hook="answer"]')).to_be_visible()
    phone.get_by_role("button", name="新的对话").click()
    at(phone, "/")
    phone.get_by_text("以前的对话（1）").click()
    phone.get_by_role("button", name="四川现在产假多少天？").last.click()

    expect(phone.locator('[data-hook="answer"]')).to_contain_text("188")
    expect(phone).to_have_url(re.compile(r"[?&]c=c-"))


def test_a_page_opened_by_its_address_has_its_frame_and_is_quick_when_warm(desktop: Page) -> None:
    for path, awaited in (("/cases", '[data-hook="case"]'), ("/policies", '[data-hook="entry"]')):
        at(desktop, path)
        expect(desktop.locator(awaited).first).to_be_visible()
        expect(desktop.get_by_role("link", name="问一问")).to_be_visible()
