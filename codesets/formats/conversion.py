"""The ICD-10-CM conversion table: each new code, when it came, and what was assigned before.

CDC/NCHS publishes it as a spreadsheet and as CSV, cumulative since October 2015. The previous
assignment is a phrase (``T81.11XA, T81.12XA``; ``I63.031-I63.032; I63.039``; ``None``), so the
record keeps it beside the codes read from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, is_workbook, members, parse_date, rows
from codesets.models import CodeRange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADING = ("current code assignment", "effective", "previous code(s) assignment")
_ONE = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?"
_CODE = re.compile(_ONE)
_PREVIOUS = re.compile(rf"\b({_ONE})(?:-({_ONE}))?")
_NOTICE = 10


@dataclass(frozen=True, slots=True)
class Conversion:
    """A code, the day it took effect, and what was assigned before it.

    ``previous`` is empty where nothing was (``None`` in the table). ``wording`` is the table's own
    phrase: it says whether several codes were alternatives or were assigned together.
    """

    code: str
    effective: date
    previous: tuple[CodeRange, ...]
    wording: str
    line: int


def read_conversion(where: Path | str | Source) -> Iterator[Conversion]:
    """Conversions in printed order, from the spreadsheet, the CSV, or CMS's zip of both.

    FormatError for another heading, a code or year that is none, or a previous assignment in which
    no code can be read.
    """
    source = _inside(as_source(where))
    table = rows(source)
    for number, row in table:
        if tuple(" ".join(cell.lower().split()) for cell in row[:3]) == HEADING:
            break
        if number > _NOTICE:
            raise FormatError(str(source), None, f"the heading {', '.join(HEADING)}")
    else:
        raise FormatError(str(source), None, f"the heading {', '.join(HEADING)}")
    empty = True
    for number, row in table:
        if not any(row):
            continue
        empty = False
        yield _conversion(source, number, row)
    if empty:
        raise FormatError(str(source), None, "at least one code below the heading")


def _inside(source: Source) -> Source:
    """The CSV of CMS's zip, or its spreadsheet; any other source as it is."""
    with source.open() as stream:
        zipped = stream.read(2) == b"PK"
    if source.member is not None or not zipped or is_workbook(source):
        return source
    found = {member.name.lower().rpartition(".")[2]: member for member in members(source.path)}
    for kind in ("csv", "xlsx"):
        if kind in found:
            return found[kind]
    raise FormatError(str(source), None, "a CSV file or spreadsheet in the zip")


def _conversion(source: Source, number: int, row: tuple[str, ...]) -> Conversion:
    if len(row) < 3 or not _CODE.fullmatch(row[0]):
        raise FormatError(str(source), number, f"an ICD-10-CM code, found {row[:1]}")
    # A bare year means October 1 of that year, as the notice above the table says.
    year = re.fullmatch(r"20[0-9]{2}", row[1])
    effective = date(int(row[1]), 10, 1) if year else parse_date(row[1])
    if effective is None:
        raise FormatError(str(source), number, f"a year or a date, found {row[1]!r}")
    previous = tuple(
        CodeRange(match.group(1), match.group(2) or match.group(1))
        for match in _PREVIOUS.finditer(row[2])
    )
    if not previous and row[2].casefold() not in ("", "none"):
        raise FormatError(str(source), number, f"previous codes or None, found {row[2]!r}")
    return Conversion(row[0], effective, previous, row[2], number)
