"""A HCPCS code that is terminated, not yet in force, unknown, or not payable by Medicare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.formats.hcpcs import Coverage, HcpcsStatus
from codesets.models import System
from codesets.notation import possible_systems
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.formats.hcpcs import HcpcsCode
    from codesets.rules.claim import Claim, Procedure

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
    edition = claim.hcpcs.edition()
    for entry in claim.procedures:
        if System.HCPCS not in possible_systems(entry.code):
            continue
        code = claim.hcpcs.find(entry.code)
        if code is None:
            message = f"{entry.code} is not a code of {edition}."
            fix = "Check the code."
            yield RuleFinding(ID, Severity.ERROR, (entry.code,), message, edition, fix)
        else:
            yield from _status(claim, entry, code, edition)


def _status(claim: Claim, entry: Procedure, code: HcpcsCode, edition: str) -> Iterator[RuleFinding]:
    status = code.status(claim.day)
    if status is HcpcsStatus.TERMINATED:
        instead = " or ".join(code.cross_references)
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (entry.code,),
            f"{entry.code} ({code.short}) was terminated: {code.terminated} was its last day.",
            edition,
            f"Use {instead}." if instead else "Use the code that replaced it.",
        )
    elif status is HcpcsStatus.NOT_YET:
        message = f"{entry.code} ({code.short}) may be reported from {code.added} only."
        yield RuleFinding(ID, Severity.ERROR, (entry.code,), message, edition, "Check the date.")
    elif code.coverage in _NOT_PAID:
        message = f"{entry.code} ({code.short}) {_NOT_PAID[code.coverage]}."
        fix = "Tell the patient, or bill another payer."
        yield RuleFinding(ID, Severity.WARNING, (entry.code,), message, edition, fix)


RULE = Rule(
    ID,
    Severity.ERROR,
    "HCPCS Level II record: termination date, coverage",
    "A HCPCS code is in force on the day, and payable.",
    "a code after the termination date in its record",
    find,
)
