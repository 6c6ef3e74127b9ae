"""From a procedure phrase to an ICD-10-PCS table and its seven characters, each explained."""

from codesets.procedures.book import ProcedureBook, compile_book
from codesets.procedures.records import AxisChoice, ProcedureResolution, TableCandidate
from codesets.procedures.resolve import resolve_procedure, resolve_procedures

__all__ = [
    "AxisChoice",
    "ProcedureBook",
    "ProcedureResolution",
    "TableCandidate",
    "compile_book",
    "resolve_procedure",
    "resolve_procedures",
]
