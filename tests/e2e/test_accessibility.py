"""axe-core checks every page at phone and desktop width and finds nothing serious."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from launched_product import ADMIN_KEY, PICTURES, Launched, enter_key, open_page
from playwright.sync_api import Browser, Page, expect
from reading import ask, settle

pytestmark = pytest.mark.browser

AXE = "axe-core@4.14.1"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
PAGES = {
    "ask": ("", "可以这样问"),
    "policies": ("policies", '[data-hook="entry"]'),
    "document": ("policies?doc=nzg-sichuan-jiaqi-zhidao-yijian-2025", '[data-hook="version"]'),
    "comparison": ("policies?doc=nzg-sichuan-yuerjia-2021&with=nzg-sichuan-jiaqi-zhidao-yijian-2025", '[data-hook="comparison"]'),
    "learning": ("learning?occupation=教师&goal=用AI减负", '[data-hook="step"]'),
    "affairs": ("affairs?tab=tool&tool=compensation", "填得更细（可以不填）"),
    "rights": ("affairs?tab=rights", "怀孕、生育、哺乳"),
    "cases": ("cases", '[data-hook="case"]'),
    "evaluation": ("evaluation", "只记在这个页面里"),
    "knowledge": ("knowledge", "管理密钥"),
}
UNFOLDED = {
    "quiz": ("learning?occupation=主播/电商&goal=广告合规", "学完了？自己测一测", '[data-hook="quiz"]'),
    "filters": ("policies", "更多条件", '[data-testid="stDateInput"]'),
    "charts": ("cases", "各行业、各项技术有多少个案例", '[data-hook="chart-note"]'),
    "related": ("policies?doc=nzg-sichuan-jiaqi-zhidao-yijian-2025", "相关的案例和学习材料", '[class*="st-key-related-"] button'),
}
"""Address, what is clicked to unfold it, and what then appears."""

SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, fetched once by npm into the folder of test output; skipped where there is none to be had."""
    script = PICTURES / "node_modules" / "axe-core" / "axe.min.js"
    npm = shutil.which("npm")
    if not script.exists() and npm:
        PICTURES.mkdir(exist_ok=True)
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", str(PICTURES), AXE], capture_output=True, timeout=120, check=False
        )
    if not script.exists():
        pytest.skip(f"no axe-core: npm install --prefix test-output {AXE}")
    return script.read_text(encoding="utf-8")


def serious_findings(page: Page, axe: str) -> list[str]:
    """What axe-core finds on the page as it is now, one line a finding."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("axe.run(document)")
    assert found["passes"], "axe-core looked at nothing"
    return [
        f"{finding['id']}: {finding['help']} {node['target']} {node['html'][:160]}"
        for finding in found["violations"]
        if finding["impact"] in SERIOUS
        for node in finding["nodes"]
    ]


@pytest.fixture
def show(browser: Browser, running: Launched, request: pytest.FixtureRequest) -> Callable[[str, str, str], Page]:
    """Opens an address at a size and waits for what it shows."""

    def opened(size: str, address: str, awaited: str) -> Page:
        page = open_page(browser, f"{running.page}/{address}", *SIZES[size])
        request.addfinalizer(page.close)
        (page.locator(awaited) if awaited.startswith("[") else page.get_by_text(awaited)).first.wait_for()
        settle(page)
        return page

    return opened


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_finding_and_fits(name: str, size: str, show: Callable[..., Page], axe: str, pictures: Path) -> None:
    page = show(size, *PAGES[name])

    page.screenshot(path=pictures / f"{size}-{name}.png")
    assert serious_findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("name", UNFOLDED)
def test_what_unfolds_has_no_serious_finding_and_fits(name: str, show: Callable[..., Page], axe: str, pictures: Path) -> None:
    address, clicked, awaited = UNFOLDED[name]
    page = show("phone", address, clicked)
    page.get_by_text(clicked).click()
    page.locator(awaited).first.wait_for()
    settle(page)

    page.screenshot(path=pictures / f"phone-{name}.png", full_page=True)
    assert serious_findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", SIZES)
def test_the_figures_of_an_evaluation_have_no_serious_finding_and_fit(
    size: str, show: Callable[..., Page], axe: str, pictures: Path
) -> None:
    page = show(size, *PAGES["evaluation"])
    enter_key(page)
    page.locator('[data-hook="row"]').first.wait_for()
    settle(page)

    page.screenshot(path=pictures / f"{size}-evaluation-figures.png", full_page=True)
    assert serious_findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("kind", "question"), [("checklist", "育儿补贴怎么申请？"), ("path", "护士想学AI怎么学？")])
def test_a_card_has_no_serious_finding_fits_and_leads_on(
    kind: str, question: str, show: Callable[..., Page], axe: str, pictures: Path
) -> None:
    page = show("phone", *PAGES["ask"])
    ask(page, question)
    card = page.locator(f'[data-hook="card"][data-kind="{kind}"]')
    card.wait_for()
    settle(page)
    expect(page.locator('[data-hook="question"]')).to_be_in_viewport()

    page.screenshot(path=pictures / f"phone-card-{kind}.png")
    assert serious_findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator('[class*="st-key-card-1-1"] button.marker').first.click()
    page.get_by_role("dialog").locator('[data-hook="passage"], [data-hook="document"]').first.wait_for()


def test_naming_a_conversation_and_the_list_of_them_have_no_serious_finding(show: Callable[..., Page], axe: str, pictures: Path) -> None:
    page = show("phone", *PAGES["ask"])
    page.get_by_role("button", name="四川现在产假多少天？").click()
    page.locator('[data-hook="answer"]').first.wait_for()
    page.get_by_role("button", name="改名").click()
    page.get_by_role("dialog").get_by_role("textbox", name="名字").wait_for()
    settle(page)
    assert serious_findings(page, axe) == []

    page.keyboard.press("Escape")
    page.get_by_role("button", name="新的对话").click()
    page.get_by_text("以前的对话（1）").click()
    page.get_by_role("button", name="改名").wait_for()
    settle(page)

    page.screenshot(path=pictures / "phone-history.png")
    assert serious_findings(page, axe) == []


@pytest.mark.parametrize("switch", ["大字", "颜色更清楚"])
def test_an_answer_has_no_serious_finding_with_each_switch_and_keeps_it(switch: str, show: Callable[..., Page], axe: str) -> None:
    page = show("phone", *PAGES["ask"])
    page.get_by_role("button", name=switch).click()
    page.get_by_role("button", name="四川现在产假多少天？").click()
    page.locator('[data-hook="answer"]').first.wait_for()
    settle(page)

    assert serious_findings(page, axe) == []
    page.reload()
    page.locator('[data-hook="answer"]').first.wait_for()
    expect(page.get_by_role("button", name=switch)).to_have_attribute("aria-pressed", "true")


def test_an_open_source_has_no_serious_finding_and_the_keyboard_leads_there_and_back(show: Callable[..., Page], axe: str) -> None:
    page = show("phone", *PAGES["ask"])
    page.get_by_role("button", name="四川现在产假多少天？").click()
    chip = page.locator('[class*="st-key-source-1-1"] button').first
    chip.wait_for()
    settle(page)
    chip.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").locator("mark").first.wait_for()
    settle(page)

    assert serious_findings(page, axe) == []
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.locator('[data-hook="answer"]').first.is_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_officers_desk_has_no_serious_finding_in_any_part_and_fits(
    size: str, show: Callable[..., Page], axe: str, pictures: Path
) -> None:
    page = show(size, *PAGES["knowledge"])
    page.get_by_label("您怎么称呼").fill("李主席")
    page.get_by_label("管理密钥").fill(ADMIN_KEY)
    page.get_by_role("button", name="进去").click()
    page.locator('[data-hook="officer"]').wait_for()
    for name, part in {
        "files": "放文件",
        "versions": "版本",
        "upkeep": "该核对的",
        "answers": "没答好的",
        "lexicon": "词表",
        "places": "电话",
        "changes": "修改记录",
    }.items():
        page.locator(".st-key-desk").get_by_role("radio", name=part).or_(
            page.locator(".st-key-desk").get_by_role("button", name=part)
        ).click()
        settle(page)

        page.screenshot(path=pictures / f"{size}-officer-{name}.png")
        assert serious_findings(page, axe) == [], part
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), part
