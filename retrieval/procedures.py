"""ICD-10-PCS as passages: tables, their rows, body parts of a table, definitions, keys, the Index.

What is embedded and searched by words are the beginnings of codes that a phrase can name: a table
("Resection of Hepatobiliary System and Pancreas"), a body part of it ("Resection of Gallbladder"),
an Index term, a key's term for a body part or device. Rows, operations, approaches and guidelines
are cited, not searched. Ids name the release whose file printed the words:
``icd10pcs:FY2026:0FT:table``, ``icd10pcs:FY2026:0FT:row-1``, ``icd10pcs:FY2026:0FT4:part``,
``icd10pcs:FY2026:definition:operation-resection``, ``icd10pcs:index-FY2025:appendectomy``,
``icd10pcs:guidelines:B3.8``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import System
from codesets.procedures.explain import row_of
from codesets.procedures.guidelines import guidelines_for
from retrieval.passages import Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codesets.procedures.book import ProcedureBook, Table

SYSTEM = System.ICD10PCS.value
GUIDELINES = "ICD-10-PCS Official Guidelines, in Codecite's own words"
_OTHER = re.compile(r"[^a-z0-9]+")
_MOST_SHOWN = 14


def table_passage(book: ProcedureBook, table: Table) -> Passage:
    """A table by its name, with the definition of its operation."""
    text = f"{table.operation}: {table.definition}" if table.definition else table.operation
    return Passage(
        id=f"{SYSTEM}:{book.release}:{table.prefix}:table",
        system=SYSTEM,
        release=book.release,
        code=table.prefix,
        kind=PassageKind.TITLE,
        text=f"{table.section}, {table.system}. {text}",
        locator=f"Table {table.prefix}",
        source=_tables(book),
    )


def row_passage(book: ProcedureBook, table: Table, code: str) -> Passage | None:
    """The row that allows ``code``, axis by axis; None where none does."""
    found = row_of(book, code)
    if found is None:
        return None
    number = found[1]
    row = table.rows[number]
    axes = []
    for title, values, character in zip(table.titles[3:], row.axes, code[3:], strict=True):
        shown = sorted(values, key=lambda value: value.character != character)[:_MOST_SHOWN]
        labels = "; ".join(f"{value.character} {value.label}" for value in shown)
        more = len(values) - len(shown)
        axes.append(f"{title}: {labels}" + (f"; and {more} more" if more else ""))
    return Passage(
        id=f"{SYSTEM}:{book.release}:{table.prefix}:row-{number + 1}",
        system=SYSTEM,
        release=book.release,
        code=table.prefix,
        kind=PassageKind.NOTE,
        text=" | ".join(axes),
        locator=f"Table {table.prefix}, row {number + 1}",
        source=_tables(book),
    )


def meaning_passage(book: ProcedureBook, table: Table, position: int, label: str) -> Passage | None:
    """The definition of an operation or approach; None where the release prints none."""
    meaning = book.meaning(table.prefix[0], position, label)
    definition = meaning.definition if meaning is not None else None
    if position == 3:
        definition = definition or table.definition
    if not definition:
        return None
    explanation = f" {meaning.explanation}." if meaning is not None and meaning.explanation else ""
    axis = table.titles[position - 1]
    return Passage(
        id=f"{SYSTEM}:{book.release}:definition:{table.prefix[0]}{position}-{_slug(label)}",
        system=SYSTEM,
        release=book.release,
        code=table.prefix,
        kind=PassageKind.NOTE,
        text=f"{definition}.{explanation}",
        locator=f"{axis} {label}",
        source=f"ICD-10-PCS definitions, {book.release}",
    )


def index_passage(
    book: ProcedureBook, entry: str, term: str, leads_to: str | None
) -> Passage | None:
    """An Index term by its path and id; None for no term."""
    if not entry or not term:
        return None
    release = book.meta.get("index release") or book.release
    return Passage(
        id=f"{SYSTEM}:index-{release}:{term}",
        system=SYSTEM,
        release=release,
        code=leads_to or "",
        kind=PassageKind.INDEX,
        text=entry,
        locator=f"Index: {entry}",
        source=f"ICD-10-PCS Index, {release}",
    )


def guideline_passages(
    book: ProcedureBook, table: str, labels: Mapping[int, str]
) -> Iterator[Passage]:
    """The guidelines that decide a code of ``table`` with these labels by position."""
    for section in guidelines_for(table, labels):
        yield Passage(
            id=f"{SYSTEM}:guidelines:{section.number}",
            system=SYSTEM,
            release=book.release,
            code=table,
            kind=PassageKind.GUIDELINE,
            text=section.text,
            locator=f"{section.number} {section.title}",
            source=GUIDELINES,
        )


def _tables(book: ProcedureBook) -> str:
    return f"ICD-10-PCS tables, {book.release}"


def _slug(text: str) -> str:
    return _OTHER.sub("-", text.casefold()).strip("-")
