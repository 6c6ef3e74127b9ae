"""Medicare Code Editor diagnosis flags: ``code,start,end,flags``, several flags joined by ``|``.

A code may stand on several lines, one for each span of discharge dates with the same flags; the
lines without an end are the editor's current list. Sex conflicts end on 2024-09-30 in version 43.1:
the editor no longer has that edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, parse_date, rows
from codesets.notation import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

HEADING = ("code", "start", "end", "flags")
_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}")


class MceFlag(StrEnum):
    """What the editor knows of a diagnosis, by the names the file uses.

    ``UNACCEPTABLE`` is unacceptable as principal diagnosis, ``UNACCEPTABLE_WITHOUT_SECONDARY`` only
    when nothing else is coded; ``QUESTIONABLE_ADMISSION`` seldom justifies an inpatient stay;
    ``NEWBORN`` is age 0, ``PEDIATRIC`` 0 to 17, ``MATERNITY`` 9 to 64, ``ADULT`` 15 to 124.
    """

    EXTERNAL_CAUSE = "ecodepdx"
    MATERNITY = "maternity"
    FEMALE = "female"
    UNSPECIFIED = "unspecified"
    UNACCEPTABLE = "unacceptable"
    ADULT = "adult"
    MALE = "male"
    MANIFESTATION = "manifestation"
    NEWBORN = "newborn"
    PEDIATRIC = "pediatric"
    TYPE_1_DIABETES = "diabtypeI"
    QUESTIONABLE_ADMISSION = "qadm"
    DELIVERY_OUTCOME = "delout"
    NONCOVERED_6 = "ncov6"
    NONCOVERED_7 = "ncov7"
    NONCOVERED_STERILIZATION = "ncov_z302"
    WRONG_PROCEDURE = "wrngproc"
    CLINICAL_TRIAL = "clintrial"
    UNACCEPTABLE_WITHOUT_SECONDARY = "reqsdx"


@dataclass(frozen=True, slots=True)
class MceFlags:
    """The flags of one code over one span of discharge dates, both ends included."""

    code: str
    start: date
    end: date | None
    flags: frozenset[MceFlag]
    line: int

    def in_force(self, day: date) -> bool:
        """Whether the span holds the discharge date."""
        return self.start <= day and (self.end is None or day <= self.end)


def read_mce_flags(where: Path | str | Source) -> Iterator[MceFlags]:
    """Spans in file order, codes dotted.

    FormatError for another heading, a date that is none, or a flag that is not the editor's.
    """
    source = as_source(where)
    table = rows(source)
    if next(table, (1, ()))[1] != HEADING:
        raise FormatError(str(source), 1, "the columns code,start,end,flags")
    empty = True
    for number, row in table:
        if not any(row):
            continue
        empty = False
        if len(row) != len(HEADING) or not _CODE.fullmatch(row[0]):
            raise FormatError(str(source), number, f"an ICD-10-CM code and 3 columns, found {row}")
        start, end = parse_date(row[1]), parse_date(row[2])
        if start is None or (row[2] and end is None):
            raise FormatError(str(source), number, f"YYYYMMDD dates, found {row[1:3]}")
        yield MceFlags(dotted(row[0]), start, end, _flags(source, number, row[3]), number)
    if empty:
        raise FormatError(str(source), 1, "at least one code below the heading")


def _flags(source: Source, number: int, text: str) -> frozenset[MceFlag]:
    try:
        return frozenset(MceFlag(flag) for flag in text.split("|") if flag)
    except ValueError:
        raise FormatError(str(source), number, f"flags of the editor, found {text!r}") from None
