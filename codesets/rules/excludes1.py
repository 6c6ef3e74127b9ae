"""Two codes that an Excludes1 note keeps apart, read in both directions and from every ancestor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.notation import in_range
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.models import Note
    from codesets.rules.claim import Claim, Diagnosis

ID = "excludes1"


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each pair of listed codes that some note keeps apart."""
    for (kept, barred), note in excluded_pairs(claim, NoteKind.EXCLUDES1).items():
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (kept.code, barred.code),
            f"{kept.code} and {barred.code} are not coded together: the Excludes1 note at "
            f"{note.owner} names “{note_text(note)}”, unless the two conditions are unrelated to "
            f"each other (I.A.12.a).",
            claim.cite(note),
            f"Keep the code that describes the condition as documented; keep both only if the "
            f"record shows that {kept.code} and {barred.code} are unrelated.",
        )


def excluded_pairs(claim: Claim, kind: NoteKind) -> dict[tuple[Diagnosis, Diagnosis], Note]:
    """Pairs that Excludes notes of ``kind`` name; the code whose note speaks comes first.

    A reference that also covers the code whose note it is says nothing about the pair.
    """
    found: dict[frozenset[str], tuple[Diagnosis, Diagnosis, Note]] = {}
    for entry in claim.diagnoses:
        for target in claim.targets(entry, kind):
            if in_range(entry.code, target.reference):
                continue
            for other in claim.within(target):
                found.setdefault(frozenset((entry.code, other.code)), (entry, other, target.note))
    return {(entry, other): note for entry, other, note in found.values()}


def note_text(note: Note) -> str:
    """A note's line with the line that opens its list."""
    return f"{note.lead} {note.text}".strip()


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.A.12.a",
    "No Excludes1 note of either code, or of anything above it, names the other.",
    "E11.9 with E10.9: E11 excludes type 1 diabetes mellitus (E10.-)",
    find,
)
