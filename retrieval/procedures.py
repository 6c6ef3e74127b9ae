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
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.kinds import FileKind
from codesets.formats.pcs_index import PcsIndexTerm
from codesets.indexes import Indexes
from codesets.models import Code, Level, System
from codesets.procedures.explain import row_of
from codesets.procedures.guidelines import guidelines_for
from codesets.procedures.installed import ProcedureBooks
from codesets.sealing import DIGEST
from codesets.shelf import Shelf
from retrieval.manifest import FILE as MANIFEST
from retrieval.passages import STEP, Passage, PassageKind, title_passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from codesets.indexes import AnyTerm, IndexFile
    from codesets.library import Library
    from codesets.models import Release
    from codesets.procedures.book import ProcedureBook, Table

SYSTEM = System.ICD10PCS.value
GUIDELINES = "ICD-10-PCS Official Guidelines, in Codecite's own words"
_OTHER = re.compile(r"[^a-z0-9]+")
_MOST_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Contents:
    """What the index of a release of ICD-10-PCS holds.

    ``passages`` in a fixed order; ``sources`` are names and digests of what they were made from;
    ``names`` are the beginnings of codes that passages stand under, as records.
    """

    release: Release
    passages: tuple[Passage, ...]
    sources: dict[str, str]
    names: dict[str, Code]

    def get(self, code: str) -> Code:
        """What a beginning of codes stands for, as a record."""
        return self.names[code]


def sources(home: Path, library: Library) -> dict[str, str]:
    """The book and Index that the passages of a release are made from, each with its digest."""
    book = _book(home, library)
    if book is None:
        return {}
    found = {f"{SYSTEM}-book-{book.release}": book.meta[DIGEST]}
    index = _index(home, book)
    return found | ({f"{SYSTEM}-index-{index.release}": index.meta[DIGEST]} if index else {})


def contents(home: Path, library: Library) -> Contents:
    """Everything of a release that is embedded and searched by words.

    Without tables of its fiscal year, the headings that the order file prints.
    """
    book = _book(home, library)
    names: dict[str, Code] = {}
    found: list[Passage] = []
    if book is None:
        for code in library.nodes():
            if not code.valid:
                names[code.code] = code
                found.append(title_passage(code, library.release.source))
        return Contents(library.release, tuple(found), {}, names)
    for table in book.tables.values():
        for passage in (table_passage(book, table), *part_passages(book, table)):
            names[passage.code] = _named(passage, library)
            found.append(passage)
    index = _index(home, book)
    for term in index.terms() if index is not None else ():
        entry = _term_passage(term, index.release) if index is not None else None
        if entry is not None and entry.code[:3] in book.tables:
            names.setdefault(entry.code, _named(entry, library))
            found.append(entry)
    return Contents(library.release, tuple(found), sources(home, library), names)


def is_indexed(home: Path, release: str) -> bool:
    """Whether an index of a release of ICD-10-PCS has been built, here or on a Chroma server."""
    return any((home / "index" / SYSTEM).glob(f"{release}*/{MANIFEST}"))


def part_passages(book: ProcedureBook, table: Table) -> Iterator[Passage]:
    """Each body part, region or substance of a table: the beginning of code it stands for."""
    labels = {value.character: value.label for row in table.rows for value in row.axes[0]}
    for character, label in sorted(labels.items()):
        yield Passage(
            id=f"{SYSTEM}:{book.release}:{table.prefix}{character}:part",
            system=SYSTEM,
            release=book.release,
            code=f"{table.prefix}{character}",
            kind=PassageKind.TITLE,
            text=f"{table.operation} of {label}",
            locator=f"Table {table.prefix}, {character} {label}",
            source=_tables(book),
        )


def _term_passage(term: AnyTerm, release: str) -> Passage | None:
    """An Index term under the first beginning of codes it leads to; None where it leads to none."""
    if not isinstance(term, PcsIndexTerm):
        return None
    prefixes = (*term.prefixes, *(r.prefix for r in term.see if r.prefix))
    if not prefixes:
        return None
    return Passage(
        id=f"{SYSTEM}:index-{release}:{term.id}",
        system=SYSTEM,
        release=release,
        code=prefixes[0],
        kind=PassageKind.INDEX,
        text=STEP.join(term.path),
        locator=f"Index: {', '.join(term.path)}",
        source=f"ICD-10-PCS Index, {release}",
    )


def _named(passage: Passage, library: Library) -> Code:
    return Code(
        system=System.ICD10PCS,
        code=passage.code,
        title=passage.text,
        valid=False,
        level=Level.CATEGORY,
        parent=None,
        release=library.release.id,
        text_release=passage.release,
    )


def _book(home: Path, library: Library) -> ProcedureBook | None:
    folder = home / "codesets"
    return ProcedureBooks(folder, Shelf(folder)).for_release(library.release.id)


def _index(home: Path, book: ProcedureBook) -> IndexFile | None:
    release = book.meta.get("index release") or ""
    return Indexes(home / "codesets").find(FileKind.ICD10PCS_INDEX, release)


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
