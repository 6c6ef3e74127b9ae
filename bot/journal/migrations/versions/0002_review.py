"""The hash chain over history, review events, retention, and what the queue is derived from.

Revision 0002. Rows of 0001 enter the chain as they stand: exchanges first, then deliveries. What
is hashed is written out here, not imported: a shipped file must give the same chain for ever.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_HISTORY = ("exchanges", "deliveries", "review_events")
_PROTECTED = (*_HISTORY, "ledger", "purged")
_BATCH = 500


def upgrade() -> None:
    """Create the new tables, link every row there is, and renew the triggers."""
    _create_history()
    _create_derived()
    connection = op.get_bind()
    _link_rows(connection)
    if connection.dialect.name == "postgresql":
        _protect_postgresql()
    else:
        _protect_sqlite()


def _sequence(name: str = "sequence", autoincrement: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=autoincrement, nullable=False)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _short(length: int, *names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name in names]


def _time(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_history() -> None:
    op.create_table(
        "review_events",
        _sequence(autoincrement=True),
        _time("at"),
        *_short(32, "kind"),
        *_short(64, "exchange_id"),
        *_text("actor", "document"),
        sa.PrimaryKeyConstraint("sequence", name="pk_review_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_events_exchange_id", "review_events", ["exchange_id"])
    op.create_index("ix_review_events_kind", "review_events", ["kind"])
    op.create_table(
        "ledger",
        _sequence("position"),
        *_short(32, "subject"),
        _sequence("key"),
        *_short(64, "digest", "previous", "hash"),
        sa.PrimaryKeyConstraint("position", name="pk_ledger"),
        sa.UniqueConstraint("subject", "key", name="uq_ledger_subject_key"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _sequence("position"),
        *_short(64, "hash"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
    )
    op.create_table(
        "purged",
        *_short(32, "subject"),
        _sequence("key"),
        sa.PrimaryKeyConstraint("subject", "key", name="pk_purged"),
    )


def _create_derived() -> None:
    op.create_table(
        "cases",
        _sequence(),
        *_short(64, "exchange_id"),
        _time("created_at"),
        *_text("door", "team", "person"),
        *_short(32, "setting"),
        sa.Column("day", sa.Date(), nullable=False),
        *_short(32, "kind", "status"),
        *_text("drafter", "release", "codes"),
        *_short(16, "family", "chapter"),
        *_text("topic", "gaps"),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        *_text("reasons"),
        sa.Column("draw", sa.Float(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        *_short(16, "state"),
        *_text("holder"),
        _time("held_until", nullable=True),
        *_text("reviewers"),
        *_short(16, "outcome"),
        sa.PrimaryKeyConstraint("sequence", name="pk_cases"),
        sa.UniqueConstraint("exchange_id", name="uq_cases_exchange_id"),
    )
    op.create_index("ix_cases_queue", "cases", ["state", "priority", "sequence"])
    for column in ("created_at", "person", "family"):
        op.create_index(f"ix_cases_{column}", "cases", [column])
    op.create_table(
        "code_verdicts",
        _sequence("event"),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        *_short(64, "exchange_id"),
        _time("at"),
        *_text("reviewer"),
        sa.Column("round", sa.Integer(), nullable=False),
        *_short(16, "code", "role"),
        *_short(32, "verdict"),
        *_short(16, "right_code"),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event", "place", name="pk_code_verdicts"),
    )
    op.create_index("ix_code_verdicts_exchange_id", "code_verdicts", ["exchange_id"])
    op.create_table(
        "derived_to",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _sequence("exchange"),
        _sequence("event"),
        sa.PrimaryKeyConstraint("id", name="pk_derived_to"),
    )
    op.execute("INSERT INTO derived_to (id, exchange, event) VALUES (1, 0, 0)")


def _link_rows(connection: Any) -> None:
    position, last = 0, "0" * 64
    moment = sa.DateTime(timezone=True)
    for subject, types in (
        ("exchanges", {"created_at": moment, "day": sa.Date()}),
        ("deliveries", {"delivered_at": moment}),
    ):
        select = f"SELECT * FROM {subject} WHERE sequence > :after ORDER BY sequence LIMIT {_BATCH}"  # noqa: S608 - our own names
        rows = sa.text(select).columns(**types)
        after = 0
        while found := connection.execute(rows, {"after": after}).mappings().all():
            links = []
            for row in found:
                position, after = position + 1, row["sequence"]
                content = _digest(row)
                previous, last = last, _hash(position, subject, after, content, last)
                links.append(
                    {"position": position, "subject": subject, "key": after, "digest": content,
                     "previous": previous, "hash": last}
                )  # fmt: skip
            connection.execute(
                sa.text(
                    "INSERT INTO ledger (position, subject, key, digest, previous, hash) "
                    "VALUES (:position, :subject, :key, :digest, :previous, :hash)"
                ),
                links,
            )
    connection.execute(
        sa.text("INSERT INTO ledger_head (id, position, hash) VALUES (1, :position, :hash)"),
        {"position": position, "hash": last},
    )


def _digest(row: Any) -> str:
    plain = {name: _plain(value) for name, value in row.items()}
    document = json.dumps(plain, separators=(",", ":"), ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(document.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # SQLite's times have no zone and are in UTC.
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _hash(position: int, subject: str, key: int, content: str, previous: str) -> str:
    words = ("codecite-ledger-1", str(position), subject, str(key), content, previous)
    return hashlib.sha256("\n".join(words).encode("ascii")).hexdigest()


def _protect_sqlite() -> None:
    for table in ("exchanges", "deliveries"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_delete")
    for table in _PROTECTED:
        abort = f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        if table not in ("exchanges", "deliveries"):
            op.execute(f"CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table} {abort}")
        unless = ""
        if table in _HISTORY:
            unless = (
                f"WHEN NOT EXISTS (SELECT 1 FROM purged WHERE subject = '{table}' "  # noqa: S608 - our own names
                f"AND key = OLD.sequence) "
            )
        op.execute(f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} {unless}{abort}")
    # INSERT OR REPLACE removes the old row without firing a DELETE trigger.
    for table, same in (
        ("review_events", "sequence = NEW.sequence"),
        ("ledger", "position = NEW.position OR (subject = NEW.subject AND key = NEW.key)"),
        ("purged", "subject = NEW.subject AND key = NEW.key"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "  # noqa: S608 - our own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION journal_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF EXISTS (SELECT 1 FROM purged WHERE subject = TG_TABLE_NAME "
        "AND key = OLD.sequence) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% are append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ("exchanges", "deliveries"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_change ON {table}")
    for table in _PROTECTED:
        verbs = "UPDATE" if table in _HISTORY else "UPDATE OR DELETE"
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE {verbs} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION journal_refuse_change()"
        )
        if table in _HISTORY:
            op.execute(
                f"CREATE TRIGGER {table}_refuse_removal BEFORE DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION journal_refuse_removal()"
            )
        if table not in ("exchanges", "deliveries"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()"
            )
