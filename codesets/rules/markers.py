"""What a record's own title and notes say of its place in a list: manifestations, extra codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.mce import MceFlag
from codesets.models import NoteKind
from codesets.notation import in_range
from codesets.rules.lists import guideline_list

if TYPE_CHECKING:
    from codesets.models import Note
    from codesets.rules.claim import Claim, Diagnosis

_ELSEWHERE = re.compile(r"\b(?:diseases?|conditions?|disorders?) classified elsewhere", re.I)
_UNDERLYING = re.compile(
    r"(?:the )?(?:associated )?underlying (?:\w+ )?"
    r"(?:diseases?|neoplasm|infection|disorder|condition|cause|etiology|amyloidosis|"
    r"chronic kidney)",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"if applicable|if known|\bany\b|\bassociated\b|complicating", re.I)
_ADDITIONAL_ONLY = re.compile(
    r"(?:supplementary or additional codes|for use as additional codes|"
    r"not to be used for single-condition coding)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a code has its place: a clause for a message, a citation, and whether it is certain."""

    why: str
    citation: str
    certain: bool


def manifestation(claim: Claim, entry: Diagnosis) -> Ground | None:
    """Why a code is a manifestation that follows its cause (I.A.13); None where it is none.

    By the editor's flag where installed; by the title "in diseases classified elsewhere"; by an
    unconditional "code first underlying ..." note of its own category, which is less certain.
    """
    flags = claim.flags(entry.code)
    if flags is not None and MceFlag.MANIFESTATION in flags:
        editor = claim.editor(entry.code)
        return Ground(f"the {editor} lists it as a manifestation code", editor, certain=True)
    if entry.record is not None and _ELSEWHERE.search(entry.title) and not _is_organism(entry):
        why = "its title says “classified elsewhere”"
        return Ground(why, claim.cite_title(entry.record), certain=True)
    note = underlying_note(claim, entry)
    if note is None or flags is not None:
        return None
    why = f"the note at {note.owner} says “code first {(note.lead or note.text).strip()}”"
    return Ground(why, claim.cite(note), certain=" in " in entry.title.lower())


def underlying_note(claim: Claim, entry: Diagnosis) -> Note | None:
    """The unconditional "code first underlying ..." note of a code or of its category.

    Of a code titled "... in ..." also a note that names the cause itself ("neoplasm (C00-D49)").
    """
    for note in claim.facts.notes(entry.code, NoteKind.CODE_FIRST):
        opening = note.lead or note.text
        near = "-" not in note.owner and not note.owner.isdecimal()
        if not near or _CONDITIONAL.search(opening):
            continue
        named = bool(note.references) and not note.lead and " in " in entry.title.lower()
        if _UNDERLYING.match(opening) or named:
            return note
    return None


def is_external_cause(claim: Claim, entry: Diagnosis) -> bool:
    """Whether a code is of chapter 20, external causes of morbidity."""
    return claim.facts.chapter(entry.code) == "20"


def additional_only(claim: Claim, entry: Diagnosis) -> Ground | None:
    """Why a code may only be secondary, by a note of the release or a section; None if it may."""
    for note in claim.facts.notes(entry.code, NoteKind.NOTE):
        if _ADDITIONAL_ONLY.search(note.text):
            why = f"the note at {note.owner} makes it an additional code"
            return Ground(why, claim.cite(note), certain=True)
    for listed in guideline_list("secondary_only"):
        if any(in_range(entry.code, reference) for reference in listed.ranges):
            return Ground(f"{listed.why} ({listed.section})", listed.section, certain=True)
    return None


def _is_organism(entry: Diagnosis) -> bool:
    return "B95" <= entry.code[:3] <= "B97"
