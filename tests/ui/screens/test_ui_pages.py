"""The pages, run by Streamlit's own test runner against a real local API."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_fake_api import QUOTE, FakeApi

from assistant.wire.schemas import MessageOut
from ui.chat.session import _answers_in_progress

ROOT = Path(__file__).parents[3]
SECONDS = 20


@pytest.fixture
def page(api: FakeApi) -> AppTest:
    return AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=SECONDS)


def shown(page: AppTest) -> str:
    assert not page.exception, page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def ask(page: AppTest, question: str) -> AppTest:
    page.chat_input(key="question").set_value(question).run()
    return page


def policies(page: AppTest, **parameters: str) -> AppTest:
    page.run()
    page.switch_page("screens/policies.py")
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def test_an_empty_page_teaches_what_may_be_asked(page: AppTest) -> None:
    page.run()

    assert "四川现在产假多少天？" in [button.label for button in page.button]
    assert "请不要写身份证号" in shown(page)


def test_a_starter_question_is_asked_once_and_its_answer_shown_with_verdict_label_and_sources(api: FakeApi, page: AppTest) -> None:
    page.run()
    page.button(key="starter-1").click().run()

    assert [body["question"] for body in api.asked] == ["四川现在产假多少天？"]
    html = shown(page)
    assert "资料里查到了" in html
    assert ">摘录<" in html
    assert "四川另有延长，以四川的条例为准。" in html
    assert page.button(key="source-1-1").label == (
        r"\[1\] 《女职工劳动保护特别规定》第七条 :small[现行 · 2012-04-28 起施行 · 国务院令第619号]"
    )


def test_reruns_do_not_ask_again(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")

    page.run()
    page.run()

    assert len(api.asked) == 1


def test_markup_in_an_answer_is_shown_as_characters(page: AppTest) -> None:
    html = shown(ask(page.run(), "产假好多天？"))

    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img src=x" not in html


def test_a_source_opens_the_passage_with_the_quote_marked(page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    page.button(key="source-1-1").click().run()

    html = shown(page)
    assert re.search(f"<mark>{QUOTE}</mark>", html)
    for told in ("《女职工劳动保护特别规定》第七条", "国务院令第619号", "2012-04-28", "现行", "全国", "中国政府网", "以官方发布为准"):
        assert told in html


def test_a_followup_is_asked_in_the_same_conversation(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    page.button(key="followup-1-1").click().run()

    assert api.asked[1] == {"question": "难产加多少天？", "conversation_id": "c-1"}
    assert "followup-1-1" not in [button.key for button in page.button]


def test_the_address_names_the_conversation_and_brings_it_back(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    assert page.query_params["c"] == "c-1"

    reopened = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=SECONDS)
    reopened.query_params["c"] = "c-1"
    html = shown(reopened.run())

    assert "产假好多天？" in html
    assert QUOTE in html
    assert len(api.asked) == 1


def test_a_reload_while_the_answer_is_written_finds_the_same_answer(api: FakeApi, page: AppTest) -> None:
    page.run()
    with pytest.raises(RuntimeError, match="timed out"):
        page.chat_input(key="question").set_value("慢慢说，产假好多天？").run(timeout=1)
    while _answers_in_progress().find("c-1") is None:  # the stream goes on in its thread, however long its beginning takes
        threading.Event().wait(0.01)
    reopened = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=SECONDS)
    reopened.query_params["c"] = "c-1"
    api.go_on.set()

    html = shown(reopened.run())

    assert html.count("慢慢说，产假好多天？") == 1
    assert "资料里查到了" in html
    assert len(api.asked) == 1


def test_a_conversation_that_is_gone_is_said_so(page: AppTest) -> None:
    page.query_params["c"] = "c-gone"
    page.run()

    assert "这段对话找不到了" in page.warning[0].value
    assert "c" not in page.query_params


def test_after_a_broken_connection_trying_again_finds_the_stored_answer(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "断线了咋个办")
    assert "断了线" in page.error[0].value

    page.button(key="retry").click().run()

    assert "资料里查到了" in shown(page)
    assert len(api.asked) == 1


def test_after_a_broken_connection_without_a_stored_answer_trying_again_asks_again(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "没存下来")
    page.run()
    assert len(api.asked) == 1

    page.button(key="retry").click().run()

    assert len(api.asked) == 2


def test_a_stored_question_without_an_answer_can_be_asked_again(api: FakeApi, page: AppTest) -> None:
    api.conversations["c-5"] = [MessageOut(role="user", content="产假好多天？", created="2026-11-23T09:00:00+08:00")]
    page.query_params["c"] = "c-5"
    page.run()
    assert "还没有收到回答" in page.warning[0].value

    page.button(key="retry").click().run()

    html = shown(page)
    assert html.count("产假好多天？") == 1
    assert "资料里查到了" in html
    assert api.asked == [{"question": "产假好多天？", "conversation_id": "c-5"}]


def test_an_api_that_is_down_is_told_and_the_page_recovers(api: FakeApi, page: AppTest) -> None:
    page.run()
    api.failing = True
    ask(page, "产假好多天？")
    assert "知识库正在更新" in page.error[0].value

    api.failing = False
    page.button(key="retry").click().run()

    assert "资料里查到了" in shown(page)


def test_a_referral_shows_numbers_that_can_be_dialled(page: AppTest) -> None:
    html = shown(ask(page.run(), "老板拖工资找哪个？"))

    assert "这件事请找人帮忙" in html
    assert 'href="tel:12333"' in html
    assert 'href="tel:02812351"' in html
    assert "当地劳动保障监察大队" in html


def test_an_abstention_offers_the_nearest_passages(page: AppTest) -> None:
    html = shown(ask(page.run(), "月球上班有没得补贴？"))
    assert "知识库里没有" in html

    page.button(key="nearest-1-1").click().run()

    assert "女职工怀孕未满4个月流产的" in shown(page)


def test_a_thumb_is_sent_once(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    page.feedback(key="feedback-m-1").set_value(1).run()
    page.run()

    assert api.feedback == [{"message_id": "m-1", "helpful": True, "reason": ""}]
    assert page.feedback(key="feedback-m-1").disabled
    assert "我们记下了" in shown(page)


def test_a_thumb_that_could_not_be_sent_may_be_given_again(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    api.failing = True
    page.feedback(key="feedback-m-1").set_value(0).run()
    assert "没有送出去" in page.error[0].value

    api.failing = False
    page.feedback(key="feedback-m-1").set_value(0).run()

    assert [entry["helpful"] for entry in api.feedback] == [False]


def test_a_new_conversation_leaves_the_old_one_stored_and_a_deleted_one_is_gone(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    page.button(key="new").click().run()
    assert "c" not in page.query_params
    assert list(api.conversations) == ["c-1"]

    ask(page, "产假好多天？")
    page.button(key="delete").click().run()
    page.button(key="delete-yes").click().run()

    assert list(api.conversations) == ["c-1"]
    assert "starter-1" in [button.key for button in page.button]


def test_a_conversation_that_could_not_be_deleted_stays_on_the_screen(api: FakeApi, page: AppTest) -> None:
    ask(page.run(), "产假好多天？")
    page.button(key="delete").click().run()
    api.failing = True
    page.button(key="delete-yes").click().run()

    assert "知识库正在更新" in page.error[0].value
    assert QUOTE in shown(page)


def test_policies_are_listed_with_their_standing_and_filtered(api: FakeApi, page: AppTest) -> None:
    html = shown(policies(page))
    assert "共 21 篇" in html
    assert "2012-04-28 起施行" in html

    page.selectbox(key="status").select("外省").run()

    assert "陕西省人口与计划生育条例" in shown(page)
    assert "共 1 篇" in shown(page)
    assert api.searched[-1]["kind"] == "policy"
    assert api.searched[-1]["status"] == "外省"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", api.searched[-1]["as_of"])


def test_the_filters_offer_the_regions_and_issuers_that_occur(page: AppTest) -> None:
    policies(page)

    assert page.selectbox(key="region").options == ["全部", "四川省", "全国", "陕西省"]
    assert "国务院" in page.selectbox(key="issuer").options


def test_a_query_shows_hits_and_a_hit_opens_its_clause(page: AppTest) -> None:
    policies(page)
    page.text_input(key="query").set_value("流产").run()
    assert "第七条 产假天数" in shown(page)

    page.button(key="hit-dT-3").click().run()

    html = shown(page)
    assert page.query_params["passage"] == "dT.3"
    assert re.search(r'<section class="clause target" id="passage-dT.3"', html)


def test_a_query_without_hits_offers_other_words(page: AppTest) -> None:
    policies(page)
    page.text_input(key="query").set_value("月球").run()
    assert "没有查到" in page.info[0].value

    page.button(key="example-1").click().run()

    assert page.text_input(key="query").value == "育儿假"


def test_the_clause_view_shows_every_clause_in_order_and_runs_no_markup(page: AppTest) -> None:
    html = shown(policies(page, passage="dT.2"))

    assert re.findall(r"<h2>(第.+?条)", html) == ["第四条", "第五条", "第七条", "第十四条"]
    assert 'href="#passage-dT.4"' in html
    assert "国务院令第619号" in html
    assert "&lt;b onclick=alert(1)&gt;" in html


def test_returning_from_a_document_keeps_the_search(page: AppTest) -> None:
    policies(page)
    page.text_input(key="query").set_value("流产").run()
    page.button(key="hit-dT-3").click().run()

    page.button(key="back").click().run()

    assert page.text_input(key="query").value == "流产"


def test_the_list_turns_pages(api: FakeApi, page: AppTest) -> None:
    policies(page)
    page.pagination(key="page").set_value(2).run()

    assert api.searched[-1]["offset"] == "15"
    assert "（第17批）" in shown(page)


def test_policies_tell_when_the_api_is_down(api: FakeApi, page: AppTest) -> None:
    api.failing = True
    policies(page)

    assert "知识库正在更新" in page.error[0].value
