"""Codes exempt from reporting whether they were present on admission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "poa-exempt"
_SECTION = "POA.condition-is-on-the-exempt-from"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding that names every exempt code: for inpatients, where CMS's list is installed."""
    if not claim.inpatient:
        return
    exempt = [
        entry.code
        for entry in claim.diagnoses
        if (known := claim.facts_about(entry.code)) is not None and known.poa_exempt
    ]
    if exempt:
        yield RuleFinding(
            ID,
            Severity.INFORMATION,
            tuple(exempt),
            f"{', '.join(exempt)}: exempt from the present-on-admission indicator, which is left "
            f"blank.",
            _SECTION,
        )


RULE = Rule(
    ID,
    Severity.INFORMATION,
    _SECTION,
    "Which codes of an inpatient list carry no present-on-admission indicator.",
    "Z79.4, inpatient, with CMS's exempt list installed",
    find,
)
