"""The hash chain over the journal's history, and the proof that nothing in it was touched.

Each row of ``exchanges``, ``deliveries`` and ``review_events`` has one row in ``ledger``, in the
order of writing. A ledger row holds the SHA-256 of the whole content row (every column, its
sequence too) and the hash of the ledger row before it; its own hash covers both. So a row that was
changed, removed, added or moved by any other way than the journal's own shows at its position. The
last hash also stands in ``ledger_head``: who notes it elsewhere (``codecite review verify`` prints
it) can later prove that the chain still leads through it.

Content that retention removed leaves its ledger row, and is accepted as gone only where an event
of kind ``purged``, itself in the chain, names it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update

from bot.journal.schema import (
    deliveries,
    exchanges,
    ledger,
    ledger_head,
    purged,
    review_events,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

FORMAT = "codecite-ledger-1"
GENESIS = "0" * 64
PURGED = "purged"
"""The kind of event that says which rows retention removed."""

TABLES: dict[str, Table] = {
    "exchanges": exchanges,
    "deliveries": deliveries,
    "review_events": review_events,
}
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """The first row that is not as it was written. ``position`` is 0 for a row outside the chain.

    ``subject`` is the table and ``key`` the row's sequence in it.
    """

    position: int
    subject: str
    key: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What the proof found: ``rows`` is the chain's length, ``head`` its last hash."""

    rows: int
    head: str
    removed: int
    broken: Break | None

    @property
    def ok(self) -> bool:
        """Whether every row is as it was written."""
        return self.broken is None


def digest(row: Mapping[str, Any]) -> str:
    """The SHA-256 of a content row: its columns as JSON in the order of their names."""
    plain = {name: _plain(value) for name, value in row.items()}
    document = json.dumps(plain, separators=(",", ":"), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(document.encode("ascii")).hexdigest()


def link(position: int, subject: str, key: int, content: str, previous: str) -> str:
    """The hash of a ledger row."""
    words = "\n".join((FORMAT, str(position), subject, str(key), content, previous))
    return hashlib.sha256(words.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


class Chain:
    """The chain within one writing transaction. Call ``close`` before the commit.

    Reading the head locks it, so of several processes that append one goes after the other; on
    SQLite the transaction holds the write lock from its start.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        head = connection.execute(
            select(ledger_head.c.position, ledger_head.c.hash).with_for_update()
        ).one()
        self._position, self._hash = head.position, head.hash
        self._links: list[dict[str, Any]] = []

    def add(self, subject: str, row: dict[str, Any]) -> int:
        """Insert a content row and link it; returns its sequence."""
        table = TABLES[subject]
        done = self.connection.execute(insert(table).values(row))
        key = int(done.inserted_primary_key[0])  # type: ignore[index]  # an INSERT of one row has one
        self._position += 1
        content = digest(row | {"sequence": key})
        previous, self._hash = self._hash, link(self._position, subject, key, content, self._hash)
        self._links.append(
            {
                "position": self._position,
                "subject": subject,
                "key": key,
                "digest": content,
                "previous": previous,
                "hash": self._hash,
            }
        )
        return key

    def close(self) -> None:
        """Write the new links and the head."""
        if self._links:
            self.connection.execute(insert(ledger), self._links)
            self.connection.execute(
                update(ledger_head).values(position=self._position, hash=self._hash)
            )
            self._links = []


def verify(connection: Connection, witness: str | None = None) -> Verification:
    """Walk the whole chain. ``witness`` is a head noted earlier that it must lead through."""
    walk = _Walk(connection)
    broken = walk.links()
    broken = _first(broken, walk.unexplained())
    if broken is None:
        broken = walk.head() or walk.strangers()
    if broken is None and witness is not None and witness not in walk.witnesses(witness):
        broken = Break(walk.position, "ledger", walk.position, "the noted head is not in the chain")
    return Verification(walk.position, walk.hash, walk.removed, broken)


def _first(one: Break | None, other: Break | None) -> Break | None:
    found = [each for each in (one, other) if each is not None]
    return min(found, key=lambda each: each.position, default=None)


class _Walk:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.position, self.hash, self.removed = 0, GENESIS, 0
        self._missing: dict[tuple[str, int], int] = {}
        self._explained: set[tuple[str, int]] = set()

    def links(self) -> Break | None:
        """Follow the links; stops at the first that is broken."""
        while True:
            rows = self._connection.execute(
                select(ledger)
                .where(ledger.c.position > self.position)
                .order_by(ledger.c.position)
                .limit(_BATCH)
            ).all()
            if not rows:
                return None
            contents = {name: self._contents(name, rows) for name in TABLES}
            for row in rows:
                broken = self._link(row, contents)
                if broken is not None:
                    return broken

    def _contents(self, subject: str, rows: Any) -> dict[int, Any]:
        keys = [row.key for row in rows if row.subject == subject]
        if not keys:
            return {}
        table = TABLES[subject]
        # Keys of one table grow along the chain, so a range is read without a list of thousands.
        wanted = and_(table.c.sequence >= min(keys), table.c.sequence <= max(keys))
        found = self._connection.execute(select(table).where(wanted))
        return {row.sequence: row._mapping for row in found}

    def _link(self, row: Any, contents: dict[str, dict[int, Any]]) -> Break | None:
        def broken(reason: str) -> Break:
            return Break(self.position + 1, row.subject, row.key, reason)

        if row.position != self.position + 1:
            return Break(self.position + 1, "ledger", self.position + 1, "its link is missing")
        if row.subject not in TABLES or row.previous != self.hash:
            return broken("its link does not follow the one before")
        if row.hash != link(row.position, row.subject, row.key, row.digest, row.previous):
            return broken("its link was changed")
        content = contents[row.subject].get(row.key)
        if content is None:
            self._missing[row.subject, row.key] = row.position
        elif digest(content) != row.digest:
            return broken("its content was changed")
        elif row.subject == "review_events" and content["kind"] == PURGED:
            removed = json.loads(content["document"])["removed"]
            self._explained |= {(subject, int(key)) for subject, key in removed}
        self.position, self.hash = row.position, row.hash
        return None

    def unexplained(self) -> Break | None:
        """The first row that is gone though no event says that retention removed it."""
        gone = {at: row for row, at in self._missing.items() if row not in self._explained}
        self.removed = len(self._missing) - len(gone)
        if not gone:
            return None
        position = min(gone)
        return Break(position, *gone[position], "it was removed")

    def head(self) -> Break | None:
        """Whether the chain ends where the head says; links cut off its end show here."""
        heads = self._connection.execute(select(ledger_head)).all()
        if len(heads) == 1 and (heads[0].position, heads[0].hash) == (self.position, self.hash):
            return None
        return Break(self.position + 1, "ledger", self.position + 1, "the chain's end was cut off")

    def strangers(self) -> Break | None:
        """The first row that stands in a table and not in the chain."""
        for subject, table in TABLES.items():
            same = and_(ledger.c.subject == subject, ledger.c.key == table.c.sequence)
            alone = select(func.min(table.c.sequence)).where(
                ~select(ledger.c.position).where(same).exists()
            )
            key = self._connection.execute(alone).scalar_one()
            if key is not None:
                return Break(0, subject, key, "it was added past the journal")
            back = and_(purged.c.subject == subject, purged.c.key == table.c.sequence)
            returned = select(func.min(table.c.sequence)).where(
                select(purged.c.key).where(back).exists()
            )
            key = self._connection.execute(returned).scalar_one()
            if key is not None:
                return Break(0, subject, key, "it is marked as removed and still there")
        return None

    def witnesses(self, witness: str) -> set[str]:
        """``witness`` where it is the hash of some link, or the empty chain's."""
        found = self._connection.execute(select(ledger.c.hash).where(ledger.c.hash == witness))
        return set(found.scalars()) | {GENESIS}
