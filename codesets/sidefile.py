"""Small compiled files beside the releases: indexes, attribute lists, conversions, edits.

Each is one read-only SQLite file with a ``meta`` table like a release's (schema, kind, release,
source, sha256, licence, counts, digest) and tables of its own.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from codesets.errors import FormatError, StorageError
from codesets.formats.kinds import FileKind
from codesets.periods import list_period
from codesets.proving import is_intact
from codesets.sealing import seal, writing
from codesets.storage import connect, damaged, read_meta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_File = TypeVar("_File", bound="SideFile")
SCHEMA = 1
_META = "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
_BATCH = 2000
_GRAIN = 2_000_000_000  # nanoseconds: as coarse as any file system stamps a change


def write_side(
    path: Path,
    tables: str,
    rows: Iterable[tuple[str, Sequence[object]]],
    meta: Mapping[str, str],
    counts: Mapping[str, str],
) -> dict[str, int]:
    """Write a side file in place of ``path`` and return its counts.

    ``rows`` are (table, values) in any order; ``counts`` maps what is counted to a query.

    Raises:
        FormatError: two rows have the same key, so that the file they come from contradicts itself.

    """
    with writing(path) as connection:
        connection.executescript(_META + tables)
        connection.execute("BEGIN")
        for table, values in rows:
            places = ", ".join("?" * len(values))
            query = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608  # table names are this package's own
            try:
                connection.execute(query, values)
            except sqlite3.IntegrityError:
                raise FormatError(meta["source"], None, f"{values[0]} once only") from None
        counted = {
            what: int(connection.execute(query).fetchone()[0]) for what, query in counts.items()
        }
        facts = {**meta, "schema": str(SCHEMA), "counts": json.dumps(counted)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        seal(connection)
        connection.execute("COMMIT")
    return counted


class SideFile:
    """One side file, open for reading; safe to share between threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection, meta: dict[str, str]) -> None:
        self.path = path
        self.meta = meta
        self.kind = FileKind(meta["kind"])
        self.release = meta["release"]
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a side file.

        Raises:
            StorageError: it is missing, damaged or of another schema.

        """
        meta = read_meta(path, SCHEMA)
        return cls(path, connect(path), meta)

    @property
    def counts(self) -> dict[str, int]:
        """Counts taken when it was compiled."""
        counts: dict[str, int] = json.loads(self.meta["counts"])
        return counts

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def verify(self) -> None:
        """Read it whole and compare it with the digest taken when it was compiled.

        Raises:
            StorageError: something in it was damaged or altered.

        """
        if not is_intact(self._connection, self._lock, self.meta):
            raise damaged(self.path)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            raise damaged(self.path) from None

    def batches(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a long query that has ``id > ? ... LIMIT ?`` and the id as its first column."""
        after = -1
        while found := self.rows(query, (after, _BATCH)):
            yield from found
            after = found[-1][0]


class SideFolder(Generic[_File]):
    """The side files of one folder, opened when first asked for and again when replaced."""

    def __init__(self, folder: Path, opens: Callable[[Path], _File]) -> None:
        self.folder = folder
        self._opens = opens
        self._lock = threading.Lock()
        self._files: dict[Path, tuple[tuple[int, int], _File]] = {}
        self._listed: dict[str, list[_File]] = {}
        self._seen = -1

    def all(self, pattern: str = "*.sqlite") -> list[_File]:
        """The usable files whose name fits ``pattern``, in name order; others are left out.

        The folder is listed again once it has changed: every file is put there by a rename.
        """
        with self._lock:
            stamp = changed(self.folder)
            if stamp != self._seen or not settled((stamp,)):
                self._listed.clear()
                self._seen = stamp
            if pattern not in self._listed:
                self._listed[pattern] = self._list(pattern)
            return list(self._listed[pattern])

    def _list(self, pattern: str) -> list[_File]:
        found = []
        for path in sorted(self.folder.glob(pattern)):
            # Damaged, or replaced by another process since it was listed.
            with suppress(StorageError, FileNotFoundError):
                found.append(self._open(path))
        return found

    def for_day(self, kind: FileKind, day: date) -> _File | None:
        """The file of ``kind`` whose release holds ``day``; None when none installed does."""
        for file in self.all(f"{kind.value}-*.sqlite"):
            period = list_period(file.release)
            if file.kind is kind and period is not None and period.holds(day):
                return file
        return None

    def nearest(self, kind: FileKind, day: date) -> _File | None:
        """The latest file of ``kind`` begun by ``day``, else the earliest; None without any.

        For what is published irregularly; the release is in what callers show.
        """
        files = [file for file in self.all(f"{kind.value}-*.sqlite") if file.kind is kind]
        files.sort(key=lambda file: (_first(file), file.release))
        begun = [file for file in files if _first(file) <= day]
        return begun[-1] if begun else next(iter(files), None)

    def close(self) -> None:
        """Close every file."""
        with self._lock:
            for _, file in self._files.values():
                file.close()
            self._files.clear()
            self._listed.clear()

    def _open(self, path: Path) -> _File:
        state = path.stat()
        stamp = (state.st_ino, state.st_mtime_ns)
        known = self._files.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, self._opens(path))
            self._files[path] = known
        return known[1]


def changed(folder: Path) -> int:
    """When a file of the folder was last added, replaced or removed; 0 where there is none."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0  # nothing installed yet, so no folder


def settled(stamps: Iterable[int]) -> bool:
    """Whether no folder changed so lately that it may change again within the clock's grain."""
    now = time.time_ns()
    return all(now - stamp > _GRAIN for stamp in stamps)


def _first(file: SideFile) -> date:
    period = list_period(file.release)
    return period.first if period is not None else date.min
