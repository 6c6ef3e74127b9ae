"""An external cause code in the first place: it only adds to a code that says what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.markers import is_external_cause
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "external-cause-first"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """At most one finding, about the first code."""
    entry = claim.first
    if entry is None or not is_external_cause(claim, entry):
        return
    rest = [other for other in claim.diagnoses if not is_external_cause(claim, other)]
    fix = (
        f"Put {rest[0].code} first and {entry.code} after the diagnoses."
        if rest
        else "Add the code of the injury or condition before it."
    )
    yield RuleFinding(
        ID,
        Severity.ERROR,
        (entry.code,),
        f"{entry.code} ({entry.title}) is an external cause code, which is never {claim.place} "
        f"(I.C.20.a.6).",
        "I.C.20.a.6",
        fix,
    )


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.C.20.a.6",
    "The first code is not of chapter 20, external causes of morbidity.",
    "W19.XXXA, S52.501A: the fall before the fracture",
    find,
)
