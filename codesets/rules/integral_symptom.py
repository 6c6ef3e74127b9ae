"""A symptom that is a routine part of a diagnosis on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.lists import integral_symptoms
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "integral-symptom"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each listed symptom that a listed diagnosis explains."""
    for known in integral_symptoms():
        symptoms = claim.among(known.symptom)
        diagnoses = claim.among(known.diagnoses) if symptoms else []
        for symptom in symptoms:
            explained = next((d for d in diagnoses if d.code != symptom.code), None)
            if explained is None:
                continue
            yield RuleFinding(
                ID,
                Severity.WARNING,
                (symptom.code, explained.code),
                f"{symptom.code} ({symptom.title}): {known.name} routinely belongs to "
                f"{explained.code} ({explained.title}) and is not coded beside it (I.B.5).",
                "I.B.5",
                f"Remove {symptom.code}, unless the record gives it another cause.",
            )


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.B.5",
    "No symptom stands beside a confirmed diagnosis that it routinely belongs to.",
    "J18.9, R05.9: cough beside pneumonia",
    find,
)
