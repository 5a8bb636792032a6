"""The client against a real HTTP server."""

from __future__ import annotations

import socket
from datetime import date

import pytest
from ui_fake_api import LAW, QUOTE, FakeApi

from assistant.wire.schemas import AskRequest, FeedbackRequest
from ui.client import (
    BrokenOffError,
    Citations,
    Client,
    Done,
    Filters,
    Followups,
    Meta,
    NotFoundError,
    RejectedError,
    Sources,
    Token,
    UnreachableError,
)


def test_a_streamed_answer_comes_in_the_agreed_order_and_ends_with_the_whole_answer(client: Client) -> None:
    events = list(client.stream_answer(AskRequest(question="四川现在产假多少天？")))

    kinds = list(dict.fromkeys(type(event) for event in events))
    assert kinds == [Meta, Sources, Token, Citations, Followups, Done]
    last = events[-1]
    assert isinstance(last, Done)
    assert "".join(event.text for event in events if isinstance(event, Token)) == last.answer.text
    assert last.answer.citations[0].quote == QUOTE


def test_the_question_goes_out_with_its_conversation_and_nothing_empty(api: FakeApi, client: Client) -> None:
    list(client.stream_answer(AskRequest(question="那四级喃", conversation_id="c-7f3a")))

    assert api.asked == [{"question": "那四级喃", "conversation_id": "c-7f3a"}]


def test_a_connection_that_breaks_is_told_from_an_answer(client: Client) -> None:
    with pytest.raises(BrokenOffError, match="断了线"):
        list(client.stream_answer(AskRequest(question="断线了咋个办")))


def test_an_error_event_carries_the_words_of_the_api(client: Client) -> None:
    with pytest.raises(RejectedError, match="写回答的模型没有回应") as raised:
        list(client.stream_answer(AskRequest(question="问错了")))

    assert raised.value.status == 503


def test_nobody_answering_is_told_in_chinese() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}")

    with pytest.raises(UnreachableError, match="服务暂时连不上"):
        client.documents(Filters())
    with pytest.raises(UnreachableError, match="服务暂时连不上"):
        list(client.stream_answer(AskRequest(question="产假")))
    client.close()


def test_a_problem_is_raised_with_its_detail_and_status(api: FakeApi, client: Client) -> None:
    api.failing = True

    with pytest.raises(RejectedError, match="知识库正在更新") as raised:
        client.search("产假", Filters())
    with pytest.raises(RejectedError, match="知识库正在更新"):
        list(client.stream_answer(AskRequest(question="产假")))

    assert raised.value.status == 503


def test_what_is_not_there_is_told_apart(client: Client) -> None:
    with pytest.raises(NotFoundError, match="没有这一条"):
        client.passage("dT.99")


@pytest.mark.parametrize("odd", ["../documents", "..", "", "a/b", "第七条", "x" * 129])
def test_an_id_from_the_address_bar_that_is_no_id_never_reaches_the_api(api: FakeApi, client: Client, odd: str) -> None:
    with pytest.raises(NotFoundError):
        client.conversation(odd)

    assert api.searched == []


def test_only_the_chosen_filters_are_sent(api: FakeApi, client: Client) -> None:
    found = client.documents(Filters(kind="policy", status="现行", as_of=date(2026, 11, 23)), limit=5, offset=0)

    assert api.searched[-1] == {"limit": "5", "offset": "0", "kind": "policy", "status": "现行", "as_of": "2026-11-23"}
    assert found.items[0].title == LAW


def test_a_stored_conversation_a_document_and_a_passage_come_back_whole(api: FakeApi, client: Client) -> None:
    list(client.stream_answer(AskRequest(question="产假多少天？", conversation_id="c-9")))

    assert [message.role for message in client.conversation("c-9").messages] == ["user", "assistant"]
    assert [item.clause for item in client.document("dT").items] == ["第四条", "第五条", "第七条", "第十四条"]
    assert client.passage("dT.3").sources[0].publisher == "中国政府网"
    client.delete_conversation("c-9")
    assert api.conversations == {}


def test_a_judgement_is_delivered(api: FakeApi, client: Client) -> None:
    client.send_feedback(FeedbackRequest(message_id="m-1", helpful=False, reason="没讲清楚"))

    assert api.feedback == [{"message_id": "m-1", "helpful": False, "reason": "没讲清楚"}]


def test_learning_paths_are_narrowed_by_what_was_chosen(client: Client) -> None:
    assert [path.level for path in client.paths(occupation="护士").items] == ["入门", "进阶"]
    assert client.paths(occupation="护士", goal="信息化", level="入门").total == 0
