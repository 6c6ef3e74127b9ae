"""Turns, settings, events and installations of the doors.

Revision door_0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "door_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of the first release."""
    _create_turns()
    op.create_table(
        "door_settings",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_door_settings"),
    )
    _create_events()
    op.create_table(
        "door_installations",
        sa.Column("enterprise", sa.String(64), nullable=False),
        sa.Column("team", sa.String(64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "team", name="pk_door_installations"),
    )


def _create_turns() -> None:
    op.create_table(
        "door_turns",
        sa.Column("turn_id", sa.String(255), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("door", sa.String(32), nullable=False),
        sa.Column("exchange_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("replies", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="pk_door_turns"),
    )
    op.create_index(
        "ix_door_turns_conversation", "door_turns", ["team", "channel", "thread", "position"]
    )
    op.create_index("ix_door_turns_state", "door_turns", ["state"])
    op.create_index("ix_door_turns_exchange_id", "door_turns", ["exchange_id"])
    op.create_index("ix_door_turns_person", "door_turns", ["team", "person", "started_at"])


def _create_events() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "door_events",
        sa.Column("sequence", kind, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("exchange_id", sa.String(64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_door_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_door_events_exchange_id", "door_events", ["exchange_id"])
    op.create_index("ix_door_events_kind", "door_events", ["kind", "at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION door_events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'door_events are append-only' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER door_events_refuse_change BEFORE UPDATE OR DELETE ON door_events "
            "FOR EACH ROW EXECUTE FUNCTION door_events_refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER door_events_refuse_{verb.lower()} BEFORE {verb} ON door_events "
            "BEGIN SELECT RAISE(ABORT, 'door_events are append-only'); END"
        )
