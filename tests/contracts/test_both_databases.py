"""What holds on SQLite and on a real PostgreSQL alike: the contract of conversations, migrations, retention, approved answers."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import test_conversation_store as contract
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from postgresql_server import running_postgresql
from sqlalchemy import create_engine, inspect, text

from assistant.approved import Approved, Reference
from assistant.errors import StoreError
from assistant.storage.approved_sql import SqlApprovedStore
from assistant.storage.changes import MOST_DETAIL, Action, SqlChangeLog
from assistant.storage.conversations import ConversationStore, MaskedConversations, SqlConversationStore, StoredMessage
from assistant.storage.database import Base, Database

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_postgresql() as address:
        yield address


@pytest.fixture
def postgresql(server: str) -> Iterator[str]:
    """Address of a database of its own."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        address: str = request.getfixturevalue("postgresql")
        return address
    return f"sqlite:///{tmp_path / '对话.sqlite'}"


@pytest.fixture
def store(postgresql: str) -> Iterator[ConversationStore]:
    opened = SqlConversationStore(postgresql)
    yield opened
    opened.close()


class TestConversationStoreOnPostgresql(contract.TestConversationStore):
    """The same tests as for every other adapter, on a real server."""


def test_several_threads_lose_no_turn_on_postgresql(store: ConversationStore) -> None:
    contract.test_several_threads_lose_no_turn_and_keep_each_turn_together(store)


# -- migrations


def migrate(url: str, act: Callable[[Config], None]) -> None:
    """Run an Alembic command by hand."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", "assistant.storage:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        act(config)
    engine.dispose()


def test_a_new_database_has_the_tables_that_the_models_describe(url: str) -> None:
    database = Database(url)

    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert (database.migrated.before, database.migrated.after) == ("", "0005")
    database.close()


def test_opening_an_up_to_date_database_changes_nothing(url: str) -> None:
    Database(url).close()

    again = Database(url)

    assert again.migrated.before == again.migrated.after == "0005"
    again.close()


def test_every_step_can_be_taken_back(url: str) -> None:
    Database(url).close()

    migrate(url, lambda config: command.downgrade(config, "base"))

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    engine.dispose()
    again = Database(url)
    assert again.migrated.after == "0005"
    again.close()


def test_processes_that_start_together_wait_for_one_another(url: str) -> None:
    with ThreadPoolExecutor(4) as processes:
        opened = list(processes.map(Database, [url] * 4))

    assert sorted(d.migrated.before for d in opened).count("") >= 1
    assert {d.migrated.after for d in opened} == {"0005"}
    for database in opened:
        database.close()


def test_a_database_of_a_newer_program_is_refused_with_what_to_do(url: str) -> None:
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    with pytest.raises(StoreError, match="请升级程序或换一个数据库"):
        Database(url)


def test_a_database_of_version_0_1_0_is_taken_over_with_all_that_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            """
            CREATE TABLE conversations (conversation_id VARCHAR(128) NOT NULL, created VARCHAR(32) NOT NULL, PRIMARY KEY (conversation_id));
            CREATE TABLE messages (
                number INTEGER NOT NULL, message_id VARCHAR(128) NOT NULL, conversation_id VARCHAR(128) NOT NULL, role VARCHAR(16) NOT NULL,
                content TEXT NOT NULL, created VARCHAR(32) NOT NULL, answer TEXT, helpful BOOLEAN, reason TEXT NOT NULL,
                PRIMARY KEY (number), UNIQUE (message_id),
                FOREIGN KEY(conversation_id) REFERENCES conversations (conversation_id) ON DELETE CASCADE
            );
            CREATE INDEX ix_messages_conversation_id ON messages (conversation_id);
            """
        )
        connection.execute("INSERT INTO conversations VALUES ('c-1', '2026-11-01')")
        row = "INSERT INTO messages (message_id, conversation_id, role, content, created, answer, reason) VALUES (?, 'c-1', ?, ?, ?, ?, '')"
        connection.execute(row, ("q-1", "user", "产假多少天", "2026-11-01", None))
        connection.execute(row, ("m-1", "assistant", "没有查到", "2026-11-01", json.dumps({"verdict": "abstained"})))
    connection.close()

    store = SqlConversationStore(f"sqlite:///{file}")

    assert [m.message_id for m in store.messages("c-1")] == ["q-1", "m-1"]
    assert [(u.question, u.verdict) for u in store.unmet_questions("", 10)] == [("产假多少天", "abstained")]
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    store.close()


# -- retention


def turn(number: int, created: dt.datetime, verdict: str = "answered", said: str = "产假多少天？") -> tuple[StoredMessage, StoredMessage]:
    moment = created.isoformat(timespec="milliseconds")
    answer = {"verdict": verdict, "text": "98天。[1]"}
    return StoredMessage(f"q-{number}", "user", said, moment), StoredMessage(f"m-{number}", "assistant", "98天。[1]", moment, answer)


def test_messages_older_than_the_retention_are_removed_at_the_start(url: str) -> None:
    before = SqlConversationStore(url)
    before.add_turn("c-旧", *turn(1, NOW - dt.timedelta(days=200)))
    before.add_turn("c-两头", *turn(2, NOW - dt.timedelta(days=181)))
    before.add_turn("c-两头", *turn(3, NOW - dt.timedelta(days=179)))
    before.close()

    store = SqlConversationStore(url, retention_days=180, clock=lambda: NOW)

    assert store.messages("c-旧") == []
    assert store.erase("c-旧") is False
    assert [m.message_id for m in store.messages("c-两头")] == ["q-3", "m-3"]
    store.close()


def test_a_store_that_runs_for_months_removes_once_a_day_when_it_writes(url: str) -> None:
    moment = [NOW]
    store = SqlConversationStore(url, retention_days=1, clock=lambda: moment[0])
    store.add_turn("c-1", *turn(1, NOW))

    moment[0] = NOW + dt.timedelta(hours=23)
    store.add_turn("c-2", *turn(2, moment[0]))
    assert len(store.messages("c-1")) == 2
    moment[0] = NOW + dt.timedelta(hours=25)
    store.add_turn("c-2", *turn(3, moment[0]))

    assert store.messages("c-1") == []
    assert len(store.messages("c-2")) == 4
    store.close()


def test_a_retention_of_nought_keeps_for_ever(url: str) -> None:
    store = SqlConversationStore(url, retention_days=0, clock=lambda: NOW)
    store.add_turn("c-1", *turn(1, NOW - dt.timedelta(days=9999)))

    assert store.remove_old() == 0
    assert len(store.messages("c-1")) == 2
    store.close()


# -- unmet questions


def test_questions_that_were_not_well_answered_are_found_the_latest_first(url: str) -> None:
    store = SqlConversationStore(url)
    for number, verdict in enumerate(("abstained", "answered", "partial", "partial", "answered", "refused"), 1):
        store.add_turn("c-1", *turn(number, NOW + dt.timedelta(minutes=number), verdict, f"问题{number}"))
    store.give_feedback("m-4", True, "")
    store.give_feedback("m-5", False, "太旧了")

    unmet = store.unmet_questions("", 10)

    assert [(u.question, u.verdict, u.helpful, u.reason) for u in unmet] == [
        ("问题5", "answered", False, "太旧了"),
        ("问题3", "partial", None, ""),
        ("问题1", "abstained", None, ""),
    ]
    assert [u.question for u in store.unmet_questions("", 1)] == ["问题5"]
    assert [u.question for u in store.unmet_questions(unmet[1].asked, 10)] == ["问题5", "问题3"]
    store.erase("c-1")
    assert store.unmet_questions("", 10) == []
    store.close()


# -- what is stored is masked


def test_nothing_personal_reaches_the_tables(url: str) -> None:
    inner = SqlConversationStore(url)
    store = MaskedConversations(inner, lambda: "举报邮箱jubao@12377.cn")
    said = "我叫小王，电话13800138000，jubao@12377.cn是真的吗"
    answer = {
        "verdict": "partial",
        "text": "没有查到关于13800138000的内容。可以打028-86610000。[1]",
        "citations": [{"passage_id": "d-13800138000.1", "quote": "办公室电话028-86610000", "start": 0}],
        "caveats": ["13800138000"],
        "trace": {"query": ["13800138000"]},
    }
    created = NOW.isoformat(timespec="milliseconds")
    store.add_turn("c-1", StoredMessage("q-1", "user", said, created), StoredMessage("m-1", "assistant", answer["text"], created, answer))  # type: ignore[arg-type]
    store.give_feedback("m-1", False, "回我13900139000")

    question, kept = store.messages("c-1")
    assert question.content == "我叫小王，电话〔手机号〕，jubao@12377.cn是真的吗"
    assert kept.content == "没有查到关于〔手机号〕的内容。可以打028-86610000。[1]"
    assert kept.answer is not None
    assert kept.answer["citations"] == answer["citations"]
    assert kept.answer["caveats"] == ["〔手机号〕"]
    assert kept.answer["trace"] == {"query": ["〔手机号〕"]}
    assert [u.reason for u in store.unmet_questions("", 9)] == ["回我〔手机号〕"]
    inner.close()


# -- approved answers


def an_approved(number: int = 1, created: str = "2026-11-23T02:00:00.000+00:00") -> Approved:
    references = (Reference("d-1.2", ("RX-001", "RX-002")), Reference("d-2.1"))
    return Approved(
        f"a-{number}", ("热线是多少", "咋个打热线"), "拨12351。[1][2]\n「第二行」", references, "女职工部", created, dt.date(2027, 6, 30)
    )


def test_an_approved_answer_comes_back_as_it_was_given_until_it_is_removed(url: str) -> None:
    database = Database(url)
    store = SqlApprovedStore(database)
    later, earlier = an_approved(1), an_approved(2, "2026-11-22T02:00:00.000+00:00")
    store.add(later)
    store.add(earlier)

    stamps = [store.stamp()]
    assert store.all() == [earlier, later]
    assert store.remove("a-1") is True
    stamps.append(store.stamp())
    assert store.remove("a-1") is False
    assert store.all() == [earlier]
    store.add(an_approved(3, "2026-11-24T02:00:00.000+00:00"))
    stamps.append(store.stamp())
    assert len(set(stamps)) == 3
    with pytest.raises(StoreError):
        store.add(earlier)
    database.close()


def test_an_approved_answer_is_replaced_under_its_id_and_the_stamp_changes(url: str) -> None:
    database = Database(url)
    store = SqlApprovedStore(database)
    store.add(an_approved(1))
    before = store.stamp()
    changed = replace(an_approved(1, "2026-11-24T02:00:00.000+00:00"), text="改过了。[1]", expires=dt.date(2026, 11, 22))

    assert store.replace(changed) is True

    assert store.all() == [changed]
    assert store.stamp() != before
    assert store.replace(an_approved(2)) is False
    assert store.all() == [changed]
    database.close()


# -- changes


def test_changes_are_listed_newest_first_page_by_page_and_masked(url: str) -> None:
    database = Database(url)
    log = SqlChangeLog(database)
    for number in range(5):
        log.record("李主席 13800138000", Action.REVIEWED if number % 2 else Action.DRAFT_ADDED, f"文件{number}", "电话13800138000")

    total, page = log.latest(2, 1)

    assert (total, [c.subject for c in page]) == (5, ["文件3", "文件2"])
    assert (page[0].author, page[0].action, page[0].detail) == ("李主席 〔手机号〕", Action.REVIEWED, "电话〔手机号〕")
    assert log.latest(5, 5) == (5, [])
    assert set(log.last(Action.REVIEWED)) == {"文件1", "文件3"}
    assert log.last(Action.PUBLISHED) == {}
    log.record("王" * 500, Action.PUBLISHED, "长" * 500, "长" * 5000)
    assert len(log.latest(1)[1][0].detail) == MOST_DETAIL
    database.close()


def test_the_last_time_is_that_of_the_latest_change(url: str) -> None:
    database = Database(url)
    log = SqlChangeLog(database)
    log.record("甲", Action.REVIEWED, "文件")
    first = log.last(Action.REVIEWED)["文件"]
    log.record("乙", Action.REVIEWED, "文件")

    assert log.last(Action.REVIEWED)["文件"] >= first
    assert log.last(Action.REVIEWED)["文件"] == log.latest(1)[1][0].when
    database.close()


def test_a_server_that_cannot_be_reached_is_an_error_of_ours() -> None:
    with pytest.raises(StoreError, match="请检查数据库地址"):
        Database("postgresql://assistant@127.0.0.1:1/nichts")
