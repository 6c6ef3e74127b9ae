"""A journal is brought up to date when it is opened, with its rows, or refused when it is newer."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from journal_samples import NOON, REPOSITORY, exchange
from postgres_support import fresh_database
from sqlalchemy import text

from bot.journal import Journal, JournalVersionError, codec, database, migrate, schema, store

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

# A file as the first release left it: what migrations/versions/0001_exchanges.py made, written out
# so that a later change of that file, or of Alembic, shows here.
REVISION_0001 = """
CREATE TABLE journal_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT journal_version_pkc PRIMARY KEY (version_num));
INSERT INTO journal_version VALUES ('0001');
CREATE TABLE exchanges (sequence INTEGER NOT NULL CONSTRAINT pk_exchanges PRIMARY KEY AUTOINCREMENT,
    exchange_id VARCHAR(64) NOT NULL, created_at DATETIME NOT NULL, door TEXT NOT NULL,
    team TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT NOT NULL, person TEXT NOT NULL,
    setting VARCHAR(32) NOT NULL, day DATE NOT NULL, kind VARCHAR(32) NOT NULL,
    status VARCHAR(32) NOT NULL, drafter TEXT NOT NULL, text TEXT NOT NULL, document TEXT NOT NULL,
    CONSTRAINT uq_exchanges_exchange_id UNIQUE (exchange_id));
CREATE INDEX ix_exchanges_team_channel_thread ON exchanges (team, channel, thread);
CREATE INDEX ix_exchanges_created_at ON exchanges (created_at);
CREATE INDEX ix_exchanges_person ON exchanges (person);
CREATE TABLE deliveries (sequence INTEGER NOT NULL
    CONSTRAINT pk_deliveries PRIMARY KEY AUTOINCREMENT,
    exchange_id VARCHAR(64) NOT NULL, channel TEXT NOT NULL, message_ts TEXT NOT NULL,
    delivered_at DATETIME NOT NULL,
    CONSTRAINT fk_deliveries_exchange_id FOREIGN KEY(exchange_id)
        REFERENCES exchanges (exchange_id),
    CONSTRAINT uq_deliveries_exchange_id_channel_message_ts
        UNIQUE (exchange_id, channel, message_ts));
CREATE TABLE event_claims (event_id VARCHAR(255) NOT NULL, claimed_at DATETIME NOT NULL,
    CONSTRAINT pk_event_claims PRIMARY KEY (event_id));
CREATE INDEX ix_event_claims_claimed_at ON event_claims (claimed_at);
"""

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

def upgrade():
    op.add_column("exchanges", sa.Column("added", sa.Text(), server_default="x", nullable=False))
    op.execute("UPDATE journal_version SET version_num = version_num")
    FAIL
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def old_journal(path: Path) -> None:
    """A file of revision 0001 that holds two exchanges, a delivery and a claim."""
    raw = sqlite3.connect(path)
    raw.executescript(REVISION_0001)
    for number in (1, 2):
        row = exchange(number, thread="1.1")
        raw.execute(
            "INSERT INTO exchanges VALUES (?,?,?,?,'','','1.1','',?,?,?,?,?,?,?)",
            (
                number,
                row.exchange_id,
                f"2026-11-21 12:0{number}:00.000000",
                row.door,
                row.setting,
                row.day.isoformat(),
                row.kind,
                row.status,
                row.drafter,
                row.text,
                codec.encode(row),
            ),
        )
    raw.execute(
        "INSERT INTO deliveries VALUES (1, ?, 'C1', '2.2', '2026-11-21 12:00:00.000000')",
        (exchange(1).exchange_id,),
    )
    raw.execute("INSERT INTO event_claims VALUES ('Ev1', '2026-11-21 12:00:00.000000')")
    raw.commit()
    raw.close()


def shape(path: Path) -> set[tuple[str, ...]]:
    raw = sqlite3.connect(path)
    tables = [
        name
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("sqlite_")
    ]
    rows = {
        (table, *map(str, column[1:]))
        for table in tables
        for column in raw.execute(f"PRAGMA table_info({table})")
    }
    raw.close()
    return rows


def revision_of(path: Path) -> str:
    raw = sqlite3.connect(path)
    ((found,),) = raw.execute("SELECT version_num FROM journal_version").fetchall()
    raw.close()
    return str(found)


def engines(path: Path) -> tuple[Engine, Engine]:
    return database.engines(database.parse(path), 1.0)


def next_release(tmp_path: Path, last_line: str = "") -> Path:
    """The migrations of a release after this one: ours and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0003_next.py").write_text(NEXT.replace("FAIL", last_line))
    return folder


def test_the_newest_revision_is_the_one_the_code_expects() -> None:
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() == schema.REVISION


@pytest.mark.parametrize("existing", [False, True], ids=["no file", "an empty file"])
def test_a_new_file_gets_exactly_the_tables_of_the_schema(path: Path, existing: bool) -> None:
    if existing:
        path.touch()
    with Journal(path) as journal:
        assert journal.revision == schema.REVISION
        with journal._reader.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": schema.VERSION_TABLE, "compare_type": True}
            )
            assert compare_metadata(context, schema.metadata) == []


def test_an_upgraded_file_has_the_shape_of_a_new_one(tmp_path: Path, path: Path) -> None:
    old_journal(path)
    Journal(path).close()
    Journal(tmp_path / "new.sqlite").close()
    assert shape(tmp_path / "new.sqlite") == shape(path)


def test_a_journal_of_the_first_release_opens_with_its_rows(path: Path) -> None:
    old_journal(path)
    with Journal(path) as journal:
        assert journal.list() == (exchange(2, thread="1.1"), exchange(1, thread="1.1"))
        assert [row.message_ts for row in journal.deliveries_of(exchange(1).exchange_id)] == ["2.2"]
        assert journal.claim_event("Ev1", NOON) is False
        journal.append(exchange(3))
        assert journal.counts() == {"exchanges": 3, "deliveries": 1, "event_claims": 1}


def test_a_later_revision_is_added_to_a_journal_with_data(tmp_path: Path, path: Path) -> None:
    old_journal(path)
    reader, writer = engines(path)
    assert migrate.ensure_current(reader, writer, next_release(tmp_path)) == "0003"
    assert migrate.ensure_current(reader, writer, tmp_path / "migrations") == "0003"
    reader.dispose()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT exchange_id, added FROM exchanges").fetchall() == [
        (exchange(1).exchange_id, "x"),
        (exchange(2).exchange_id, "x"),
    ]
    raw.close()
    assert revision_of(path) == "0003"


def test_a_migration_that_fails_leaves_the_journal_as_it_was(tmp_path: Path, path: Path) -> None:
    old_journal(path)
    before = shape(path)
    reader, writer = engines(path)
    with pytest.raises(ZeroDivisionError):
        migrate.ensure_current(reader, writer, next_release(tmp_path, "1 / 0"))
    reader.dispose()
    assert shape(path) == before
    with Journal(path) as journal:
        assert journal.counts()["exchanges"] == 2


def test_a_journal_of_a_newer_release_is_refused_untouched(tmp_path: Path, path: Path) -> None:
    Journal(path).close()
    reader, writer = engines(path)
    migrate.ensure_current(reader, writer, next_release(tmp_path))
    reader.dispose()
    before = shape(path)
    with pytest.raises(JournalVersionError, match=r"revision 0003.*up to 0002: update codecite"):
        Journal(path)
    assert shape(path) == before
    assert revision_of(path) == "0003"


def test_opening_a_current_journal_does_not_import_alembic(path: Path) -> None:
    Journal(path).close()
    script = (
        "import sys; import bot.journal.records; assert 'sqlalchemy' not in sys.modules\n"
        "from bot.journal import Journal; Journal('sqlite:///' + sys.argv[1]).close()\n"
        "assert 'alembic' not in sys.modules and 'sqlalchemy.orm' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], cwd=REPOSITORY, check=True)


def test_rows_of_the_first_release_enter_the_chain(path: Path) -> None:
    old_journal(path)
    with Journal(path) as journal:
        found = journal.verify()
        assert (found.ok, found.rows) == (True, 3)
        journal.append(exchange(3))
        assert journal.verify(found.head).rows == 4


def test_every_shipped_revision_with_data_comes_up_on_postgresql(postgres: str) -> None:
    """A database as revision 0001 left it, with rows that its own columns hold."""
    url = fresh_database(postgres, f"j{uuid.uuid4().hex}")
    reader, writer = database.engines(database.parse(url), 1.0)
    script = ScriptDirectory(str(migrate.MIGRATIONS))
    with (
        writer.begin() as connection,
        EnvironmentContext(
            Config(), script, fn=lambda *_: script._upgrade_revs("0001", None)
        ) as environment,
    ):
        environment.configure(connection=connection, version_table=schema.VERSION_TABLE)
        environment.run_migrations()
    with writer.begin() as connection:
        for number in (1, 2):
            row = store._row(exchange(number, thread="1.1"))
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO exchanges ({names}) VALUES ({values})"), row)
        connection.execute(
            text("INSERT INTO deliveries (exchange_id, channel, message_ts, delivered_at) "
                 "VALUES (:id, 'C1', '2.2', :at)"),
            {"id": exchange(1).exchange_id, "at": NOON},
        )  # fmt: skip
    reader.dispose()
    with Journal(url) as journal:
        assert journal.revision == schema.REVISION
        assert journal.list() == (exchange(2, thread="1.1"), exchange(1, thread="1.1"))
        found = journal.verify()
        assert (found.ok, found.rows) == (True, 3)
        with journal._reader.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": schema.VERSION_TABLE, "compare_type": True}
            )
            theirs = [
                change
                for change in compare_metadata(context, schema.metadata)
                if not str(change).startswith("('remove_") or "door" not in str(change)
            ]
            assert theirs == []
        journal.append(exchange(3))
        assert journal.verify(found.head).rows == 4
