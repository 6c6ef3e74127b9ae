"""A code that may only be secondary, in the first place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.formats.mce import MceFlag
from codesets.rules.markers import Ground, additional_only, is_external_cause
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "unacceptable-principal"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """At most one finding, about the first code; external causes have a rule of their own."""
    entry = claim.first
    if entry is None or is_external_cause(claim, entry):
        return
    ground = additional_only(claim, entry) or _flagged(claim, entry)
    if ground is not None:
        yield RuleFinding(
            ID,
            Severity.ERROR if ground.certain else Severity.WARNING,
            (entry.code,),
            f"{entry.code} ({entry.title}) cannot be {claim.place}: {ground.why}.",
            ground.citation,
            f"Put the condition chiefly responsible for the encounter before {entry.code}.",
        )


def _flagged(claim: Claim, entry: Diagnosis) -> Ground | None:
    """The Medicare Code Editor's edit, which is for inpatient claims."""
    flags = claim.flags(entry.code)
    if flags is None or not claim.inpatient:
        return None
    edition = claim.editor(entry.code)
    if MceFlag.UNACCEPTABLE in flags:
        return Ground(f"the {edition} lists it as unacceptable", edition, certain=True)
    if MceFlag.UNACCEPTABLE_WITHOUT_SECONDARY in flags and len(claim.diagnoses) == 1:
        why = f"the {edition} accepts it only with a secondary diagnosis"
        return Ground(why, edition, certain=True)
    if MceFlag.QUESTIONABLE_ADMISSION in flags:
        why = f"the {edition} lists it as a questionable reason for an admission"
        return Ground(why, edition, certain=False)
    return None


RULE = Rule(
    ID,
    Severity.ERROR,
    "II",
    "The first code may stand first: no additional-only note, guideline or editor flag forbids it.",
    "B96.20, N39.0: the organism before the infection",
    find,
)
