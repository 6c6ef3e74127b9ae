"""Codes exempt from reporting whether they were present on admission, as CMS lists them.

The download is a zip of tab-delimited texts and the same as spreadsheets: the whole list, and the
additions, deletions and revisions against the year before. The list and its additions have the same
columns, so in a zip the whole list is the one with the number of codes that the zip's own
description states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, lines, members, rows, starts_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?")
_ORDER = re.compile(r"order([0-9]{2})")
_DECLARED = re.compile(r"List of .*exempt codes, for FY([0-9]{4}) \(([0-9,]+) codes\)")


@dataclass(frozen=True, slots=True)
class PoaExempt:
    """One exempt code. ``order`` is its place in that year's order file."""

    code: str
    title: str
    order: int
    fiscal_year: int
    line: int


def read_poa_exempt(where: Path | str | Source) -> Iterator[PoaExempt]:
    """The exempt codes in printed order, from the list itself or from CMS's zip of it.

    FormatError for other columns; from a zip also where the list does not have as many codes as the
    description beside it says.
    """
    source = as_source(where)
    if source.member is None and starts_with(source, 2) == b"PK":
        inside = members(source.path)
        if not any(member.member == "xl/workbook.xml" for member in inside):
            yield from _from_zip(source, inside)
            return
    yield from _read(source)


def _from_zip(source: Source, inside: list[Source]) -> Iterator[PoaExempt]:
    declared = next((count for m in inside if (count := _declared(m)) is not None), None)
    if declared is None:
        raise FormatError(str(source), None, "a description that states the number of exempt codes")
    lists = [m for m in inside if m.name.lower().endswith(".txt") and _is_list(m)]
    counts = {member: sum(1 for _, line in lines(member) if line.strip()) - 1 for member in lists}
    whole = [member for member, count in counts.items() if count == declared]
    if not whole:
        expected = f"a list of {declared} exempt codes, found {sorted(counts.values())}"
        raise FormatError(str(source), None, expected)
    yield from _read(whole[0])


def _declared(member: Source) -> int | None:
    if "readme" not in member.name.lower():
        return None
    for _, line in lines(member):
        match = _DECLARED.search(line)
        if match and "added" not in line:
            return int(match.group(2).replace(",", ""))
    return None


def _is_list(member: Source) -> bool:
    return _fiscal_year(next(rows(member), (1, ()))[1]) is not None


def _fiscal_year(heading: tuple[str, ...]) -> int | None:
    names = tuple(name.lower() for name in heading)
    match = _ORDER.fullmatch(names[0]) if names else None
    if match is None or names[1:] != ("poaexemptcode", "description"):
        return None
    return 2000 + int(match.group(1))


def _read(source: Source) -> Iterator[PoaExempt]:
    table = rows(source)
    year = _fiscal_year(next(table, (1, ()))[1])
    if year is None:
        raise FormatError(str(source), 1, "the columns Order<YY>, POAexemptCode, Description")
    empty = True
    for number, row in table:
        if not any(row):
            continue
        empty = False
        if len(row) != 3 or not row[0].isdigit() or not _CODE.fullmatch(row[1]) or not row[2]:
            expected = "an order number, a dotted ICD-10-CM code and its title"
            raise FormatError(str(source), number, f"{expected}, found {row[:2]}")
        yield PoaExempt(row[1], row[2], int(row[0]), year, number)
    if empty:
        raise FormatError(str(source), 1, "at least one code below the heading")
