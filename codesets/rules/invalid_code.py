"""A code that is not valid on the date: unknown, deleted, not yet in force, or unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.models import Level
from codesets.notation import possible_systems
from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.validity import Fault, choices, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis
    from codesets.rules.validity import Diagnosed

ID = "invalid-code"


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
