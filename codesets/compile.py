"""Write a release into its one read-only SQLite file, all or nothing.

Schema (``SCHEMA``): ``record`` in printed order, so that what stands under a record is the span
of ids ``id`` to ``last``; ``note``, ``seventh`` and ``replacement`` beside it; ``meta`` with the
schema number, the release, the hash of its sources, the counts and a digest of every row. Retired
codes are records without a place in the tree. Nothing here is particular to ICD-10-CM: a system
without chapters, notes or 7th characters leaves those tables empty. ``detail`` holds what only one
system prints (HCPCS coverage, a short title); ``modifier`` the modifiers of HCPCS and CPT.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codesets.references import parse_references
from codesets.sealing import seal, writing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from codesets.draft import Draft, DraftRecord
    from codesets.models import CodeRange, NoteKind, Release

    Progress = Callable[[str, int, int], None]

SCHEMA = 2
_BATCH = 5000

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    valid INTEGER NOT NULL,
    level TEXT NOT NULL,
    parent INTEGER,
    parent_code TEXT,
    last INTEGER NOT NULL,
    extension INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    derived INTEGER NOT NULL,
    text_release TEXT NOT NULL,
    effective_from TEXT,
    effective_to TEXT
);
CREATE TABLE note (
    record INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    lead TEXT NOT NULL,
    ranges TEXT NOT NULL,
    PRIMARY KEY (record, number)
) WITHOUT ROWID;
CREATE TABLE seventh (
    record INTEGER NOT NULL,
    number INTEGER NOT NULL,
    character TEXT NOT NULL,
    meaning TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (record, number)
) WITHOUT ROWID;
CREATE TABLE replacement (
    old TEXT NOT NULL,
    number INTEGER NOT NULL,
    new TEXT NOT NULL,
    PRIMARY KEY (old, number)
) WITHOUT ROWID;
CREATE TABLE detail (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (code, name)
) WITHOUT ROWID;
CREATE TABLE modifier (
    code TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    short TEXT NOT NULL,
    effective_from TEXT,
    effective_to TEXT
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE UNIQUE INDEX record_code ON record (code);
CREATE INDEX record_parent ON record (parent) WHERE parent IS NOT NULL;
CREATE INDEX replacement_new ON replacement (new);
"""


def write_release(
    draft: Draft,
    release: Release,
    sha256: str,
    path: Path,
    progress: Progress | None = None,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Compile ``draft`` into ``path``, replacing what was there in one step.

    ``sha256`` identifies the sources; ``facts`` are more lines for ``meta`` (where the sources came
    from, who holds the licence). A reader sees the old file or the new one, whatever dies half way
    and however many processes compile at once.
    """
    with writing(path) as connection:
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        _fill(connection, draft, release, progress)
        meta = _meta(connection, release, sha256)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)", ({**(facts or {}), **meta}).items()
        )
        seal(connection)
        connection.execute("COMMIT")
        connection.executescript(_INDEXES)


def _fill(
    connection: sqlite3.Connection,
    draft: Draft,
    release: Release,
    progress: Progress | None,
) -> None:
    stage = f"{release.system.value} {release.id}"
    total = len(draft.records)
    ids: dict[str, int] = {}
    rows = _Rows()
    for number, (record, last) in enumerate(_numbered(draft)):
        ids[record.code] = number
        rows.add(record, number, last, ids, retired=False)
        if number % _BATCH == 0:
            rows.write(connection)
            if progress is not None:
                progress(stage, number, total)
    for number, record in enumerate(draft.retired, start=total):
        rows.add(record, number, number, ids, retired=True)
    rows.write(connection)
    connection.executemany(
        "INSERT INTO replacement VALUES (?, ?, ?)",
        (
            (old, number, new)
            for old, codes in draft.replacements.items()
            for number, new in enumerate(codes)
        ),
    )
    connection.executemany(
        "INSERT INTO detail VALUES (?, ?, ?)",
        (
            (code, name, value)
            for code, details in draft.details.items()
            for name, value in details.items()
        ),
    )
    connection.executemany(
        "INSERT INTO modifier VALUES (?, ?, ?, ?, ?)",
        (
            (m.code, m.title, m.short, _iso(m.effective_from), _iso(m.effective_to))
            for m in draft.modifiers
        ),
    )
    if progress is not None:
        progress(stage, total, total)


def _meta(connection: sqlite3.Connection, release: Release, sha256: str) -> dict[str, str]:
    return {
        "schema": str(SCHEMA),
        "system": release.system.value,
        "release": release.id,
        "effective_from": release.effective_from.isoformat(),
        "effective_to": _iso(release.effective_to) or "",
        "source": release.source,
        "licence": release.licence,
        "sha256": sha256,
        "counts": json.dumps(_counts(connection)),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _numbered(draft: Draft) -> Iterator[tuple[DraftRecord, int]]:
    """Each record in printed order with the number of the last record under it."""
    order = list(draft.walk())
    last = [0] * len(order)
    numbers = {id(record): number for number, record in enumerate(order)}
    for number in range(len(order) - 1, -1, -1):
        children = order[number].children
        last[number] = last[numbers[id(children[-1])]] if children else number
    yield from zip(order, last, strict=True)


class _Rows:
    """Rows waiting to be written together."""

    def __init__(self) -> None:
        self._records: list[tuple[object, ...]] = []
        self._notes: list[tuple[object, ...]] = []
        self._sevenths: list[tuple[object, ...]] = []

    def add(
        self, record: DraftRecord, number: int, last: int, ids: dict[str, int], *, retired: bool
    ) -> None:
        """Add a record, its notes and its 7th characters; ``ids`` has its parent unless retired."""
        parent = record.parent.code if record.parent is not None else None
        self._records.append(
            (
                number,
                record.code,
                record.title,
                record.valid,
                record.level.value,
                None if parent is None or retired else ids[parent],
                parent,
                last,
                record.extension,
                retired,
                record.derived,
                record.text_release,
                _iso(record.effective_from),
                _iso(record.effective_to),
            )
        )
        positions: dict[NoteKind, int] = {}
        for index, note in enumerate(record.notes):
            positions[note.kind] = position = positions.get(note.kind, 0) + 1
            ranges = _encode(parse_references(note.text))
            self._notes.append(
                (number, index, note.kind.value, position, note.text, note.lead, ranges)
            )
        self._sevenths += [
            (number, index, seventh.character, seventh.meaning, seventh.note)
            for index, seventh in enumerate(record.sevenths)
        ]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what waits, and start anew."""
        for query, rows in (
            ("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._records),
            ("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?)", self._notes),
            ("INSERT INTO seventh VALUES (?, ?, ?, ?, ?)", self._sevenths),
        ):
            connection.executemany(query, rows)
            rows.clear()


def _encode(references: tuple[CodeRange, ...]) -> str:
    if not references:
        return ""
    rows: list[list[object]] = []
    for reference in references:
        row: list[object] = [reference.first, reference.last]
        if reference.condition is not None:
            row += [reference.condition.place.value, list(reference.condition.values)]
        rows.append(row)
    return json.dumps(rows, separators=(",", ":"))


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """What ``Library.counts`` reports: records by level, valid codes, notes by kind."""
    queries: dict[str, str] = {
        "valid": "SELECT count(*) FROM record WHERE valid",
        "records": "SELECT count(*) FROM record WHERE NOT extension AND NOT retired",
        "extensions": "SELECT count(*) FROM record WHERE extension AND NOT retired",
        "retired": "SELECT count(*) FROM record WHERE retired",
        "derived": "SELECT count(*) FROM record WHERE derived",
        "modifiers": "SELECT count(*) FROM modifier",
        "notes": "SELECT count(*) FROM note",
        "chapters": "SELECT count(*) FROM record WHERE level = 'chapter'",
        "sections": "SELECT count(*) FROM record WHERE level = 'section'",
        "categories": "SELECT count(*) FROM record WHERE level = 'category' AND NOT retired",
    }
    counts = {name: int(connection.execute(query).fetchone()[0]) for name, query in queries.items()}
    rows = connection.execute("SELECT kind, count(*) FROM note GROUP BY kind ORDER BY kind")
    return counts | {str(kind): int(number) for kind, number in rows}
