"""A Z code that may only be first, in another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.notation import in_range
from codesets.rules.lists import guideline_list
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "first-listed-only"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each such code after the first.

    None where the first code is of the list too: two examinations at one encounter (Z00, Z01) or
    chemotherapy with radiation (Z51.0, Z51.1-) stand side by side.
    """
    (listed,) = guideline_list("first_only")
    if claim.first is None:
        return
    named = [d for d in claim.diagnoses if any(in_range(d.code, r) for r in listed.ranges)]
    if claim.first in named:
        return
    for entry in named:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (entry.code, claim.first.code),
            f"{entry.code} ({entry.title}) may only be {claim.place}, unless the records of "
            f"several encounters on one day are combined ({listed.section}).",
            listed.section,
            f"Put {entry.code} before {claim.first.code}, or remove it.",
        )


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.C.21.c.15",
    "A Z code that the guidelines allow only as first-listed or principal diagnosis is first.",
    "I10, Z00.00: the general examination after the condition found",
    find,
)
