"""An answer while it comes: each event moves it on, and whatever goes wrong ends it with a word."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest
from ui_fake_api import answer_to, summary

from assistant.wire.schemas import AskRequest
from ui.chat.answer_in_progress import AnswerInProgress, AnswersInProgress, Progress
from ui.client import BrokenOffError, Citations, Done, Followups, Meta, RejectedError, Sources, StreamEvent, Token
from ui.wording import say

META = Meta(message_id="m-1", conversation_id="c-1")
FOUND = Sources([summary("dT.1"), summary("dT.3")])
ANSWER = answer_to("产假好多天？", "m-1", "c-1")


class Streaming:
    """A client whose stream is a script: events, or an error in their place."""

    def __init__(self, *script: StreamEvent | Exception) -> None:
        self.script: Sequence[StreamEvent | Exception] = script
        self.asked: list[AskRequest] = []
        self.held, self.go_on = threading.Event(), threading.Event()
        self.hold_before: int | None = None

    def stream_answer(self, request: AskRequest) -> Iterator[StreamEvent]:
        self.asked.append(request)
        for number, step in enumerate(self.script):
            if number == self.hold_before:
                self.held.set()
                self.go_on.wait(20)
            if isinstance(step, Exception):
                raise step
            yield step


def ended(answer: AnswerInProgress) -> Progress:
    """What is known at the end."""
    seen = answer.progress
    while not seen.finished:
        seen = answer.wait_beyond(seen, 20)
    return seen


def start(
    client: Streaming, question: str = "产假好多天？", conversation_id: str | None = None
) -> tuple[AnswersInProgress, AnswerInProgress]:
    answers = AnswersInProgress()
    request = AskRequest(question=question, conversation_id=conversation_id)
    return answers, answers.start(client, request)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "known"),
    [
        ((), Progress()),
        ((META,), Progress("c-1", "m-1")),
        ((META, FOUND), Progress("c-1", "m-1", 2)),
        ((META, Sources([])), Progress("c-1", "m-1", 0)),  # searched, and nothing found
        ((META, FOUND, Token("女职工"), Token("享受")), Progress("c-1", "m-1", 2, "女职工享受")),
        ((META, FOUND, Token("女职工"), Citations([]), Followups(["难产呢？"])), Progress("c-1", "m-1", 2, "女职工")),
    ],
)
def test_each_event_adds_what_it_says(events: tuple[StreamEvent, ...], known: Progress) -> None:
    client = Streaming(*events, BrokenOffError("断了线"))
    _, answer = start(client)

    last = ended(answer)

    assert last == Progress(known.conversation_id, known.message_id, known.found, known.text, error="断了线")


def test_the_whole_answer_ends_it_and_names_its_conversation() -> None:
    _, answer = start(Streaming(Done(ANSWER)))

    last = ended(answer)

    assert (last.answer, last.error, last.conversation_id, last.message_id) == (ANSWER, "", "c-1", "m-1")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BrokenOffError("断了线"), "断了线"),
        (RejectedError("写回答的模型没有回应，请再试一次。", 503), "写回答的模型没有回应，请再试一次。"),
        (ZeroDivisionError("secret detail"), say("client.interrupted")),  # what nobody foresaw is told, too
    ],
)
def test_whatever_goes_wrong_ends_it_with_words_for_the_user(error: Exception, told: str) -> None:
    _, answer = start(Streaming(META, Token("女"), error))

    last = ended(answer)

    assert (last.answer, last.error, last.text) == (None, told, "女")


def test_while_it_is_written_it_is_found_by_its_conversation_and_afterwards_no_longer() -> None:
    client = Streaming(META, FOUND, Done(ANSWER))
    client.hold_before = 2
    answers, answer = start(client)

    client.held.wait(20)
    assert answers.find("c-1") is answer
    assert answers.find("c-2") is None
    client.go_on.set()
    ended(answer)

    while answers.find("c-1") is not None:  # its thread lets go right after the last word
        threading.Event().wait(0.001)


def test_an_answer_that_failed_is_not_waited_for_by_whoever_looks_next() -> None:
    answers, answer = start(Streaming(META, BrokenOffError("断了线")))
    ended(answer)

    while answers.find("c-1") is not None:
        threading.Event().wait(0.001)


def test_the_question_is_sent_once_in_its_conversation() -> None:
    client = Streaming(Done(ANSWER))
    _, answer = start(client, "难产加多少天？", "c-1")
    ended(answer)

    assert [(r.question, r.conversation_id) for r in client.asked] == [("难产加多少天？", "c-1")]
    assert answer.question == "难产加多少天？"


def test_whoever_waits_gets_what_is_new_at_once_and_else_what_was_known() -> None:
    answer = AnswerInProgress("产假好多天？")
    nothing = answer.progress

    assert answer.wait_beyond(nothing, 0) is nothing
    answer.advance(Progress(text="女"))
    assert answer.wait_beyond(nothing, 20).text == "女"


def test_several_who_wait_are_all_woken() -> None:
    answer = AnswerInProgress("产假好多天？")
    nothing, seen = answer.progress, []
    watchers = [threading.Thread(target=lambda: seen.append(answer.wait_beyond(nothing, 20))) for _ in range(4)]
    for watcher in watchers:
        watcher.start()

    answer.advance(Progress(text="女"))
    for watcher in watchers:
        watcher.join(20)

    assert [progress.text for progress in seen] == ["女"] * 4


@pytest.mark.parametrize(
    ("progress", "finished"),
    [
        (Progress(), False),
        (Progress("c-1", "m-1", 3, "女职工"), False),
        (Progress(error="断了线"), True),
        (Progress(answer=ANSWER), True),
    ],
)
def test_it_is_finished_by_an_answer_or_an_error(progress: Progress, finished: bool) -> None:
    assert progress.finished is finished
