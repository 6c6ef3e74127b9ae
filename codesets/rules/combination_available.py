"""Separate codes for conditions that one combination code describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.rules.lists import Combination, combinations
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codesets.models import CodeRange
    from codesets.rules.claim import Claim, Diagnosis

ID = "combination-available"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each combination whose parts are all listed and which is not."""
    for combination in combinations():
        parts = _parts(claim, combination)
        if parts is None or claim.among(combination.unless):
            continue
        target = _target(claim, combination.instead)
        if target is None:
            continue
        dropped = [
            entry
            for at in combination.replaced
            for entry in parts[at]
            if not combination.only_without or "without" in entry.title
        ]
        codes = tuple(dict.fromkeys(entry.code for part in parts for entry in part))
        yield RuleFinding(
            ID,
            Severity.WARNING,
            codes,
            f"{' and '.join(codes)}: {combination.message} ({combination.section}); "
            f"{target} says so in one code, unless the record states that they are unrelated.",
            combination.section,
            _fix(target, dropped),
        )


def _parts(claim: Claim, combination: Combination) -> list[list[Diagnosis]] | None:
    """The listed codes of each part, none counted twice; None where a part has none."""
    found: list[list[Diagnosis]] = []
    used: set[str] = set()
    for part in combination.parts:
        entries = [entry for entry in claim.among(part) if entry.code not in used]
        if not entries:
            return None
        used.update(entry.code for entry in entries)
        found.append(entries)
    return found


def _target(claim: Claim, ranges: Sequence[CodeRange]) -> str | None:
    """The combination as a fix shows it; None where this release has no such code."""
    written = []
    for reference in ranges:
        record = claim.facts.record(reference.first)
        if record is None:
            return None
        point = "" if "." in reference.first else "."
        name = reference.first if record.valid else f"{reference.first}{point}-"
        written.append(f"{name} ({record.title})")
    return " or ".join(written)


def _fix(target: str, dropped: Sequence[Diagnosis]) -> str:
    if not dropped:
        return f"Add {target}."
    return f"Use {target} in place of {' and '.join(entry.code for entry in dropped)}."


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.B.9",
    "Conditions that the classification joins in one code are not coded apart.",
    "I10, N18.31: hypertension with chronic kidney disease is I12.9 with N18.31",
    find,
)
