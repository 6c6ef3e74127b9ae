"""Exchanges, deliveries and event claims, with the triggers that keep history as it was written.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_HISTORY = ("exchanges", "deliveries")


def upgrade() -> None:
    """Create the tables of the first release."""
    _create_exchanges()
    _create_deliveries()
    op.create_table(
        "event_claims",
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_event_claims"),
    )
    op.create_index("ix_event_claims_claimed_at", "event_claims", ["claimed_at"])
    if op.get_bind().dialect.name == "postgresql":
        _protect_postgresql()
    else:
        _protect_sqlite()


def _sequence() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("sequence", kind, autoincrement=True, nullable=False)


def _create_exchanges() -> None:
    op.create_table(
        "exchanges",
        _sequence(),
        sa.Column("exchange_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("setting", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("drafter", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_exchanges"),
        sa.UniqueConstraint("exchange_id", name="uq_exchanges_exchange_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchanges_team_channel_thread", "exchanges", ["team", "channel", "thread"])
    op.create_index("ix_exchanges_created_at", "exchanges", ["created_at"])
    op.create_index("ix_exchanges_person", "exchanges", ["person"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        _sequence(),
        sa.Column("exchange_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_ts", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["exchange_id"], ["exchanges.exchange_id"], name="fk_deliveries_exchange_id"
        ),
        sa.UniqueConstraint(
            "exchange_id",
            "channel",
            "message_ts",
            name="uq_deliveries_exchange_id_channel_message_ts",
        ),
        sqlite_autoincrement=True,
    )


def _protect_sqlite() -> None:
    for table in _HISTORY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
            )
    # INSERT OR REPLACE removes the old row without firing a DELETE trigger.
    op.execute(
        "CREATE TRIGGER exchanges_refuse_replace BEFORE INSERT ON exchanges "
        "WHEN EXISTS (SELECT 1 FROM exchanges WHERE exchange_id = NEW.exchange_id "
        "OR sequence = NEW.sequence) "
        "BEGIN SELECT RAISE(ABORT, 'exchanges are append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER deliveries_refuse_replace BEFORE INSERT ON deliveries "
        "WHEN EXISTS (SELECT 1 FROM deliveries WHERE sequence = NEW.sequence "
        "OR (exchange_id = NEW.exchange_id AND channel = NEW.channel "
        "AND message_ts = NEW.message_ts)) "
        "BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END"
    )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% are append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in _HISTORY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()"
        )
