"""The one database: conversations and approved answers, by SQLAlchemy, brought up to date by Alembic when it is opened.

SQLite by default, PostgreSQL by URL. Importing this connects to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from assistant.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_203_517  # any number that nothing else in the database locks


class Base(DeclarativeBase):
    """Base of every table."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """Revision of the tables before and after; ``before`` is "" for a database without any."""

    before: str
    after: str


class Database:
    """A database with up-to-date tables. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Connect and bring the tables up to date.

        Raises:
            StoreError: the database cannot be reached or written, or its tables are newer than this program.
        """
        with translated():
            if (name := make_url(url).get_backend_name()) not in ("sqlite", "postgres", "postgresql"):
                raise StoreError(f"不支持 {name} 数据库。请用 SQLite 或 PostgreSQL")
            self._engine = create_engine(_with_driver(make_url(url)), hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
            if self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _set_sqlite_pragmas)
        try:
            self.migrated = _migrate(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def engine(self) -> Engine:
        """The connection pool."""
        return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction, committed at the end of the block.

        Raises:
            StoreError: the database cannot do what the block asks of it.
        """
        with translated(), Session(self._engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the database as errors of ours."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as exc:  # a driver that is not installed is an ImportError
        raise StoreError(f"对话记录读写失败：{exc.__class__.__name__}。请检查数据库地址、磁盘空间和权限") from exc


def _migrate(engine: Engine) -> Migrated:
    """Bring the tables up to date in one transaction; of several processes that start together one does it, the others wait.

    Up-to-date tables are only read, so that a database which may not be written can still be opened.
    """
    from alembic import command  # only when a database is opened
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        head = ScriptDirectory.from_config(config).get_current_head() or ""
        with translated(), engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == head:
                return Migrated(head, head)
            connection.rollback()
            _lock(connection)
            before = MigrationContext.configure(connection).get_current_revision()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except CommandError as exc:
        raise StoreError(f"数据库的表结构不能升级：{exc}。它可能来自更新的版本，请升级程序或换一个数据库") from exc
    return Migrated(before or "", head)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


def _with_driver(url: URL) -> URL:
    """A PostgreSQL address, however it is written, with the driver that is installed."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # secure_delete: what a reader erased is overwritten, not only forgotten.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
