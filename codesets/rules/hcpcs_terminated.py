"""A HCPCS code that is terminated, not yet in force, unknown, or not payable by Medicare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.formats.hcpcs import Coverage
from codesets.models import System
from codesets.notation import possible_systems
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.library import Library
    from codesets.models import Code
    from codesets.rules.claim import Claim

ID = "hcpcs-terminated"
_NOT_PAID = {
    Coverage.NOT_PAYABLE: "is not payable by Medicare",
    Coverage.NON_COVERED: "is not covered by Medicare",
    Coverage.NON_COVERED_BY_STATUTE: "is not covered by Medicare, by statute",
}


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each listed HCPCS code that may not be reported, or not be paid."""
    if claim.hcpcs is None:
        return
    for entry in claim.procedures:
        if System.HCPCS not in possible_systems(entry.code):
            continue
        record = claim.hcpcs.find(entry.code)
        if record is None:
            near = ", ".join(code.code for code in claim.hcpcs.nearest(entry.code))
            yield RuleFinding(
                ID,
                Severity.ERROR,
                (entry.code,),
                f"{entry.code} is not a code of {edition(claim.hcpcs)}.",
                edition(claim.hcpcs),
                f"Use one of: {near}." if near else "Check the code.",
            )
        else:
            yield from _status(claim, claim.hcpcs, record)


def edition(hcpcs: Library) -> str:
    """The release, for messages and citations."""
    return f"HCPCS Level II {hcpcs.release.id}"


def _status(claim: Claim, hcpcs: Library, record: Code) -> Iterator[RuleFinding]:
    details = hcpcs.details(record.code)
    named = f"{record.code} ({details.get('short', record.title)})"
    citation = claim.cite_title(record)
    last, first = record.effective_to, record.effective_from
    if last is not None and claim.day > last:
        instead = " or ".join(code.code for code in hcpcs.replacements(record.code))
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (record.code,),
            f"{named} was terminated: {last} was its last day of service.",
            citation,
            f"Use {instead}." if instead else "Use the code that replaced it, if there is one.",
        )
    elif first is not None and claim.day < first:
        message = f"{named} may be reported from {first} only; the date is {claim.day}."
        yield RuleFinding(ID, Severity.ERROR, (record.code,), message, citation, "Check the date.")
    elif (coverage := details.get("coverage code")) and Coverage(coverage) in _NOT_PAID:
        message = f"{named} {_NOT_PAID[Coverage(coverage)]}."
        fix = "Check the payer's coverage before the claim is sent."
        yield RuleFinding(ID, Severity.WARNING, (record.code,), message, citation, fix)


RULE = Rule(
    ID,
    Severity.ERROR,
    "HCPCS Level II record: termination date, coverage",
    "A HCPCS code is in force on the day, and payable.",
    "a code after the termination date in its record",
    find,
)
