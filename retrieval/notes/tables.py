"""Rows of tables pasted from a record system: what the other cells of a row say of a problem."""

from __future__ import annotations

import re

from retrieval.notes.cues import Status

_CELL = re.compile(r"\t+|[ \t]*\|[ \t]*| {4,}")
_SAYS = {
    "resolved": Status.RESOLVED,
    "inactive": Status.RESOLVED,
    "historical": Status.HISTORICAL,
    "past": Status.HISTORICAL,
    "history": Status.HISTORICAL,
    "ruled out": Status.NEGATED,
    "suspected": Status.UNCERTAIN,
    "provisional": Status.UNCERTAIN,
}


def row_status(text: str, end: int) -> Status | None:
    """What the cells behind the one that ends at ``end`` say; None outside a table or where silent.

    >>> row_status("Pneumonia | Resolved | 2019", 9)
    <Status.RESOLVED: 'resolved'>
    """
    newline = text.find("\n", end)
    rest = text[end : len(text) if newline < 0 else newline]
    if not _CELL.match(rest):
        return None
    for cell in _CELL.split(rest):
        said = _SAYS.get(cell.strip().casefold())
        if said is not None:
            return said
    return None
