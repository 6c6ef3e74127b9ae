"""The same diagnosis code twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "duplicate"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each diagnosis code listed more than once, in whatever spelling."""
    counts = Counter(entry.code for entry in claim.all_diagnoses)
    for code, count in counts.items():
        if count > 1:
            yield RuleFinding(
                ID,
                Severity.ERROR,
                (code,),
                f"{code} is listed {count} times; a diagnosis code is reported once an encounter, "
                f"also for both sides or for two conditions that share it (I.B.12).",
                "I.B.12",
                f"Keep the first {code}.",
            )


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.B.12",
    "Each diagnosis code is listed once.",
    "E11.9, I10, e119: E11.9 in two spellings",
    find,
)
