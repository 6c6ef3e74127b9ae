"""A code that is not valid on the date: unknown, deleted, not yet in force, or unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.errors import ReleaseUnavailableError
from codesets.models import Level, System
from codesets.notation import possible_systems
from codesets.periods import release_needed
from codesets.procedures.explain import fault, nearest_valid
from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.validity import Fault, choices, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.library import Library
    from codesets.models import Code
    from codesets.procedures import ProcedureBook
    from codesets.rules.claim import Claim, Diagnosis
    from codesets.rules.validity import Diagnosed

ID = "invalid-code"
_SHOWN = 5


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each entry that is no valid code, unless its 7th character is at fault."""
    for entry in claim.all_diagnoses:
        found = diagnose(claim, entry)
        if found is None or found.fault.about_seventh:
            continue
        fix = f"Use one of: {choices(found.nearest)}." if found.nearest else "Remove it."
        record = found.record
        citation = claim.cite_title(record) if record is not None else "I.A.3"
        yield RuleFinding(
            ID, Severity.ERROR, (entry.code,), _message(claim, entry, found), citation, fix
        )

    yield from _of_the_stay(claim)


def _of_the_stay(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each ICD-10-PCS entry that the release of the day does not have."""
    for entry in claim.stay_procedures:
        if claim.pcs is None:
            needed = release_needed(System.ICD10PCS, claim.day)
            yield RuleFinding(
                ID,
                Severity.WARNING,
                (entry.code,),
                f"{entry.code} has the form of an ICD-10-PCS code, and was not checked: "
                f"ICD-10-PCS {needed} is not installed.",
                "ICD-10-PCS A8",
                "Install its files with `codecite codesets install PATH`.",
            )
        elif entry.record is None or not entry.record.valid:
            near = _near(claim, entry.code, claim.pcs)
            fix = f"Use one of: {choices(near)}." if near else "Remove it."
            message = _procedure_message(claim, entry.code, claim.pcs)
            yield RuleFinding(ID, Severity.ERROR, (entry.code,), message, "ICD-10-PCS A9", fix)


def _procedure_message(claim: Claim, code: str, pcs: Library) -> str:
    for release, record in claim.store.everywhere(code) if claim.store is not None else ():
        if release.system is System.ICD10PCS and record.valid:
            if release.effective_from > claim.day:
                since = release.effective_from.isoformat()
                return f"{code} is valid from {since} only; the date is {claim.day}."
            if release.effective_to is not None and release.effective_to < claim.day:
                return f"{code} was deleted: {release.effective_to} was its last day of service."
    book = _book(claim)
    why = f" {fault(book, code)}" if book is not None else ""
    return f"{code} is not a code of ICD-10-PCS {pcs.release.id}.{why}".rstrip()


def _near(claim: Claim, code: str, pcs: Library) -> tuple[Code, ...]:
    """Codes of the same table's rows, where its tables are at hand, else near spellings."""
    book = _book(claim)
    names = nearest_valid(book, code, _SHOWN) if book is not None else ()
    records = [pcs.find(name) for name in names]
    valid = [record for record in records if record is not None and record.valid]
    return tuple(valid or pcs.nearest(code, _SHOWN))


def _book(claim: Claim) -> ProcedureBook | None:
    try:
        return claim.store.procedure_book(claim.day) if claim.store is not None else None
    except ReleaseUnavailableError:
        return None  # without tables the finding names no rows


def _message(claim: Claim, entry: Diagnosis, found: Diagnosed) -> str:
    release = claim.library.release.id
    record = found.record
    if found.fault is Fault.INCOMPLETE and record is not None:
        if record.level in (Level.CHAPTER, Level.SECTION):
            return f"{record.code} is a {record.level.value}, not a code that can be reported."
        return (
            f"{record.code} ({record.title}) is divided further, so it cannot be reported as it "
            f"is (I.A.3)."
        )
    if found.fault is Fault.DELETED and record is not None:
        last = found.since or (record.effective_to.isoformat() if record.effective_to else "")
        return f"{entry.code} was deleted: {last} was its last day of service."
    if found.fault is Fault.NOT_YET:
        return f"{entry.code} is valid from {found.since} only; the date is {claim.day}."
    others = [
        s.value for s in possible_systems(entry.given) if s is not claim.library.release.system
    ]
    hint = f" It has the shape of {' and '.join(others)} too." if others else ""
    return f"{entry.code} is not a code of ICD-10-CM {release}.{hint}"


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.A.3",
    "The code is valid on the date of service and complete.",
    "E11.2: a subcategory, divided further (E11.21, E11.22, E11.29)",
    find,
)
