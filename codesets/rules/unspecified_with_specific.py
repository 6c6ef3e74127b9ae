"""An unspecified code beside a specific one of the same condition, or where the text is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.resolution import resolve
from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.rules.wordings import is_less_specific

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.models import Code
    from codesets.rules.claim import Claim, Diagnosis

ID = "unspecified-with-specific"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each unspecified code that another code, or the text, says better."""
    for entry in claim.diagnoses:
        if "unspecified" not in entry.title.lower():
            continue
        listed = next((other for other in claim.diagnoses if _is_better(entry, other)), None)
        if listed is not None:
            yield RuleFinding(
                ID,
                Severity.WARNING,
                (entry.code, listed.code),
                f"{entry.code} ({entry.title}) leaves open what {listed.code} ({listed.title}) "
                f"says; an unspecified code stands only where the record says no more (I.A.9.b).",
                "I.A.9.b",
                f"Remove {entry.code} if both describe one condition.",
            )
        elif claim.text and (told := _told(claim, entry)) is not None:
            yield RuleFinding(
                ID,
                Severity.WARNING,
                (entry.code, told.code),
                f"{entry.code} ({entry.title}) leaves open what the text says: {told.code} "
                f"({told.title}) (I.A.9.b, I.B.2).",
                "I.A.9.b",
                f"Use {told.code} instead of {entry.code}.",
            )


def _is_better(entry: Diagnosis, other: Diagnosis) -> bool:
    return entry.code[:3] == other.code[:3] and is_less_specific(entry.title, other.title)


def _told(claim: Claim, entry: Diagnosis) -> Code | None:
    """The more specific code of the category that the text supports."""
    resolution = resolve(claim.library, entry.code[:3], claim.text or "")
    found = resolution.code
    if not resolution.final or not found.valid or found.code == entry.code:
        return None
    return found if is_less_specific(entry.title, found.title) else None


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.A.9.b",
    "No unspecified code where another listed code, or the text, says more of the same condition.",
    "I50.9, I50.22: heart failure, unspecified, beside chronic systolic heart failure",
    find,
)
