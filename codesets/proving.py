"""Whether a compiled file is still what was compiled: its pages whole, its rows as sealed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from codesets.sealing import DIGEST, content_digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager


def is_intact(
    connection: sqlite3.Connection, lock: AbstractContextManager[object], meta: Mapping[str, str]
) -> bool:
    """Read the whole file and compare it with the digest taken when it was compiled."""
    try:
        with lock:
            checks = connection.execute("PRAGMA quick_check").fetchall()
            found = content_digest(connection)
    except sqlite3.DatabaseError:
        return False  # pages that cannot be read are damage enough
    return checks == [("ok",)] and found == meta.get(DIGEST)
