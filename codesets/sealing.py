"""Write a compiled SQLite file all or nothing, sealed with a digest of every row in it."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIGEST = "digest"
_BATCH = 5000


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A fresh database that takes the place of ``path`` in one step when the block ends well.

    The file is written beside ``path`` under a name of its own and renamed only when it is complete
    and on disk, so that a reader sees the old file or the new one, whatever dies half way and
    however many processes write at once. The connection commits by itself; callers open their own
    transactions.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
            yield connection
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def seal(connection: sqlite3.Connection) -> None:
    """Write the digest of what the file holds into its ``meta``; the last thing to be written."""
    connection.execute("INSERT INTO meta VALUES (?, ?)", (DIGEST, content_digest(connection)))


def content_digest(connection: sqlite3.Connection) -> str:
    """The SHA-256 of every row of every table, the digest itself left out.

    It depends on what is stored, not on how SQLite lays pages out, so that two files compiled from
    the same sources agree; a row altered later does not.
    """
    digest = hashlib.sha256()
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    ).fetchall()
    for (table,) in tables:
        digest.update(table.encode() + b"\n")
        kept = f"name != '{DIGEST}'" if table == "meta" else "1"
        width = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
        # Every primary key comes first in its table, so that sorting costs nothing.
        order = ", ".join(str(place) for place in range(1, width + 1))
        query = f"SELECT * FROM {table} WHERE {kept} ORDER BY {order}"  # noqa: S608  # names come from the file's own schema
        cursor = connection.execute(query)
        while rows := cursor.fetchmany(_BATCH):
            digest.update("\n".join(map(repr, rows)).encode())
    return digest.hexdigest()
