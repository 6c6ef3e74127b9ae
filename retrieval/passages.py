"""Records of a compiled release, as passages with stable ids: what is searched and what is cited.

A passage id is a citation id, ``system:text_release:code:part``. ``text_release`` is the release
whose file printed the words, so an id keeps its meaning when a later release carries them over.
Only categories, subcategories and codes as the Tabular prints them are embedded: the 7th-character
expansions of a stem say nothing that the stem's title and the resolution step do not, and would
fill the candidate list with a dozen copies of one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.errors import CodesetError
from codesets.models import Level, NoteKind, System

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.library import Library
    from codesets.models import Code, Note


class PassageKind(StrEnum):
    """What a passage is. The notes' values are those of ``NoteKind``."""

    TITLE = "title"
    SHORT_TITLE = "short-title"
    INCLUSION_TERM = "inclusion-term"
    INCLUDES = "includes"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "code-first"
    USE_ADDITIONAL = "use-additional"
    CODE_ALSO = "code-also"
    NOTE = "note"
    SEVENTH_CHARACTER = "seventh-character"
    GUIDELINE = "guideline"
    INDEX = "index"
    EXTERNAL_CAUSE = "external-cause"
    NEOPLASM = "neoplasm"
    DRUG = "drug"


STEP = " > "
"""What stands between the steps of an index path in a passage's text."""


SEARCHED_NOTES = (NoteKind.INCLUSION_TERM, NoteKind.INCLUDES)
"""Notes that name conditions coded here; the other kinds name conditions coded elsewhere."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an official file that can be shown as the source of a statement.

    ``locator`` is how a coder cites it (the code); ``source`` names the publication.
    """

    id: str
    system: str
    release: str
    code: str
    kind: PassageKind
    text: str
    locator: str
    source: str


def passages(library: Library) -> Iterator[Passage]:
    """Every passage to embed and to search by words, in the Tabular's order."""
    source = library.release.source
    for code in library.nodes():
        if code.level in (Level.CHAPTER, Level.SECTION):
            continue
        yield title_passage(code, source)
        if library.release.system is System.HCPCS:
            short = short_passage(code, library, source)
            if short is not None:
                yield short
            continue
        for note in library.notes(code.code, inherited=False):
            if note.kind in SEARCHED_NOTES and note.text.strip():
                yield note_passage(note, code, source)


def title_passage(code: Code, source: str) -> Passage:
    """The passage that a code's title is."""
    return Passage(
        id=f"{code.system.value}:{code.text_release}:{code.code}:title",
        system=code.system.value,
        release=code.text_release,
        code=code.code,
        kind=PassageKind.TITLE,
        text=code.title,
        locator=code.code,
        source=source,
    )


def short_passage(code: Code, library: Library, source: str) -> Passage | None:
    """The passage that a HCPCS code's short descriptor is; None where it says nothing new."""
    short = library.details(code.code).get("short", "")
    if not short or short.casefold() == code.title.casefold():
        return None
    return Passage(
        id=f"{code.system.value}:{code.text_release}:{code.code}:{PassageKind.SHORT_TITLE.value}",
        system=code.system.value,
        release=code.text_release,
        code=code.code,
        kind=PassageKind.SHORT_TITLE,
        text=short,
        locator=code.code,
        source=source,
    )


def note_passage(note: Note, owner: Code, source: str) -> Passage:
    """The passage that one line of an instructional note is, under the record that prints it.

    An item of a list is read with the line that opens the list.
    """
    return Passage(
        id=f"{owner.system.value}:{note.text_release}:{note.passage_id}",
        system=owner.system.value,
        release=note.text_release,
        code=note.owner,
        kind=PassageKind(note.kind.value),
        text=f"{note.lead} {note.text}" if note.lead else note.text,
        locator=note.owner,
        source=source,
    )


def resolve_citation(library: Library, identifier: str) -> Passage | None:
    """The passage that a citation id names, or None when this release does not hold it.

    Titles and notes of every record resolve, those of chapters, sections and expanded codes too.
    """
    system, _, rest = identifier.partition(":")
    release, _, rest = rest.partition(":")
    owner, _, part = rest.rpartition(":")
    if not (owner and part) or system != library.release.system.value:
        return None
    try:
        code = library.find(owner)
        if code is None:
            return None
        source = library.release.source
        if part == PassageKind.TITLE.value:
            found = title_passage(code, source)
            return found if found.release == release else None
        if part == PassageKind.SHORT_TITLE.value:
            short = short_passage(code, library, source)
            return short if short is not None and short.release == release else None
        for note in library.notes(code.code, inherited=False):
            if note.passage_id == f"{code.code}:{part}" and note.text_release == release:
                return note_passage(note, code, source)
    except CodesetError:
        return None
    return None
