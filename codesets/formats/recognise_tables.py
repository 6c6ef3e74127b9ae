"""Recognise tables (spreadsheets, CSV, tab-delimited) by their heading row."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.kinds import FileKind, Guess
from codesets.formats.source import is_workbook, parse_date, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from codesets.formats.source import Source

Row = tuple[str, ...]

_LOOK = 40
# The whole list has some 38,000 codes; a year's additions, in the same columns, some hundreds.
_WHOLE_LIST = 5000
_FISCAL_YEAR = re.compile(r"\bFY ?(20[0-9]{2})\b")
_PAYMENT_YEAR = re.compile(r"for (20[0-9]{2}) payment year")


def guess(source: Source) -> Guess:
    """The kind of a table, by the first row that is a known heading; UNKNOWN for others."""
    try:
        head = list(islice(rows(source), _LOOK))
    except FormatError:
        if is_workbook(source):
            raise
        # Prose can break the rules of quoting; a table of ours does not.
        return Guess(FileKind.UNKNOWN)
    above: list[str] = []
    for _, row in head:
        names = tuple(" ".join(re.split(r"[\s_-]+", cell.lower())).strip() for cell in row)
        for matches, found in _HEADINGS:
            if matches(names):
                return found(source, names, above)
        above += row
    return Guess(FileKind.UNKNOWN)


def _begins(*wanted: str) -> Callable[[Row], bool]:
    return lambda names: names[: len(wanted)] == wanted


def _plain(kind: FileKind) -> Callable[[Source, Row, list[str]], Guess]:
    return lambda _source, _names, _above: Guess(kind)


def _hcpcs(source: Source, names: Row, _above: list[str]) -> Guess:
    """The quarter is that of the latest change in the file."""
    at = names.index("act eff dt")
    days = (parse_date(row[at]) for _, row in rows(source) if len(row) > at)
    latest = max((day for day in days if day is not None), default=None)
    if latest is None:
        return Guess(FileKind.HCPCS_SPREADSHEET)
    return Guess(FileKind.HCPCS_SPREADSHEET, f"{latest.year}-{(latest.month - 1) // 3 * 3 + 1:02}")


def _conversion(_source: Source, _names: Row, above: list[str]) -> Guess:
    year = next((match for text in above if (match := _FISCAL_YEAR.search(text))), None)
    return Guess(FileKind.ICD10CM_CONVERSION, f"FY{year.group(1)}" if year else None)


def _poa(source: Source, names: Row, _above: list[str]) -> Guess:
    year = names[0].removeprefix("order")
    release = f"FY20{year}" if year.isdigit() else None
    count = sum(1 for _ in islice(rows(source), _WHOLE_LIST))
    whole = len(names) == 3 and count == _WHOLE_LIST
    return Guess(FileKind.ICD10CM_POA_EXEMPT if whole else FileKind.ICD10CM_POA_CHANGES, release)


def _hcc(_source: Source, names: Row, _above: list[str]) -> Guess:
    year = next((match for name in names if (match := _PAYMENT_YEAR.search(name))), None)
    return Guess(FileKind.ICD10CM_HCC, f"PY{year.group(1)}" if year else None)


def _is_poa(names: Row) -> bool:
    return "poaexemptcode" in names[:3] and names[-1] == "description"


_HEADINGS: tuple[tuple[Callable[[Row], bool], Callable[[Source, Row, list[str]], Guess]], ...] = (
    (_begins("hcpc", "seqnum", "recid"), _hcpcs),
    (_begins("column 1", "column 2"), _plain(FileKind.NCCI_PTP)),
    (_begins("hcpcs/cpt code"), _plain(FileKind.NCCI_MUE)),
    (_begins("aoc edit type", "add on code"), _plain(FileKind.NCCI_ADD_ONS)),
    (_begins("code", "start", "end", "flags"), _plain(FileKind.ICD10CM_MCE_FLAGS)),
    (_begins("current code assignment", "effective"), _conversion),
    (_is_poa, _poa),
    (_begins("diagnosis code", "description"), _hcc),
)
