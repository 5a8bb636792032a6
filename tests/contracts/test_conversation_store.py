"""What every store of conversations keeps to; each adapter, and a fake in memory, passes the same tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock

import pytest

from assistant.errors import NotFound, StoreError
from assistant.storage.conversations import ConversationStore, SqlConversationStore, StoredMessage


class MemoryConversationStore:
    """Conversations in a dictionary: the smallest thing that keeps the contract."""

    def __init__(self) -> None:
        self._conversations: dict[str, list[StoredMessage]] = {}
        self._titles: dict[str, str] = {}
        self._lock = Lock()

    def add_turn(self, conversation_id: str, question: StoredMessage, answer: StoredMessage) -> None:
        with self._lock:
            known = {m.message_id for messages in self._conversations.values() for m in messages}
            if known & {question.message_id, answer.message_id} or question.message_id == answer.message_id:
                raise StoreError("两条消息用了同一个编号")
            self._conversations.setdefault(conversation_id, []).extend((question, answer))

    def messages(self, conversation_id: str) -> list[StoredMessage]:
        with self._lock:
            return list(self._conversations.get(conversation_id, ()))

    def give_feedback(self, message_id: str, helpful: bool, reason: str) -> None:
        with self._lock:
            for messages in self._conversations.values():
                for place, message in enumerate(messages):
                    if message.message_id == message_id and message.role == "assistant":
                        messages[place] = replace(message, helpful=helpful)
                        return
        raise NotFound(f"没有编号为 {message_id} 的回答")

    def title(self, conversation_id: str) -> str:
        return self._titles.get(conversation_id, "")

    def rename(self, conversation_id: str, title: str) -> bool:
        with self._lock:
            known = conversation_id in self._conversations
            if known:
                self._titles[conversation_id] = title
            return known

    def erase(self, conversation_id: str) -> bool:
        with self._lock:
            self._titles.pop(conversation_id, None)
            return self._conversations.pop(conversation_id, None) is not None


def a_turn(number: int | str, said: str = "产假多少天？") -> tuple[StoredMessage, StoredMessage]:
    answer = {"verdict": "answered", "text": f"{said} 98天。[1]", "citations": [{"marker": "1", "quote": "“98天”\n产假 😊"}]}
    question = StoredMessage(f"q-{number}", "user", said, "2026-11-23T02:00:00.000+00:00")
    return question, StoredMessage(f"m-{number}", "assistant", str(answer["text"]), "2026-11-23T02:00:01.000+00:00", answer)


@pytest.fixture(params=["sqlite", "sqlite in memory of the process", "fake"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    if request.param == "fake":
        yield MemoryConversationStore()
        return
    url = f"sqlite:///{tmp_path / '对话.sqlite'}" if request.param == "sqlite" else "sqlite://"
    opened = SqlConversationStore(url)
    yield opened
    opened.close()


class TestConversationStore:
    def test_an_unknown_conversation_is_empty(self, store: ConversationStore) -> None:
        assert store.messages("c-没有") == []

    def test_a_turn_comes_back_as_it_was_given(self, store: ConversationStore) -> None:
        question, answer = a_turn(1, "「产假」多少天？\n难产呢 😊")
        store.add_turn("c-1", question, answer)

        assert store.messages("c-1") == [question, answer]

    def test_a_conversation_has_the_name_that_it_was_last_given_and_loses_it_when_it_is_erased(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.add_turn("c-2", *a_turn(2))
        assert store.title("c-1") == store.title("c-没有") == ""

        assert store.rename("c-1", "产假")
        assert store.rename("c-1", "产假和“津贴” 😊")
        store.add_turn("c-1", *a_turn(3))
        assert not store.rename("c-没有", "产假")

        assert (store.title("c-1"), store.title("c-2"), store.title("c-没有")) == ("产假和“津贴” 😊", "", "")
        assert len(store.messages("c-1")) == 4
        store.erase("c-1")
        store.add_turn("c-1", *a_turn(4))
        assert store.title("c-1") == ""

    def test_messages_keep_the_order_of_adding_whatever_their_ids_and_times(self, store: ConversationStore) -> None:
        for number in (3, 1, 2):
            question, answer = a_turn(number)
            store.add_turn("c-1", replace(question, created=f"202{9 - number}-01-01"), answer)

        assert [m.message_id for m in store.messages("c-1")] == ["q-3", "m-3", "q-1", "m-1", "q-2", "m-2"]

    def test_conversations_do_not_see_each_other(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.add_turn("c-2", *a_turn(2))

        assert [m.message_id for m in store.messages("c-1")] == ["q-1", "m-1"]
        assert [m.message_id for m in store.messages("c-2")] == ["q-2", "m-2"]

    def test_a_question_is_not_kept_without_its_answer(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        new_question, _ = a_turn(2)
        _, old_answer = a_turn(1)

        with pytest.raises(StoreError):
            store.add_turn("c-1", new_question, old_answer)

        assert [m.message_id for m in store.messages("c-1")] == ["q-1", "m-1"]
        store.add_turn("c-1", *a_turn(2))
        assert [m.message_id for m in store.messages("c-1")] == ["q-1", "m-1", "q-2", "m-2"]

    def test_a_turn_that_fails_begins_no_conversation(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))

        with pytest.raises(StoreError):
            store.add_turn("c-2", *a_turn(1))

        assert store.messages("c-2") == []
        assert store.erase("c-2") is False

    def test_an_erased_conversation_is_gone_and_others_stay(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.add_turn("c-2", *a_turn(2))

        assert store.erase("c-1") is True
        assert store.messages("c-1") == []
        assert store.erase("c-1") is False
        assert len(store.messages("c-2")) == 2

    def test_an_erased_conversation_may_begin_again(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.erase("c-1")
        store.add_turn("c-1", *a_turn(1))

        assert [m.message_id for m in store.messages("c-1")] == ["q-1", "m-1"]

    def test_nobody_has_judged_a_new_answer(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))

        assert [m.helpful for m in store.messages("c-1")] == [None, None]

    def test_a_judgement_is_kept_with_its_answer_and_a_later_one_replaces_it(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.add_turn("c-1", *a_turn(2))

        store.give_feedback("m-1", True, "")
        store.give_feedback("m-1", False, "天数不对")

        assert [m.helpful for m in store.messages("c-1")] == [None, False, None, None]

    @pytest.mark.parametrize("message_id", ["m-没有", "q-1"])
    def test_only_an_answer_can_be_judged(self, store: ConversationStore, message_id: str) -> None:
        store.add_turn("c-1", *a_turn(1))

        with pytest.raises(NotFound, match=message_id):
            store.give_feedback(message_id, True, "")

    def test_an_erased_answer_can_no_longer_be_judged(self, store: ConversationStore) -> None:
        store.add_turn("c-1", *a_turn(1))
        store.erase("c-1")

        with pytest.raises(NotFound):
            store.give_feedback("m-1", True, "")


@pytest.fixture(params=["sqlite", "fake"])
def shared_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    if request.param == "fake":
        yield MemoryConversationStore()
        return
    opened = SqlConversationStore(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    yield opened
    opened.close()


def test_several_threads_lose_no_turn_and_keep_each_turn_together(shared_store: ConversationStore) -> None:
    def talk(person: int) -> None:
        for number in range(12):
            shared_store.add_turn("c-同一个", *a_turn(f"{person}-{number}"))
            shared_store.messages("c-同一个")

    with ThreadPoolExecutor(6) as people:
        list(people.map(talk, range(6)))

    kept = [m.message_id for m in shared_store.messages("c-同一个")]
    assert len(kept) == len(set(kept)) == 6 * 12 * 2
    assert all(question[1:] == answer[1:] for question, answer in zip(kept[::2], kept[1::2], strict=True))
    for person in range(6):
        assert [k for k in kept if k.startswith(f"q-{person}-")] == [f"q-{person}-{n}" for n in range(12)]


class TestSqlConversationStore:
    def test_what_was_kept_is_there_after_reopening(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'conversations.sqlite'}"
        first = SqlConversationStore(url)
        first.add_turn("c-1", *a_turn(1))
        first.give_feedback("m-1", True, "有用")
        first.close()

        second = SqlConversationStore(url)
        kept = second.messages("c-1")
        second.close()

        assert [(m.message_id, m.helpful) for m in kept] == [("q-1", None), ("m-1", True)]

    def test_the_reason_of_a_judgement_is_kept_for_those_who_mend(self, tmp_path: Path) -> None:
        file = tmp_path / "conversations.sqlite"
        store = SqlConversationStore(f"sqlite:///{file}")
        store.add_turn("c-1", *a_turn(1))
        store.give_feedback("m-1", False, "天数不对；'); DROP TABLE messages;--")
        store.close()

        with sqlite3.connect(file) as connection:
            rows = connection.execute("SELECT helpful, reason FROM messages WHERE role = 'assistant'").fetchall()
        connection.close()
        assert rows == [(0, "天数不对；'); DROP TABLE messages;--")]

    def test_erasing_leaves_no_word_of_it_in_the_tables(self, tmp_path: Path) -> None:
        file = tmp_path / "conversations.sqlite"
        store = SqlConversationStore(f"sqlite:///{file}")
        store.add_turn("c-1", *a_turn(1))
        store.erase("c-1")
        store.close()

        with sqlite3.connect(file) as connection:
            left = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("messages", "conversations")]
        connection.close()
        assert left == [0, 0]

    def test_a_folder_that_is_not_there_is_an_error_with_what_to_check(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="请检查数据库地址"):
            SqlConversationStore(f"sqlite:///{tmp_path / '没有这个文件夹' / 'c.sqlite'}")

    def test_a_file_that_is_no_database_is_an_error_of_ours(self, tmp_path: Path) -> None:
        file = tmp_path / "conversations.sqlite"
        file.write_bytes("这不是数据库".encode() * 200)

        with pytest.raises(StoreError):
            SqlConversationStore(f"sqlite:///{file}")

    @pytest.mark.parametrize(
        "act",
        [
            lambda store: store.messages("c-1"),
            lambda store: store.add_turn("c-1", *a_turn(2)),
            lambda store: store.give_feedback("m-1", True, ""),
            lambda store: store.erase("c-1"),
        ],
        ids=["messages", "add_turn", "give_feedback", "erase"],
    )
    def test_a_table_that_vanished_is_an_error_of_ours(self, tmp_path: Path, act: Callable[[ConversationStore], object]) -> None:
        file = tmp_path / "conversations.sqlite"
        store = SqlConversationStore(f"sqlite:///{file}")
        store.add_turn("c-1", *a_turn(1))
        with sqlite3.connect(file) as connection:
            connection.execute("DROP TABLE messages")
        connection.close()

        with pytest.raises(StoreError):
            act(store)
        store.close()

    def test_an_address_that_names_no_database_is_an_error_of_ours(self) -> None:
        with pytest.raises(StoreError):
            SqlConversationStore("这不是地址")
