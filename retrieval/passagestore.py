"""The passages of one built index by number, by id and by code: a small read-only SQLite file.

A passage's number is its place in ``passages(library)``; the word index and the vectors are
aligned with it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from retrieval.errors import IndexBuildError
from retrieval.passages import Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FILE = "passages.sqlite3"

_CREATE = """
CREATE TABLE passage (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, system TEXT NOT NULL, release TEXT NOT NULL,
  code TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, locator TEXT NOT NULL,
  source INTEGER NOT NULL);
CREATE TABLE source (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
"""
_SELECT = (
    "SELECT p.number, p.id, p.system, p.release, p.code, p.kind, p.text, p.locator, s.name"
    " FROM json_each(?) w JOIN passage p ON p.{column} = w.value"
    " JOIN source s ON s.number = p.source ORDER BY w.key"
)


def write_passages(folder: Path, passages: Sequence[Passage]) -> None:
    """Write the file into ``folder``. Raises IndexBuildError when two passages share an id."""
    sources = {name: place for place, name in enumerate(sorted({p.source for p in passages}))}
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_CREATE)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO source VALUES (?, ?)", [(place, name) for name, place in sources.items()]
        )
        connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n, p.id, p.system, p.release, p.code, p.kind.value, p.text, p.locator,
                 sources[p.source])
                for n, p in enumerate(passages)
            ],
        )  # fmt: skip
        connection.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        raise IndexBuildError("Two passages share one citation id.") from error
    finally:
        connection.close()


class PassageStore:
    """Read passages back. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        if not path.is_file():
            raise IndexBuildError(f"{path} is missing. Run `codecite index build`.")
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None
        )
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return int(self._all("SELECT COUNT(*) FROM passage", ())[0][0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def by_number(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """The passages with these numbers."""
        return dict(self._read("number", list(numbers)))

    def by_id(self, identifiers: Iterable[str]) -> dict[str, tuple[int, Passage]]:
        """The numbers and passages with these citation ids; unknown ids are left out."""
        found = self._read("id", list(identifiers))
        return {passage.id: (number, passage) for number, passage in found}

    def numbers(self, identifiers: Sequence[str]) -> list[int]:
        """The numbers of the passages with these citation ids, in order; unknown ids left out."""
        query = (
            "SELECT p.number FROM json_each(?) w JOIN passage p ON p.id = w.value ORDER BY w.key"
        )
        return [int(row[0]) for row in self._all(query, (json.dumps(list(identifiers)),))]

    def _read(self, column: str, values: list[Any]) -> list[tuple[int, Passage]]:
        rows = self._all(_SELECT.format(column=column), (json.dumps(values),))
        return [(int(row[0]), _passage(row[1:])) for row in rows]

    def _all(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _passage(row: tuple[Any, ...]) -> Passage:
    identifier, system, release, code, kind, text, locator, source = row
    return Passage(identifier, system, release, code, PassageKind(kind), text, locator, source)
