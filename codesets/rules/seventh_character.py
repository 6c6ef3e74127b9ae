"""A 7th character that is missing, is not one of the code's, or stands in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.validity import Fault, choices, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis
    from codesets.rules.validity import Diagnosed

ID = "seventh-character"
# Of more 7th characters only the letters are named; the fix spells some of them out.
_EXPLAINED = 4


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each entry whose 7th character or placeholder is at fault."""
    for entry in claim.all_diagnoses:
        found = diagnose(claim, entry)
        if found is not None and found.fault.about_seventh and found.record is not None:
            yield _finding(claim, entry, found)


def _finding(claim: Claim, entry: Diagnosis, found: Diagnosed) -> RuleFinding:
    record = found.record
    stem = record.code if record is not None else entry.code
    sevenths = claim.library.seventh_characters(stem)
    shown = len(sevenths) <= _EXPLAINED
    taken = ", ".join(
        f"{seventh.character} ({seventh.meaning})" if shown else seventh.character
        for seventh in sevenths
    )
    fix = f"Use one of: {choices(found.nearest)}."
    if found.fault is Fault.PLACEHOLDER_MISSING:
        message = (
            f"{entry.code} lacks the placeholder X that keeps its last character in the seventh "
            f"position."
        )
        return RuleFinding(ID, Severity.ERROR, (entry.code,), message, "I.A.4", fix)
    if found.fault is Fault.SEVENTH_MISSING:
        message = f"{entry.code} needs a 7th character: {taken}."
    else:
        message = f"{entry.code} does not end in a 7th character that {stem} takes: {taken}."
    return RuleFinding(ID, Severity.ERROR, (entry.code,), message, "I.A.5", fix)


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.A.5",
    "Where the Tabular List asks for a 7th character the code has one of those listed, in place.",
    "S52.501: needs a 7th character, such as S52.501A",
    find,
)
