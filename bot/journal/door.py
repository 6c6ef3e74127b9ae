"""The doors' working notes: who asked what where, how far it has come, and what was decided.

Every method may be called from any thread of any process that shares the journal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.journal import codec, migrate
from bot.journal.database import guarded
from bot.journal.door_records import (
    OPEN_STATES,
    DoorEvent,
    EventKind,
    StoredInstallation,
    Turn,
    TurnState,
)
from bot.journal.door_schema import (
    DOOR_REVISION,
    DOOR_VERSION_TABLE,
    events,
    installations,
    settings,
    turns,
)
from bot.journal.records import in_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.journal.store import Journal

MIGRATIONS = Path(__file__).parent / "door_migrations"
_OPEN = tuple(state.value for state in OPEN_STATES)


class DoorStore:
    """The working notes in one journal's database; made or brought up to date on opening."""

    @guarded
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.revision = migrate.ensure_current(
            journal._reader,
            journal._writer,
            MIGRATIONS,
            table=DOOR_VERSION_TABLE,
            newest=DOOR_REVISION,
        )

    # -- turns -------------------------------------------------------------------------------

    @guarded
    def begin(self, turn: Turn) -> bool:
        """Take a question on: True for exactly one caller of all processes, False for others."""
        try:
            with self._journal._writing(urgent=True) as connection:
                connection.execute(insert(turns).values(_turn_row(turn)))
        except IntegrityError:
            return False  # the turn is there: another process has taken it on
        return True

    @guarded
    def turn(self, turn_id: str) -> Turn | None:
        """The turn of this id, or None."""
        return self._one(turns.c.turn_id == codec.storable(turn_id))

    @guarded
    def turn_of(self, exchange_id: str) -> Turn | None:
        """The turn whose newest answer this exchange is, or None."""
        return self._one(turns.c.exchange_id == codec.storable(exchange_id))

    @guarded
    def change(self, turn: Turn, **values: Any) -> bool:
        """Change a turn where it is still at ``turn``'s revision and owner; say whether it was.

        ``values`` name fields of Turn.
        """
        row = _plain(values)
        wanted = (
            turns.c.turn_id == codec.storable(turn.turn_id),
            turns.c.revision == turn.revision,
            turns.c.owner == codec.storable(turn.owner),
            turns.c.state != TurnState.WITHDRAWN.value,
        )
        with self._journal._writing() as connection:
            return connection.execute(update(turns).where(*wanted).values(row)).rowcount == 1

    @guarded
    def extend(self, owner: str, until: datetime) -> int:
        """Renew the lease of every open turn of a process; returns how many it has."""
        wanted = (turns.c.owner == codec.storable(owner), turns.c.state.in_(_OPEN))
        with self._journal._writing() as connection:
            changed = update(turns).where(*wanted).values(lease_until=in_utc(until))
            return connection.execute(changed).rowcount

    @guarded
    def open_turns(self, *, expired_at: datetime | None = None) -> tuple[Turn, ...]:
        """Turns not yet settled, oldest first; with ``expired_at`` those whose lease is over."""
        asked: list[Any] = [turns.c.state.in_(_OPEN)]
        if expired_at is not None:
            asked.append(turns.c.lease_until < in_utc(expired_at))
        return self._turns(asked, turns.c.started_at, None)

    @guarded
    def waiting_before(self, turn: Turn, now: datetime) -> bool:
        """Whether another process is still at work on an earlier question of the conversation."""
        asked = [
            *_same_conversation(turn.team, turn.channel, turn.thread),
            turns.c.position < codec.storable(turn.position),
            turns.c.state.in_(_OPEN),
            turns.c.owner != codec.storable(turn.owner),
            turns.c.lease_until >= in_utc(now),
        ]
        return bool(self._turns(asked, turns.c.position, 1))

    @guarded
    def answered_after(self, turn: Turn) -> bool:
        """Whether a later question of the conversation has been answered already."""
        asked = [
            *_same_conversation(turn.team, turn.channel, turn.thread),
            turns.c.position > codec.storable(turn.position),
            turns.c.state == TurnState.ANSWERED.value,
        ]
        return bool(self._turns(asked, turns.c.position, 1))

    @guarded
    def recent(
        self, team: str, channel: str, thread: str, since: datetime, limit: int = 5
    ) -> tuple[Turn, ...]:
        """A conversation's last answered questions, oldest first."""
        asked = [
            *_same_conversation(team, channel, thread),
            turns.c.state == TurnState.ANSWERED.value,
            turns.c.started_at >= in_utc(since),
        ]
        return tuple(reversed(self._turns(asked, turns.c.position.desc(), limit)))

    @guarded
    def opened_thread(self, team: str, channel: str, thread: str) -> bool:
        """Whether the message that opened this thread is a question that was not refused."""
        asked = [
            *_same_conversation(team, channel, thread),
            turns.c.position == codec.storable(thread),
            turns.c.state.in_((*_OPEN, TurnState.ANSWERED.value)),
        ]
        return bool(self._turns(asked, None, 1))

    @guarded
    def asked_since(self, team: str, person: str, since: datetime) -> int:
        """How many questions a person has asked from ``since`` on."""
        asked = (
            turns.c.team == codec.storable(team),
            turns.c.person == codec.storable(person),
            turns.c.started_at >= in_utc(since),
        )
        with self._journal._reader.connect() as connection:
            count: int = connection.execute(
                select(func.count()).select_from(turns).where(*asked)
            ).scalar_one()
        return count

    @guarded
    def turns_of(self, team: str, person: str, limit: int = 10) -> tuple[Turn, ...]:
        """A person's newest questions, the newest first."""
        asked = [turns.c.team == codec.storable(team), turns.c.person == codec.storable(person)]
        return self._turns(asked, turns.c.started_at.desc(), limit)

    @guarded
    def latest_turns(self, team: str, since: datetime, limit: int = 200) -> tuple[Turn, ...]:
        """Everyone's answered questions in a workspace from ``since`` on, the newest first."""
        asked = [
            turns.c.team == codec.storable(team),
            turns.c.state == TurnState.ANSWERED.value,
            turns.c.started_at >= in_utc(since),
        ]
        return self._turns(asked, turns.c.started_at.desc(), limit)

    @guarded
    def forget_turns(self, before: datetime) -> int:
        """Forget settled turns begun before ``before``; the exchanges stay in the journal."""
        wanted = (turns.c.started_at < in_utc(before), turns.c.state.not_in(_OPEN))
        with self._journal._writing() as connection:
            return connection.execute(delete(turns).where(*wanted)).rowcount

    # -- settings ----------------------------------------------------------------------------

    @guarded
    def setting(self, scope: str, key: str) -> dict[str, Any]:
        """What was settled for a key; empty where nothing was."""
        wanted = (settings.c.scope == scope, settings.c.key == codec.storable(key))
        with self._journal._reader.connect() as connection:
            found = connection.execute(select(settings.c.document).where(*wanted)).scalar()
        document: dict[str, Any] = json.loads(found) if found is not None else {}
        return document

    @guarded
    def put_setting(self, scope: str, key: str, document: dict[str, Any], now: datetime) -> None:
        """Settle ``document`` for a key, in place of what was settled before."""
        stored = codec.storable(key)
        wanted = (settings.c.scope == scope, settings.c.key == stored)
        row = {"document": json.dumps(document), "updated_at": in_utc(now)}
        with self._journal._writing() as connection:
            connection.execute(delete(settings).where(*wanted))
            connection.execute(insert(settings).values(scope=scope, key=stored, **row))

    # -- events ------------------------------------------------------------------------------

    @guarded
    def tell(self, event: DoorEvent) -> None:
        """Keep an event for good."""
        row = {
            "kind": event.kind.value,
            "at": in_utc(event.at),
            "team": codec.storable(event.team),
            "channel": codec.storable(event.channel),
            "person": codec.storable(event.person),
            "exchange_id": codec.storable(event.exchange_id),
            "details": json.dumps(event.details),
        }
        said = feedback_of(event)
        if said is None:
            with self._journal._writing() as connection:
                connection.execute(insert(events).values(row))
            return
        # What somebody decided about an answer is history too: it enters the chain with it.
        with self._journal.chaining() as chain:
            chain.connection.execute(insert(events).values(row))
            chain.add(
                "review_events",
                {
                    "at": row["at"],
                    "kind": "feedback",
                    "exchange_id": row["exchange_id"],
                    "actor": row["person"],
                    "document": json.dumps(said, separators=(",", ":"), ensure_ascii=True),
                },
            )

    @guarded
    def events_of(self, exchange_ids: Iterable[str]) -> tuple[DoorEvent, ...]:
        """The events about these exchanges, oldest first."""
        return self._events(
            [events.c.exchange_id.in_([codec.storable(id_) for id_ in exchange_ids])]
        )

    @guarded
    def events_since(self, since: datetime, *kinds: EventKind) -> tuple[DoorEvent, ...]:
        """Events from ``since`` on, of the kinds named or of all, oldest first."""
        asked = [events.c.at >= in_utc(since)]
        if kinds:
            asked.append(events.c.kind.in_([kind.value for kind in kinds]))
        return self._events(asked)

    # -- installations -----------------------------------------------------------------------

    @guarded
    def put_installation(self, installation: StoredInstallation) -> None:
        """Keep an installation in place of the one of the same workspace or organisation."""
        row = {
            "enterprise": installation.enterprise,
            "team": installation.team,
            "secret": installation.secret,
            "updated_at": in_utc(installation.updated_at),
        }
        with self._journal._writing() as connection:
            connection.execute(
                delete(installations).where(*_installed(row["enterprise"], row["team"]))
            )
            connection.execute(insert(installations).values(row))

    @guarded
    def installation(self, enterprise: str, team: str) -> StoredInstallation | None:
        """The installation of a workspace, or of an organisation where ``team`` is ""."""
        with self._journal._reader.connect() as connection:
            found = connection.execute(
                select(installations).where(*_installed(enterprise, team))
            ).first()
        return None if found is None else StoredInstallation(**found._mapping)

    @guarded
    def drop_installation(self, enterprise: str, team: str) -> bool:
        """Forget an installation; say whether there was one."""
        with self._journal._writing() as connection:
            gone = delete(installations).where(*_installed(enterprise, team))
            return connection.execute(gone).rowcount > 0

    # -- inside ------------------------------------------------------------------------------

    def _one(self, condition: Any) -> Turn | None:
        found = self._turns([condition], None, 1)
        return found[0] if found else None

    def _turns(self, asked: list[Any], order: Any, limit: int | None) -> tuple[Turn, ...]:
        query = select(turns).where(*asked).limit(limit)
        if order is not None:
            query = query.order_by(order)
        with self._journal._reader.connect() as connection:
            return tuple(_turn(row._mapping) for row in connection.execute(query))

    def _events(self, asked: list[Any]) -> tuple[DoorEvent, ...]:
        columns = (column for column in events.c if column.name != "sequence")
        query = select(*columns).where(*asked).order_by(events.c.sequence)
        with self._journal._reader.connect() as connection:
            return tuple(
                DoorEvent(
                    **dict(row._mapping)
                    | {"kind": EventKind(row.kind), "details": json.loads(row.details)}
                )
                for row in connection.execute(query)
            )


_FEEDBACK = {
    EventKind.ACCEPTED: "accepted",
    EventKind.EDITED: "edited",
    EventKind.REJECTED: "rejected",
    EventKind.UNHELPFUL: "rejected",
    EventKind.ESCALATED: "escalated",
}


def feedback_of(event: DoorEvent) -> dict[str, Any] | None:
    """What the event says of an answer, as ``bot.review.desk`` reads it; None where nothing."""
    what = _FEEDBACK.get(event.kind)
    if what is None or not event.exchange_id:
        return None
    details = event.details
    codes = [str(code) for key in ("kept", "added") for code in details.get(key) or ()]
    notes = (str(details.get(key) or "") for key in ("reason", "comment"))
    return {"feedback": what, "codes": codes, "note": ": ".join(filter(None, notes))}


def _same_conversation(team: str, channel: str, thread: str) -> tuple[Any, ...]:
    return (
        turns.c.team == codec.storable(team),
        turns.c.channel == codec.storable(channel),
        turns.c.thread == codec.storable(thread),
    )


def _installed(enterprise: Any, team: Any) -> tuple[Any, ...]:
    return installations.c.enterprise == enterprise, installations.c.team == team


def _turn_row(turn: Turn) -> dict[str, Any]:
    return _plain({name: getattr(turn, name) for name in Turn.__slots__})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    row = dict(values)
    for name, value in values.items():
        if isinstance(value, TurnState):
            row[name] = value.value
        elif name == "replies":
            row[name] = json.dumps(list(value))
        elif isinstance(value, str):
            row[name] = codec.storable(value)
        elif name in ("started_at", "lease_until"):
            row[name] = in_utc(value)
    return row


def _turn(row: Any) -> Turn:
    values = dict(row)
    return Turn(
        **values
        | {"state": TurnState(values["state"]), "replies": tuple(json.loads(values["replies"]))}
    )
