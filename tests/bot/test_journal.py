"""The journal keeps what it is given, finds it again, and never changes it."""

from __future__ import annotations

import inspect
import json
import sqlite3
import stat
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from journal_samples import NOON, exchange
from postgres_support import EMPTY_JOURNAL, fresh_database

from bot.answer import Kind
from bot.journal import (
    AmbiguousExchangeError,
    Delivery,
    DuplicateExchangeError,
    Journal,
    JournalDamagedError,
    JournalUnavailableError,
    Status,
    UnknownExchangeError,
    UnrecordableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of a journal runs on both databases, but for those that open the SQLite file."""
    if "database" in metafunc.fixturenames:
        asked = inspect.signature(metafunc.function).parameters
        kinds = ["sqlite"] if "path" in asked else ["sqlite", "postgresql"]
        metafunc.parametrize("database", kinds)


@pytest.fixture
def journal(database: str, path: Path, request: pytest.FixtureRequest) -> Iterator[Journal]:
    target: Path | str = path
    if database == "postgresql":
        server = request.getfixturevalue("postgres")
        target = fresh_database(server, f"j{uuid.uuid4().hex}", EMPTY_JOURNAL)
    with Journal(target) as opened:
        yield opened


# Appending and reading back


@pytest.mark.parametrize(
    "text",
    [
        "AKI",
        "",
        "fracture du radius – côté gauche 🦴",
        "nul \x00 inside, bell \x07, half a pair \ud83d",
        "x" * 200_000,
        "100% of the_time 'quoted' \"twice\" \\ back",
    ],
    ids=["plain", "empty", "unicode", "unstorable", "long", "quoting"],
)
def test_an_exchange_comes_back_as_it_was(journal: Journal, text: str) -> None:
    written = exchange(text=text)
    journal.append(written)
    assert journal.get(written.exchange_id) == written


def test_the_order_of_timings_and_of_the_answer_is_kept(journal: Journal) -> None:
    written = exchange()
    journal.append(written)
    read = journal.get(written.exchange_id)
    assert list(read.timings_ms) == ["retrieve", "draft", "total"]
    assert json.dumps(read.answer) == json.dumps(written.answer)


def test_an_exchange_outlives_the_journal_that_wrote_it(path: Path) -> None:
    with Journal(path) as journal:
        journal.append(exchange(1))
    with Journal(f"sqlite:///{path}") as journal:
        assert journal.get(exchange(1).exchange_id) == exchange(1)


def test_times_are_kept_in_utc(journal: Journal) -> None:
    local = datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    journal.append(exchange(created_at=local))
    (read,) = journal.list()
    assert read.created_at == local
    assert read.created_at.tzinfo is UTC


def test_an_id_is_written_once(journal: Journal) -> None:
    journal.append(exchange(1))
    with pytest.raises(DuplicateExchangeError):
        journal.append(exchange(1, text="another"))
    assert journal.get(exchange(1).exchange_id) == exchange(1)
    assert journal.counts()["exchanges"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"exchange_id": "short"},
        {"exchange_id": "has space"},
        {"exchange_id": "a" * 65},
        {"exchange_id": "John Doe, MRN 1"},
        {"created_at": datetime(2026, 11, 21, 12, 0)},
    ],
)
def test_what_is_no_exchange_cannot_be_made(changes: dict[str, object]) -> None:
    with pytest.raises(UnrecordableError):
        exchange(**changes)


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), b"bytes"], ids=["set", "nan", "bytes"])
def test_a_value_json_cannot_carry_is_refused_whole(journal: Journal, value: object) -> None:
    with pytest.raises(UnrecordableError):
        journal.append(exchange(answer={"odd": value}))
    assert journal.counts()["exchanges"] == 0


# References


def test_a_unique_beginning_of_six_characters_finds_an_exchange(journal: Journal) -> None:
    journal.append(exchange(exchange_id="abcdef0123"))
    journal.append(exchange(exchange_id="abcdee0123"))
    assert journal.get("abcdef").exchange_id == "abcdef0123"


def test_an_ambiguous_beginning_names_the_newest_matches(journal: Journal) -> None:
    for number in range(8):
        journal.append(exchange(exchange_id=f"abcdef-{number}"))
    with pytest.raises(AmbiguousExchangeError) as caught:
        journal.get("abcdef")
    assert caught.value.matches == tuple(f"abcdef-{number}" for number in (7, 6, 5, 4, 3))


def test_a_whole_id_wins_over_ids_that_it_begins(journal: Journal) -> None:
    for exchange_id in ("abcdef", "abcdef1"):
        journal.append(exchange(exchange_id=exchange_id))
    assert journal.get("abcdef").exchange_id == "abcdef"


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("abcde", "first 6 characters"),
        ("bcdef0", "goes by bcdef0"),
        ("ABCDEF", "goes by ABCDEF"),
        ("abcdef0123x", "goes by abcdef0123x"),
        ("______", "goes by ______"),
        ("%", "not an exchange id"),
        ("", "not an exchange id"),
        ("pt Jane Roe 1950", "not an exchange id"),
    ],
)
def test_an_unknown_reference_is_one_sentence(journal: Journal, reference: str, says: str) -> None:
    journal.append(exchange(exchange_id="abcdef0123"))
    with pytest.raises(UnknownExchangeError, match=says) as caught:
        journal.get(reference)
    assert "Roe" not in str(caught.value)
    assert "\n" not in str(caught.value)


# Listing


@pytest.fixture
def filled(journal: Journal) -> Journal:
    rows: list[dict[str, object]] = [
        {"door": "terminal", "person": "U1", "text": "100% sure of AKI"},
        {"door": "slack", "person": "U2", "text": "a Knee", "kind": Kind.LOOKUP},
        {"door": "slack", "person": "U1", "text": "knee_pain", "status": Status.ABSTAINED},
        {"door": "web", "person": "U3", "text": "bread", "kind": Kind.REFUSAL},
    ]
    for number, changes in enumerate(rows, start=1):
        journal.append(exchange(number, **changes))
    return journal


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"limit": 2}, [4, 3]),
        ({"limit": 0}, []),
        ({"before": "00000003-aaaa"}, [2, 1]),
        ({"before": "00000003", "limit": 1}, [2]),
        ({"before": "00000001"}, []),
        ({"kind": Kind.LOOKUP}, [2]),
        ({"kind": Kind.CHECK}, []),
        ({"person": "U1"}, [3, 1]),
        ({"person": "U"}, []),
        ({"door": "slack"}, [3, 2]),
        ({"door": "slack", "person": "U1"}, [3]),
        ({"since": NOON + timedelta(minutes=3)}, [4, 3]),
        ({"until": NOON + timedelta(minutes=3)}, [2, 1]),
        ({"since": NOON + timedelta(minutes=2), "until": NOON + timedelta(minutes=3)}, [2]),
        ({"text": "KNEE"}, [3, 2]),
        ({"text": "100%"}, [1]),
        ({"text": "e_p"}, [3]),
        ({"text": "n%e"}, []),
        ({"text": ""}, [4, 3, 2, 1]),
    ],
)
def test_listing(filled: Journal, asked: dict[str, object], numbers: list[int]) -> None:
    found = filled.list(**asked)  # type: ignore[arg-type]  # a table of test values
    assert [row.exchange_id for row in found] == [f"{number:08x}-aaaa" for number in numbers]


def test_a_page_after_an_unknown_exchange_is_refused(filled: Journal) -> None:
    with pytest.raises(UnknownExchangeError):
        filled.list(before="ffffffff")


def test_a_time_without_a_zone_is_refused(filled: Journal) -> None:
    with pytest.raises(UnrecordableError, match="time zone"):
        filled.list(since=datetime(2026, 11, 21))


# Threads, deliveries, events


def test_thread_context_is_the_last_questions_oldest_first(journal: Journal) -> None:
    here = {"team": "T1", "channel": "C1", "thread": "1.1"}
    elsewhere = [{"team": "T2"}, {"channel": "C2"}, {"thread": "1.2"}, {"thread": ""}]
    for number in range(1, 5):
        journal.append(exchange(number, text=f"question {number}", **here))
    for number, changes in enumerate(elsewhere, start=5):
        journal.append(exchange(number, text="not of this thread", **(here | changes)))
    context = journal.thread_context("T1", "C1", "1.1", 3)
    assert context == ("question 2", "question 3", "question 4")
    assert journal.thread_context("T1", "C1", "1.1", 9)[0] == "question 1"
    assert journal.thread_context("T1", "C1", "", 9) == ()
    assert journal.thread_context("T1", "C1", "9.9", 9) == ()


def test_undelivered_exchanges_are_those_no_message_showed(journal: Journal) -> None:
    for number in range(1, 5):
        journal.append(exchange(number, door="slack" if number != 4 else "terminal"))
    journal.mark_delivered(exchange(2).exchange_id, "C1", "2.2", NOON)

    def numbers(**asked: str) -> list[int]:
        since = NOON + timedelta(minutes=1)
        return [int(row.exchange_id[:8]) for row in journal.undelivered(since, **asked)]

    assert numbers() == [1, 3, 4]
    assert numbers(door="slack") == [1, 3]
    assert [
        row.exchange_id for row in journal.undelivered(NOON + timedelta(minutes=2), door="slack")
    ] == [exchange(3).exchange_id]


def test_a_delivery_is_noted_once_a_message(journal: Journal) -> None:
    journal.append(exchange(1))
    one = exchange(1).exchange_id
    for moment in (NOON, NOON + timedelta(hours=1)):
        journal.mark_delivered(one, "C1", "2.2", moment)
    journal.mark_delivered(one, "C1", "2.3", NOON)
    assert journal.deliveries_of(one) == (
        Delivery(one, "C1", "2.2", NOON),
        Delivery(one, "C1", "2.3", NOON),
    )


def test_only_a_known_exchange_can_be_delivered(journal: Journal) -> None:
    journal.append(exchange(1))
    with pytest.raises(UnknownExchangeError):
        journal.mark_delivered("00000001", "C1", "2.2", NOON)
    assert journal.counts()["deliveries"] == 0


def test_an_event_is_claimed_once(path: Path) -> None:
    with Journal(path) as first, Journal(path) as second:
        assert first.claim_event("Ev1", NOON) is True
        assert second.claim_event("Ev1", NOON) is False
        assert second.claim_event("Ev2", NOON) is True
    with Journal(path) as reopened:
        assert reopened.claim_event("Ev1", NOON + timedelta(days=6)) is False


def test_a_failed_attempt_gives_its_event_back(journal: Journal) -> None:
    journal.claim_event("Ev1", NOON)
    journal.claim_event("Ev2", NOON)
    journal.release_event("Ev1")
    assert journal.claim_event("Ev1", NOON) is True
    assert journal.claim_event("Ev2", NOON) is False
    journal.release_event("never claimed")


def test_claims_are_forgotten_after_a_week(journal: Journal) -> None:
    journal.claim_event("Ev1", NOON)
    journal.claim_event("Ev2", NOON + timedelta(seconds=1))
    journal.claim_event("Ev3", NOON + timedelta(days=7))
    assert journal.counts()["event_claims"] == 3
    journal.claim_event("Ev4", NOON + timedelta(days=7, seconds=1))
    assert journal.counts()["event_claims"] == 3
    assert journal.claim_event("Ev2", NOON + timedelta(days=7, seconds=1)) is False


def test_an_event_claimed_by_now_is_pruned_by_no_losing_claim(journal: Journal) -> None:
    journal.claim_event("Ev1", NOON)
    journal.claim_event("Ev2", NOON + timedelta(days=3))
    assert journal.claim_event("Ev2", NOON + timedelta(days=8)) is False
    assert journal.claim_event("Ev2", NOON + timedelta(days=8)) is False


# History stays as it was written


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchanges SET text = 'edited'",
        "UPDATE exchanges SET sequence = 99",
        "DELETE FROM exchanges",
        "INSERT OR REPLACE INTO exchanges SELECT * FROM exchanges",
        "REPLACE INTO exchanges SELECT NULL, exchange_id, created_at, door, team, channel, thread,"
        " person, setting, day, kind, status, drafter, 'edited', document FROM exchanges",
        "UPDATE deliveries SET channel = 'C9'",
        "DELETE FROM deliveries",
        "INSERT OR REPLACE INTO deliveries SELECT * FROM deliveries",
    ],
)
def test_the_file_itself_refuses_edits(journal: Journal, path: Path, statement: str) -> None:
    journal.append(exchange(1))
    journal.mark_delivered(exchange(1).exchange_id, "C1", "2.2", NOON)
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    raw.close()
    assert journal.get(exchange(1).exchange_id) == exchange(1)
    assert journal.counts() == {"exchanges": 1, "deliveries": 1, "event_claims": 0}


@pytest.mark.parametrize(
    "document",
    ["", "{}", "[]", "null", '{"format": 1}', "not json", '{"format": 2}'],
)
def test_a_row_that_the_journal_did_not_write_is_named(
    journal: Journal, path: Path, document: str
) -> None:
    journal.append(exchange(1))
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER exchanges_refuse_update")
    raw.execute("UPDATE exchanges SET document = ?", (document,))
    raw.commit()
    raw.close()
    with pytest.raises(JournalDamagedError, match=exchange(1).exchange_id):
        journal.get(exchange(1).exchange_id)


# Opening


def test_a_new_journal_is_its_owner_s_alone(journal: Journal, path: Path) -> None:
    journal.append(exchange(1))
    files = sorted(path.parent.glob("journal.sqlite*"))
    assert files[0] == path
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_journal_says_where_it_is_without_a_password(journal: Journal, path: Path) -> None:
    assert journal.location == f"sqlite:///{path}"


def test_commits_wait_for_the_disk_and_readers_for_nobody(journal: Journal, path: Path) -> None:
    with journal._writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    journal.append(exchange(1))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert journal.get(exchange(1).exchange_id) == exchange(1)
    holder.close()


@pytest.mark.parametrize("target", ["sqlite://", "sqlite:///:memory:", "nonsense", "", "oracle2:x"])
def test_an_address_that_is_no_journal_is_refused(target: str) -> None:
    with pytest.raises(JournalUnavailableError) as caught:
        Journal(target)
    assert "\n" not in str(caught.value)


def test_a_missing_driver_is_named_and_the_password_is_not() -> None:
    with pytest.raises(JournalUnavailableError, match=r"mysql\+mysqldb") as caught:
        Journal("mysql+mysqldb://codecite:hunter2@127.0.0.1/journal")
    assert "hunter2" not in str(caught.value)
