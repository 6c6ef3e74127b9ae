"""Open a compiled release's file: read-only, checked before use; errors say the remedy."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from codesets.compile import SCHEMA
from codesets.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path


def read_meta(path: Path, schema: int = SCHEMA) -> dict[str, str]:
    """The facts a compiled file states about itself.

    Raises:
        StorageError: the file is missing, damaged or of another schema.

    """
    if not path.is_file():
        raise StorageError(f"{path} does not exist. Run `codecite codesets update`.")
    try:
        connection = connect(path)
        try:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            size = connection.execute("PRAGMA page_size").fetchone()[0]
            meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        raise damaged(path) from None
    if pages * size != path.stat().st_size:
        raise damaged(path)
    if meta.get("schema") != str(schema):
        raise StorageError(
            f"{path} has schema {meta.get('schema')}, this version reads {schema}. "
            f"Delete it: a packaged release is compiled anew by the next command, another needs "
            f"`codecite codesets install PATH` with its files."
        )
    return meta


def connect(path: Path) -> sqlite3.Connection:
    """Open a compiled file for reading only; nothing will change it while it is open.

    Raises:
        StorageError: it cannot be opened.

    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    except sqlite3.DatabaseError:
        raise damaged(path) from None


def damaged(path: Path) -> StorageError:
    """The error of a file that is not what was written, and what to do about it."""
    return StorageError(
        f"{path} is damaged. Delete it: a packaged release is compiled anew by the next command, "
        f"another needs `codecite codesets install PATH` with its files."
    )
