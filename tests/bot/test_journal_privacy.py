"""No failure of the journal, and no log line at any level, repeats what was asked or answered."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from journal_samples import NOON, exchange, worker

from bot.journal import Exchange, Journal, JournalError, JournalUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# A traceback shows source lines, so the tests below name the planted words and never spell them.
NAME, BORN, RECORD, SECRET = PLANTED = ("Roe", "1950-02-29", "MRN-4711", "hunter2")
TEXT = f"Jane {NAME}, born {BORN}, {RECORD}, has AKI"


def planted(number: int = 1, **changes: object) -> Exchange:
    return exchange(
        number,
        text=TEXT,
        **({"headline": TEXT, "person": RECORD, "channel": NAME, "door": "slack"} | changes),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    # SQLAlchemy keeps its own loggers at WARNING until somebody lowers them, as here.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "sqlalchemy.engine"):
        yield caplog


def assert_silent(caplog: pytest.LogCaptureFixture, error: BaseException | None = None) -> None:
    said = caplog.text
    if error is not None:
        said += str(error) + repr(error) + "".join(traceback.format_exception(error))
        assert error.__cause__ is None
        assert error.__context__ is None
        assert "\n" not in str(error)
    for word in PLANTED:
        assert word not in said


def read_only(path: Path, _stack: ExitStack) -> Journal:
    return Journal(f"sqlite:///file:{path}?mode=ro&uri=true")


def locked(path: Path, stack: ExitStack) -> Journal:
    holder = sqlite3.connect(path, isolation_level=None)
    stack.callback(holder.close)
    holder.execute("BEGIN IMMEDIATE")
    return Journal(path, busy_timeout=0.05)


def forbidden(path: Path, _stack: ExitStack) -> Journal:
    raw = sqlite3.connect(path)
    for table in ("exchanges", "event_claims", "deliveries"):
        raw.execute(
            f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'not today'); END"
        )
    raw.close()
    return Journal(path)


def without_tables(path: Path, _stack: ExitStack) -> Journal:
    raw = sqlite3.connect(path)
    for table in ("deliveries", "exchanges", "event_claims"):
        raw.execute(f"DROP TABLE {table}")
    raw.close()
    return Journal(path)


def overwritten(path: Path, _stack: ExitStack) -> Journal:
    journal = Journal(path)
    for extra in path.parent.glob("journal.sqlite-*"):
        extra.unlink()
    path.write_bytes(b"MRN-4711 is not a database " * 400)
    journal._reader.pool.dispose()
    return journal


FAILURES = {
    "read-only": (read_only, "it is read-only"),
    "locked": (locked, "another program is holding it"),
    "constraint": (forbidden, "a rule of the journal forbids the change"),
    "no tables": (without_tables, "SQLite refused the request"),
    "not a database": (overwritten, "not an SQLite database"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_append_says_why_and_nothing_of_the_exchange(
    path: Path, failure: str, everything_logged: pytest.LogCaptureFixture
) -> None:
    breaks, says = FAILURES[failure]
    with Journal(path) as journal:
        journal.append(planted(1))
    with ExitStack() as stack:
        journal = stack.enter_context(breaks(path, stack))
        with pytest.raises(JournalUnavailableError, match=says) as caught:
            journal.append(planted(2))
        assert_silent(everything_logged, caught.value)


def calls() -> dict[str, Callable[[Journal], object]]:
    return {
        "get": lambda journal: journal.get("00000001"),
        "list": lambda journal: journal.list(text=TEXT, person=RECORD),
        "thread_context": lambda journal: journal.thread_context("T", NAME, BORN),
        "claim_event": lambda journal: journal.claim_event(RECORD, NOON),
        "release_event": lambda journal: journal.release_event(RECORD),
        "mark_delivered": lambda journal: journal.mark_delivered(SECRET, NAME, "1", NOON),
        "deliveries_of": lambda journal: journal.deliveries_of(RECORD),
        "undelivered": lambda journal: journal.undelivered(NOON, door=NAME),
        "counts": lambda journal: journal.counts(),
    }


@pytest.mark.parametrize("call", calls())
def test_every_method_fails_with_one_clean_sentence(
    path: Path, call: str, everything_logged: pytest.LogCaptureFixture
) -> None:
    Journal(path).close()
    with ExitStack() as stack:
        journal = stack.enter_context(without_tables(path, stack))
        with pytest.raises(JournalUnavailableError) as caught:
            calls()[call](journal)
        assert_silent(everything_logged, caught.value)


@pytest.mark.parametrize(
    "fails",
    [
        lambda journal: journal.append(planted(1)),
        lambda journal: journal.append(planted(2, answer={"text": TEXT, "odd": {TEXT}})),
        lambda journal: journal.append(planted(2, answer={TEXT: float("inf")})),
        lambda journal: journal.mark_delivered(TEXT, "C1", "2.2", NOON),
        lambda journal: journal.get(TEXT),
        lambda journal: journal.list(before=TEXT),
        lambda journal: planted(exchange_id=TEXT),
    ],
    ids=["duplicate", "set", "infinity", "delivery", "get", "before", "id"],
)
def test_a_refusal_repeats_nothing(
    path: Path, fails: Callable[[Journal], object], everything_logged: pytest.LogCaptureFixture
) -> None:
    with Journal(path) as journal:
        journal.append(planted(1))
        with pytest.raises(JournalError) as caught:
            fails(journal)
    assert_silent(everything_logged, caught.value)


def test_everyday_use_logs_nothing_that_was_asked(
    path: Path, everything_logged: pytest.LogCaptureFixture
) -> None:
    with Journal(path) as journal:
        journal.append(planted(1, thread="1.1"))
        journal.claim_event(SECRET, NOON)
        journal.mark_delivered(planted(1).exchange_id, NAME, "2.2", NOON)
        assert journal.list(text=NAME)
        assert journal.thread_context("", NAME, "1.1")
        assert journal.get(planted(1).exchange_id).text == TEXT
    assert_silent(everything_logged)


def test_the_repr_of_an_exchange_shows_no_text() -> None:
    shown = repr(exchange(1, text=TEXT, headline=TEXT))
    assert not [word for word in PLANTED if word in shown]
    assert exchange(1).exchange_id in shown


FULL = """
import resource, sys
from pathlib import Path
from test_journal_privacy import planted
from bot.journal import Journal, JournalError
journal = Journal("sqlite:///" + sys.argv[1])
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
for number in range(1000):
    try:
        journal.append(planted(number))
    except JournalError as error:
        print(error)
        break
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
journal.append(planted(number))
print(number + 1 == journal.counts()["exchanges"])
journal.close()
"""


def test_a_full_disk_is_one_sentence_and_loses_nothing(path: Path) -> None:
    process = worker(FULL, path)
    said, errors = process.communicate(timeout=60)
    assert errors == ""
    sentence, counted = said.splitlines()
    assert sentence.startswith("The journal cannot be used: the disk ")
    assert counted == "True"
    with Journal(path) as journal:
        assert all(row.text == TEXT for row in journal.list(limit=2000))


# Opening


def a_folder(tmp_path: Path) -> Path:
    return tmp_path


def under_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file" / "journal.sqlite"


def no_database(tmp_path: Path) -> Path:
    (tmp_path / "journal.sqlite").write_bytes(b"MRN-4711 " * 1000)
    return tmp_path / "journal.sqlite"


def nul_in_name(tmp_path: Path) -> Path:
    return tmp_path / "a\x00b"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (a_folder, "cannot be opened"),
        (under_a_file, "cannot be created"),
        (no_database, "not an SQLite database"),
        (nul_in_name, "cannot be a file name"),
    ],
)
def test_a_path_that_cannot_hold_a_journal(
    tmp_path: Path,
    made: Callable[[Path], Path],
    says: str,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(JournalUnavailableError, match=says) as caught:
        Journal(made(tmp_path), busy_timeout=0.05)
    assert_silent(everything_logged, caught.value)


def test_a_new_journal_on_a_read_only_file_is_refused(path: Path) -> None:
    path.touch()
    with pytest.raises(JournalUnavailableError, match="it is read-only"):
        Journal(f"sqlite:///file:{path}?mode=ro&uri=true", busy_timeout=0.05)


def test_a_new_journal_that_somebody_holds_is_refused(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalUnavailableError, match="another program is holding it"):
        Journal(path, busy_timeout=0.05)
    holder.close()
