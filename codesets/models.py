"""The records every layer speaks of: frozen, slotted, free of behaviour that needs a database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class System(StrEnum):
    """A code system, by the name used in settings, JSON and citation ids."""

    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    HCPCS = "hcpcs"
    CPT = "cpt"


class Level(StrEnum):
    """Where a record stands in its classification."""

    CHAPTER = "chapter"
    SECTION = "section"
    CATEGORY = "category"
    SUBCATEGORY = "subcategory"
    CODE = "code"


class NoteKind(StrEnum):
    """Instructional notes of the Tabular List (Official Guidelines I.A.10 to I.A.17)."""

    INCLUDES = "includes"
    INCLUSION_TERM = "inclusion-term"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    CODE_FIRST = "code-first"
    USE_ADDITIONAL = "use-additional"
    CODE_ALSO = "code-also"
    NOTE = "note"
    SEVENTH_CHARACTER = "seventh-character"


@dataclass(frozen=True, slots=True)
class Release:
    """One published edition of one code system.

    ``id`` is what answers and citation ids carry: ``FY2027`` for an October release, ``FY2026-04``
    for an April update. ``effective_to`` is the last day it governs; None means no successor is
    known.
    """

    system: System
    id: str
    effective_from: date
    effective_to: date | None
    source: str
    licence: str

    def covers(self, day: date) -> bool:
        """Whether this release governs the date of service ``day``.

        >>> from datetime import date
        >>> fy = Release(System.ICD10CM, "FY2027", date(2026, 10, 1), date(2027, 3, 31), "", "")
        >>> fy.covers(date(2026, 10, 1)), fy.covers(date(2026, 9, 30))
        (True, False)
        """
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class Code:
    """One chapter, section, category, subcategory or valid code of a release.

    ``code`` is written as printed (``E11.22``; ``A00-A09`` for a section; ``1`` for a chapter).
    ``valid`` means reportable (billable) in ``release``. ``text_release`` names the release whose
    file the title was read from: it differs from ``release`` when an addenda file carried the text
    over unchanged, and it is what citation ids use. ``effective_from`` is None when the code is
    older than every installed release. ``derived`` says that no official file prints the title: a
    parent that an addenda file implies was named from the wording of its own codes.
    """

    system: System
    code: str
    title: str
    valid: bool
    level: Level
    parent: str | None
    release: str
    text_release: str
    effective_from: date | None = None
    effective_to: date | None = None
    derived: bool = False


class CharacterPlace(StrEnum):
    """Where in a code a note's condition looks (``with fifth or sixth character 5``)."""

    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    SEVENTH = "seventh"
    INTENT = "intent"
    AFTER_CATEGORY = "after-category"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class CharacterCondition:
    """Characters a code must carry for a reference to mean it; any one of ``values`` will do.

    FOURTH to SEVENTH compare from that character on. INTENT is the "fifth or sixth character" of
    categories T36 to T65: the sixth, or the fifth where the sixth is the placeholder X.
    AFTER_CATEGORY compares what follows the point (``E08-E13 with .52``). ENDING compares the last
    characters before any 7th character or placeholder (``I69. with final characters -23``).
    """

    place: CharacterPlace
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Codes that a note refers to, both ends included, compared by prefix.

    ``N18.1-N18.6`` covers N18.1, N18.31 and N18.6; ``E10.-`` is the range E10 to E10.
    ``condition`` narrows it (``T36-T50 with fifth or sixth character 5``).
    """

    first: str
    last: str
    condition: CharacterCondition | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """One line of an instructional note, and the record it stands under.

    ``owner`` is the code, section or chapter that prints it; a code inherits the notes of every
    ancestor. ``references`` are the codes the line names. ``lead`` is the line ending in a colon
    that opens the list this line belongs to ("code to identify manifestations, such as:"), or "".
    """

    owner: str
    kind: NoteKind
    text: str
    position: int
    text_release: str
    references: tuple[CodeRange, ...] = ()
    lead: str = ""

    @property
    def passage_id(self) -> str:
        """The last two parts of this note's citation id, e.g. ``E11:use-additional-2``."""
        return f"{self.owner}:{self.kind.value}-{self.position}"


@dataclass(frozen=True, slots=True)
class SeventhCharacter:
    """One 7th-character extension and what it means (Official Guidelines I.A.5).

    ``note`` is a further condition printed under it ("initial encounter for open fracture NOS").
    """

    character: str
    meaning: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Modifier:
    """A two-character modifier of HCPCS Level II or CPT, appended to a procedure code.

    ``effective_to`` is the last date of service it may be reported on; None while it is current.
    """

    code: str
    title: str
    short: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """One main term or subterm of the Alphabetic Index or the External Cause Index.

    ``path`` holds the titles from the main term down to this one, without nonessential modifiers;
    ``modifiers`` are this term's own (words in parentheses that do not change the code, Official
    Guidelines I.A.7). ``codes`` and ``manifestations`` are as printed: a final ``-`` says that more
    characters are needed (I.A.6); manifestations are the bracketed second codes of I.A.13.
    ``see_category`` names categories or subcategories to consult in the Tabular List. ``id`` is
    unique in its file and stays the same from year to year while the path does. ``order`` counts
    from 0 in printed order; ``line`` is where the term stands in the file it was read from.
    """

    id: str
    letter: str
    path: tuple[str, ...]
    modifiers: tuple[str, ...]
    codes: tuple[str, ...]
    manifestations: tuple[str, ...]
    see: tuple[str, ...]
    see_also: tuple[str, ...]
    see_category: tuple[str, ...]
    notes: tuple[str, ...]
    order: int
    line: int

    @property
    def title(self) -> str:
        """The last step of the path."""
        return self.path[-1]

    @property
    def level(self) -> int:
        """0 for a main term, 1 for its subterms, and so on."""
        return len(self.path) - 1

    @property
    def code(self) -> str | None:
        """The first code, without the dash; None where the term only refers elsewhere."""
        return self.codes[0].rstrip("-").rstrip(".") if self.codes else None

    @property
    def incomplete(self) -> bool:
        """Whether the first code is printed with a final dash, so that it needs more characters."""
        return bool(self.codes) and self.codes[0].endswith("-")

    @property
    def manifestation(self) -> str | None:
        """The first bracketed manifestation code, without the dash."""
        return self.manifestations[0].rstrip("-").rstrip(".") if self.manifestations else None


@dataclass(frozen=True, slots=True)
class GuidelineSection:
    """One section of the ICD-10-CM Official Guidelines, as the PDF prints it.

    ``number`` is what coders cite (``I.C.4.a.6.a``); the unnumbered sections of appendix I, on
    present-on-admission reporting, are ``POA.`` and the first words of their heading. ``text`` is
    the section's own text without its subsections': paragraphs apart by a blank line, list items
    by a line break. ``page_from`` and ``page_to`` are the pages, as printed, of the heading and of
    the last line. ``fiscal_year`` is written as a release is, ``FY2026``.
    """

    number: str
    title: str
    text: str
    page_from: int
    page_to: int
    fiscal_year: str
