"""The hash chain names whatever is changed, removed, added or moved behind the journal's back."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from journal_samples import NOON, exchange
from sqlalchemy import text

from bot.journal import Journal
from bot.journal.ledger import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

TABLES = {"exchanges": 4, "deliveries": 2, "review_events": 3}


@pytest.fixture
def chained(database_url: str) -> Iterator[Journal]:
    """Nine rows in three tables, interleaved."""
    with Journal(database_url) as journal:
        for number in (1, 2):
            journal.append(exchange(number))
        journal.mark_delivered(exchange(1).exchange_id, "C1", "1.1", NOON)
        for number in (1, 2, 3):
            _event(journal, number)
        journal.append_many(exchange(number) for number in (3, 4))
        journal.mark_delivered(exchange(4).exchange_id, "C1", "4.4", NOON)
        yield journal


def _event(journal: Journal, number: int, **changes: object) -> None:
    row = {
        "at": NOON, "kind": "commented", "exchange_id": exchange(number).exchange_id,
        "actor": "U1", "document": "{}",
    }  # fmt: skip
    with journal.chaining() as chain:
        chain.add("review_events", row | changes)


@contextmanager
def unguarded(journal: Journal) -> Iterator[Connection]:
    """A connection of somebody who may switch the triggers off."""
    with journal._writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            found = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            for name in found.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            # Foreign keys stay on within a transaction; deferring them lets a parent go.
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield connection
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = origin"))


def test_an_untouched_chain_is_proved(chained: Journal) -> None:
    found = chained.verify()
    assert (found.ok, found.rows, found.removed) == (True, 9, 0)
    assert len(found.head) == 64
    assert chained.verify(found.head).ok
    chained.append(exchange(9))
    later = chained.verify(found.head)
    assert later.ok
    assert later.head != found.head


def test_an_empty_journal_has_an_empty_chain(database_url: str) -> None:
    with Journal(database_url) as journal:
        found = journal.verify()
    assert (found.ok, found.rows, found.head) == (True, 0, GENESIS)


CHANGES = [
    ("exchanges", "exchange_id", "'zzzzzzzz'"),
    ("exchanges", "created_at", "'2020-01-01 00:00:00.000000'"),
    ("exchanges", "door", "'web'"),
    ("exchanges", "team", "'T9'"),
    ("exchanges", "channel", "'C9'"),
    ("exchanges", "thread", "'9.9'"),
    ("exchanges", "person", "'U9'"),
    ("exchanges", "setting", "'inpatient'"),
    ("exchanges", "day", "'2020-01-01'"),
    ("exchanges", "kind", "'refusal'"),
    ("exchanges", "status", "'refused'"),
    ("exchanges", "drafter", "'model'"),
    ("exchanges", "text", "'edited'"),
    ("exchanges", "document", "'{}'"),
    ("deliveries", "exchange_id", "(SELECT exchange_id FROM exchanges WHERE sequence = 3)"),
    ("deliveries", "channel", "'C9'"),
    ("deliveries", "message_ts", "'9.9'"),
    ("deliveries", "delivered_at", "'2020-01-01 00:00:00.000000'"),
    ("review_events", "at", "'2020-01-01 00:00:00.000000'"),
    ("review_events", "kind", "'verdict'"),
    ("review_events", "exchange_id", "'zzzzzzzz'"),
    ("review_events", "actor", "'U9'"),
    ("review_events", "document", "'{\"a\": 1}'"),
]


@pytest.mark.parametrize(("table", "column", "value"), CHANGES)
def test_a_changed_value_is_named(chained: Journal, table: str, column: str, value: str) -> None:
    with unguarded(chained) as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {value} WHERE sequence = 2"))
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.subject, broken.key, broken.reason) == (table, 2, "its content was changed")


@pytest.mark.parametrize(
    ("table", "key"),
    [(table, key) for table, count in TABLES.items() for key in range(1, count + 1)],
)
def test_a_removed_row_is_named(chained: Journal, table: str, key: int) -> None:
    with unguarded(chained) as connection:
        if table == "exchanges":
            # Its deliveries would keep it from going.
            connection.execute(
                text("DELETE FROM deliveries WHERE exchange_id IN "
                     f"(SELECT exchange_id FROM exchanges WHERE sequence = {key})")
            )  # fmt: skip
        connection.execute(text(f"DELETE FROM {table} WHERE sequence = {key}"))
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.subject, broken.key, broken.reason) == (table, key, "it was removed")


@pytest.mark.parametrize("table", TABLES)
def test_two_rows_that_changed_places_are_named(chained: Journal, table: str) -> None:
    with unguarded(chained) as connection:
        for old, new in ((1, 99), (2, 1), (99, 2)):
            connection.execute(text(f"UPDATE {table} SET sequence = {new} WHERE sequence = {old}"))
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.subject, broken.key) == (table, 1)


@pytest.mark.parametrize("position", range(1, 10))
def test_a_removed_link_is_named(chained: Journal, position: int) -> None:
    with unguarded(chained) as connection:
        connection.execute(text(f"DELETE FROM ledger WHERE position = {position}"))
    broken = chained.verify().broken
    assert broken is not None
    assert broken.position == position


@pytest.mark.parametrize("column", ["subject", "key", "digest", "previous", "hash"])
def test_a_changed_link_is_named(chained: Journal, column: str) -> None:
    value = "77" if column == "key" else "'elsewhere'" if column == "subject" else f"'{'a' * 64}'"
    with unguarded(chained) as connection:
        connection.execute(text(f"UPDATE ledger SET {column} = {value} WHERE position = 5"))
    broken = chained.verify().broken
    assert broken is not None
    assert broken.position == 5


def test_two_links_that_changed_places_are_named(chained: Journal) -> None:
    with unguarded(chained) as connection:
        for old, new in ((4, 99), (5, 4), (99, 5)):
            connection.execute(text(f"UPDATE ledger SET position = {new} WHERE position = {old}"))
    broken = chained.verify().broken
    assert broken is not None
    assert broken.position == 4


def test_a_row_and_its_link_cut_off_together_are_missed_by_nobody(chained: Journal) -> None:
    """The end of the chain goes with its content: the head still knows how long it was."""
    noted = chained.verify().head
    with unguarded(chained) as connection:
        connection.execute(text("DELETE FROM deliveries WHERE sequence = 2"))
        connection.execute(text("DELETE FROM ledger WHERE position = 9"))
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.position, broken.reason) == (9, "the chain's end was cut off")
    with unguarded(chained) as connection:
        connection.execute(
            text("UPDATE ledger_head SET position = 8, "
                 "hash = (SELECT hash FROM ledger WHERE position = 8)")
        )  # fmt: skip
    assert chained.verify().ok
    broken = chained.verify(noted).broken
    assert broken is not None
    assert broken.reason == "the noted head is not in the chain"


def test_a_row_added_past_the_journal_is_named(chained: Journal) -> None:
    with unguarded(chained) as connection:
        connection.execute(
            text("INSERT INTO review_events (sequence, at, kind, exchange_id, actor, document) "
                 "SELECT 50, at, kind, exchange_id, actor, document FROM review_events "
                 "WHERE sequence = 1")
        )  # fmt: skip
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.position, broken.subject, broken.key) == (0, "review_events", 50)


def test_only_an_event_in_the_chain_explains_a_removal(chained: Journal) -> None:
    with unguarded(chained) as connection:
        connection.execute(text("INSERT INTO purged (subject, key) VALUES ('review_events', 2)"))
        connection.execute(text("DELETE FROM review_events WHERE sequence = 2"))
    broken = chained.verify().broken
    assert broken is not None
    assert (broken.subject, broken.key) == ("review_events", 2)
    removed = json.dumps({"removed": [["review_events", 2]]})
    _event(chained, 2, kind="purged", document=removed)
    found = chained.verify()
    assert (found.ok, found.removed) == (True, 1)


@pytest.mark.parametrize("table", [*TABLES, "ledger", "purged"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_itself_refuses_edits(chained: Journal, table: str, verb: str) -> None:
    column = {"exchanges": "door", "deliveries": "channel", "review_events": "actor"}.get(
        table, "subject"
    )
    with chained._writer.begin() as connection:
        connection.execute(text("INSERT INTO purged (subject, key) VALUES ('none', 1)"))
    change = f"UPDATE {table} SET {column} = 'x'" if verb == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(Exception, match="append-only"), chained._writer.begin() as connection:
        connection.execute(text(change))
    assert chained.verify().rows == 9
