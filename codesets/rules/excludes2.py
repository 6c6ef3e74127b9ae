"""Two codes that an Excludes2 note names: neither includes the other, so both may be coded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.models import Level, NoteKind
from codesets.rules.excludes1 import excluded_pairs, note_text
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim

ID = "excludes2"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Pairs that a note of a section or below names.

    A whole chapter's note only tells which other chapters come first; it says nothing of a pair.
    """
    barred = {
        frozenset((one.code, other.code))
        for one, other in excluded_pairs(claim, NoteKind.EXCLUDES1)
    }
    for (kept, other), note in excluded_pairs(claim, NoteKind.EXCLUDES2).items():
        owner = claim.facts.record(note.owner)
        if frozenset((kept.code, other.code)) in barred:
            continue
        if owner is None or owner.level is Level.CHAPTER:
            continue
        yield RuleFinding(
            ID,
            Severity.INFORMATION,
            (kept.code, other.code),
            f"{kept.code} does not include {other.code} (Excludes2 note at {note.owner}: "
            f"“{note_text(note)}”); both may be coded where both are documented.",
            claim.cite(note),
        )


RULE = Rule(
    ID,
    Severity.INFORMATION,
    "I.A.12.b",
    "An Excludes2 note names the pair: both may be reported if the patient has both.",
    "J44.9 with J47.9: J44 has an Excludes2 note for bronchiectasis",
    find,
)
