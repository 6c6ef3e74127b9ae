"""Bring a journal to the newest revision, once, whoever opens it first.

The check is one SELECT; Alembic, which costs as much to import as SQLAlchemy itself, is only
imported when there is something to do. A whole upgrade is one transaction that begins by taking
the database's write lock, so of two processes that open a new journal at once the second waits and
then finds the work done, and a process killed half way leaves the journal as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.journal.errors import JournalVersionError
from bot.journal.schema import REVISION, VERSION_TABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: PostgreSQL's advisory locks are named by integers.
_ADVISORY_LOCK = 0x0C0DEC17E


def stored_revision(connection: Connection, table: str = VERSION_TABLE) -> str | None:
    """The revision the database is at, or None where it holds no journal yet."""
    if not connection.dialect.has_table(connection, table):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - our own constant
    revision: str | None = found.scalar_one_or_none()
    return revision


def ensure_current(
    reader: Engine,
    writer: Engine,
    folder: Path = MIGRATIONS,
    *,
    table: str = VERSION_TABLE,
    newest: str = "",
) -> str:
    """Upgrade the database to the newest revision where it is behind; returns the revision.

    ``writer`` begins transactions with the write lock taken. ``table`` holds the revision of the
    migrations in ``folder`` and ``newest`` is their newest, where it is known. Raises
    JournalVersionError, and changes nothing, at a revision ``folder`` does not have.
    """
    with reader.connect() as connection:
        revision = stored_revision(connection, table)
    known = newest or (REVISION if folder == MIGRATIONS else "")
    if revision is not None and revision == known:
        return revision
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        return _upgrade(connection, folder, table)


def _upgrade(connection: Connection, folder: Path, table: str) -> str:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(folder))
    head = script.get_current_head() or ""
    revision = stored_revision(connection, table)
    if revision is not None and revision not in {item.revision for item in script.walk_revisions()}:
        raise JournalVersionError(revision, head)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, version_table=table)
        environment.run_migrations()
    return head
