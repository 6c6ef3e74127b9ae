"""Engines for the journal, and database failures turned into sentences without any row's values."""

from __future__ import annotations

import functools
import logging
import os
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from bot.journal.errors import JournalError, JournalUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

P = ParamSpec("P")
T = TypeVar("T")

_WRITES = "journal_writes"
_LOGGING_NAME = "codecite.journal"

_REFUSED_BY_TRIGGER = "23000"  # PostgreSQL's integrity_constraint_violation
_SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "another program is holding it; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "another program is holding it; try again when that has finished",
    sqlite3.SQLITE_READONLY: "it is read-only; give this user the right to write it",
    sqlite3.SQLITE_PERM: "it is read-only; give this user the right to write it",
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "the disk refused a read or a write; check its space and health",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check that its folder exists and is yours",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database; move it away or name another",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup",
    sqlite3.SQLITE_TOOBIG: "the exchange is larger than a row may be",
    sqlite3.SQLITE_CONSTRAINT: "a rule of the journal forbids the change",
}


def parse(target: str | Path) -> URL:
    """The URL of a journal: a path is an SQLite file. The text given never shows in an error."""
    if isinstance(target, Path):
        return URL.create("sqlite", database=str(target))
    try:
        url = make_url(target)
    except ArgumentError:
        url = None
    if url is None:
        raise JournalUnavailableError(
            "The journal's address is not a database URL such as sqlite:////path/journal.sqlite."
        )
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise JournalUnavailableError("The journal must outlive the program: name a file for it.")
    return url


def engines(url: URL, busy_timeout: float) -> tuple[Engine, Engine]:
    """A reading and a writing engine over one pool of connections.

    SQL is never echoed, and parameters are hidden from SQLAlchemy's own errors and log lines.
    ``busy_timeout`` is how many seconds a writer waits for another before it gives up (SQLite).
    """
    # Rows are logged at DEBUG whatever hide_parameters says, so this engine's logger stays quiet
    # even where somebody turns the root logger up.
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGING_NAME}").setLevel(logging.WARNING)
    sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            logging_name=_LOGGING_NAME,
            pool_pre_ping=not sqlite,
            connect_args={"timeout": busy_timeout} if sqlite else {},
        )
    except (ImportError, NoSuchModuleError):
        engine = None
    if engine is None:
        raise JournalUnavailableError(
            f"No driver for {url.drivername} is installed: install it, or keep the journal in an "
            f"SQLite file."
        )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine, engine.execution_options(**{_WRITES: True})


def prepare_file(url: URL) -> None:
    """Create an SQLite journal's folder and file, readable by this user only: it holds notes.

    SQLite gives its write-ahead log the rights of the database file.
    """
    if url.get_backend_name() != "sqlite" or url.query.get("uri") or url.database is None:
        return
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        fault = JournalUnavailableError(
            f"The journal {path} cannot be created: {error.strerror or 'the path is unusable'}."
        )
    except ValueError:
        fault = JournalUnavailableError("The journal's path cannot be a file name.")
    else:
        return
    raise fault


def use_write_ahead_log(engine: Engine, patience: float) -> None:
    """Let readers and a writer of an SQLite journal work at once (kept in the file).

    Two processes that open a new file together can refuse each other this one change without
    waiting, so it is tried again for ``patience`` seconds. A file system that cannot do it keeps
    the rollback journal, which is as safe and slower.
    """
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + patience
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        while True:
            try:
                cursor.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if _primary(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return
    finally:
        raw.close()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, late and never for DDL: SQLAlchemy begins
    # them instead (see _begin_sqlite).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # FULL: a commit in the write-ahead log is on the disk before append() returns, so that an
    # answer that was shown is in the journal even after a power cut. NORMAL would lose the last
    # ones. It costs one fsync an exchange.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the write lock at once: a transaction that reads first and writes later is
    # refused without waiting when another process wrote in between.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def guarded(function: Callable[P, T]) -> Callable[P, T]:
    """Turn database failures of ``function`` into JournalUnavailableError without a cause.

    The original is dropped on purpose, not chained: it carries the statement and its values.
    """

    @functools.wraps(function)
    def guard(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except JournalError as error:
            fault: JournalError = error
        except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
            fault = JournalUnavailableError(f"The journal cannot be used: {reason(error)}.")
        # Outside the handlers, so that the new error has neither cause nor context.
        raise fault

    return guard


@contextmanager
def guarding() -> Iterator[None]:
    """``guarded`` for a block."""
    try:
        yield
    except JournalError:
        raise
    except (SQLAlchemyError, sqlite3.Error) as error:
        fault = JournalUnavailableError(f"The journal cannot be used: {reason(error)}.")
    else:
        return
    raise fault from None


def reason(error: BaseException) -> str:
    """Why the database failed, in words of ours only."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if getattr(original, "sqlstate", None) == _REFUSED_BY_TRIGGER:
        return _SQLITE_REASONS[sqlite3.SQLITE_CONSTRAINT]
    if isinstance(original, sqlite3.Error):
        return _SQLITE_REASONS.get(_primary(original), "SQLite refused the request")
    return "the database is not reachable or refused the request"


def _primary(error: sqlite3.Error) -> int:
    # Errors that Python's module raises itself carry no code. The low byte is the primary code.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
