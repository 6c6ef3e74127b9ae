"""Procedure pairs of the National Correct Coding Initiative."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from codesets.formats.ncci import ModifierIndicator
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.formats.ncci import PtpEdit
    from codesets.rules.claim import Claim, Procedure

ID = "ncci-ptp"
# NCCI-associated modifiers: CMS's NCCI Policy Manual, chapter I, section E.
NCCI_MODIFIERS = frozenset(
    (
        *("24", "25", "27", "57", "58", "59", "78", "79", "91", "XE", "XP", "XS", "XU"),
        *("E1", "E2", "E3", "E4", "FA", "TA", "LC", "LD", "LM", "RC", "RI", "LT", "RT"),
        *(f"{digit}{number}" for digit in "FT" for number in range(1, 10)),
    )
)


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each pair of listed codes with an edit in force on the day."""
    if claim.ncci is None or len(claim.procedures) < 2:
        return
    listed = {entry.code: entry for entry in claim.procedures}
    for one, other in combinations(listed, 2):
        for edit, edition in claim.ncci.pairs(one, other, claim.day):
            if edit.modifier is not ModifierIndicator.NOT_APPLICABLE:
                yield _finding(edit, edition, listed[edit.column1], listed[edit.column2])


def _finding(edit: PtpEdit, edition: str, first: Procedure, second: Procedure) -> RuleFinding:
    pair = (first.code, second.code)
    said = f"NCCI does not pay {second.code} with {first.code}"
    why = f" ({edit.rationale})" if edit.rationale else ""
    if edit.modifier is ModifierIndicator.NOT_ALLOWED:
        message = f"{said}{why}; no modifier allows the pair (indicator 0)."
        return RuleFinding(ID, Severity.ERROR, pair, message, edition, f"Remove {second.code}.")
    used = NCCI_MODIFIERS.intersection(first.modifiers + second.modifiers)
    if used:
        message = (
            f"{said}{why} unless they are separate; the claim says so with modifier "
            f"{', '.join(sorted(used))} (indicator 1)."
        )
        fix = "Make sure the record shows separate services."
        return RuleFinding(ID, Severity.INFORMATION, pair, message, edition, fix)
    message = f"{said}{why}; a modifier allows the pair if the services are separate (indicator 1)."
    fix = (
        f"Remove {second.code}, or add a modifier such as 59 or XS to it if the record shows a "
        f"separate service."
    )
    return RuleFinding(ID, Severity.ERROR, pair, message, edition, fix)


RULE = Rule(
    ID,
    Severity.ERROR,
    "NCCI procedure-to-procedure edits",
    "No two procedures that NCCI pairs, unless the edit allows a modifier and one is there.",
    "a column 1 and a column 2 code of an installed edit, without a modifier",
    find,
)
