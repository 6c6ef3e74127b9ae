"""What lists beside the Tabular say of a diagnosis code: POA-exempt, editor flags, HCC categories.

Each list lies at ``HOME/codesets/attributes/<kind>-<release>.sqlite``. A list that is not installed
for the date is told as absent, never taken for a no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from codesets.formats.hcc import HccMapping, HccModel, read_hcc
from codesets.formats.kinds import FileKind
from codesets.formats.mce import MceFlag, MceFlags, read_mce_flags
from codesets.formats.poa import read_poa_exempt
from codesets.notation import normalize
from codesets.sidefile import SideFile, SideFolder, write_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from codesets.formats.source import Source

KINDS = (FileKind.ICD10CM_POA_EXEMPT, FileKind.ICD10CM_MCE_FLAGS, FileKind.ICD10CM_HCC)
_POA = """
CREATE TABLE exempt (code TEXT PRIMARY KEY, title TEXT NOT NULL, position INTEGER NOT NULL)
 WITHOUT ROWID;
"""
_MCE = """
CREATE TABLE span (
    code TEXT NOT NULL, first TEXT NOT NULL, last TEXT, flags TEXT NOT NULL, line INTEGER NOT NULL,
    PRIMARY KEY (code, first, flags)
) WITHOUT ROWID;
"""
_HCC = """
CREATE TABLE mapping (
    code TEXT NOT NULL, title TEXT NOT NULL, family TEXT NOT NULL, version TEXT NOT NULL,
    esrd INTEGER NOT NULL, category INTEGER NOT NULL, pays INTEGER NOT NULL, year INTEGER NOT NULL,
    line INTEGER NOT NULL, PRIMARY KEY (code, family, version, esrd, category)
) WITHOUT ROWID;
"""
_COUNTS = {
    FileKind.ICD10CM_POA_EXEMPT: {"codes": "SELECT count(*) FROM exempt"},
    FileKind.ICD10CM_MCE_FLAGS: {
        "codes": "SELECT count(DISTINCT code) FROM span",
        "spans": "SELECT count(*) FROM span",
    },
    FileKind.ICD10CM_HCC: {
        "codes": "SELECT count(DISTINCT code) FROM mapping",
        "V28 codes": "SELECT count(DISTINCT code) FROM mapping WHERE version = 'V28'",
        "mappings": "SELECT count(*) FROM mapping",
    },
}


@dataclass(frozen=True, slots=True)
class CodeAttributes:
    """What the installed lists say of one code on one day.

    None means that the list for that day is not installed or, for ``mce_flags``, that the editor
    does not know the code on that day; ``absent`` says which, in sentences. A ``..._source`` names
    the list's release (``FY2026``, ``v43.1``, ``PY2026``) where there is an answer.
    """

    code: str
    day: date
    poa_exempt: bool | None
    poa_source: str | None
    mce_flags: frozenset[MceFlag] | None
    mce_source: str | None
    hcc: tuple[HccMapping, ...] | None
    hcc_source: str | None
    absent: tuple[str, ...]


class AttributeFile(SideFile):
    """One compiled list. Only the methods of its own kind may be called."""

    def is_exempt(self, code: str) -> bool:
        """Whether the POA list has the code."""
        return bool(self.rows("SELECT 1 FROM exempt WHERE code = ?", (code,)))

    def titles(self) -> dict[str, str]:
        """Titles that the list prints, by code; empty for the editor's flags."""
        if self.kind is FileKind.ICD10CM_POA_EXEMPT:
            return dict(self.rows("SELECT code, title FROM exempt"))
        if self.kind is FileKind.ICD10CM_HCC:
            return dict(self.rows("SELECT DISTINCT code, title FROM mapping"))
        return {}

    def spans(self, code: str) -> list[MceFlags]:
        """The editor's flags of a code, one record a span of discharge dates."""
        rows = self.rows("SELECT * FROM span WHERE code = ? ORDER BY first, line", (code,))
        return [
            MceFlags(
                code,
                date.fromisoformat(first),
                date.fromisoformat(last) if last else None,
                frozenset(MceFlag(flag) for flag in flags.split("|") if flag),
                line,
            )
            for code, first, last, flags, line in rows
        ]

    def mappings(self, code: str) -> tuple[HccMapping, ...]:
        """The payment categories of a code, model by model."""
        rows = self.rows("SELECT * FROM mapping WHERE code = ? ORDER BY line, version", (code,))
        return tuple(
            HccMapping(
                code, title, HccModel(family, version, bool(esrd)), category, bool(pays), year, line
            )
            for code, title, family, version, esrd, category, pays, year, line in rows
        )


class Attributes:
    """The lists installed under one home."""

    def __init__(self, folder: Path) -> None:
        self._files = SideFolder(folder / "attributes", AttributeFile.open)

    def installed(self) -> list[AttributeFile]:
        """Every usable list, by kind and release."""
        return self._files.all()

    def of(self, code: str, day: date) -> CodeAttributes:
        """What the lists say of an ICD-10-CM code for a date of service or discharge.

        The POA list is that of the date's fiscal year, the HCC mapping that of the payment year
        after the date's calendar year. The editor's file holds spans of dates itself; the latest
        version installed is asked.

        Raises:
            NotationError: ``code`` cannot be an ICD-10-CM code.

        """
        name = normalize(code)
        absent: list[str] = []
        poa = self._files.for_day(FileKind.ICD10CM_POA_EXEMPT, day)
        if poa is None:
            year = day.year + (day.month >= 10)
            absent.append(f"The POA-exempt list of FY{year} is not installed.")
        flags, mce = self._flags(name, day, absent)
        hcc = self._files.for_day(FileKind.ICD10CM_HCC, day)
        if hcc is None:
            absent.append(f"The HCC mapping of payment year {day.year + 1} is not installed.")
        return CodeAttributes(
            name,
            day,
            poa.is_exempt(name) if poa else None,
            poa.release if poa else None,
            flags,
            mce,
            hcc.mappings(name) if hcc else None,
            hcc.release if hcc else None,
            tuple(absent),
        )

    def _flags(
        self, code: str, day: date, absent: list[str]
    ) -> tuple[frozenset[MceFlag] | None, str | None]:
        files = [f for f in self.installed() if f.kind is FileKind.ICD10CM_MCE_FLAGS]
        if not files:
            absent.append("The Medicare Code Editor's diagnosis flags are not installed.")
            return None, None
        file = max(files, key=lambda f: [int(part) for part in f.release.strip("v").split(".")])
        spans = [span for span in file.spans(code) if span.in_force(day)]
        if not spans:
            absent.append(f"The Medicare Code Editor {file.release} has no entry for {code}.")
            return None, file.release
        return frozenset().union(*(span.flags for span in spans)), file.release

    def close(self) -> None:
        """Close every list."""
        self._files.close()


def attributes_path(folder: Path, kind: FileKind, release: str) -> Path:
    """Where the compiled list of a kind and release belongs; ``folder`` is the store's."""
    return folder / "attributes" / f"{kind.value}-{release}.sqlite"


def compile_attributes(
    kind: FileKind, source: Source, path: Path, meta: Mapping[str, str]
) -> dict[str, int]:
    """Read a list and compile it into ``path``; returns its counts.

    Raises:
        FormatError: the file departs from its format; nothing is written then.

    """
    tables = {
        FileKind.ICD10CM_POA_EXEMPT: _POA,
        FileKind.ICD10CM_MCE_FLAGS: _MCE,
        FileKind.ICD10CM_HCC: _HCC,
    }[kind]
    return write_side(path, tables, _rows(kind, source), meta, _COUNTS[kind])


def _rows(kind: FileKind, source: Source) -> Iterator[tuple[str, Sequence[object]]]:
    if kind is FileKind.ICD10CM_POA_EXEMPT:
        for entry in read_poa_exempt(source):
            yield "exempt", (entry.code, entry.title, entry.order)
    elif kind is FileKind.ICD10CM_MCE_FLAGS:
        for span in read_mce_flags(source):
            flags = "|".join(sorted(span.flags))
            last = span.end.isoformat() if span.end else None
            yield "span", (span.code, span.start.isoformat(), last, flags, span.line)
    else:
        for m in read_hcc(source):
            model = (m.model.family, m.model.version, m.model.esrd)
            yield (
                "mapping",
                (m.code, m.title, *model, m.category, m.pays, m.payment_year, m.line),
            )
