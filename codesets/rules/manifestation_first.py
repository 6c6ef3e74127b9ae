"""A manifestation code in the first place: its cause is always sequenced before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.rules.markers import manifestation
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "manifestation-first"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """At most one finding, about the first code."""
    entry = claim.first
    ground = manifestation(claim, entry) if entry is not None else None
    if entry is None or ground is None:
        return
    yield RuleFinding(
        ID,
        Severity.ERROR if ground.certain else Severity.WARNING,
        (entry.code,),
        f"{entry.code} ({entry.title}) cannot be {claim.place}: it is a manifestation, since "
        f"{ground.why}; the underlying condition is sequenced before it (I.A.13).",
        ground.citation,
        _fix(claim, entry),
    )


def _fix(claim: Claim, entry: Diagnosis) -> str:
    causes = [
        other
        for target in claim.targets(entry, NoteKind.CODE_FIRST)
        for other in claim.within(target)
        if other.code != entry.code
    ]
    if causes:
        return f"Put {causes[0].code} ({causes[0].title}) before {entry.code}."
    return f"Add the code of the underlying condition before {entry.code}."


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.A.13",
    "The first code is no manifestation (“in diseases classified elsewhere”, code first).",
    "F02.80, G30.9: dementia in other diseases classified elsewhere before Alzheimer's disease",
    find,
)
