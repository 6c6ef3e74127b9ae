"""The official ICD-10-CM Tabular List XML, read into flat records in printed order.

The layout is that of ``icd10cm-tabular-<year>.xml`` by CDC/NCHS: chapters hold sections, sections
hold ``diag`` records, ``diag`` records nest, and each may carry instructional notes and a table of
7th characters. Nothing is interpreted here beyond that: expansion and validity are the draft's.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source
from codesets.formats.xmlstream import End, Start, stream
from codesets.models import NoteKind, SeventhCharacter

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO, NoReturn

_NOTES = {
    "includes": NoteKind.INCLUDES,
    "inclusionTerm": NoteKind.INCLUSION_TERM,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "notes": NoteKind.NOTE,
    "sevenChrNote": NoteKind.SEVENTH_CHARACTER,
}
_VISION = frozenset({"visCategory", "heading", "visRange", "value", "visMax", "visMin"})
_CHILDREN = {
    "ICD10CM.tabular": frozenset({"version", "introduction", "chapter"}),
    "introduction": frozenset({"introSection"}),
    "introSection": frozenset({"title", "instruction"}),
    "instruction": frozenset({"note"}),
    "chapter": frozenset({"name", "desc", "sectionIndex", "section", *_NOTES}),
    "sectionIndex": frozenset({"sectionRef"}),
    "section": frozenset({"desc", "diag", *_NOTES}),
    "diag": frozenset({"name", "desc", "diag", "sevenChrDef", "visualImpairment", *_NOTES}),
    "sevenChrDef": frozenset({"extension", "note"}),
    "visualImpairment": _VISION,
    "visCategory": _VISION,
    "visRange": _VISION,
    "visMax": _VISION,
    "visMin": _VISION,
    **{tag: frozenset({"note"}) for tag in _NOTES},
}
_RECORDS = frozenset({"chapter", "section", "diag"})
_DIAG_NAME = re.compile(r"(?:[A-Z][0-9]|[A-Z]A)[0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_SECTION_ID = re.compile(r"([A-Z][0-9A][0-9A-Z])(?:-([A-Z][0-9A][0-9A-Z]))?")
_RANGE_AT_END = re.compile(r"\s*\([A-Z][0-9A][0-9A-Z](?:-[A-Z][0-9A][0-9A-Z])?\)$")
# These meanings name an encounter, not a condition, so a line below them cannot explain them.
_ENCOUNTERS = frozenset({"initial encounter", "subsequent encounter", "sequela"})


@dataclass(frozen=True, slots=True)
class TabularNote:
    """One printed line of a note, the line that opens its list (or ""), and where it stands."""

    kind: NoteKind
    text: str
    lead: str
    line: int


@dataclass(slots=True)
class TabularRecord:
    """A chapter, section or ``diag`` as printed. ``parent`` indexes the records (None: chapter).

    A section's code always shows both ends (``B99-B99``), so that it differs from its category.
    ``placeholder`` marks records whose last character is the placeholder X.
    """

    element: str
    parent: int | None
    line: int
    code: str = ""
    title: str = ""
    placeholder: bool = False
    notes: list[TabularNote] = field(default_factory=list)
    sevenths: list[SeventhCharacter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tabular:
    """A whole Tabular List: records in printed order, parents before children."""

    path: str
    version: str
    sha256: str
    records: tuple[TabularRecord, ...]

    def count(self, element: str) -> int:
        """How many records came from ``element`` (``chapter``, ``section`` or ``diag``)."""
        return sum(record.element == element for record in self.records)


def read_tabular(where: Path | str | Source) -> Tabular:
    """Read a Tabular List XML file.

    Raises:
        FormatError: the file is not well-formed, or departs from the official layout; the error
            names the line and what was expected there.

    """
    digest = hashlib.sha256()
    source = as_source(where)
    reader = _Reader(str(source))
    with source.open() as file:
        for event in stream(_Hashing(file, digest), str(source)):  # type: ignore[arg-type]  # only read() is called
            if isinstance(event, Start):
                reader.start(event)
            else:
                reader.end(event)
    if not reader.records:
        raise FormatError(str(source), None, "an ICD10CM.tabular element with chapters")
    _nest_blocks(reader.records)
    return Tabular(str(source), reader.version, digest.hexdigest(), tuple(reader.records))


class _Hashing:
    """A binary file that feeds what is read to a digest."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        self._file = file
        self._digest = digest

    def read(self, size: int) -> bytes:
        chunk = self._file.read(size)
        self._digest.update(chunk)
        return chunk


class _Reader:
    """Keeps the open elements and checks each against the official layout."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.version = ""
        self.records: list[TabularRecord] = []
        self._tags: list[str] = []
        self._open: list[int] = []
        self._codes: dict[str, int] = {}
        self._lead = ""
        self._character = ""
        self._vision: list[str] = []
        self._headings: list[str] = []

    def start(self, event: Start) -> None:
        self._check_place(event)
        self._tags.append(event.tag)
        if event.tag in _RECORDS:
            self._start_record(event)
        elif event.tag in _NOTES:
            self._lead = ""
        elif event.tag == "extension":
            self._character = event.attributes.get("char", "")
            if len(self._character) != 1 or not self._character.isalnum():
                self._fail(event.line, "a char attribute of one letter or digit")
        elif event.tag == "visCategory":
            self._vision = []

    def _check_place(self, event: Start) -> None:
        if not self._tags:
            if event.tag != "ICD10CM.tabular":
                self._fail(event.line, f"the root element ICD10CM.tabular, not {event.tag}")
            return
        allowed = _CHILDREN.get(self._tags[-1], frozenset())
        if event.tag not in allowed:
            names = ", ".join(sorted(allowed)) or "no element"
            self._fail(event.line, f"{names} inside {self._tags[-1]}, not {event.tag}")

    def _start_record(self, event: Start) -> None:
        parent = self._open[-1] if self._open else None
        record = TabularRecord(event.tag, parent, event.line)
        record.placeholder = event.attributes.get("placeholder") == "true"
        if event.tag == "section":
            match = _SECTION_ID.fullmatch(event.attributes.get("id", ""))
            if match is None:
                self._fail(event.line, 'a section id such as "A00-A09"')
            record.code = f"{match.group(1)}-{match.group(2) or match.group(1)}"
            self._register(record, event.line)
        self.records.append(record)
        self._open.append(len(self.records) - 1)

    def end(self, event: End) -> None:
        self._tags.pop()
        if event.tag in _RECORDS:
            self._end_record(event)
        elif event.tag == "version":
            self.version = event.text
        elif self._open:
            self._end_field(self.records[self._open[-1]], event)

    def _end_record(self, event: End) -> None:
        record = self.records[self._open.pop()]
        for value, what in ((record.code, "name"), (record.title, "desc")):
            if not value:
                self._fail(record.line, f"a {what} in this {event.tag}")

    def _end_field(self, record: TabularRecord, event: End) -> None:
        above = self._tags[-1]
        if event.tag == "name":
            self._name(record, event)
        elif event.tag == "desc":
            ranged = record.element != "diag"
            record.title = _RANGE_AT_END.sub("", event.text) if ranged else event.text
        elif event.tag == "note" and above in _NOTES:
            self._note(record, _NOTES[above], event)
        elif event.tag == "note":
            self._note_of_character(record, event)
        elif event.tag == "extension":
            record.sevenths.append(SeventhCharacter(self._character, event.text))
        elif event.tag in ("heading", "value"):
            words = event.text if above == "visCategory" else f"{above}={event.text}"
            self._vision.append(words)
        elif event.tag == "visCategory":
            self._vision_row(record, event)

    def _name(self, record: TabularRecord, event: End) -> None:
        if record.element == "diag":
            if _DIAG_NAME.fullmatch(event.text) is None:
                self._fail(event.line, f"a code such as E11.22, not {event.text!r}")
            above = self.records[record.parent or 0]
            if above.element == "diag" and not event.text.startswith(above.code):
                self._fail(event.line, f"a code under {above.code}, not {event.text}")
        elif not event.text.isdecimal():
            self._fail(event.line, f"a chapter number, not {event.text!r}")
        record.code = event.text
        self._register(record, event.line)

    def _register(self, record: TabularRecord, line: int) -> None:
        if record.code in self._codes:
            self._fail(line, f"{record.code} once (it stands at line {self._codes[record.code]})")
        self._codes[record.code] = line

    def _note(self, record: TabularRecord, kind: NoteKind, event: End) -> None:
        if event.text:
            record.notes.append(TabularNote(kind, event.text, self._lead, event.line))
        if event.text.endswith(":"):
            self._lead = event.text

    def _note_of_character(self, record: TabularRecord, event: End) -> None:
        """A line among the 7th characters explains the one above it.

        W08 prints an inclusion term ("Fall from stool") there, below "sequela": a meaning that
        only names the encounter has nothing to explain, so such a line is the record's own.
        """
        last = record.sevenths[-1] if record.sevenths else None
        if last is None or last.meaning in _ENCOUNTERS:
            kind = NoteKind.INCLUSION_TERM
            record.notes.append(TabularNote(kind, event.text, "", event.line))
        else:
            explained = SeventhCharacter(last.character, last.meaning, event.text)
            record.sevenths[-1] = explained

    def _vision_row(self, record: TabularRecord, event: End) -> None:
        """One line of the table of visual impairment (H54), its columns in words."""
        category, cells = self._vision[0], self._vision[1:]
        highest = [c.partition("=")[2] for c in cells if c.startswith("visMax=")]
        lowest = [c.partition("=")[2] for c in cells if c.startswith("visMin=")]
        if not category.isdecimal():
            self._headings = [category, *(c.partition("=")[2] for c in cells)]
            return
        if len(self._headings) != 4:
            self._fail(event.line, "the headings of the table of visual impairment")
        name, acuity, below, least = self._headings
        if len(highest) == 1:
            text = f"{name} {category}: {highest[0]}"
            text += f", {least.lower()} {lowest[0]}" if lowest else ""
        else:
            text = f"{name} {category}: {acuity.lower()}, {below.lower()} {' / '.join(highest)}"
            text += f"; {least.lower()} {' / '.join(lowest)}" if lowest else ""
        record.notes.append(TabularNote(NoteKind.NOTE, text, "", event.line))

    def _fail(self, line: int, expected: str) -> NoReturn:
        raise FormatError(self.name, line, expected)


def _nest_blocks(records: list[TabularRecord]) -> None:
    """Hang each section under the narrowest block that spans it.

    The XML prints sections flat; a section without a ``diag`` of its own (C00-C96, M00-M25,
    V00-V99) is a block over the sections after it, and its notes hold for them.
    """
    filled = {record.parent for record in records if record.element == "diag"}
    blocks: list[int] = []
    for index, record in enumerate(records):
        if record.element == "chapter":
            blocks = []
        elif record.element == "section":
            first, _, last = record.code.partition("-")
            for block in reversed(blocks):
                low, _, high = records[block].code.partition("-")
                if low <= first and last <= high:
                    record.parent = block
                    break
            if index not in filled:
                blocks.append(index)
