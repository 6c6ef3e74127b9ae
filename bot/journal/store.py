"""The journal: append an exchange, find it again, and remember what was claimed and delivered."""

from __future__ import annotations

import re
import weakref
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import ColumnElement, delete, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.journal import codec, database, migrate
from bot.journal.database import guarded
from bot.journal.errors import (
    AmbiguousExchangeError,
    DuplicateExchangeError,
    UnknownExchangeError,
)
from bot.journal.ledger import Chain, Verification, verify
from bot.journal.records import Delivery, Exchange, in_utc
from bot.journal.schema import deliveries, event_claims, exchanges, ledger_head
from bot.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.answer import Kind

SHORTEST_PREFIX = 6
CLAIMS_KEPT = timedelta(days=7)
"""Slack redelivers an event for an hour; a week leaves room for a stopped clock or a replay."""

_MATCHES_SHOWN = 5
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Journal:
    """An open journal; safe to share between threads, and between processes on one machine.

    ``target`` is a path (an SQLite file, made when missing) or an SQLAlchemy URL. Opening brings
    the schema up to date. Every method raises JournalUnavailableError with one sentence when the
    database fails; ``busy_timeout`` is how many seconds it waits for another writer first.

    >>> import tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> with folder as name, Journal(pathlib.Path(name) / "journal.sqlite") as journal:
    ...     journal.counts()
    {'exchanges': 0, 'deliveries': 0, 'event_claims': 0}
    """

    @guarded
    def __init__(self, target: str | Path, *, busy_timeout: float = 15.0) -> None:
        url = database.parse(target)
        database.prepare_file(url)
        self.location = url.render_as_string(hide_password=True)
        self._reader, self._writer = database.engines(url, busy_timeout)
        # SQLite's writers poll for the lock: threads that queue here instead wait a hundredth as
        # long when many write at once. Other databases have queues of their own.
        one_by_one = self._reader.dialect.name == "sqlite"
        self._line = Turnstile() if one_by_one else None
        try:
            database.use_write_ahead_log(self._reader, busy_timeout)
            self.revision = migrate.ensure_current(self._reader, self._writer)
        except BaseException:
            self._reader.dispose()
            raise
        # Who forgets to close a journal leaves no connection behind, at the program's end neither.
        weakref.finalize(self, self._reader.dispose)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the journal's connections."""
        self._reader.dispose()

    @guarded
    def append(self, exchange: Exchange) -> None:
        """Write one exchange; when this returns it is on the disk.

        Raises DuplicateExchangeError where the id is taken, UnrecordableError where a value cannot
        be stored. Either way nothing was written.
        """
        self.append_many((exchange,))

    @guarded
    def append_many(self, several: Iterable[Exchange]) -> None:
        """``append`` for several at once: all of them are written, or none.

        Raises as ``append`` does; DuplicateExchangeError names the first id that is taken.
        """
        rows = [_row(exchange) for exchange in several]
        try:
            with self.chaining() as chain:
                for row in rows:
                    chain.add("exchanges", row)
        except IntegrityError:
            taken = next((r["exchange_id"] for r in rows if self._has(r["exchange_id"])), None)
            if taken is None:
                raise
        else:
            return
        raise DuplicateExchangeError(taken)

    @guarded
    def verify(self, witness: str | None = None) -> Verification:
        """Prove that no row of the history was changed, removed, added or moved.

        ``witness`` is a head noted earlier: the chain must lead through it.
        """
        with self._reader.connect() as connection:
            if connection.dialect.name == "postgresql":
                # One snapshot for the whole walk: others go on writing meanwhile.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            return verify(connection, witness)

    @guarded
    def head(self) -> str:
        """The last hash of the chain, to be noted elsewhere."""
        with self._reader.connect() as connection:
            found: str = connection.execute(select(ledger_head.c.hash)).scalar_one()
        return found

    @guarded
    def get(self, reference: str) -> Exchange:
        """The exchange of this id, or the only one whose id starts so (6 characters or more).

        Raises UnknownExchangeError or AmbiguousExchangeError.
        """
        row = self._find(reference)
        return codec.decode(row.exchange_id, row.document)

    @guarded
    def list(
        self,
        limit: int = 50,
        *,
        before: str | None = None,
        kind: Kind | None = None,
        person: str | None = None,
        door: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        text: str | None = None,
    ) -> tuple[Exchange, ...]:
        """Up to ``limit`` exchanges, the newest first.

        ``before`` is the id of the last exchange of the page before; ``since`` is the first moment
        that counts and ``until`` the first that no longer does, both aware; ``text`` stands
        anywhere in the question, in either case. Raises UnknownExchangeError for ``before``.
        """
        asked: list[ColumnElement[bool]] = []
        if before is not None:
            asked.append(exchanges.c.sequence < self._find(before).sequence)
        if kind is not None:
            asked.append(exchanges.c.kind == kind.value)
        if person is not None:
            asked.append(exchanges.c.person == codec.storable(person))
        if door is not None:
            asked.append(exchanges.c.door == codec.storable(door))
        if since is not None:
            asked.append(exchanges.c.created_at >= in_utc(since))
        if until is not None:
            asked.append(exchanges.c.created_at < in_utc(until))
        if text:
            asked.append(exchanges.c.text.icontains(codec.storable(text), autoescape=True))
        return self._read(asked, exchanges.c.sequence.desc(), limit)

    @guarded
    def thread_context(
        self, team: str, channel: str, thread: str, limit: int = 5
    ) -> tuple[str, ...]:
        """A thread's last ``limit`` redacted questions, oldest first; none without a thread."""
        if not thread:
            return ()
        newest = (
            select(exchanges.c.text)
            .where(
                exchanges.c.team == codec.storable(team),
                exchanges.c.channel == codec.storable(channel),
                exchanges.c.thread == codec.storable(thread),
            )
            .order_by(exchanges.c.sequence.desc())
            .limit(limit)
        )
        with self._reader.connect() as connection:
            texts = connection.execute(newest).scalars().all()
        return tuple(reversed(texts))

    @guarded
    def claim_event(self, event_id: str, now: datetime) -> bool:
        """Take on a door's event: True for exactly one caller of all processes, False for others.

        Claims older than a week are forgotten on the way.
        """
        moment = in_utc(now)
        forget = delete(event_claims).where(event_claims.c.claimed_at < moment - CLAIMS_KEPT)
        claim = insert(event_claims).values(event_id=codec.storable(event_id), claimed_at=moment)
        try:
            with self._writing(urgent=True) as connection:
                connection.execute(forget)
                connection.execute(claim)
        except IntegrityError:
            return False  # the claim is there: another process has taken it on
        return True

    @guarded
    def release_event(self, event_id: str) -> None:
        """Give a claimed event back after a failed attempt, so that a redelivery is handled."""
        gone = delete(event_claims).where(event_claims.c.event_id == codec.storable(event_id))
        with self._writing() as connection:
            connection.execute(gone)

    @guarded
    def mark_delivered(
        self, exchange_id: str, channel: str, message_ts: str, now: datetime
    ) -> None:
        """Note the message in which an exchange's answer was shown.

        Noting the same message twice changes nothing.
        Raises UnknownExchangeError where no exchange has exactly this id.
        """
        row = {
            "exchange_id": codec.storable(exchange_id),
            "channel": codec.storable(channel),
            "message_ts": codec.storable(message_ts),
        }
        known = exists(select(deliveries).filter_by(**row)).select()
        try:
            with self.chaining() as chain:
                if not chain.connection.execute(known).scalar_one():
                    chain.add("deliveries", row | {"delivered_at": in_utc(now)})
        except IntegrityError:
            if self._has(exchange_id):
                raise
        else:
            return
        raise UnknownExchangeError(_unknown(exchange_id))

    @guarded
    def deliveries_of(self, exchange_id: str) -> tuple[Delivery, ...]:
        """The messages in which the exchange's answer was shown, first one first."""
        columns = (c for c in deliveries.c if c.name != "sequence")
        shown = (
            select(*columns)
            .where(deliveries.c.exchange_id == codec.storable(exchange_id))
            .order_by(deliveries.c.sequence)
        )
        with self._reader.connect() as connection:
            return tuple(Delivery(**row._mapping) for row in connection.execute(shown))

    @guarded
    def undelivered(self, since: datetime, door: str | None = None) -> tuple[Exchange, ...]:
        """Exchanges written from ``since`` on that no message ever showed, oldest first.

        They are what a crash between journal and reply left behind. Only doors that mark their
        deliveries make sense here: name one with ``door``.
        """
        shown = exists().where(deliveries.c.exchange_id == exchanges.c.exchange_id)
        asked = [exchanges.c.created_at >= in_utc(since), ~shown]
        if door is not None:
            asked.append(exchanges.c.door == codec.storable(door))
        return self._read(asked, exchanges.c.sequence.asc(), None)

    @guarded
    def counts(self) -> dict[str, int]:
        """Rows by table."""
        tables = (exchanges, deliveries, event_claims)
        with self._reader.connect() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables
            }

    @contextmanager
    def chaining(self) -> Iterator[Chain]:
        """A transaction that adds to the history, for this package; one at a time of all."""
        with self._writing() as connection:
            chain = Chain(connection)
            yield chain
            chain.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads, for this package."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, *, urgent: bool = False) -> Iterator[Connection]:
        turn = self._line.turn(urgent=urgent) if self._line is not None else nullcontext()
        with turn, self._writer.begin() as connection:
            yield connection

    def _read(self, asked: Any, order: Any, limit: int | None) -> tuple[Exchange, ...]:
        query = select(exchanges.c.exchange_id, exchanges.c.document).where(*asked)
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(order).limit(limit)).all()
        return tuple(codec.decode(row.exchange_id, row.document) for row in rows)

    def _has(self, exchange_id: str) -> bool:
        with self._reader.connect() as connection:
            found = connection.execute(
                select(exchanges.c.sequence).where(exchanges.c.exchange_id == exchange_id)
            )
            return found.first() is not None

    def _find(self, reference: str) -> Any:
        if _REFERENCE.fullmatch(reference) is None:
            raise UnknownExchangeError("That is not an exchange id.")
        columns = select(exchanges.c.sequence, exchanges.c.exchange_id, exchanges.c.document)
        with self._reader.connect() as connection:
            exact = connection.execute(columns.where(exchanges.c.exchange_id == reference)).first()
            if exact is not None:
                return exact
            if len(reference) < SHORTEST_PREFIX:
                raise UnknownExchangeError(
                    f"An exchange is named by its id, or by its first {SHORTEST_PREFIX} "
                    f"characters or more."
                )
            starts = func.substr(exchanges.c.exchange_id, 1, len(reference)) == reference
            newest = columns.where(starts).order_by(exchanges.c.sequence.desc())
            rows = connection.execute(newest.limit(_MATCHES_SHOWN)).all()
        if not rows:
            raise UnknownExchangeError(_unknown(reference))
        if len(rows) > 1:
            raise AmbiguousExchangeError(reference, tuple(row.exchange_id for row in rows))
        return rows[0]


def _row(exchange: Exchange) -> dict[str, Any]:
    copied = ("door", "team", "channel", "thread", "person", "drafter", "text")
    return {name: codec.storable(getattr(exchange, name)) for name in copied} | {
        "exchange_id": exchange.exchange_id,
        "created_at": exchange.created_at,
        "setting": exchange.setting.value,
        "day": exchange.day,
        "kind": exchange.kind.value,
        "status": exchange.status.value,
        "document": codec.encode(exchange),
    }


def _unknown(reference: str) -> str:
    # Only what looks like an id is repeated: a pasted note must not come back in an error.
    named = f"goes by {reference}" if _REFERENCE.fullmatch(reference) else "has that id"
    return f"No exchange {named}; `codecite review list` shows the newest."
