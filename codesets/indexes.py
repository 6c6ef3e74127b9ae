"""Installed indexes: Alphabetic, External Cause, Drugs and Chemicals, Neoplasms, ICD-10-PCS.

Each file lies at ``HOME/codesets/index/<kind>-<release>.sqlite``. An index is a way to a code, and
never the code itself (Official Guidelines I.B.1), so an entry carries the release of the index it
stands in, which may be older than the release that governs the date.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from codesets.formats.index import read_index
from codesets.formats.kinds import FileKind
from codesets.formats.pcs_index import PcsIndexTerm, PcsReference, read_pcs_index
from codesets.formats.tables import (
    DrugColumn,
    DrugTerm,
    NeoplasmColumn,
    NeoplasmTerm,
    SiteMark,
    read_drugs,
    read_neoplasms,
)
from codesets.models import IndexTerm
from codesets.notation import undotted
from codesets.sidefile import SideFile, SideFolder, write_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from codesets.formats.source import Source

    AnyTerm = IndexTerm | DrugTerm | NeoplasmTerm | PcsIndexTerm

KINDS = (
    FileKind.ICD10CM_INDEX,
    FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX,
    FileKind.ICD10CM_DRUG_TABLE,
    FileKind.ICD10CM_NEOPLASM_TABLE,
    FileKind.ICD10PCS_INDEX,
)
_COLUMNS: dict[FileKind, type[StrEnum]] = {
    FileKind.ICD10CM_DRUG_TABLE: DrugColumn,
    FileKind.ICD10CM_NEOPLASM_TABLE: NeoplasmColumn,
}
_TABLES = """
CREATE TABLE term (id INTEGER PRIMARY KEY, key TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE entry (
    code TEXT NOT NULL, term INTEGER NOT NULL, role TEXT NOT NULL, printed TEXT NOT NULL,
    open INTEGER NOT NULL, PRIMARY KEY (code, term, role, printed)
) WITHOUT ROWID;
"""
_COUNTS = {
    "terms": "SELECT count(*) FROM term",
    "main terms": "SELECT count(*) FROM term WHERE json_array_length(fields, '$.path') = 1",
    "codes": "SELECT count(*) FROM entry",
}


class Role(StrEnum):
    """What a code is to the term that leads to it, outside the tables with columns."""

    CODE = "code"
    MANIFESTATION = "manifestation"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One way the indexes lead to a code.

    ``path`` runs from the main term to the term; ``printed`` is the code as the index has it (with
    a final ``-`` where more characters are needed); ``role`` is ``code``, ``manifestation`` or a
    column of the table (``poisoning-accidental``, ``benign``). ``term`` is the term's id.
    """

    kind: FileKind
    release: str
    term: str
    path: tuple[str, ...]
    modifiers: tuple[str, ...]
    printed: str
    role: str


class IndexFile(SideFile):
    """One compiled index."""

    def terms(self) -> Iterator[AnyTerm]:
        """Every term in printed order, as the reader of its file gave it."""
        query = "SELECT id, fields FROM term WHERE id > ? ORDER BY id LIMIT ?"
        for _, fields in self.batches(query):
            yield _term(self.kind, json.loads(fields))

    def entries(self, code: str) -> list[IndexEntry]:
        """The terms that lead to ``code``, those that name it most exactly first.

        A term leads to a code that it prints, that is its printed code with a 7th character, or
        that begins with its printed code where a dash says more characters follow.
        """
        key = undotted(code.strip().upper())
        stems = _stems(key)
        rows = self.rows(
            "SELECT e.code, e.role, e.printed, e.open, t.key, t.fields"
            " FROM entry e JOIN term t ON t.id = e.term"
            " WHERE e.code IN (SELECT value FROM json_each(?))"
            " ORDER BY length(e.code) DESC, t.id",
            (json.dumps([key[:end] for end in range(len(key), 2, -1)]),),
        )
        found = []
        for stem, role, printed, is_open, term, text in rows:
            if stem in stems or is_open:
                fields = json.loads(text)
                modifiers = tuple(fields.get("modifiers", ()))
                path = tuple(fields["path"])
                found.append(
                    IndexEntry(self.kind, self.release, term, path, modifiers, printed, role)
                )
        return found


class Indexes:
    """The indexes installed under one home."""

    def __init__(self, folder: Path) -> None:
        self._files = SideFolder(folder / "index", IndexFile.open)

    def installed(self) -> list[IndexFile]:
        """Every usable index, by kind and release."""
        return self._files.all()

    def find(self, kind: FileKind, release: str) -> IndexFile | None:
        """One index of one release, or None."""
        return next((f for f in self.installed() if (f.kind, f.release) == (kind, release)), None)

    def for_day(self, kind: FileKind, day: date) -> IndexFile | None:
        """The latest index of a kind in print on ``day``, else the earliest installed, or None."""
        return self._files.nearest(kind, day)

    def entries(self, code: str, day: date) -> list[IndexEntry]:
        """The ways to ``code`` in every kind of index, from the release nearest to ``day``."""
        found: list[IndexEntry] = []
        for kind in KINDS:
            file = self.for_day(kind, day)
            found += file.entries(code) if file is not None else []
        return found

    def close(self) -> None:
        """Close every index."""
        self._files.close()


def index_path(folder: Path, kind: FileKind, release: str) -> Path:
    """Where the compiled index of a kind and release belongs; ``folder`` is the store's."""
    return folder / "index" / f"{kind.value}-{release}.sqlite"


def compile_index(
    kind: FileKind, source: Source, path: Path, meta: Mapping[str, str]
) -> dict[str, int]:
    """Read an index file and compile it into ``path``; returns its counts.

    Raises:
        FormatError: the file departs from its format; nothing is written then.

    """
    return write_side(path, _TABLES, _rows(kind, source), meta, _COUNTS)


def _rows(kind: FileKind, source: Source) -> Iterator[tuple[str, Sequence[object]]]:
    for term in _read(kind, source):
        fields = {
            name: getattr(term, name)
            for name in type(term).__dataclass_fields__
            if getattr(term, name) not in ((), "")
        }
        if isinstance(term, PcsIndexTerm):
            for name in ("see", "use"):
                fields[name] = [[r.text, r.prefix] for r in getattr(term, name)]
        yield "term", (term.order, term.id, json.dumps(fields, ensure_ascii=False))
        for printed, role in dict.fromkeys(_entries(kind, term)):
            stem = undotted(printed.rstrip("-").rstrip("."))
            is_open = printed.endswith("-") or kind is FileKind.ICD10PCS_INDEX
            yield "entry", (stem, term.order, role, printed, is_open)


def _read(kind: FileKind, source: Source) -> Iterator[AnyTerm]:
    if kind is FileKind.ICD10CM_DRUG_TABLE:
        return read_drugs(source)
    if kind is FileKind.ICD10CM_NEOPLASM_TABLE:
        return read_neoplasms(source)
    if kind is FileKind.ICD10PCS_INDEX:
        return read_pcs_index(source)
    return read_index(source)


def _entries(kind: FileKind, term: AnyTerm) -> Iterator[tuple[str, str]]:
    if isinstance(term, IndexTerm):
        yield from ((code, Role.CODE.value) for code in term.codes)
        yield from ((code, Role.MANIFESTATION.value) for code in term.manifestations)
    elif isinstance(term, PcsIndexTerm):
        yield from ((prefix, Role.CODE.value) for prefix in term.prefixes)
    else:
        columns = (str(column) for column in _COLUMNS[kind])
        yield from (
            (cell, column) for cell, column in zip(term.cells, columns, strict=True) if cell
        )


def _stems(key: str) -> set[str]:
    """The code, and what it is without its 7th character and the placeholders before that."""
    return {key, key[:6].rstrip("X")} if len(key) == 7 else {key}


def _term(kind: FileKind, fields: dict[str, Any]) -> AnyTerm:
    def several(name: str) -> tuple[Any, ...]:
        return tuple(fields.get(name, ()))

    order = fields["order"]
    common = (fields["id"], fields.get("letter", ""), several("path"))
    last = (order, fields["line"])
    if kind is FileKind.ICD10PCS_INDEX:
        see, use = ([PcsReference(*r) for r in fields.get(name, ())] for name in ("see", "use"))
        return PcsIndexTerm(*common, several("prefixes"), tuple(see), tuple(use), *last)
    if kind in _COLUMNS:
        shared = (*common, several("modifiers"), several("cells"), several("see"))
        if kind is FileKind.ICD10CM_DRUG_TABLE:
            return DrugTerm(*shared, several("see_also"), *last)
        marks = tuple(SiteMark(mark) for mark in several("marks"))
        return NeoplasmTerm(*shared, several("see_also"), *last, marks)
    return IndexTerm(
        *common,
        several("modifiers"),
        several("codes"),
        several("manifestations"),
        several("see"),
        several("see_also"),
        several("see_category"),
        several("notes"),
        *last,
    )
