"""One ICD-10-PCS code taken apart: what each character says, and codes near one that is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.procedures.book import ProcedureBook, Row, Table

_LENGTH = 7


@dataclass(frozen=True, slots=True)
class AxisMeaning:
    """One character of a code: its axis, its value, and the official definition or ""."""

    position: int
    axis: str
    character: str
    label: str
    definition: str = ""


def explain(book: ProcedureBook, code: str) -> tuple[AxisMeaning, ...]:
    """What the seven characters of a valid code say; empty where no row allows the code."""
    code = code.strip().upper()
    found = row_of(book, code)
    if found is None:
        return ()
    table, number = found
    row = table.rows[number]
    labels = [table.section, table.system, table.operation]
    for values, character in zip(row.axes, code[3:], strict=True):
        labels.append(next(v.label for v in values if v.character == character))
    return tuple(
        AxisMeaning(n, table.titles[n - 1], code[n - 1], label, _definition(book, table, n, label))
        for n, label in enumerate(labels, start=1)
    )


def row_of(book: ProcedureBook, code: str) -> tuple[Table, int] | None:
    """The table of a code and the number of its row there (from 0); None for no valid code."""
    table = book.tables.get(code[:3])
    if table is None or len(code) != _LENGTH:
        return None
    return next(((table, n) for n, row in enumerate(table.rows) if not _wrong(row, code)), None)


def nearest_valid(book: ProcedureBook, code: str, limit: int = 5) -> tuple[str, ...]:
    """Codes of the same table that differ from ``code`` in the fewest axes, each of one row.

    Of a table that does not exist, none: a slip there changes the procedure.
    """
    code = code.strip().upper()
    table = book.tables.get(code[:3])
    if table is None or len(code) != _LENGTH:
        return ()
    fewest = min(len(_wrong(row, code)) for row in table.rows)
    found: dict[str, None] = {}
    for row in table.rows:
        if len(_wrong(row, code)) == fewest:
            for near in _put_right(row, code):
                found[near] = None
                if len(found) == limit:
                    return tuple(found)
    return tuple(found)


def fault(book: ProcedureBook, code: str) -> str:
    """One sentence about why no row allows ``code``; "" for a valid one.

    The code must have seven characters of ICD-10-PCS.
    """
    table = book.tables.get(code[:3])
    if table is None:
        return f"There is no table {code[:3]}."
    rows = [row for row in table.rows if not _wrong(row, code)]
    if rows:
        return ""
    for n, character in enumerate(code[3:]):
        if not any(value.character == character for row in table.rows for value in row.axes[n]):
            axis = table.titles[n + 3].lower()
            return f"Table {table.prefix} ({table.title}) has no {axis} {character}."
    return f"No row of table {table.prefix} ({table.title}) has these four values together (A9)."


def _wrong(row: Row, code: str) -> list[int]:
    """The axes (from 0) at which the row does not have the code's character."""
    return [
        n
        for n, (values, character) in enumerate(zip(row.axes, code[3:], strict=True))
        if all(value.character != character for value in values)
    ]


def _put_right(row: Row, code: str) -> Iterator[str]:
    """The code with each wrong axis replaced by a value of the row, Z (none) before the others."""
    wrong = _wrong(row, code)
    axes = tuple(
        tuple(sorted(values, key=lambda v: v.character != "Z"))
        if n in wrong
        else tuple(v for v in values if v.character == code[3 + n])
        for n, values in enumerate(row.axes)
    )
    yield from type(row)(axes).expand(code[:3])


def _definition(book: ProcedureBook, table: Table, position: int, label: str) -> str:
    if position == 3 and table.definition:
        return table.definition
    meaning = book.meaning(table.prefix[0], position, label)
    return (meaning.definition or "") if meaning is not None else ""
