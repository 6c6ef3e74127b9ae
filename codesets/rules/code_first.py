"""Codes in the wrong order, or a first code that is missing, by the notes "code first"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.rules.excludes1 import note_text
from codesets.rules.markers import is_external_cause
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.models import Note
    from codesets.rules.claim import Claim, Diagnosis

ID = "code-first"
_OPEN = re.compile(
    r"if applicable|if known|\bany\b|such as|\bassociated\b|complicating|\bor\b|:$", re.IGNORECASE
)


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Codes that stand before the code their note puts first, and codes whose cause is missing."""
    for entry in claim.diagnoses:
        wrong = list(_after(claim, entry))
        yield from wrong
        note = _required(claim, entry)
        if note is not None and not wrong and not _is_present(claim, entry, note):
            yield _missing(claim, entry, note)


def _after(claim: Claim, entry: Diagnosis) -> Iterator[RuleFinding]:
    """Codes listed after ``entry`` that a note of it says to code first, one finding a code."""
    seen: set[str] = set()
    for target in claim.targets(entry, NoteKind.CODE_FIRST):
        for other in claim.within(target):
            if other.position <= entry.position or other.code in seen:
                continue
            if is_external_cause(claim, other) or _mutual(claim, entry, other):
                continue
            seen.add(other.code)
            note = target.note
            yield RuleFinding(
                ID,
                Severity.ERROR if entry == claim.first else Severity.WARNING,
                (entry.code, other.code),
                f"{other.code} ({other.title}) is sequenced before {entry.code}: the note at "
                f"{note.owner} says “code first {note_text(note)}” (I.A.13, I.B.7).",
                claim.cite(note),
                f"Move {other.code} before {entry.code}.",
            )


def _mutual(claim: Claim, entry: Diagnosis, other: Diagnosis) -> bool:
    """Whether the other code's notes ask the same of this one, so that neither order is wrong."""
    return any(
        found.code == entry.code
        for target in claim.targets(other, NoteKind.CODE_FIRST)
        for found in claim.within(target)
    )


def _required(claim: Claim, entry: Diagnosis) -> Note | None:
    """The nearest record's only "code first" note, where it names its codes without condition."""
    for record in claim.facts.lineage(entry.code):
        if record.code.isdecimal() or "-" in record.code:
            return None
        own = [n for n in claim.facts.own_notes(record.code) if n.kind is NoteKind.CODE_FIRST]
        if own:
            note = own[0]
            closed = len(own) == 1 and note.references and not _OPEN.search(note.text)
            return note if closed else None
    return None


def _is_present(claim: Claim, entry: Diagnosis, note: Note) -> bool:
    return any(other.code != entry.code for other in claim.among(note.references))


def _missing(claim: Claim, entry: Diagnosis, note: Note) -> RuleFinding:
    return RuleFinding(
        ID,
        Severity.ERROR if entry == claim.first else Severity.WARNING,
        (entry.code,),
        f"{entry.code} ({entry.title}) follows another code that is not listed: the note at "
        f"{note.owner} says “code first {note_text(note)}” (I.A.13, I.B.7).",
        claim.cite(note),
        f"Add the code of the {_plain(note)} before {entry.code}.",
    )


def _plain(note: Note) -> str:
    """What the note names, without its codes where words remain."""
    words = re.sub(r"\s*\([^()]*\d[^()]*\)", "", note.text).strip(" ,.")
    return words.removeprefix("the ") if words and not words.startswith("to ") else note.text


RULE = Rule(
    ID,
    Severity.ERROR,
    "I.B.7",
    "A code that a “code first” note names stands before the code that has the note, and is there.",
    "N18.4, I12.9: chronic kidney disease before the hypertension that N18 says to code first",
    find,
)
