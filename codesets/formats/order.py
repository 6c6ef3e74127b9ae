"""The official code and order files: one code a line, in tabular order, fixed width.

A code file (``icd10cm_codes_2026.txt``) holds valid codes only: the code in columns 1 to 7, then
its long title. An order file (``icd10cm_order_2025.txt``, and ICD-10-PCS's in the same layout)
also holds headers: order number in columns 1-5, code 7-13, 0 for a header or 1 for a valid code in
column 15, short title 17-76, long title from 78.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODE_LINE = re.compile(r"([0-9A-Z]{3,7}) +(\S.*)")
_ORDER_LINE = re.compile(r"(\d{5}) ([0-9A-Z]{3,7}) {1,5}([01]) (.{60}) (\S.*)")


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line: the undotted code, whether it is valid, its titles, and the line's number.

    ``short`` is empty in code files, which print the long title only.
    """

    key: str
    valid: bool
    title: str
    short: str
    line: int


def read_codes(where: Path | str | Source) -> Iterator[CodeLine]:
    """Yield the lines of a code file.

    Raises:
        FormatError: a line is not a code and a title, or a code stands twice.

    """
    seen: set[str] = set()
    source = as_source(where)
    for number, text in _lines(source):
        match = _CODE_LINE.fullmatch(text)
        if match is None:
            raise FormatError(str(source), number, "a code in columns 1 to 7, then its title")
        _once(source, number, match.group(1), seen)
        yield CodeLine(match.group(1), True, match.group(2), "", number)


def read_order(where: Path | str | Source) -> Iterator[CodeLine]:
    """Yield the lines of an order file, headers and valid codes.

    Raises:
        FormatError: a line departs from the fixed columns, or a code stands twice.

    """
    seen: set[str] = set()
    source = as_source(where)
    for number, text in _lines(source):
        match = _ORDER_LINE.fullmatch(text)
        if match is None:
            raise FormatError(
                str(source),
                number,
                "order number, code, 0 or 1, short title and long title in columns",
            )
        _once(source, number, match.group(2), seen)
        valid, short, title = match.group(3) == "1", match.group(4).strip(), match.group(5)
        yield CodeLine(match.group(2), valid, title, short, number)


def _once(source: Source, line: int, key: str, seen: set[str]) -> None:
    if key in seen:
        raise FormatError(str(source), line, f"{key} once only")
    seen.add(key)


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    for number, text in lines(source):
        if text.strip():
            yield number, text.rstrip()
