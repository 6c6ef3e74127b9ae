"""The review side of the journal: events in the chain, and the cases derived from history.

A change is one transaction: the events that say it, linked into the chain, and the derived rows
that follow from them. Transactions go one after the other (see ledger), so a claim that was read
as free is free until its transaction ends.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from bot.journal import codec
from bot.journal.database import guarded, guarding
from bot.journal.ledger import PURGED
from bot.journal.records import in_utc
from bot.journal.schema import (
    cases,
    code_verdicts,
    deliveries,
    derived_to,
    exchanges,
    purged,
    review_events,
)
from bot.review.records import Case, QueueItem, Reason, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.journal.ledger import Chain
    from bot.journal.records import Exchange
    from bot.journal.store import Journal
    from bot.review.records import Filter

_LISTS = ("codes", "gaps", "reasons", "reviewers")
_SEPARATOR = "\x1f"
SECOND_ROUND = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One thing somebody did. ``exchange_id`` is empty where it is about no exchange."""

    sequence: int
    at: datetime
    kind: str
    exchange_id: str
    actor: str
    document: dict[str, Any] = field(repr=False)


class Change:
    """What one transaction may do."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._connection = chain.connection

    def add(
        self, kind: str, exchange_id: str, actor: str, at: datetime, document: dict[str, Any]
    ) -> Event:
        """Write one event into the chain."""
        who = codec.storable(actor)
        row = {
            "at": in_utc(at),
            "kind": kind,
            "exchange_id": exchange_id,
            "actor": who,
            "document": json.dumps(document, separators=(",", ":"), ensure_ascii=True),
        }
        sequence = self._chain.add("review_events", row)
        return Event(sequence, in_utc(at), kind, exchange_id, who, document)

    def case(self, exchange_id: str) -> Case | None:
        """The case as it stands now; it cannot change before the transaction ends."""
        row = self._connection.execute(
            select(cases).where(cases.c.exchange_id == exchange_id)
        ).first()
        return None if row is None else _case(row)

    def events(self, *kinds: str, exchange_id: str | None = None) -> tuple[Event, ...]:
        """Events as they stand now, oldest first."""
        return _events(self._connection, kinds, exchange_id)

    def pending(self) -> tuple[Event, ...]:
        """Events from which nothing has been derived yet, oldest first."""
        done = self._connection.execute(select(derived_to.c.event)).scalar_one()
        return _events(self._connection, (), None, after=done)

    def settled(self, event: Event) -> None:
        """Note that ``event`` and all before it have been derived."""
        self._connection.execute(update(derived_to).values(event=event.sequence))

    def underived(self, limit: int) -> tuple[tuple[int, Exchange], ...]:
        """Exchanges without a case yet, with their sequences."""
        return _underived(self._connection, limit)[1]

    def add_cases(self, fresh: Sequence[Case]) -> None:
        """Add cases of the exchanges that ``underived`` gave."""
        self._connection.execute(insert(cases), [_row(case) for case in fresh])
        self._connection.execute(update(derived_to).values(exchange=fresh[-1].sequence))

    def set_case(self, case: Case) -> None:
        """Replace the derived row of a case."""
        values = _row(case)
        values.pop("sequence")
        self._connection.execute(
            update(cases).where(cases.c.exchange_id == case.exchange_id).values(values)
        )

    def add_verdicts(self, rows: Sequence[dict[str, Any]]) -> None:
        """Derived rows of one decision."""
        if rows:
            self._connection.execute(insert(code_verdicts), list(rows))

    def remove(self, exchange_id: str, actor: str, at: datetime, why: dict[str, Any]) -> int:
        """Take an exchange's content out of the journal; returns how many rows went.

        The exchange, its deliveries and what was said about it go; their links stay, and an event
        in the chain says so. The derived case stays for the statistics, without the person.
        """
        found: list[tuple[str, int]] = []
        for table in (deliveries, review_events, exchanges):
            wanted: ColumnElement[bool] = table.c.exchange_id == exchange_id
            if table is review_events:
                wanted = and_(wanted, table.c.kind != PURGED)
            keys = self._connection.execute(select(table.c.sequence).where(wanted)).scalars().all()
            found += [(table.name, key) for key in keys]
        if not found:
            return 0
        self.add(PURGED, exchange_id, actor, at, why | {"removed": found})
        self._connection.execute(
            insert(purged), [{"subject": subject, "key": key} for subject, key in found]
        )
        for table in (deliveries, review_events, exchanges):
            keys = [key for subject, key in found if subject == table.name]
            self._connection.execute(delete(table).where(table.c.sequence.in_(keys)))
        self._connection.execute(
            update(cases).where(cases.c.exchange_id == exchange_id).values(person="", team="")
        )
        return len(found)


class ReviewStore:
    """Events and cases of one journal. Raises JournalUnavailableError as the journal does."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @contextmanager
    def change(self) -> Iterator[Change]:
        """One transaction. What is raised inside undoes it."""
        with guarding(), self._journal.chaining() as chain:
            yield Change(chain)

    @guarded
    def events(self, *kinds: str, exchange_id: str | None = None) -> tuple[Event, ...]:
        """Events of these kinds (all without), about one exchange or any, oldest first."""
        with self._journal.reading() as connection:
            return _events(connection, kinds, exchange_id)

    @guarded
    def newest(self, kind: str) -> int:
        """The sequence of the newest event of a kind; 0 without any."""
        with self._journal.reading() as connection:
            found = connection.execute(
                select(func.max(review_events.c.sequence)).where(review_events.c.kind == kind)
            ).scalar_one()
        return found or 0

    @guarded
    def underived(self, limit: int) -> tuple[int, tuple[tuple[int, Exchange], ...]]:
        """How far cases are derived, and the exchanges that follow, with their sequences."""
        with self._journal.reading() as connection:
            return _underived(connection, limit)

    @guarded
    def is_behind(self) -> bool:
        """Whether there are events from which nothing has been derived yet."""
        with self._journal.reading() as connection:
            done = connection.execute(select(derived_to.c.event)).scalar_one()
            last = connection.execute(select(func.max(review_events.c.sequence))).scalar_one()
        return bool((last or 0) > done)

    @guarded
    def derive(self, done: int, fresh: Sequence[Case]) -> bool:
        """Add cases of the exchanges after ``done``; False where somebody else has done so."""
        with self._journal.chaining() as chain:
            connection = chain.connection
            now = connection.execute(select(derived_to.c.exchange).with_for_update()).scalar_one()
            if now != done:
                return False
            connection.execute(insert(cases), [_row(case) for case in fresh])
            connection.execute(update(derived_to).values(exchange=fresh[-1].sequence))
        return True

    @guarded
    def forget_derived(self) -> None:
        """Empty what is derived, to be derived anew."""
        with self._journal.chaining() as chain:
            # What retention removed cannot be derived again: its figures stay.
            kept = select(exchanges.c.exchange_id)
            for table in (cases, code_verdicts):
                chain.connection.execute(delete(table).where(table.c.exchange_id.in_(kept)))
            chain.connection.execute(update(derived_to).values(exchange=0, event=0))

    @guarded
    def case(self, exchange_id: str) -> Case | None:
        """The case of an exchange, or None."""
        with self._journal.reading() as connection:
            row = connection.execute(
                select(cases).where(cases.c.exchange_id == exchange_id)
            ).first()
        return None if row is None else _case(row)

    @guarded
    def queue(
        self, asked: Filter, limit: int, now: datetime, after: Case | None = None
    ) -> tuple[QueueItem, ...]:
        """Cases with their questions, the most urgent first, the oldest of them before others."""
        where = _asked(asked, now)
        if after is not None:
            later = and_(cases.c.priority == after.priority, cases.c.sequence > after.sequence)
            where.append(or_(cases.c.priority < after.priority, later))
        query = (
            select(cases)
            .where(*where)
            .order_by(cases.c.priority.desc(), cases.c.sequence)
            .limit(limit)
        )
        with self._journal.reading() as connection:
            found = [_case(row) for row in connection.execute(query)]
            texts = select(exchanges.c.exchange_id, func.substr(exchanges.c.text, 1, 400)).where(
                exchanges.c.exchange_id.in_([case.exchange_id for case in found])
            )
            questions = {row[0]: row[1] for row in connection.execute(texts)} if found else {}
        return tuple(QueueItem(case, questions.get(case.exchange_id, "")) for case in found)

    @guarded
    def tally(self, asked: Filter, now: datetime) -> dict[str, int]:
        """How many cases by state."""
        query = select(cases.c.state, func.count()).where(*_asked(asked, now))
        with self._journal.reading() as connection:
            rows = connection.execute(query.group_by(cases.c.state)).all()
        return {row[0]: row[1] for row in rows}

    @guarded
    def values(self, column: str) -> tuple[str, ...]:
        """The different values that waiting cases have in a column, in order."""
        found = select(cases.c[column]).where(cases.c.state.in_(_WAITING)).distinct()
        with self._journal.reading() as connection:
            return tuple(sorted(value for value in connection.execute(found).scalars() if value))

    @guarded
    def cases_between(self, since: datetime, until: datetime) -> tuple[Case, ...]:
        """Every case asked from ``since`` on and before ``until``, in order."""
        wanted = (cases.c.created_at >= in_utc(since), cases.c.created_at < in_utc(until))
        query = select(cases).where(*wanted).order_by(cases.c.sequence)
        with self._journal.reading() as connection:
            return tuple(_case(row) for row in connection.execute(query))

    @guarded
    def verdicts(self, since: datetime, until: datetime) -> tuple[dict[str, Any], ...]:
        """Judged codes of exchanges asked in that time, in the order of judging."""
        query = (
            select(code_verdicts)
            .join(cases, cases.c.exchange_id == code_verdicts.c.exchange_id)
            .where(cases.c.created_at >= in_utc(since), cases.c.created_at < in_utc(until))
            .order_by(code_verdicts.c.event, code_verdicts.c.place)
        )
        with self._journal.reading() as connection:
            return tuple(dict(row._mapping) for row in connection.execute(query))

    @guarded
    def judged_twice(self) -> tuple[dict[str, Any], ...]:
        """Judged codes of first and second reviews, where there was a second, in their order."""
        again = select(code_verdicts.c.exchange_id).where(code_verdicts.c.round == SECOND_ROUND)
        query = (
            select(code_verdicts)
            .where(code_verdicts.c.round <= SECOND_ROUND, code_verdicts.c.exchange_id.in_(again))
            .order_by(code_verdicts.c.event, code_verdicts.c.place)
        )
        with self._journal.reading() as connection:
            return tuple(dict(row._mapping) for row in connection.execute(query))

    @guarded
    def older_than(self, moment: datetime) -> tuple[tuple[str, str], ...]:
        """Ids and persons of exchanges asked before ``moment``, oldest first."""
        query = (
            select(exchanges.c.exchange_id, exchanges.c.person)
            .where(exchanges.c.created_at < in_utc(moment))
            .order_by(exchanges.c.sequence)
        )
        with self._journal.reading() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))


_WAITING = (State.OPEN.value, State.SECOND.value, State.ADJUDICATION.value)


def _asked(asked: Filter, now: datetime) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.states:
        where.append(cases.c.state.in_([state.value for state in asked.states]))
    if asked.reason is not None:
        inside = f"{_SEPARATOR}{asked.reason.value}{_SEPARATOR}"
        where.append(cases.c.reasons.contains(inside, autoescape=True))
    columns = ("person", "drafter", "family", "chapter", "setting")
    named = {name: getattr(asked, name) for name in columns}
    where += [cases.c[name] == codec.storable(value) for name, value in named.items() if value]
    held = and_(cases.c.holder != "", cases.c.held_until > in_utc(now))
    if asked.holder:
        where.append(and_(held, cases.c.holder == codec.storable(asked.holder)))
    if asked.free:
        where.append(~func.coalesce(held, False))
    return where


def _underived(connection: Any, limit: int) -> tuple[int, tuple[tuple[int, Exchange], ...]]:
    done = connection.execute(select(derived_to.c.exchange)).scalar_one()
    rows = connection.execute(
        select(exchanges.c.sequence, exchanges.c.exchange_id, exchanges.c.document)
        .where(exchanges.c.sequence > done)
        .order_by(exchanges.c.sequence)
        .limit(limit)
    ).all()
    return done, tuple((row.sequence, codec.decode(row.exchange_id, row.document)) for row in rows)


def _events(
    connection: Any, kinds: Iterable[str], exchange_id: str | None, after: int = 0
) -> tuple[Event, ...]:
    query = select(review_events).order_by(review_events.c.sequence)
    if after:
        query = query.where(review_events.c.sequence > after)
    wanted = tuple(kinds)
    if wanted:
        query = query.where(review_events.c.kind.in_(wanted))
    if exchange_id is not None:
        query = query.where(review_events.c.exchange_id == exchange_id)
    return tuple(
        Event(row.sequence, row.at, row.kind, row.exchange_id, row.actor, json.loads(row.document))
        for row in connection.execute(query)
    )


def _row(case: Case) -> dict[str, Any]:
    row = asdict(case)
    for name in _LISTS:
        row[name] = _packed([str(value) for value in row[name]])
    for name in ("door", "team", "person", "drafter", "release", "topic", "holder"):
        row[name] = codec.storable(row[name])
    return row | {"state": case.state.value}


def _case(row: Any) -> Case:
    values = dict(row._mapping)
    for name in _LISTS:
        values[name] = _unpacked(values[name])
    values["reasons"] = _reasons(values["reasons"])
    values["state"] = State(values["state"])
    return Case(**values)


@lru_cache(maxsize=100_000)
def _unpacked(text: str) -> tuple[str, ...]:
    return tuple(text.strip(_SEPARATOR).split(_SEPARATOR)) if text else ()


@lru_cache(maxsize=1_000)
def _reasons(values: tuple[str, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(value) for value in values)


def _packed(values: Sequence[str]) -> str:
    """A list as one text in which each value stands between separators, to be searched."""
    joined = _SEPARATOR.join(codec.storable(value) for value in values)
    return f"{_SEPARATOR}{joined}{_SEPARATOR}" if values else ""
