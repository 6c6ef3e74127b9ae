"""One ICD-10-PCS release made ready to resolve phrases: compiled into one small sealed file.

The file is SQLite like every compiled file here: ``meta`` says what it was made from, ``part``
holds three deflated JSON documents (tables, definitions, index). It holds official text only.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Self

from codesets.formats.pcs import PcsAxis, PcsTable, PcsValue, read_tables
from codesets.formats.pcs_definitions import PcsDefinition, read_definitions
from codesets.formats.pcs_index import PcsIndexTerm, read_pcs_index
from codesets.procedures.index_terms import IndexSense, read_senses
from codesets.sealing import DIGEST, content_digest, seal, writing
from codesets.storage import connect, damaged, read_meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codesets.formats.source import Source

SCHEMA = 2
KIND = "icd10pcs-book"
_KEY_TAIL = re.compile(r" (?:for [A-Z]\w+ )?in [A-Z][\w, ]+$")
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE part (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: characters 4 to 7, every combination of which is a code."""

    axes: tuple[tuple[PcsValue, ...], ...]

    def expand(self, prefix: str) -> Iterator[str]:
        """The codes of the row, in the table named ``prefix``."""
        for values in product(*self.axes):
            yield prefix + "".join(value.character for value in values)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what its first three characters are called, and its rows.

    ``titles`` are the names of the seven axes; ``definition`` is the operation's.
    """

    prefix: str
    section: str
    system: str
    operation: str
    definition: str | None
    titles: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        """Section, body system and operation in words."""
        return f"{self.section}, {self.system}, {self.operation}"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the definitions say of a value: ``definition`` and ``explanation`` may be None."""

    definition: str | None
    explanation: str | None


@dataclass(slots=True)
class ProcedureBook:
    """Tables, definitions and index of one release; made once, then only read.

    ``aliases`` are terms of the body part, device and substance keys: (position, term, labels).
    ``prepared`` keeps what is worked out from these when the first phrase is resolved.
    """

    release: str
    tables: dict[str, Table]
    meanings: dict[tuple[str, int, str], Meaning]
    aliases: list[tuple[int, str, list[str]]]
    senses: list[IndexSense]
    meta: dict[str, str] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        tables: Iterable[PcsTable],
        definitions: Iterable[PcsDefinition] = (),
        index: Iterable[PcsIndexTerm] = (),
        release: str = "",
    ) -> Self:
        """A book from opened official data, without a file."""
        parts = _parts(tables, definitions, index)
        return cls._from_parts(parts, release, {})

    @classmethod
    def _from_parts(
        cls,
        parts: dict[str, Any],
        release: str,
        meta: dict[str, str],
    ) -> Self:
        definitions = parts["definitions"]
        meanings = {
            (section, position, label): Meaning(definition, explanation)
            for section, position, label, definition, explanation in definitions["meanings"]
        }
        return cls(
            release,
            _tables_of(parts["tables"]),
            meanings,
            [(position, term, labels) for position, term, labels in definitions["aliases"]],
            [IndexSense.from_json(sense) for sense in parts["index"]],
            meta,
        )

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a compiled book.

        Raises:
            StorageError: it is missing, damaged or of another schema.

        """
        meta = read_meta(path, SCHEMA)
        if meta.get("kind") != KIND:
            raise damaged(path)
        try:
            with closing(connect(path)) as connection:
                bodies = dict(connection.execute("SELECT name, body FROM part").fetchall())
            parts = {name: json.loads(zlib.decompress(body)) for name, body in bodies.items()}
            return cls._from_parts(parts, meta["release"], meta)
        except (sqlite3.DatabaseError, zlib.error, ValueError, KeyError, TypeError):
            raise damaged(path) from None

    def meaning(self, section: str, position: int, label: str) -> Meaning | None:
        """What the definitions say of a value, or None."""
        return self.meanings.get((section, position, label))

    def codes(self) -> Iterator[str]:
        """Every valid code, table by table."""
        for prefix, table in self.tables.items():
            for row in table.rows:
                yield from row.expand(prefix)

    def is_valid(self, code: str) -> bool:
        """Whether a row allows the code."""
        table = self.tables.get(code[:3])
        if table is None or len(code) != 7:
            return False
        return any(
            all(
                any(value.character == character for value in values)
                for values, character in zip(row.axes, code[3:], strict=True)
            )
            for row in table.rows
        )


def compile_book(
    tables: Path,
    definitions: Path | None,
    index: Path | None,
    out: Path,
    *,
    release: str = "",
) -> dict[str, int]:
    """Compile the official XML files of one release into the book at ``out``, all or nothing.

    Without ``definitions`` or ``index`` (None) phrases still resolve by the tables and our own
    word lists; reasons then quote no definition. Returns the counts. Nothing is left behind where
    it fails.

    Raises:
        FormatError: a file is not what its format says.

    """
    return write_book(
        tables,
        definitions,
        index,
        out,
        release=release,
        sources=[(path.name, _sha256(path)) for path in (tables, definitions, index) if path],
    )


def write_book(
    tables: Path | Source,
    definitions: Path | Source | None,
    index: Path | Source | None,
    out: Path,
    *,
    release: str,
    sources: list[tuple[str, str]],
    index_release: str = "",
) -> dict[str, int]:
    """Compile opened official files into the book at ``out``, all or nothing; returns the counts.

    ``sources`` are their names and SHA-256, ``index_release`` the year whose Index it is.

    Raises:
        FormatError: a file is not what its format says.

    """
    parts = _parts(
        read_tables(tables),
        read_definitions(definitions) if definitions else (),
        read_pcs_index(index) if index else (),
    )
    counts = {
        "tables": len(parts["tables"]["tables"]),
        "meanings": len(parts["definitions"]["meanings"]),
        "key terms": len(parts["definitions"]["aliases"]),
        "index terms": len(parts["index"]),
    }
    meta = {
        "schema": str(SCHEMA),
        "kind": KIND,
        "release": release,
        "index release": index_release or release,
        "sources": json.dumps([list(source) for source in sources]),
        "counts": json.dumps(counts),
    }
    with writing(out) as connection:
        connection.executescript(_TABLES)
        connection.execute("BEGIN")
        for name, part in parts.items():
            body = zlib.compress(json.dumps(part, separators=(",", ":")).encode(), 6)
            connection.execute("INSERT INTO part VALUES (?, ?)", (name, body))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        seal(connection)
        connection.execute("COMMIT")
    return counts


def verify_book(path: Path) -> None:
    """Read a book whole and compare it with the digest taken when it was compiled.

    Raises:
        StorageError: something in it was damaged or altered.

    """
    meta = read_meta(path, SCHEMA)
    try:
        with closing(connect(path)) as connection:
            found = content_digest(connection)
    except sqlite3.DatabaseError:
        raise damaged(path) from None
    if found != meta.get(DIGEST):
        raise damaged(path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _parts(
    tables: Iterable[PcsTable],
    definitions: Iterable[PcsDefinition],
    index: Iterable[PcsIndexTerm],
) -> dict[str, Any]:
    """The three documents of a book; labels are stored once and referred to by number."""
    labels: dict[str, int] = {}
    axes: dict[str, int] = {}
    kept = []
    operations: set[str] = set()
    prefixes: set[str] = set()
    for table in tables:
        section, system, operation = (axis.values[0].label for axis in table.axes)
        operations.add(operation)
        prefixes.add(table.prefix)
        titles = [axis.title for axis in (*table.axes, *table.rows[0].axes)]
        rows = [
            [axes.setdefault(_written(axis, labels), len(axes)) for axis in row.axes]
            for row in table.rows
        ]
        definition = table.axes[2].definition
        kept.append([table.prefix, section, system, operation, definition, titles, rows])
    return {
        "tables": {"labels": list(labels), "axes": list(axes), "tables": kept},
        "definitions": _definitions_part(definitions),
        "index": [sense.to_json() for sense in read_senses(index, operations, prefixes)],
    }


def _definitions_part(definitions: Iterable[PcsDefinition]) -> dict[str, Any]:
    meanings = []
    aliases = []
    for entry in definitions:
        keyed = entry.position in (4, 6) and entry.includes
        # Keys name a device with its place: "Liner in Lower Joints", "... for Insertion in ...".
        labels = [_KEY_TAIL.sub("", label) for label in entry.labels]
        if keyed:
            aliases += [[entry.position, term, labels] for term in entry.includes]
        if entry.definition or entry.explanation:
            meanings += [
                [entry.section, entry.position, label, entry.definition, entry.explanation]
                for label in entry.labels
            ]
    return {"meanings": meanings, "aliases": aliases}


def _written(axis: PcsAxis, labels: dict[str, int]) -> str:
    """An axis's values on one line: many rows share them, and are stored as their numbers."""
    return " ".join(f"{v.character}{labels.setdefault(v.label, len(labels))}" for v in axis.values)


def _tables_of(part: dict[str, Any]) -> dict[str, Table]:
    labels = part["labels"]
    values: dict[str, PcsValue] = {}

    def value(written: str) -> PcsValue:
        found = values.get(written)
        if found is None:
            found = values[written] = PcsValue(written[0], labels[int(written[1:])])
        return found

    axes = [tuple(value(written) for written in axis.split(" ")) for axis in part["axes"]]
    tables = {}
    for prefix, section, system, operation, definition, titles, rows in part["tables"]:
        made = tuple(Row(tuple(axes[number] for number in row)) for row in rows)
        tables[prefix] = Table(prefix, section, system, operation, definition, tuple(titles), made)
    return tables
