"""National Correct Coding Initiative edits: procedure pairs, unit limits and add-on codes.

CMS publishes each as a spreadsheet and as text, below an AMA notice of some lines. The files hold
codes and dates only, no descriptors. They sit behind the AMA's click-through licence, so a person
downloads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, parse_date, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = tuple[str, ...]

_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_NOTICE = 30
_NONE = frozenset({"", "*"})
_MUE_SERVICE = re.compile(r"(practitioner|outpatient hospital|dme supplier) services mue values")
# Type 2 add-on codes have no list of primary codes: contractors define them.
_CONTRACTOR_DEFINED = "CCCCC"


class ModifierIndicator(StrEnum):
    """Whether a modifier can allow both codes of a pair."""

    NOT_ALLOWED = "0"
    ALLOWED = "1"
    NOT_APPLICABLE = "9"


class MueService(StrEnum):
    """Whose claims a table of unit limits is for."""

    PRACTITIONER = "practitioner"
    OUTPATIENT_HOSPITAL = "outpatient-hospital"
    DME_SUPPLIER = "dme-supplier"


class MueAdjudication(StrEnum):
    """How a unit limit is applied."""

    CLAIM_LINE = "1"
    DATE_OF_SERVICE_POLICY = "2"
    DATE_OF_SERVICE_CLINICAL = "3"


class AddOnType(StrEnum):
    """Whether CMS lists the primary codes of an add-on code: all, none, or some."""

    LISTED = "1"
    CONTRACTOR_DEFINED = "2"
    PARTLY_LISTED = "3"


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """A pair: column 2 is not paid with column 1 for one patient and date, unless allowed."""

    column1: str
    column2: str
    before_1996: bool
    effective: date
    deleted: date | None
    modifier: ModifierIndicator
    rationale: str
    line: int

    def in_force(self, day: date) -> bool:
        """Whether the edit applies to the date of service; the deletion date still counts."""
        return self.effective <= day and (self.deleted is None or day <= self.deleted)


@dataclass(frozen=True, slots=True)
class Mue:
    """The most units of one code for one patient on one date that are usually right."""

    code: str
    service: MueService
    units: int
    adjudication: MueAdjudication
    rationale: str
    line: int


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on code and one primary code it goes with; ``primary`` is None for type 2."""

    code: str
    kind: AddOnType
    primary: str | None
    effective: date | None
    deleted: date | None
    notes: str
    line: int

    def in_force(self, day: date) -> bool:
        """Whether the edit applies to the date of service."""
        return (self.effective is None or self.effective <= day) and (
            self.deleted is None or day <= self.deleted
        )


def read_ptp(where: Path | str | Source) -> Iterator[PtpEdit]:
    """Procedure-to-procedure edits in file order: tab-delimited text, CSV or spreadsheet."""
    source = as_source(where)
    table = rows(source)
    line, _ = _find_heading(source, table, ("column 1", "column 2"))
    begun = False
    for number, row in table:
        if not any(row) or (not begun and not _code(row[0])):
            # The heading runs on below, in the columns for dates and the modifier indicator.
            continue
        begun = True
        if len(row) < 6:
            raise FormatError(str(source), number, f"7 columns, found {len(row)}")
        yield _pair(source, number, row)
    if not begun:
        raise FormatError(str(source), line, "at least one pair of codes below the heading")


def read_mue(where: Path | str | Source) -> Iterator[Mue]:
    """Medically unlikely edits in file order: CSV or spreadsheet; the heading names the service."""
    source = as_source(where)
    table = rows(source)
    line, heading = _find_heading(source, table, ("hcpcs/cpt code",))
    match = _MUE_SERVICE.fullmatch(heading[1]) if len(heading) >= 4 else None
    if match is None or not heading[2].startswith("mue adjudication indicator"):
        raise FormatError(
            str(source), line, "the MUE columns: code, values, adjudication indicator, rationale"
        )
    service = MueService(match.group(1).replace(" ", "-"))
    empty = True
    for number, row in table:
        if not any(row):
            continue
        empty = False
        if len(row) < 4:
            raise FormatError(str(source), number, f"4 columns, found {len(row)}")
        code = _require_code(source, number, row[0])
        if not row[1].isdigit():
            raise FormatError(str(source), number, f"a number of units, found {row[1]!r}")
        if row[2][:1] not in set(MueAdjudication):
            raise FormatError(str(source), number, f"adjudication 1, 2 or 3, found {row[2]!r}")
        yield Mue(code, service, int(row[1]), MueAdjudication(row[2][0]), row[3], number)
    if empty:
        raise FormatError(str(source), line, "at least one code below the heading")


def read_add_ons(where: Path | str | Source) -> Iterator[AddOn]:
    """Add-on code edits in file order, from the spreadsheet (or its CSV); days as YYYYDDD."""
    source = as_source(where)
    table = rows(source)
    line, heading = _find_heading(source, table, ("aoc edit type", "add on code"))
    # Editions write AOC_Edit_EffDT and AOC_Edit_Eff_Dt_Julian.
    columns = {
        re.sub(r"(eff|del) dt", r"\1dt", name.removesuffix(" julian")): at
        for at, name in enumerate(heading)
        if name
    }
    needed = ("primary code", "aoc edit effdt", "aoc edit deldt")
    if any(name not in columns for name in needed):
        raise FormatError(str(source), line, "the add-on columns: type, codes, effective, deleted")
    empty = True
    for number, row in table:
        if not any(row):
            continue
        empty = False
        yield _add_on(source, number, row, columns)
    if empty:
        raise FormatError(str(source), line, "at least one add-on code below the heading")


def _find_heading(
    source: Source, table: Iterator[tuple[int, Row]], wanted: tuple[str, ...]
) -> tuple[int, Row]:
    """The heading row below the AMA notice, its cells lower-case with single blanks."""
    for number, row in table:
        names = tuple(" ".join(re.split(r"[\s_-]+", cell.lower())).strip() for cell in row)
        if names[: len(wanted)] == wanted:
            return number, names
        if number > _NOTICE:
            break
    raise FormatError(
        str(source), None, f"a heading that begins {', '.join(wanted)} below the AMA notice"
    )


def _pair(source: Source, number: int, row: Row) -> PtpEdit:
    effective = parse_date(row[3])
    deleted = None if row[4] in _NONE else parse_date(row[4])
    if effective is None or (deleted is None and row[4] not in _NONE):
        raise FormatError(
            str(source), number, f"YYYYMMDD dates (or * for no deletion), found {row[3:5]}"
        )
    if row[5] not in set(ModifierIndicator):
        raise FormatError(str(source), number, f"modifier indicator 0, 1 or 9, found {row[5]!r}")
    return PtpEdit(
        _require_code(source, number, row[0]),
        _require_code(source, number, row[1]),
        row[2] == "*",
        effective,
        deleted,
        ModifierIndicator(row[5]),
        row[6] if len(row) > 6 else "",
        number,
    )


def _add_on(source: Source, number: int, row: Row, columns: dict[str, int]) -> AddOn:
    def cell(name: str) -> str:
        at = columns.get(name)
        return row[at] if at is not None and at < len(row) else ""

    kind = cell("aoc edit type")
    if kind not in set(AddOnType):
        raise FormatError(str(source), number, f"add-on type 1, 2 or 3, found {kind!r}")
    primary = cell("primary code")
    return AddOn(
        _require_code(source, number, cell("add on code")),
        AddOnType(kind),
        None if primary in ("", _CONTRACTOR_DEFINED) else _require_code(source, number, primary),
        _day_of_year(source, number, cell("aoc edit effdt")),
        _day_of_year(source, number, cell("aoc edit deldt")),
        cell("special instruction notes"),
        number,
    )


def _day_of_year(source: Source, number: int, text: str) -> date | None:
    if text in _NONE or not text.strip("0"):
        return None
    if not re.fullmatch(r"[0-9]{7}", text) or not 1 <= int(text[4:]) <= 366:
        raise FormatError(str(source), number, f"a day as YYYYDDD, found {text!r}")
    return date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)


def _code(text: str) -> str | None:
    """A CPT or HCPCS code; spreadsheets drop the leading zeros of anesthesia codes."""
    code = text.upper()
    if code.isdigit():
        code = code.zfill(5)
    return code if _CODE.fullmatch(code) else None


def _require_code(source: Source, number: int, text: str) -> str:
    code = _code(text)
    if code is None:
        raise FormatError(str(source), number, f"a CPT or HCPCS code, found {text!r}")
    return code
