"""The doors' working notes on a real database: once, in order, after a crash, for good."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.journal import Journal, JournalUnavailableError
from bot.journal.door import DoorStore
from bot.journal.door_records import DoorEvent, EventKind, StoredInstallation, Turn, TurnState
from bot.journal.door_schema import DOOR_REVISION, DOOR_VERSION_TABLE, door_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite") as opened:
        yield opened


@pytest.fixture
def door(journal: Journal) -> DoorStore:
    return DoorStore(journal)


def turn(number: int = 1, **changes: Any) -> Turn:
    made = Turn(
        turn_id=f"message:T1:C1:{number}.0",
        team="T1",
        channel="C1",
        thread="1.0",
        position=f"{number}.0",
        person="U1",
        door="mention",
        exchange_id=f"exchange{number}",
        owner="here:1",
        started_at=NOW,
        lease_until=NOW + timedelta(seconds=60),
    )
    return replace(made, **changes)


def test_the_tables_are_those_of_the_schema(journal: Journal, door: DoorStore) -> None:
    assert door.revision == DOOR_REVISION
    with journal._reader.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": DOOR_VERSION_TABLE,
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name.startswith("door_"),
            },
        )
        assert compare_metadata(context, door_metadata) == []


def test_a_second_opening_finds_what_the_first_wrote(journal: Journal, door: DoorStore) -> None:
    assert door.begin(turn())
    assert DoorStore(journal).turn(turn().turn_id) == turn()


def test_one_of_many_threads_takes_a_question_on(door: DoorStore) -> None:
    barrier, won = Barrier(8), []

    def take(number: int) -> None:
        barrier.wait()
        if door.begin(turn(owner=f"here:{number}")):
            won.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.parametrize(
    ("seen", "changed"),
    [
        ({}, True),
        ({"revision": 1}, False),
        ({"owner": "there:2"}, False),
        ({"turn_id": "message:T1:C1:9.0"}, False),
    ],
)
def test_a_turn_changes_only_where_it_is_as_it_was_seen(
    door: DoorStore, seen: dict[str, Any], changed: bool
) -> None:
    door.begin(turn())
    assert door.change(turn(**seen), state=TurnState.ANSWERED, replies=("2.0", "3.0")) is changed
    found = door.turn(turn().turn_id)
    assert found is not None
    assert (found.state is TurnState.ANSWERED) is changed
    assert found.replies == (("2.0", "3.0") if changed else ())


def test_a_withdrawn_turn_stays_withdrawn(door: DoorStore) -> None:
    door.begin(turn())
    assert door.change(turn(), state=TurnState.WITHDRAWN)
    assert not door.change(turn(), state=TurnState.ANSWERED)


def test_an_earlier_question_of_another_process_is_waited_for(door: DoorStore) -> None:
    door.begin(turn(1, owner="there:2"))
    later = turn(2)
    assert door.waiting_before(later, NOW)
    assert not door.waiting_before(later, NOW + timedelta(seconds=61))  # its process is dead
    assert not door.waiting_before(replace(later, thread="other"), NOW)
    assert not door.waiting_before(replace(later, owner="there:2"), NOW)  # its own lane decides
    door.change(turn(1, owner="there:2"), state=TurnState.ANSWERED)
    assert not door.waiting_before(later, NOW)
    assert door.answered_after(replace(turn(0), position="0.5"))
    assert not door.answered_after(turn(1))


def test_open_turns_are_those_whose_lease_is_over(door: DoorStore) -> None:
    door.begin(turn(1))
    door.begin(turn(2, lease_until=NOW - timedelta(seconds=1)))
    door.begin(turn(3, state=TurnState.ANSWERED))
    assert {t.position for t in door.open_turns()} == {"1.0", "2.0"}
    assert [t.position for t in door.open_turns(expired_at=NOW)] == ["2.0"]
    assert door.extend("here:1", NOW + timedelta(seconds=9)) == 2
    assert door.open_turns(expired_at=NOW) == ()


def test_a_conversation_remembers_its_answered_questions(door: DoorStore) -> None:
    for number in range(1, 9):
        state = TurnState.FAILED if number == 8 else TurnState.ANSWERED
        door.begin(turn(number, state=state))
    door.begin(turn(9, state=TurnState.ANSWERED, thread="9.0"))
    found = door.recent("T1", "C1", "1.0", NOW, limit=3)
    assert [t.position for t in found] == ["5.0", "6.0", "7.0"]
    assert door.recent("T1", "C1", "1.0", NOW + timedelta(seconds=1)) == ()
    assert door.opened_thread("T1", "C1", "9.0")
    assert not door.opened_thread("T2", "C1", "9.0")
    door.begin(turn(10, state=TurnState.FAILED, thread="10.0"))
    assert not door.opened_thread("T1", "C1", "10.0")  # refused: not a thread of its own
    door.begin(turn(12, thread="11.0"))
    assert not door.opened_thread("T1", "C1", "11.0")  # called into somebody else's thread
    assert door.asked_since("T1", "U1", NOW) == 11
    assert door.asked_since("T1", "U2", NOW) == 0
    assert door.turn_of("exchange9") == turn(9, state=TurnState.ANSWERED, thread="9.0")
    assert len(door.turns_of("T1", "U1", limit=4)) == 4
    assert len(door.latest_turns("T1", NOW)) == 8


def test_settled_turns_are_forgotten_and_open_ones_are_not(door: DoorStore) -> None:
    door.begin(turn(1, state=TurnState.ANSWERED))
    door.begin(turn(2))
    assert door.forget_turns(NOW + timedelta(days=1)) == 1
    assert door.turn(turn(2).turn_id) is not None


def test_the_last_setting_of_a_key_holds(door: DoorStore) -> None:
    assert door.setting("conversation", "T1:C1:1.0") == {}
    door.put_setting("conversation", "T1:C1:1.0", {"setting": "inpatient"}, NOW)
    door.put_setting("conversation", "T1:C1:1.0", {"setting": "outpatient"}, NOW)
    assert door.setting("conversation", "T1:C1:1.0") == {"setting": "outpatient"}
    assert door.setting("person", "T1:C1:1.0") == {}


def test_events_are_kept_for_good(tmp_path: Path, door: DoorStore) -> None:
    event = DoorEvent(EventKind.REJECTED, NOW, "T1", "C1", "U1", "exchange1", {"reason": "wrong"})
    door.tell(event)
    door.tell(replace(event, kind=EventKind.REFUSED, exchange_id=""))
    assert door.events_of(["exchange1", "other"]) == (event,)
    assert len(door.events_since(NOW)) == 2
    assert [e.kind for e in door.events_since(NOW, EventKind.REFUSED)] == [EventKind.REFUSED]
    raw = sqlite3.connect(tmp_path / "journal.sqlite")
    for statement in ("DELETE FROM door_events", "UPDATE door_events SET person = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_an_installation_is_replaced_and_dropped(door: DoorStore) -> None:
    first = StoredInstallation("", "T1", b"one", NOW)
    door.put_installation(first)
    door.put_installation(replace(first, secret=b"two"))
    door.put_installation(StoredInstallation("E1", "", b"org", NOW))
    found = door.installation("", "T1")
    assert found is not None
    assert found.secret == b"two"
    assert door.drop_installation("", "T1")
    assert not door.drop_installation("", "T1")
    assert door.installation("E1", "") is not None


def test_a_failing_database_is_one_sentence(tmp_path: Path, door: DoorStore) -> None:
    raw = sqlite3.connect(tmp_path / "journal.sqlite")
    raw.execute("DROP TABLE door_turns")
    raw.close()
    with pytest.raises(JournalUnavailableError) as caught:
        door.begin(turn(person="Zebulon"))
    assert "Zebulon" not in str(caught.value)
