"""The journal's tables as they stand at the newest revision.

``exchanges``    one row an exchange, append-only: triggers refuse UPDATE, DELETE and REPLACE.
                 ``sequence`` is the order of appending; ``document`` is the record (see codec),
                 the other columns are copies for searching.
``deliveries``   one row a message that showed an answer, append-only likewise.
``event_claims`` door events taken on by some process, kept for a week.

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

REVISION = "0001"
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
