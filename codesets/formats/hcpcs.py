"""HCPCS Level II: CMS's quarterly spreadsheet and its fixed-width contractor file, one record type.

Both files hold the same fields; in the contractor file a description longer than 80 characters
continues on lines of its own. Only ``[A-CE-V]NNNN`` codes and two-character modifiers are read:
the D series is the American Dental Association's (CDT) and Level I is the AMA's (CPT), so their
lines are counted and dropped before any text of theirs is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, is_workbook, lines, parse_date, rows

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

_Coded = TypeVar("_Coded", bound=StrEnum)
_CODE = re.compile(r"[A-CE-V][0-9]{4}")
_MODIFIER = re.compile(r"[A-Z][A-Z0-9]")
_LINE = 320
# The last field ends here; what follows is filler that some tools strip.
_USED = 293


class HcpcsKind(StrEnum):
    """A code for a service or supply, or a modifier that goes with one."""

    CODE = "code"
    MODIFIER = "modifier"


class Coverage(StrEnum):
    """Medicare coverage (field COV)."""

    CARRIER_JUDGMENT = "C"
    SPECIAL_INSTRUCTIONS = "D"
    NOT_PAYABLE = "I"
    NON_COVERED = "M"
    NON_COVERED_BY_STATUTE = "S"


class Action(StrEnum):
    """What the last update did to the record (field ACTION CD)."""

    ADDED = "A"
    FIELD_AND_DESCRIPTION_CHANGED = "B"
    DESCRIPTION_CHANGED = "C"
    DISCONTINUED = "D"
    FIELD_CHANGED = "F"
    UNCHANGED = "N"
    PAYMENT_CHANGED = "P"
    REACTIVATED = "R"
    SHORT_DESCRIPTION_CHANGED = "S"
    MISCELLANEOUS = "T"


class HcpcsStatus(StrEnum):
    """Whether a code may be reported on a date of service."""

    ACTIVE = "active"
    NOT_YET = "not-yet-effective"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class HcpcsCode:
    """One code or modifier with the fields of the official record.

    Tuples hold only the fields that are filled: ``pricing`` (fee schedules), ``coverage_manual``
    and ``carriers_manual`` (references), ``lab_certifications``, ``cross_references`` (codes),
    ``types_of_service``. ``terminated`` is the last date of service the code may be reported on.
    """

    code: str
    kind: HcpcsKind
    long: str
    short: str
    pricing: tuple[str, ...]
    multiple_pricing: str
    coverage_manual: tuple[str, ...]
    carriers_manual: tuple[str, ...]
    statute: str
    lab_certifications: tuple[str, ...]
    cross_references: tuple[str, ...]
    coverage: Coverage | None
    asc_group: str
    asc_effective: date | None
    processing_note: str
    betos: str
    types_of_service: tuple[str, ...]
    anesthesia_units: int | None
    added: date | None
    effective: date | None
    terminated: date | None
    action: Action | None
    line: int

    def status(self, day: date) -> HcpcsStatus:
        """Whether the code may be reported for the date of service ``day``."""
        if self.terminated is not None and day > self.terminated:
            return HcpcsStatus.TERMINATED
        if self.added is not None and day < self.added:
            return HcpcsStatus.NOT_YET
        return HcpcsStatus.ACTIVE


# Columns of the spreadsheet, in order, and where each stands in the contractor file (from 1, both
# ends included), as CMS's record layout gives them; 260 is filler.
_FIELDS: tuple[tuple[str, int, int], ...] = (
    ("HCPC", 1, 5),
    ("SEQNUM", 6, 10),
    ("RECID", 11, 11),
    ("LONG DESCRIPTION", 12, 91),
    ("SHORT DESCRIPTION", 92, 119),
    *((f"PRICE{n}", 118 + 2 * n, 119 + 2 * n) for n in range(1, 5)),
    ("MULT_PI", 128, 128),
    *((f"CIM{n}", 123 + 6 * n, 128 + 6 * n) for n in range(1, 4)),
    *((f"MCM{n}", 139 + 8 * n, 146 + 8 * n) for n in range(1, 4)),
    ("STATUTE", 171, 180),
    *((f"LABCERT{n}", 178 + 3 * n, 180 + 3 * n) for n in range(1, 9)),
    *((f"XREF{n}", 200 + 5 * n, 204 + 5 * n) for n in range(1, 6)),
    ("COV", 230, 230),
    ("ASC_GRP", 231, 232),
    ("ASC_DT", 233, 240),
    ("OPPS", 241, 243),
    ("OPPS_PI", 244, 244),
    ("OPPS_DT", 245, 252),
    ("PROCNOTE", 253, 256),
    ("BETOS", 257, 259),
    *((f"TOS{n}", 260 + n, 260 + n) for n in range(1, 6)),
    ("ANEST_BU", 266, 268),
    ("ADD DT", 269, 276),
    ("ACT EFF DT", 277, 284),
    ("TERM DT", 285, 292),
    ("ACTION CD", 293, 293),
)
_COLUMNS = tuple(name for name, _, _ in _FIELDS)


def read_hcpcs(
    where: Path | str | Source, refused: Counter[str] | None = None
) -> Iterator[HcpcsCode]:
    """Codes and modifiers in file order, from the spreadsheet or the contractor file.

    ``refused``, if given, counts the records dropped for their code, by its first character.
    FormatError for other columns, other line lengths, a continuation without its beginning, or a
    field that does not hold what it should.
    """
    source = as_source(where)
    raw = _from_sheet(source) if is_workbook(source) else _from_lines(source)
    for line, fields in _joined(raw, source):
        code = fields["HCPC"]
        kind = HcpcsKind.CODE if fields["RECID"] == "3" else HcpcsKind.MODIFIER
        pattern = _CODE if kind is HcpcsKind.CODE else _MODIFIER
        if not pattern.fullmatch(code):
            if refused is not None:
                refused[code[:1]] += 1
            continue
        yield _record(code, kind, fields, source, line)


def _from_sheet(source: Source) -> Iterator[tuple[int, dict[str, str]]]:
    table = rows(source)
    heading = next(table, (1, ()))[1]
    if tuple(name.upper() for name in heading) != _COLUMNS:
        raise FormatError(
            str(source), 1, f"the {len(_COLUMNS)} HCPCS columns from HCPC to ACTION CD"
        )
    for line, cells in table:
        if any(cells):
            yield line, dict(zip(_COLUMNS, cells, strict=False))


def _from_lines(source: Source) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in lines(source):
        if not line.strip("\x1a "):
            continue
        if not _USED <= len(line) <= _LINE:
            raise FormatError(str(source), number, f"{_LINE} characters, found {len(line)}")
        yield number, {name: line[start - 1 : end].strip() for name, start, end in _FIELDS}


def _joined(
    raw: Iterator[tuple[int, dict[str, str]]], source: Source
) -> Iterator[tuple[int, dict[str, str]]]:
    """Records with the continuation lines (record id 4 or 8) joined to their long description."""
    current: tuple[int, dict[str, str]] | None = None
    for line, fields in raw:
        record = fields["RECID"]
        if record in ("3", "7"):
            if current:
                yield current
            current = (line, fields)
        elif record in ("4", "8"):
            first = current[1] if current else {}
            if first.get("HCPC") != fields["HCPC"] or first.get("RECID") != _BEGINS[record]:
                expected = f"the first line of {fields['HCPC']} before its continuation"
                raise FormatError(str(source), line, expected)
            first["LONG DESCRIPTION"] += " " + fields["LONG DESCRIPTION"]
        else:
            raise FormatError(str(source), line, f"record id 3, 4, 7 or 8, found {record!r}")
    if current is None:
        raise FormatError(str(source), None, "at least one HCPCS record")
    yield current


_BEGINS = {"4": "3", "8": "7"}


def _record(
    code: str, kind: HcpcsKind, fields: dict[str, str], source: Source, line: int
) -> HcpcsCode:
    def several(name: str, count: int) -> tuple[str, ...]:
        found = (fields.get(f"{name}{n}", "") for n in range(1, count + 1))
        return tuple(value for value in found if value)

    def day(name: str) -> date | None:
        text = fields.get(name, "")
        found = parse_date(text) if text else None
        if text and found is None:
            raise FormatError(str(source), line, f"a date in {name}, found {text!r}")
        return found

    units = fields.get("ANEST_BU", "")
    if units and not units.isdigit():
        raise FormatError(str(source), line, f"a number in ANEST_BU, found {units!r}")
    if not fields["LONG DESCRIPTION"]:
        raise FormatError(str(source), line, f"a long description of {code}")
    return HcpcsCode(
        code=code,
        kind=kind,
        long=" ".join(fields["LONG DESCRIPTION"].split()),
        short=fields["SHORT DESCRIPTION"],
        pricing=several("PRICE", 4),
        multiple_pricing=fields.get("MULT_PI", ""),
        coverage_manual=several("CIM", 3),
        carriers_manual=several("MCM", 3),
        statute=fields.get("STATUTE", ""),
        lab_certifications=several("LABCERT", 8),
        cross_references=several("XREF", 5),
        coverage=_coded(Coverage, fields, "COV", source, line),
        asc_group=fields.get("ASC_GRP", ""),
        asc_effective=day("ASC_DT"),
        processing_note=fields.get("PROCNOTE", ""),
        betos=fields.get("BETOS", ""),
        types_of_service=several("TOS", 5),
        anesthesia_units=int(units) if units else None,
        added=day("ADD DT"),
        effective=day("ACT EFF DT"),
        terminated=day("TERM DT"),
        action=_coded(Action, fields, "ACTION CD", source, line),
        line=line,
    )


def _coded(
    kind: type[_Coded], fields: dict[str, str], name: str, source: Source, line: int
) -> _Coded | None:
    text = fields.get(name, "")
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        raise FormatError(str(source), line, f"one of {known} in {name}, found {text!r}") from None
