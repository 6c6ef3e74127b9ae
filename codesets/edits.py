"""Installed NCCI edits: procedure pairs, unit limits, add-on codes.

Files lie at ``HOME/codesets/ncci/<slot>-<release>.sqlite``. PTP pairs and add-on codes carry their
own dates and are cumulative, so the latest edition installed is asked; unit limits are those of the
quarter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from codesets.formats.kinds import FileKind
from codesets.formats.ncci import (
    AddOn,
    AddOnType,
    ModifierIndicator,
    Mue,
    MueAdjudication,
    MueService,
    PtpEdit,
    read_add_ons,
    read_mue,
    read_ptp,
)
from codesets.sidefile import SideFile, SideFolder, write_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from codesets.formats.source import Source

_PTP = """
CREATE TABLE ptp (
    column1 TEXT NOT NULL, column2 TEXT NOT NULL, before_1996 INTEGER NOT NULL,
    effective TEXT NOT NULL, deleted TEXT, modifier TEXT NOT NULL, rationale TEXT NOT NULL,
    line INTEGER NOT NULL, PRIMARY KEY (column1, column2, effective)
) WITHOUT ROWID;
"""
_MUE = """
CREATE TABLE mue (
    code TEXT PRIMARY KEY, service TEXT NOT NULL, units INTEGER NOT NULL,
    adjudication TEXT NOT NULL, rationale TEXT NOT NULL, line INTEGER NOT NULL
) WITHOUT ROWID;
"""
_ADD_ONS = """
CREATE TABLE add_on (
    code TEXT NOT NULL, kind TEXT NOT NULL, primary_code TEXT, effective TEXT, deleted TEXT,
    notes TEXT NOT NULL, line INTEGER PRIMARY KEY
);
CREATE INDEX add_on_code ON add_on (code);
"""
_TABLES = {
    FileKind.NCCI_PTP: _PTP,
    FileKind.NCCI_MUE: _MUE,
    FileKind.NCCI_ADD_ONS: _ADD_ONS,
}
_COUNTS = {
    FileKind.NCCI_PTP: {"pairs": "SELECT count(*) FROM ptp"},
    FileKind.NCCI_MUE: {"codes": "SELECT count(*) FROM mue"},
    FileKind.NCCI_ADD_ONS: {
        "add-on codes": "SELECT count(DISTINCT code) FROM add_on",
        "pairs": "SELECT count(*) FROM add_on",
    },
}


class EditFile(SideFile):
    """One compiled table of edits."""


class Edits:
    """The NCCI edits installed under one home. Codes are five characters, as printed."""

    def __init__(self, folder: Path) -> None:
        self._files = SideFolder(folder / "ncci", EditFile.open)

    def installed(self) -> list[EditFile]:
        """Every usable table, by slot and release."""
        return self._files.all()

    def pairs(self, first: str, second: str, day: date) -> list[tuple[PtpEdit, str]]:
        """PTP edits in force on ``day`` for two codes in either order, each with its source.

        The source is the table's name without its release (``ncci-ptp-practitioner-1``) and the
        release, with a blank between. Empty where none is in force or no table is installed.
        """
        found = []
        for file in self._latest(FileKind.NCCI_PTP):
            rows = file.rows(
                "SELECT * FROM ptp WHERE (column1, column2) IN (VALUES (?, ?), (?, ?))",
                (first, second, second, first),
            )
            edits = (_ptp(row) for row in rows)
            source = f"{file.meta['slot']} {file.release}"
            found += [(edit, source) for edit in edits if edit.in_force(day)]
        return found

    def mue(self, code: str, service: MueService, day: date) -> tuple[Mue, str] | None:
        """The unit limit of a code in the quarter of ``day``, with the release; None if unknown."""
        for file in self._files.all(f"{FileKind.NCCI_MUE.value}-{service.value}-*.sqlite"):
            if (
                date.fromisoformat(file.meta["effective_from"])
                <= day
                <= date.fromisoformat(file.meta["effective_to"])
            ):
                for row in file.rows("SELECT * FROM mue WHERE code = ?", (code,)):
                    mue = Mue(
                        row[0],
                        MueService(row[1]),
                        row[2],
                        MueAdjudication(row[3]),
                        row[4],
                        row[5],
                    )
                    return mue, file.release
        return None

    def add_ons(self, code: str, day: date) -> list[AddOn]:
        """The add-on edits of a code in force on ``day``; empty when it is no add-on code."""
        found = []
        for file in self._latest(FileKind.NCCI_ADD_ONS):
            rows = file.rows("SELECT * FROM add_on WHERE code = ? ORDER BY line", (code,))
            found += [edit for edit in (_add_on(row) for row in rows) if edit.in_force(day)]
        return found

    def close(self) -> None:
        """Close every table."""
        self._files.close()

    def _latest(self, kind: FileKind) -> Iterable[EditFile]:
        """The newest edition of each slot of a kind: a practitioner's pairs, a hospital's, ..."""
        newest: dict[str, EditFile] = {}
        for file in self._files.all(f"{kind.value}*.sqlite"):
            slot = file.meta["slot"]
            if slot not in newest or newest[slot].release < file.release:
                newest[slot] = file
        return newest.values()


def edits_path(folder: Path, slot: str, release: str) -> Path:
    """Where a compiled table of edits belongs; ``folder`` is the store's."""
    return folder / "ncci" / f"{slot}-{release}.sqlite"


def compile_edits(
    kind: FileKind, source: Source, path: Path, meta: Mapping[str, str]
) -> dict[str, int]:
    """Read a table of edits and compile it into ``path``; returns its counts.

    Raises:
        FormatError: the file departs from its format; nothing is written then.

    """
    return write_side(path, _TABLES[kind], _rows(kind, source), meta, _COUNTS[kind])


def _rows(kind: FileKind, source: Source) -> Iterator[tuple[str, Sequence[object]]]:
    if kind is FileKind.NCCI_PTP:
        for e in read_ptp(source):
            pair = (e.column1, e.column2, e.before_1996, e.effective.isoformat())
            yield "ptp", (*pair, _iso(e.deleted), e.modifier.value, e.rationale, e.line)
    elif kind is FileKind.NCCI_MUE:
        for m in read_mue(source):
            limit = (m.units, m.adjudication.value, m.rationale, m.line)
            yield "mue", (m.code, m.service.value, *limit)
    else:
        for a in read_add_ons(source):
            dates = (_iso(a.effective), _iso(a.deleted))
            yield "add_on", (a.code, a.kind.value, a.primary, *dates, a.notes, a.line)


def _ptp(row: Sequence[str]) -> PtpEdit:
    first, second, before, effective, deleted, modifier, rationale, line = row
    return PtpEdit(
        first,
        second,
        bool(before),
        date.fromisoformat(effective),
        _day(deleted),
        ModifierIndicator(modifier),
        rationale,
        int(line),
    )


def _add_on(row: Sequence[str]) -> AddOn:
    code, kind, primary, effective, deleted, notes, line = row
    return AddOn(code, AddOnType(kind), primary, _day(effective), _day(deleted), notes, int(line))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
