"""More units of a procedure than the medically unlikely edits allow."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codesets.formats.ncci import MueAdjudication, MueService
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "mue"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each code and kind of claim whose limit the units exceed.

    A limit per claim line is compared with the units of each line, one per date of service with
    their sum. Inpatient claims have no such limits.
    """
    if claim.ncci is None or claim.inpatient:
        return
    totals: Counter[str] = Counter()
    largest: dict[str, int] = {}
    for entry in claim.procedures:
        totals[entry.code] += entry.units
        largest[entry.code] = max(largest.get(entry.code, 0), entry.units)
    for code, total in totals.items():
        for service in MueService:
            found = claim.ncci.mue(code, service, claim.day)
            if found is None:
                continue
            limit, edition = found
            by_line = limit.adjudication is MueAdjudication.CLAIM_LINE
            units = largest[code] if by_line else total
            if units > limit.units:
                scope = "a claim line" if by_line else "a date of service"
                yield RuleFinding(
                    ID,
                    Severity.ERROR,
                    (code,),
                    f"{code}: {units} units are more than the {limit.units} that NCCI allows for "
                    f"{scope} ({service.value.replace('-', ' ')} claims"
                    f"{'; ' + limit.rationale if limit.rationale else ''}).",
                    f"NCCI MUE {service.value} {edition}",
                    "Check the units against the record.",
                )


RULE = Rule(
    ID,
    Severity.ERROR,
    "NCCI medically unlikely edits",
    "The units of a procedure stay within the limit for its kind of claim.",
    "a code with a limit of 1, listed as CODEx2",
    find,
)
