"""An ICD-10-PCS code on an outpatient claim: ICD-10-PCS is for hospital inpatients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "inpatient-procedure"
SECTION = "45 CFR 162.1002"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each code of ICD-10-PCS that an outpatient list has."""
    if claim.inpatient:
        return
    for entry in claim.stay_procedures:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (entry.code,),
            f"{entry.code} is an ICD-10-PCS code: they report what hospital inpatients had done.",
            SECTION,
            "Report the procedure with CPT or HCPCS, or check the list with --setting inpatient.",
        )


RULE = Rule(
    ID,
    Severity.WARNING,
    SECTION,
    "ICD-10-PCS codes are on inpatient lists only.",
    "K35.80 0DTJ4ZZ, outpatient: the appendectomy is coded in CPT",
    find,
)
