"""Codes of the procedure systems as of a date: HCPCS Level II, CPT and ICD-10-PCS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import AxisNote
from codesets.errors import ReleaseUnavailableError, UnknownCodeError
from codesets.models import System
from codesets.procedures.explain import explain, fault, nearest_valid

if TYPE_CHECKING:
    from datetime import date

    from codesets.library import Library
    from codesets.models import Code
    from codesets.procedures import ProcedureBook
    from codesets.releases import ReleaseStore

_EDGES = "\"'.,;:()[]"
_MOST_NEAR = 5


def spelled(text: str) -> str:
    """A procedure code as printed."""
    return text.strip().strip(_EDGES).upper()


def find(store: ReleaseStore, library: Library, name: str, day: date) -> Code:
    """The record of a procedure code, of another release where the day's does not have it.

    Raises UnknownCodeError with the nearest valid codes when no release has it.
    """
    record = library.find(name)
    if record is not None:
        return record
    system = library.release.system
    elsewhere = [code for release, code in store.everywhere(name) if release.system is system]
    if elsewhere:
        starts = {release.id: release.effective_from for release in store.installed()}
        return min(elsewhere, key=lambda code: abs((starts[code.release] - day).days))
    why = reason(store, name, day) if system is System.ICD10PCS else ""
    raise UnknownCodeError(name, nearest(store, library, name, day), why)


def nearest(store: ReleaseStore, library: Library, name: str, day: date) -> tuple[str, ...]:
    """Valid codes near one that is none: for ICD-10-PCS, of the table's rows, else by spelling."""
    if library.release.system is System.ICD10PCS:
        book = book_of(store, day)
        near = nearest_valid(book, name, 4 * _MOST_NEAR) if book is not None else ()
        listed = [code for code in near if _is_valid(library, code)]
        if listed:
            return tuple(listed[:_MOST_NEAR])
    return tuple(code.code for code in library.nearest(name, _MOST_NEAR))


def reason(store: ReleaseStore, name: str, day: date) -> str:
    """Why no row of the ICD-10-PCS tables allows a code, in a sentence; "" where unknown."""
    book = book_of(store, day)
    return fault(book, name) if book is not None and len(name) == 7 else ""


def axes(store: ReleaseStore, record: Code, day: date) -> tuple[AxisNote, ...]:
    """What each character of an ICD-10-PCS code says; empty without its tables."""
    if record.system is not System.ICD10PCS:
        return ()
    book = book_of(store, day)
    found = explain(book, record.code) if book is not None else ()
    return tuple(AxisNote(m.position, m.axis, m.character, m.label, m.definition) for m in found)


def book_of(store: ReleaseStore, day: date) -> ProcedureBook | None:
    """The tables of the day; None where they are not installed."""
    try:
        return store.procedure_book(day)
    except ReleaseUnavailableError:
        return None  # not every installation has ICD-10-PCS


def _is_valid(library: Library, code: str) -> bool:
    record = library.find(code)
    return record is not None and record.valid
