"""A category or subcategory listed beside a code under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.notation import undotted
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "parent-with-child"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each listed record that stands above another listed one."""
    listed = {entry.code: entry for entry in claim.all_diagnoses if entry.record is not None}
    for entry in listed.values():
        key = undotted(entry.code)
        above = [listed.get(record.code) for record in claim.facts.lineage(entry.code)[1:]]
        for parent in sorted(filter(None, above), key=lambda parent: parent.position):
            if key.startswith(undotted(parent.code)):
                yield RuleFinding(
                    ID,
                    Severity.ERROR,
                    (parent.code, entry.code),
                    f"{entry.code} is a code of {parent.code} ({parent.title}); only the code with "
                    f"all its characters is reported (I.B.2).",
                    "I.B.2",
                    f"Remove {parent.code}.",
                )


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.B.2",
    "No category or subcategory stands beside one of its own codes.",
    "E11.2, E11.22: the subcategory and a code of it",
    find,
)
