"""The journal's tables as they stand at the newest revision.

``exchanges``     one row an exchange, append-only: triggers refuse UPDATE, DELETE and REPLACE.
                  ``sequence`` is the order of appending; ``document`` is the record (see codec),
                  the other columns are copies for searching.
``deliveries``    one row a message that showed an answer, append-only likewise.
``review_events`` what people said and did about answers (claims, verdicts, policies, holds),
                  append-only likewise: a verdict is never edited, a later one follows it.
``ledger``        the hash chain (see ledger): one row for each row of the three tables above.
``ledger_head``   one row: how long the chain is, and its last hash. Writers queue for it.
``purged``        rows whose content retention removed; their ledger rows stay. The triggers let
                  a row go only when it is named here, and verification only when an event says so.
``event_claims``  door events taken on by some process, kept for a week.
``cases``         one row an exchange, derived: what the queue and reports filter by, no free text.
``code_verdicts`` one row a code that a reviewer judged, derived from the events likewise.
``derived_to``    one row: how far ``cases`` and ``code_verdicts`` have been derived.

A change here needs a new file in migrations/versions and a new ``REVISION``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

REVISION = "0002"
VERSION_TABLE = "journal_version"

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times, kept in UTC also by databases whose times have no zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:
        """The moment as the database takes it."""
        if value is None:
            return None
        moment: datetime = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC, aware."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if dialect.name == "sqlite" else moment.astimezone(UTC)


metadata = MetaData(naming_convention=NAMES)

# SQLite counts rows only in a column declared exactly INTEGER.
_Sequence = BigInteger().with_variant(Integer(), "sqlite")

exchanges = Table(
    "exchanges",
    metadata,
    Column("sequence", _Sequence, primary_key=True, autoincrement=True),
    Column("exchange_id", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("door", Text(), nullable=False),
    Column("team", Text(), nullable=False),
    Column("channel", Text(), nullable=False),
    Column("thread", Text(), nullable=False),
    Column("person", Text(), nullable=False),
    Column("setting", String(32), nullable=False),
    Column("day", Date(), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("drafter", Text(), nullable=False),
    Column("text", Text(), nullable=False),
    Column("document", Text(), nullable=False),
    Index(None, "team", "channel", "thread"),
    Index(None, "created_at"),
    Index(None, "person"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("sequence", _Sequence, primary_key=True, autoincrement=True),
    Column("exchange_id", String(64), ForeignKey("exchanges.exchange_id"), nullable=False),
    Column("channel", Text(), nullable=False),
    Column("message_ts", Text(), nullable=False),
    Column("delivered_at", UtcDateTime(), nullable=False),
    UniqueConstraint("exchange_id", "channel", "message_ts"),
    sqlite_autoincrement=True,
)

event_claims = Table(
    "event_claims",
    metadata,
    Column("event_id", String(255), primary_key=True),
    Column("claimed_at", UtcDateTime(), nullable=False),
    Index(None, "claimed_at"),
)

review_events = Table(
    "review_events",
    metadata,
    Column("sequence", _Sequence, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("kind", String(32), nullable=False),
    # No foreign key: events outlive an exchange that retention removed.
    Column("exchange_id", String(64), nullable=False),
    Column("actor", Text(), nullable=False),
    Column("document", Text(), nullable=False),
    Index(None, "exchange_id"),
    Index(None, "kind"),
    sqlite_autoincrement=True,
)

ledger = Table(
    "ledger",
    metadata,
    Column("position", _Sequence, primary_key=True, autoincrement=False),
    Column("subject", String(32), nullable=False),
    Column("key", _Sequence, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("subject", "key"),
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    Column("position", _Sequence, nullable=False),
    Column("hash", String(64), nullable=False),
)

purged = Table(
    "purged",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("key", _Sequence, primary_key=True, autoincrement=False),
)

cases = Table(
    "cases",
    metadata,
    Column("sequence", _Sequence, primary_key=True, autoincrement=False),
    Column("exchange_id", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("door", Text(), nullable=False),
    Column("team", Text(), nullable=False),
    Column("person", Text(), nullable=False),
    Column("setting", String(32), nullable=False),
    Column("day", Date(), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("drafter", Text(), nullable=False),
    Column("release", Text(), nullable=False),
    Column("codes", Text(), nullable=False),
    Column("family", String(16), nullable=False),
    Column("chapter", String(16), nullable=False),
    Column("topic", Text(), nullable=False),
    Column("gaps", Text(), nullable=False),
    Column("milliseconds", Float(), nullable=False),
    Column("reasons", Text(), nullable=False),
    Column("draw", Float(), nullable=False),
    Column("share", Float(), nullable=False),
    Column("priority", Integer(), nullable=False),
    Column("state", String(16), nullable=False),
    Column("holder", Text(), nullable=False),
    Column("held_until", UtcDateTime(), nullable=True),
    Column("reviewers", Text(), nullable=False),
    Column("outcome", String(16), nullable=False),
    Index("ix_cases_queue", "state", "priority", "sequence"),
    Index(None, "created_at"),
    Index(None, "person"),
    Index(None, "family"),
)

code_verdicts = Table(
    "code_verdicts",
    metadata,
    Column("event", _Sequence, primary_key=True, autoincrement=False),
    Column("place", Integer(), primary_key=True, autoincrement=False),
    Column("exchange_id", String(64), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("reviewer", Text(), nullable=False),
    Column("round", Integer(), nullable=False),
    Column("code", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("verdict", String(32), nullable=False),
    Column("right_code", String(16), nullable=False),
    Column("weight", Integer(), nullable=False),
    Index(None, "exchange_id"),
)

derived_to = Table(
    "derived_to",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    Column("exchange", _Sequence, nullable=False),
    Column("event", _Sequence, nullable=False),
)
