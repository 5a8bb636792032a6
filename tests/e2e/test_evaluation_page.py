"""What an evaluator does, in a real browser: hand in questions, run them, see what went wrong, note it, take it along, compare."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from launched_product import Launched, enter_key
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

QUESTIONS = (
    ("女职工生育产假国家规定是多少天？", "回答", "98"),
    ("怎么修拖拉机的变速箱？", "说没有", ""),
    ("全国总工会的服务热线是多少？", "回答", "99999"),
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three questions, the last of which is labelled so that its answer must be judged wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("问题", "应当", "必须说到"), *QUESTIONS):
        sheet.append(row)
    book.save(tmp_path / "我们的题.xlsx")
    return tmp_path / "我们的题.xlsx"


def test_she_hands_in_questions_runs_them_sees_a_failure_notes_it_and_takes_it_along(
    desktop: Page, running: Launched, table: Path, tmp_path: Path, pictures: Path
) -> None:
    desktop.goto(f"{running.page}/evaluation")
    enter_key(desktop)
    desktop.get_by_text("跑一次").click()
    desktop.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(table)
    desktop.get_by_role("button", name="上传", exact=True).click()
    expect(desktop.get_by_text("收下了“我们的题”，3 题")).to_be_visible()
    desktop.screenshot(path=pictures / "desktop-evaluation-handed-in.png")
    desktop.get_by_role("button", name="开始评测").click()
    expect(desktop.get_by_text("跑完了：我们的题")).to_be_visible()

    desktop.get_by_text("看结果").click()
    expect(desktop.locator('[data-hook="figures"]')).to_contain_text("66.7%")
    expect(desktop.locator('[data-hook="row"]')).to_have_count(1)
    desktop.get_by_role("button", name="看这一题").click()
    dialog = desktop.get_by_role("dialog")
    expect(dialog.locator('[data-hook="row-answer"]')).to_contain_text("12351")
    dialog.get_by_text("判错了").click()
    dialog.get_by_label("备注").fill("题目标错了，应该是 12351")
    dialog.get_by_label("您的名字").fill("小周")
    dialog.get_by_role("button", name="存下来").click()
    expect(dialog.locator('[data-hook="remarks"]')).to_contain_text("题目标错了")
    desktop.screenshot(path=pictures / "desktop-evaluation-row.png")
    desktop.keyboard.press("Escape")

    desktop.get_by_text("下载", exact=True).click()
    with desktop.expect_download() as downloading:
        desktop.get_by_role("button", name="逐题结果（Excel 表格）").click()
    path = tmp_path / "rows.xlsx"
    downloading.value.save_as(path)
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in rows] == [question for question, _, _ in QUESTIONS]
    assert "题目标错了" in str(rows[2][13])

    desktop.reload()
    expect(desktop.get_by_label("评测密钥")).to_be_visible()


def test_a_run_goes_on_while_the_page_is_left_and_is_stopped_and_compared_with_the_baseline(
    phone: Page, running: Launched, pictures: Path
) -> None:
    phone.goto(f"{running.page}/evaluation")
    enter_key(phone)
    phone.get_by_text("跑一次").click()
    phone.get_by_role("combobox", name="用哪些题").click()
    phone.get_by_role("option", name="全部回归题").click()
    phone.get_by_role("button", name="开始评测").click()
    stop = phone.get_by_role("button", name="停下")
    expect(stop).to_be_visible()
    expect(phone.get_by_text("正在跑“全部回归题”")).not_to_contain_text("：0 /")
    phone.screenshot(path=pictures / "phone-evaluation-progress.png")
    phone.reload()
    enter_key(phone)
    stop.click()
    expect(phone.get_by_text("停下了")).to_be_visible()

    phone.get_by_text("两次对比").click()
    expect(phone.locator('[data-hook="run-comparison"]')).to_contain_text("两次都问了的有")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.screenshot(path=pictures / "phone-evaluation-comparison.png")
    phone.get_by_text("跑一次").click()
    expect(phone.get_by_role("button", name="接着跑").first).to_be_visible()


def test_a_judge_reads_turns_as_on_a_phone_and_judges_by_keyboard(desktop: Page, running: Launched, pictures: Path) -> None:
    desktop.goto(f"{running.page}/evaluation")
    enter_key(desktop)
    desktop.get_by_text("逐轮评读").click()
    desktop.get_by_label("您的代号").fill("xiaozhou")
    desktop.get_by_role("button", name="开始评").click()
    place = desktop.locator('[data-hook="panel-place"]')
    expect(place).to_contain_text("第 1 轮，一共 134 轮")

    desktop.keyboard.press("ArrowRight")
    expect(place).to_contain_text("第 2 轮")
    desktop.keyboard.press("ArrowLeft")
    expect(place).to_contain_text("第 1 轮")
    for key, chosen in {"3": "不能", "q": "不会", "s": "不对", "g": "没答到", "h": "能懂", "b": "没找对资料"}.items():
        desktop.keyboard.press(key)
        expect(desktop.get_by_test_id("stBaseButton-primary").filter(has_text=chosen)).to_be_visible()
    desktop.screenshot(path=pictures / "desktop-evaluation-judging.png", full_page=True)
    desktop.keyboard.press("0")

    expect(place).to_contain_text("第 2 轮")
    expect(desktop.get_by_text("评了 1 / 134 轮")).to_be_visible()
    desktop.get_by_text("评读结果").click()
    expect(desktop.locator('[data-hook="panel-measures"]')).to_contain_text("23.3%")
    desktop.screenshot(path=pictures / "desktop-evaluation-panel.png", full_page=True)
