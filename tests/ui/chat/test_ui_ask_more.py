"""「问一问」 beyond the answer: copying with the label, reading aloud, a reason, choices, earlier conversations."""

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
    return AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def ask(page: AppTest, question: str) -> None:
    page.chat_input(key="question").set_value(question).run()


def text_of(page: AppTest, action: str) -> str:
    (found,) = re.findall(rf'data-action="{action}"[^>]*data-text="([^"]*)"', shown(page))
    return html_module.unescape(found)


def test_a_copied_answer_takes_its_label_and_sources_along(page: AppTest) -> None:
    ask(page, "产假好多天？")

    copied = text_of(page, "copy")
    for told in (QUOTE, f"[1] 《{LAW}》第七条", "摘录", "以官方发布为准"):
        assert told in copied
    assert text_of(page, "share") == copied


def test_what_is_read_aloud_has_no_markers(page: AppTest) -> None:
    ask(page, "产假好多天？")

    assert QUOTE in text_of(page, "speak")
    assert "[1]" not in text_of(page, "speak")
    assert "**" not in text_of(page, "speak")


def test_after_a_thumb_down_a_reason_may_be_given_once(api: FakeApi, page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.feedback(key="feedback-m-1").set_value(0).run()
    page.button_group(key="feedback-m-1-reasons").set_value(["看不懂"])
    page.text_input(key="feedback-m-1-more").set_value("没说四川的")
    page.button(key="feedback-m-1-send").click().run()

    assert api.feedback[-1] == {"message_id": "m-1", "helpful": False, "reason": "看不懂；没说四川的"}
    assert "谢谢您告诉我们" in shown(page)
    assert "feedback-m-1-send" not in [button.key for button in page.button]


def test_a_thumb_up_asks_for_no_reason(page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.feedback(key="feedback-m-1").set_value(1).run()

    assert "feedback-m-1-send" not in [button.key for button in page.button]


def test_an_unclear_question_is_answered_with_choices_to_click(api: FakeApi, page: AppTest) -> None:
    ask(page, "补贴")
    assert "您想问的是哪一样？" in shown(page)

    page.button(key="followup-1-1").click().run()

    assert api.asked[-1] == {"question": "技能提升补贴怎么领？", "conversation_id": "c-1"}


def test_an_earlier_conversation_is_found_again_and_opened(api: FakeApi, page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.button(key="new").click().run()
    page.button(key="talk-c-1").click().run()

    assert page.query_params["c"] == "c-1"
    assert QUOTE in shown(page)
    assert len(api.asked) == 1


def test_an_earlier_conversation_is_erased_here_and_in_the_store(api: FakeApi, page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.button(key="new").click().run()
    api.failing = True
    page.button(key="erase-c-1").click().run()
    assert "知识库正在更新" in page.error[0].value

    api.failing = False
    page.button(key="erase-c-1").click().run()

    assert api.conversations == {}
    assert "talk-c-1" not in [button.key for button in page.button]


def test_a_conversation_gets_a_name_in_the_store_and_in_the_list(api: FakeApi, page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.button(key="rename").click().run()
    page.text_input(key="rename-name").set_value("  给小张看的  ")
    page.button(key="rename-save").click().run()
    assert api.titles == {"c-1": "给小张看的"}

    page.button(key="new").click().run()
    assert page.button(key="talk-c-1").label == "给小张看的"
    page.button(key="talk-c-1").click().run()
    page.button(key="new").click().run()
    assert page.button(key="talk-c-1").label == "给小张看的"


def test_a_name_that_cannot_be_kept_says_why_and_changes_nothing(api: FakeApi, page: AppTest) -> None:
    ask(page, "产假好多天？")
    page.button(key="new").click().run()
    page.button(key="rename-c-1").click().run()
    page.text_input(key="rename-name").set_value("   ")
    page.button(key="rename-save").click().run()
    assert "请写一个名字" in page.error[0].value

    page.button(key="rename-c-1").click().run()
    api.failing = True
    page.text_input(key="rename-name").set_value("别的名字")
    page.button(key="rename-save").click().run()

    assert "知识库正在更新" in page.error[0].value
    assert page.button(key="talk-c-1").label == "产假好多天？"


def test_what_a_transcription_service_heard_is_asked_after_a_look_at_it(api: FakeApi) -> None:
    api.hears = "产假好多天？"
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.audio_input(key="voice-0").set_value(("recording.wav", b"RIFF", "audio/wav")).run()
    assert api.recordings == 1
    assert api.asked == []

    page.button(key="ask-heard").click().run()

    assert api.asked[-1]["question"] == "产假好多天？"
    assert api.recordings == 1
    assert QUOTE in shown(page)


def test_silence_and_a_service_that_fails_are_told_plainly(api: FakeApi) -> None:
    api.hears = ""
    page = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=20).run()
    page.audio_input(key="voice-0").set_value(("recording.wav", b"RIFF", "audio/wav")).run()
    assert "没有听清" in page.warning[0].value

    api.failing = True
    page.audio_input(key="voice-0").set_value(("recording.wav", b"RIFF2", "audio/wav")).run()

    assert "打字" in page.warning[0].value


def test_without_a_transcription_service_the_browser_dictates(page: AppTest) -> None:
    assert "说话提问（由浏览器听写）" in shown(page)
    assert not page.get("audio_input")
