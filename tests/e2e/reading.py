"""What a user does again and again: type a question, choose from a box, wait for an answer or for a page at rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

QUIET_FRAMES = 12
"""Frames in a row without a change before a page counts as settled. Frames get slower with the machine, so this does too."""

_SETTLED = """(frames) => {
  const watch = (window.testWatch ??= (() => {
    const seen = { quiet: 0 };
    const stir = () => { seen.quiet = 0; };
    new MutationObserver(stir).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    return seen;
  })());
  const app = document.querySelector('[data-testid="stApp"]');
  const running = (animation) =>
    animation.playState === "running" && Number.isFinite(animation.effect?.getComputedTiming().endTime ?? Infinity);
  const still = app?.dataset.testScriptState === "notRunning"
    && app.dataset.testConnectionState === "CONNECTED"
    && document.fonts.status === "loaded"
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]')
    && !document.getAnimations().some(running);
  watch.quiet = still ? watch.quiet + 1 : 0;
  return watch.quiet >= frames;
}"""


def settle(page: Page) -> None:
    """Wait until the page is at rest: its script has ended, nothing is stale or moving, and the document no longer changes."""
    page.wait_for_function(_SETTLED, arg=QUIET_FRAMES)


def ask(page: Page, question: str) -> None:
    """Type a question as a user does, and send it."""
    box = page.get_by_test_id("stChatInput").locator("textarea")
    box.click()
    box.press_sequentially(question, delay=5)
    box.press("Enter")


def choose(page: Page, name: str, option: str) -> None:
    """Type into a select box until it offers the option, and take it. What opens while the page is still drawn closes again."""
    box = page.get_by_role("combobox", name=name)
    offered = page.get_by_role("option", name=option)
    for _ in range(10):
        box.fill("")
        box.press_sequentially(option[:2], delay=20)
        try:
            offered.click(timeout=2000)
            expect(box).to_have_value(option, timeout=2000)
        except (AssertionError, PlaywrightTimeout):
            continue
        return
    raise AssertionError(f"{name} does not offer {option}")


def latest_answer(page: Page) -> str:
    """The text of the last whole answer, once it is there."""
    answer = page.locator('[data-hook="answer"]').last
    expect(answer).to_be_visible()
    return answer.inner_text()


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
