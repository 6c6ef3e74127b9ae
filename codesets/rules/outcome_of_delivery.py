"""The outcome of delivery (Z37): on every delivery record of the mother, and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import CodeRange
from codesets.notation import in_range
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "outcome-of-delivery"
_OUTCOME = CodeRange("Z37", "Z37")
_BORN = CodeRange("Z38", "Z38")
_NORMAL = CodeRange("O80", "O80")
_DELIVERED = (
    *(CodeRange(code, code) for code in ("O60.1", "O60.2", "O80", "O82")),
    CodeRange("O67", "O70"),
)
_LABOR = re.compile(r"complicating (?:labor|delivery|childbirth)|in childbirth", re.IGNORECASE)


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Findings about a missing, misplaced or contradicting outcome."""
    outcomes = claim.among((_OUTCOME,))
    delivered = [entry for entry in claim.diagnoses if _is_delivery(claim, entry)]
    if delivered and not outcomes:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (delivered[0].code,),
            f"{delivered[0].code} ({delivered[0].title}) is of a delivery, and no outcome of "
            f"delivery is listed (I.C.15.b.5).",
            "I.C.15.b.5",
            "Add the code of Z37 that describes the outcome.",
        )
    if outcomes:
        yield from _misplaced(claim, outcomes[0])


def _misplaced(claim: Claim, outcome: Diagnosis) -> Iterator[RuleFinding]:
    newborn = claim.among((_BORN,))
    normal = claim.among((_NORMAL,))
    if newborn:
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (outcome.code, newborn[0].code),
            f"{outcome.code} is for the mother's record and {newborn[0].code} for the newborn's; "
            f"one record does not have both (I.C.15.b.5, I.C.16.a.2).",
            "I.C.15.b.5",
            f"Remove {outcome.code} from the newborn's record, or {newborn[0].code} from the "
            f"mother's.",
        )
    elif normal and outcome.code != "Z37.0":
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (normal[0].code, outcome.code),
            f"{outcome.code} does not fit {normal[0].code}: Z37.0 is the only outcome of a normal "
            f"delivery (I.C.15.n.3).",
            "I.C.15.n.3",
            f"Use Z37.0, or another code than {normal[0].code}.",
        )
    elif not any(claim.facts.chapter(entry.code) == "15" for entry in claim.diagnoses):
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (outcome.code,),
            f"{outcome.code} stands without a code of chapter 15 for the delivery (I.C.15.b.5).",
            "I.C.15.b.5",
            "Add the code of the delivery, such as O80 or the complication.",
        )


def _is_delivery(claim: Claim, entry: Diagnosis) -> bool:
    """Whether a code of chapter 15 is one of a delivery in this episode."""
    if claim.facts.chapter(entry.code) != "15" or "without delivery" in entry.title.lower():
        return False
    if any(in_range(entry.code, reference) for reference in _DELIVERED):
        return True
    return bool(_LABOR.search(entry.title)) and "abort" not in entry.title.lower()


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.C.15.b.5",
    "A mother's delivery has its outcome (Z37), a newborn's record has none, O80 has Z37.0.",
    "O80 alone: no outcome of delivery",
    find,
)
