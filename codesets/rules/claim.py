"""The list of codes under check, looked up once and shared by all rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from codesets.errors import NotationError
from codesets.guidelines import GuidelineSetting
from codesets.models import System
from codesets.notation import normalize, possible_systems
from codesets.rules.facts import SortedCodes, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from codesets.attributes import CodeAttributes
    from codesets.formats.mce import MceFlag
    from codesets.library import Library
    from codesets.models import Code, CodeRange, Note, NoteKind
    from codesets.releases import ReleaseStore
    from codesets.rules.attributes import DiagnosisAttributes, ProcedureEdits
    from codesets.rules.facts import Target
    from codesets.rules.records import Sex

_PCS_LENGTH = 7
_PROCEDURE = re.compile(
    r"(?P<code>[0-9A-Z]{5})(?P<modifiers>(?:-[0-9A-Z]{2})*)(?:\s*[X*]\s*(?P<units>[0-9]{1,4}))?"
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One ICD-10-CM entry: its place in the list, its spelling, and its record if there is one."""

    position: int
    given: str
    code: str
    record: Code | None

    @property
    def valid(self) -> bool:
        """Whether the release has it as a valid code."""
        return self.record is not None and self.record.valid

    @property
    def title(self) -> str:
        """The title, or "" for a code that is none."""
        return self.record.title if self.record is not None else ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One HCPCS or CPT entry, written ``J1885``, ``99213-25`` or ``J1885-RTx4`` with its units."""

    position: int
    given: str
    code: str
    modifiers: tuple[str, ...]
    units: int


@dataclass(frozen=True, slots=True)
class StayProcedure:
    """One ICD-10-PCS entry; ``record`` is None where no release of the day is passed or has it."""

    position: int
    given: str
    code: str
    record: Code | None


class Claim:
    """The list with everything the rules may ask about it.

    ``day`` is the date of service (discharge date for inpatients) and ``age`` is in years.
    Entries of ICD-10-PCS are known by their shape. Others are ICD-10-CM unless only another system
    has their shape, or the installed HCPCS release or NCCI edits know the code and ICD-10-CM does
    not.
    """

    def __init__(
        self,
        library: Library,
        codes: Sequence[str],
        *,
        day: date,
        setting: GuidelineSetting,
        age: float | None = None,
        sex: Sex | None = None,
        text: str | None = None,
        attributes: DiagnosisAttributes | None = None,
        ncci: ProcedureEdits | None = None,
        hcpcs: Library | None = None,
        pcs: Library | None = None,
        store: ReleaseStore | None = None,
    ) -> None:
        self.library = library
        self.facts = facts_of(library)
        self.day = day
        self.setting = setting
        self.age = age
        self.sex = sex
        self.text = text
        self.attributes = attributes
        self.ncci = ncci
        self.hcpcs = hcpcs
        self.pcs = pcs
        self.store = store
        self._attributes: dict[str, CodeAttributes] = {}
        self.entries: tuple[Diagnosis | Procedure | StayProcedure, ...] = tuple(
            self._read(position, given) for position, given in enumerate(codes)
        )

    @cached_property
    def all_diagnoses(self) -> tuple[Diagnosis, ...]:
        """Every ICD-10-CM entry, valid or not."""
        return tuple(entry for entry in self.entries if isinstance(entry, Diagnosis))

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """The valid ICD-10-CM codes in the order given, each once."""
        found: dict[str, Diagnosis] = {}
        for entry in self.all_diagnoses:
            if entry.valid:
                found.setdefault(entry.code, entry)
        return tuple(found.values())

    @cached_property
    def procedures(self) -> tuple[Procedure, ...]:
        """The HCPCS and CPT entries."""
        return tuple(entry for entry in self.entries if isinstance(entry, Procedure))

    @cached_property
    def stay_procedures(self) -> tuple[StayProcedure, ...]:
        """The ICD-10-PCS entries."""
        return tuple(entry for entry in self.entries if isinstance(entry, StayProcedure))

    @property
    def first(self) -> Diagnosis | None:
        """The first-listed or principal diagnosis, if it is a valid code."""
        listed = self.all_diagnoses
        return listed[0] if listed and listed[0].valid else None

    @property
    def inpatient(self) -> bool:
        """Whether the rules for inpatients bind."""
        return self.setting is GuidelineSetting.INPATIENT

    @property
    def place(self) -> str:
        """What the first code is called in this setting."""
        return "principal" if self.inpatient else "first-listed"

    @cached_property
    def _sorted(self) -> SortedCodes:
        return SortedCodes([entry.code for entry in self.diagnoses])

    def within(self, target: Target) -> list[Diagnosis]:
        """The listed codes that a note's reference means, in the order given."""
        return [self.diagnoses[at] for at in self._sorted.within(target)]

    def among(self, ranges: Iterable[CodeRange]) -> list[Diagnosis]:
        """The listed codes in any of the ranges, in the order given."""
        return [self.diagnoses[at] for at in self._sorted.among(ranges)]

    def facts_about(self, code: str) -> CodeAttributes | None:
        """What installed lists say of a code on the day; None where none were passed."""
        if self.attributes is None:
            return None
        if code not in self._attributes:
            self._attributes[code] = self.attributes.attributes(code, self.day)
        return self._attributes[code]

    def flags(self, code: str) -> frozenset[MceFlag] | None:
        """The editor's flags of a code on the day; None where it says nothing of it."""
        known = self.facts_about(code)
        return known.mce_flags if known is not None else None

    def editor(self, code: str) -> str:
        """The editor whose flags a code has, for citations."""
        known = self.facts_about(code)
        return f"Medicare Code Editor {known.mce_source}" if known is not None else ""

    def cite(self, note: Note) -> str:
        """The citation id of a note."""
        system = self.library.release.system.value
        return f"{system}:{note.text_release}:{note.passage_id}"

    def cite_title(self, code: Code) -> str:
        """The citation id of a code's title."""
        return f"{code.system.value}:{code.text_release}:{code.code}:title"

    def targets(self, entry: Diagnosis, kind: NoteKind) -> tuple[Target, ...]:
        """The codes that the notes of one kind, its own and inherited, name."""
        return self.facts.targets(entry.code, kind)

    def _read(self, position: int, given: str) -> Diagnosis | Procedure | StayProcedure:
        written = given.strip().upper()
        match = _PROCEDURE.fullmatch(written)
        known = self.pcs.find(written) if self.pcs is not None else None
        # "99213x2" has the shape of ICD-10-PCS too: units of CPT, unless there is such a code.
        counted = match is not None and match["units"] and self._is_procedure(match)
        if self._is_of_the_stay(written) and (known is not None or not counted):
            return StayProcedure(position, given, written, known)
        if match is not None and self._is_procedure(match):
            modifiers = tuple(part for part in match["modifiers"].split("-") if part)
            return Procedure(position, given, match["code"], modifiers, int(match["units"] or 1))
        try:
            code = normalize(given)
        except NotationError:
            return Diagnosis(position, given, written, None)
        record = self.facts.record(code)
        return Diagnosis(position, given, record.code if record else code, record)

    def _is_of_the_stay(self, written: str) -> bool:
        """Whether an entry has the shape of ICD-10-PCS and is no code of ICD-10-CM."""
        if len(written) != _PCS_LENGTH or possible_systems(written)[:1] != (System.ICD10PCS,):
            return False
        if written[0].isdigit():
            return True
        try:
            record = self.facts.record(normalize(written))
        except NotationError:
            return True  # no diagnosis is written so
        return record is None or not record.valid

    def _is_procedure(self, match: re.Match[str]) -> bool:
        systems = possible_systems(match["code"])
        if System.ICD10CM not in systems:
            return System.HCPCS in systems or System.CPT in systems
        if match["modifiers"] or match["units"]:
            return System.HCPCS in systems
        record = self.facts.record(normalize(match["code"]))
        if record is not None and record.valid:
            return False
        return self.hcpcs is not None and self.hcpcs.find(match["code"]) is not None
