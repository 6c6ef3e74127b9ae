"""The tables of the doors' working notes: the journal's database, revisions of their own.

``door_turns``          questions under way and answered; rows change, and old ones are forgotten.
``door_settings``       what a person or a conversation has settled on, by scope and key.
``door_events``         refusals and decisions, append-only: triggers refuse UPDATE and DELETE.
``door_installations``  tokens of workspaces and organisations, encrypted before they come here.

A change here needs a new file in door_migrations/versions and a new ``DOOR_REVISION``.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from bot.journal.schema import NAMES, UtcDateTime, _Sequence

DOOR_REVISION = "door_0001"
DOOR_VERSION_TABLE = "door_version"

door_metadata = MetaData(naming_convention=NAMES)

turns = Table(
    "door_turns",
    door_metadata,
    Column("turn_id", String(255), primary_key=True),
    Column("team", Text(), nullable=False),
    Column("channel", Text(), nullable=False),
    Column("thread", Text(), nullable=False),
    Column("position", Text(), nullable=False),
    Column("person", Text(), nullable=False),
    Column("door", String(32), nullable=False),
    Column("exchange_id", String(64), nullable=False),
    Column("owner", Text(), nullable=False),
    Column("started_at", UtcDateTime(), nullable=False),
    Column("lease_until", UtcDateTime(), nullable=False),
    Column("revision", Integer(), nullable=False),
    Column("state", String(32), nullable=False),
    Column("replies", Text(), nullable=False),
    Index("ix_door_turns_conversation", "team", "channel", "thread", "position"),
    Index("ix_door_turns_state", "state"),
    Index("ix_door_turns_exchange_id", "exchange_id"),
    Index("ix_door_turns_person", "team", "person", "started_at"),
)

settings = Table(
    "door_settings",
    door_metadata,
    Column("scope", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("document", Text(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
)

events = Table(
    "door_events",
    door_metadata,
    Column("sequence", _Sequence, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("team", Text(), nullable=False),
    Column("channel", Text(), nullable=False),
    Column("person", Text(), nullable=False),
    Column("exchange_id", String(64), nullable=False),
    Column("details", Text(), nullable=False),
    Index("ix_door_events_exchange_id", "exchange_id"),
    Index("ix_door_events_kind", "kind", "at"),
    sqlite_autoincrement=True,
)

installations = Table(
    "door_installations",
    door_metadata,
    Column("enterprise", String(64), primary_key=True),
    Column("team", String(64), primary_key=True),
    Column("secret", LargeBinary(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
)
